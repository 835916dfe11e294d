/* accounts.c - D303, D304, D309, D312: who may become root, and with which password. */
#include "base/buf.h"
#include "lint/packages.h"

/* ---- D303 sudo ---- */

static void sudo_used(const LintCommand *c, LintSink *to)
{
	for (size_t i = 0; i < c->at && i < c->shell->words.n; i++)
		if (str_eq(str_base(c->shell->words.at[i].text), S("sudo"))) {
			Span at;
			(void)script_span(c->script, c->shell->words.at[i].at, &at);
			lint_say(to, at, "sudo: a build step is root already, or is to be by USER");
			return;
		}
	if (command_is(c, "su") && c->n != 0)
		lint_say(to, argument_span(c, c->n),
			 "su: it keeps a process in between, and starts a session");
}

static void sudo_installed(const PkgCall *call, LintSink *to)
{
	for (size_t i = 0; call->act == PKG_INSTALL && i < call->packages.n; i++)
		if (call->by->distro &&
		    str_eq(call->as.args[call->packages.at[i]].text, S("sudo")) &&
		    is_shipped(call->as.file, call->as.script->index))
			lint_say(to, argument_span(&call->as, call->packages.at[i]),
				 "installs sudo: a way to root for whoever gets in");
}

static void check_sudo(const LintFile *f, LintSink *to)
{
	each_command(f, to, sudo_used);
	each_pkg_call(f, to, sudo_installed);
}

const LintRule lint_D303 = {
	.id = "D303",
	.name = "sudo",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "sudo and su are setuid programs that a build does not need, and at run time they "
	       "stand between the signals and the process.",
	.help = "switch with USER; where a script has to drop root, use gosu, su-exec or setpriv",
	.aliases = LIST("DL3004", "DS-0010", "CKV2_DOCKER_1", "DKL-DI-0001"),
	.good = LIST("FROM a:1\nRUN gosu nobody true && su-exec x y\nRUN echo sudo\n",
		     "FROM a:1 AS b\nRUN apt-get install -y sudo\nFROM c:1\n"),
	.bad = LIST("FROM a:1\nRUN sudo apt-get update\n", "FROM a:1\nRUN su app -c 'x y'\n",
		    "FROM a:1\nRUN apk add --no-cache a sudo\n",
		    "FROM a:1\nRUN x && /usr/bin/sudo -u app y\n", "FROM a:1\nCMD sudo x\n"),
	.check = check_sudo,
};

/* ---- D304 modes ---- */

typedef struct Mode {
	bool sets_id, open; /* setuid or setgid; writable for everybody, without a sticky bit */
} Mode;

static bool is_octal(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
	return s.n >= 3 && s.n <= 5;
}

static Mode octal_mode(Str s)
{
	unsigned bits = 0;
	for (size_t i = 0; i < s.n; i++)
		bits = bits * 8 + (unsigned)(s.p[i] - '0');
	return (Mode){(bits & 06000) != 0, (bits & 02) != 0 && (bits & 01000) == 0};
}

/* "u+s,o=rw": of each part who, how, what. */
static Mode symbolic_mode(Str s)
{
	Mode m = {0};
	Str part;
	bool sticky = false;
	while (s.n != 0 && str_cut(&s, ',', &part)) {
		size_t how = 0;
		while (how < part.n && strchr("+-=", part.p[how]) == NULL)
			how++;
		Str who = str_first(part, how), what = str_skip(part, how + 1);
		bool gives = how < part.n && part.p[how] != '-';
		bool others = str_has(who, 'o') || str_has(who, 'a');
		m.sets_id = m.sets_id || (gives && str_has(what, 's'));
		m.open = m.open || (gives && others && str_has(what, 'w'));
		sticky = sticky || (gives && str_has(what, 't'));
	}
	m.open = m.open && !sticky;
	return m;
}

static bool is_symbolic(Str s)
{
	bool how = false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || strchr("ugoa+-=rwxXst,", s.p[i]) == NULL)
			return false;
		how = how || strchr("+-=", s.p[i]) != NULL;
	}
	return how;
}

static Mode mode_of(Str s)
{
	return is_octal(s) ? octal_mode(s) : is_symbolic(s) ? symbolic_mode(s) : (Mode){0};
}

static void say_mode(LintSink *to, Span at, Str word, Mode m)
{
	if (m.sets_id)
		lint_say(to, at, "'" STR_FMT "' lets whoever starts it act as its owner or group",
			 STR_ARG(word));
	else if (m.open)
		lint_say(to, at, "'" STR_FMT "' lets everybody write", STR_ARG(word));
}

/* "find ... -exec chmod" and "xargs chmod" are chmod, too. */
static size_t mode_argument(const LintCommand *c, Str *mode)
{
	for (size_t i = 0; command_is(c, "chmod") && i < c->n; i++) {
		*mode = c->args[i].text;
		if (is_octal(*mode) || is_symbolic(*mode))
			return i;
		if (mode->n == 0 || mode->p[0] != '-')
			return c->n;
	}
	const ShellWord *w = command_is(c, "install mkdir") ? command_option(c, "-m --mode", mode)
							    : NULL;
	if (w != NULL)
		return (size_t)(w - c->args);
	for (size_t i = 0; command_is(c, "find") && i + 1 < c->n; i++)
		if (str_eq(c->args[i].text, S("chmod"))) {
			*mode = c->args[i + 1].text;
			return i + 1;
		}
	return c->n;
}

/* "$X" of X="$(mktemp -d)". */
static bool is_temporary(const LintCommand *c, Str word)
{
	Str value, name = str_skip(word, str_starts(word, S("${")) ? 2 : 1);
	size_t at;
	name.n -= str_ends(name, S("}"));
	return str_starts(word, S("$")) && name.n < 64 &&
	       command_env(c, arena_cstr(c->file->a, name), &value) &&
	       str_find(value, S("mktemp"), &at);
}

/* A directory that is meant for everybody, or that is gone afterwards. */
static bool is_for_all(const LintCommand *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (word_in("/tmp /var/tmp /dev/shm /run/lock", c->args[i].text) ||
		    is_temporary(c, c->args[i].text))
			return true;
	return false;
}

/* There the bit hands the group on to what is put in it. */
static bool makes_directory(const LintCommand *c)
{
	return command_is(c, "mkdir") ||
	       (command_is(c, "install") && command_has(c, "-d --directory"));
}

static void check_chmod(const LintCommand *c, LintSink *to)
{
	Str mode = {0};
	size_t i = mode_argument(c, &mode);
	Mode m = i < c->n ? mode_of(mode) : (Mode){0};
	m.sets_id = m.sets_id && !makes_directory(c);
	if (i < c->n && !is_for_all(c))
		say_mode(to, argument_span(c, i), mode, m);
}

static void check_modes(const LintFile *f, LintSink *to)
{
	each_run_command(f, to, check_chmod);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		Str mode;
		const DockerWord *w = in->op == OP_COPY || in->op == OP_ADD
					      ? instruction_flag(in, S("chmod"), &mode)
					      : NULL;
		if (w != NULL)
			say_mode(to, w->span, mode, mode_of(mode));
	}
}

const LintRule lint_D304 = {
	.id = "D304",
	.name = "open-mode",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A setuid program makes a user root, and a file that everybody can write lets any "
	       "process change what another one runs.",
	.help = "give the right to the user or group that needs it; to find setuid files: find / "
		"-xdev -perm /6000",
	.aliases = LIST("CIS-DI-0008"),
	.good = LIST("FROM a:1\nRUN chmod 755 x && chmod 1777 /x && chmod u-s x && chmod a+x y\n",
		     "FROM a:1\nRUN chmod -R g=u /x && chmod 0777 /tmp\n",
		     "FROM a:1\nCOPY --chmod=0644 a b\n",
		     "FROM a:1\nRUN install -d -m 3777 /x && mkdir -m 2775 /y\n",
		     "FROM a:1\nRUN t=\"$(mktemp -d)\"; chmod 777 \"$t\"\n",
		     "FROM a:1\nRUN find / -exec chmod a-s {} +\n"),
	.bad = LIST("FROM a:1\nRUN chmod 4755 x\n", "FROM a:1\nRUN chmod u+s x\n",
		    "FROM a:1\nRUN chmod -R 777 /x\n", "FROM a:1\nRUN chmod a+rwx /x\n",
		    "FROM a:1\nCOPY --chmod=777 a b\n", "FROM a:1\nRUN install -m 2755 a b\n",
		    "FROM a:1\nRUN mkdir -m0777 /x\n",
		    "FROM a:1\nRUN find /x -exec chmod 0777 {} +\n"),
	.check = check_modes,
};

/* ---- D309 passwords ---- */

static void check_password(const LintCommand *c, LintSink *to)
{
	Str value;
	if (command_is(c, "chpasswd"))
		lint_say(to, argument_span(c, c->n), "chpasswd: the password is in the image");
	else if (command_is(c, "passwd") && command_has(c, "-d --delete"))
		lint_say(to, argument_span(c, c->n), "passwd -d: an account without a password");
	else if (command_is(c, "passwd") &&
		 (command_has(c, "--stdin") || c->shell->join == JOIN_PIPE))
		lint_say(to, argument_span(c, c->n), "passwd: the password is in the image");
	else if (command_is(c, "useradd usermod") &&
		 command_option(c, "-p --password", &value) != NULL && !word_in("! * !! !*", value))
		lint_say(to, argument_span(c, c->n), STR_FMT " -p: the password is in the image",
			 STR_ARG(c->name));
	else if (command_is(c, "adduser") && command_option(c, "-p --password", &value) != NULL)
		lint_say(to, argument_span(c, c->n), "adduser -p: the password is in the image");
}

static void check_passwords(const LintFile *f, LintSink *to)
{
	each_command(f, to, check_password);
}

const LintRule lint_D309 = {
	.id = "D309",
	.name = "password-set",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Every container of the image has the same password, and everybody who has the "
	       "image "
	       "has it.",
	.help = "leave the account without one (useradd sets none), and log in with docker exec",
	.aliases = LIST("CKV2_DOCKER_17", "DKL-LI-0001"),
	.good = LIST("FROM a:1\nRUN useradd -r app && adduser --disabled-password -D b\n",
		     "FROM a:1\nRUN passwd -l app && usermod -p '!' x\n"),
	.bad = LIST("FROM a:1\nRUN echo 'root:x' | chpasswd\n", "FROM a:1\nRUN passwd -d root\n",
		    "FROM a:1\nRUN useradd -p x app\n", "FROM a:1\nRUN echo x | passwd --stdin a\n",
		    "FROM a:1\nRUN chpasswd <<E\na:b\nE\n"),
	.check = check_passwords,
};

/* ---- D312 lastlog ---- */

static void check_lastlog(const LintCommand *c, LintSink *to)
{
	Str id;
	uint64_t number;
	Span at;
	if (!command_is(c, "useradd") || command_option(c, "-u --uid", &id) == NULL ||
	    !str_u64(id, &number) || number <= 65535 || command_has(c, "-l --no-log-init"))
		return;
	lint_say(to, argument_span(c, c->n),
		 "useradd with user number " STR_FMT " makes /var/log/lastlog as large as that",
		 STR_ARG(id));
	if (script_span(c->script, c->shell->words.at[c->at].at, &at) && c->script->starts == NULL)
		lint_fix(to, (Span){at.end, at.end}, S(" -l"), true);
}

static void check_users(const LintFile *f, LintSink *to) { each_run_command(f, to, check_lastlog); }

const LintRule lint_D312 = {
	.id = "D312",
	.name = "large-user-number",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "lastlog is indexed by user number; in a layer its holes are written out, gigabytes "
	       "of them.",
	.help = "add -l",
	.aliases = LIST("DL3046"),
	.good = LIST("FROM a:1\nRUN useradd -l -u 1234567 a && useradd -u 1000 b\n"),
	.bad = LIST("FROM a:1\nRUN useradd -u 1234567 a\n",
		    "FROM a:1\nRUN useradd --uid=1234567 a\n"),
	.check = check_users,
};
