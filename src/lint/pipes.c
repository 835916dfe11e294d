/* pipes.c - D605, S601 to S605: what a shell does otherwise than it looks. */
#include "base/buf.h"
#include "lint/bases.h"
#include "lint/packages.h"

/* ---- D605 pipes ---- */

/* These say what they have to say, and do not fail. */
static bool is_calm(const LintCommand *c)
{
	return c->name.n == 0 ||
	       command_is(c,
			  "echo printf yes true : ls dpkg uname id whoami date hostname find seq "
			  "pwd basename dirname head tail sort uniq tr cut awk sed grep egrep "
			  "env set nproc cat dpkg-query apt-cache rpm jq xargs tee getent ldd "
			  "readelf scanelf dpkg-architecture file which command type ps diff "
			  "cmp comm");
}

static bool sets_pipefail(const LintCommand *c)
{
	EACH_BEFORE (c, b)
		if (command_sets(b, "pipefail"))
			return true;
	if (c->shell->outer != 0) { /* bash -o pipefail -c "a | b" */
		const LintCommand *by = &c->script->commands.at[c->shell->outer - 1];
		if (shell_is_shell(by->name) && command_has(by, "pipefail"))
			return true;
	}
	return c->script->pipefail;
}

/* A condition, or "a | b || true": nobody wants to know. */
static bool may_fail(const LintCommand *c, const LintCommand *feeder)
{
	if (c->shell->negated || feeder->shell->negated)
		return true;
	EACH_LATER (c, l)
		if (l->shell->depth == c->shell->depth && l->shell->outer == c->shell->outer)
			return l->shell->join == JOIN_OR && command_is(l, "true : echo");
	return false;
}

static const LintStage *lowest(const LintFile *f, const LintStage *s)
{
	while (s != NULL && lint_parent(f, s) != NULL)
		s = lint_parent(f, s);
	return s;
}

bool is_alpine(const LintFile *f, size_t index)
{
	const LintStage *s = lowest(f, lint_stage_of(f, index));
	size_t at;
	return s != NULL && str_find(s->image, S("alpine"), &at);
}

/* $(a | b) among the words of a command: nobody asks how that ended. */
static bool is_in_words(const LintCommand *c)
{
	EACH_LATER (c, l)
		if (l->shell->inner <= c->i && l->shell->words.n != 0 &&
		    l->shell->depth < c->shell->depth)
			return true;
	return false;
}

static bool hides_failure(const LintCommand *c)
{
	const LintScript *s = c->script;
	size_t feeder = shell_feeder(&s->shell, c->i);
	return feeder < s->commands.n && !sets_pipefail(c) && !is_calm(&s->commands.at[feeder]) &&
	       !is_in_words(c) && !may_fail(c, &s->commands.at[feeder]);
}

/* True when it was mended. */
static bool say_pipe(const LintCommand *c, bool mend, LintSink *to)
{
	const LintScript *s = c->script;
	size_t feeder = shell_feeder(&s->shell, c->i);
	lint_say(to, argument_span(&s->commands.at[feeder], s->commands.at[feeder].n),
		 "when '" STR_FMT "' fails, the pipe does not, and the build goes on",
		 STR_ARG(s->commands.at[feeder].name));
	if (!mend || s->in != lint_at(c->file, s->index) || s->in->comments.n != 0)
		return false;
	Str shell = is_alpine(c->file, s->index)
			    ? S("[\"/bin/ash\", \"-eo\", \"pipefail\", \"-c\"]")
			    : S("[\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]");
	lint_fix(to, (Span){s->in->span.at, s->in->span.at}, new_line(c->file, S("SHELL"), shell),
		 false);
	return true;
}

/* One remark a script is enough, and one line a stage mends what follows it. */
static void check_pipes(const LintFile *f, LintSink *to)
{
	const LintStage *mended = NULL;
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		const LintStage *of = lint_stage_of(f, s->index);
		bool posix = is_run(s) && word_in("sh bash ash dash zsh ksh", s->program);
		for (size_t k = 0; posix && k < s->commands.n; k++)
			if (hides_failure(&s->commands.at[k])) {
				bool mend = of == NULL || of != mended;
				if (say_pipe(&s->commands.at[k], mend, to))
					mended = of;
				break;
			}
	}
}

const LintRule lint_D605 = {
	.id = "D605",
	.name = "pipe-hides-failure",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A pipe ends as its last command does: half an archive is unpacked, and the step is "
	       "kept "
	       "in the cache as good.",
	.help = "write SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"] before it, or set -o "
		"pipefail",
	.aliases = LIST("DL4006"),
	.good = LIST("FROM a:1\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN x | y\n",
		     "FROM a:1\nRUN set -eo pipefail; x | y\n", "FROM a:1\nRUN echo x | y\n",
		     "FROM a:1\nRUN bash -o pipefail <<E\nx | y\nE\n",
		     "FROM a:1\nRUN bash -eo pipefail -c 'x | y'\n",
		     "FROM a:1\nRUN if x | y; then z; fi; a | b || true\n",
		     "FROM a:1\nRUN x || y\n", "FROM a:1\nSHELL [\"pwsh\", \"-c\"]\nRUN x | y\n"),
	.bad = LIST("FROM a:1\nRUN curl x | tar xz\n", "FROM a:1\nRUN a && b -c d | grep e\n",
		    "FROM alpine:3\nRUN wget -O- x | tee y\n"),
	.check = check_pipes,
};

/* ---- S601 words ---- */

/* Only where a blank or nothing in it does harm: a file that is removed, moved, or gone to. */
static void check_word(const LintCommand *c, LintSink *to)
{
	for (size_t i = 0; command_is(c, "rm mv cp cd chown chmod ln mkdir") && i < c->n; i++) {
		const ShellWord *w = &c->args[i];
		bool plain = w->dynamic && !w->quoted && str_has(w->text, '$') &&
			     !str_has(w->text, '*');
		if (plain)
			lint_say(to, argument_span(c, i),
				 "'" STR_FMT "' without quotes: a blank in it makes several words",
				 STR_ARG(w->text));
	}
}

static void check_words(const LintFile *f, LintSink *to) { each_run_command(f, to, check_word); }

const LintRule lint_S601 = {
	.id = "S601",
	.name = "unquoted-variable",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_MEDIUM,
	.off = true,
	.why = "An unquoted variable is split at blanks, and its * and ? become names of files.",
	.help = "put it in double quotes",
	.aliases = LIST("SC2086"),
	.good = LIST("FROM a:1\nRUN rm -f \"$X\" && echo $Y\n"),
	.bad = LIST("FROM a:1\nRUN rm -f $X\n", "FROM a:1\nRUN cd ${X}/y && z\n"),
	.check = check_words,
};

/* ---- S602 cd that fails ---- */

static bool stops_on_error(const LintCommand *c)
{
	EACH_BEFORE (c, b)
		if (command_sets(b, "e") || command_sets(b, "errexit"))
			return true;
	return c->script->errexit;
}

static void check_cd(const LintCommand *c, LintSink *to)
{
	const LintCommand *next = c->i + 1 < c->script->commands.n ? c + 1 : NULL;
	bool on = next != NULL && next->shell->join == JOIN_THEN && !c->shell->negated &&
		  next->shell->depth == c->shell->depth;
	if (command_is(c, "cd pushd") && c->n != 0 && on && !stops_on_error(c) &&
	    c->shell->join != JOIN_OR)
		lint_say(to, command_span(c),
			 "when this directory is not there, what follows runs in another one");
}

static void check_cds(const LintFile *f, LintSink *to) { each_run_command(f, to, check_cd); }

const LintRule lint_S602 = {
	.id = "S602",
	.name = "cd-goes-on",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A script that goes on in the wrong directory removes or overwrites the wrong "
	       "files.",
	.help = "join with &&, or begin with set -e",
	.aliases = LIST("SC2164"),
	.good = LIST("FROM a:1\nRUN cd /x && y; z\n", "FROM a:1\nRUN set -e; cd /x; y\n",
		     "FROM a:1\nRUN <<E\nset -e\ncd x\ny\nE\n",
		     "FROM a:1\nRUN cd x || exit 1; y\n"),
	.bad = LIST("FROM a:1\nRUN cd /x; rm -rf y\n", "FROM a:1\nRUN <<E\ncd x\ny\nE\n"),
	.check = check_cds,
};

/* ---- S603 cat ---- */

static void check_cat(const LintCommand *c, LintSink *to)
{
	size_t feeder = shell_feeder(&c->script->shell, c->i);
	const LintCommand *by = feeder < c->script->commands.n ? &c->script->commands.at[feeder]
							       : NULL;
	if (by != NULL && command_is(by, "cat") && by->n == 1 && by->args[0].text.n != 0 &&
	    by->args[0].text.p[0] != '-' && by->shell->heres.n == 0 &&
	    by->shell->join != JOIN_PIPE && !str_has(by->args[0].text, '*'))
		lint_say(to, command_span(by), "cat of one file: " STR_FMT " can read it itself",
			 STR_ARG(c->name));
}

static void check_cats(const LintFile *f, LintSink *to) { each_run_command(f, to, check_cat); }

const LintRule lint_S603 = {
	.id = "S603",
	.name = "needless-cat",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "One process more, and a pipe whose failure is not seen.",
	.help = "name the file after the command, or write < FILE",
	.aliases = LIST("SC2002"),
	.good = LIST("FROM a:1\nRUN cat a b | c && d < e | f && g | cat h\n"),
	.bad = LIST("FROM a:1\nRUN cat a | b\n"),
	.check = check_cats,
};

/* ---- S604 bash in sh ---- */

/* /bin/sh there is dash, and wget is GNU's, for certain. */
bool is_debian(const LintFile *f, size_t index)
{
	const LintStage *s = lowest(f, lint_stage_of(f, index));
	const KnownBase *b = s != NULL ? base_known(s->image) : NULL;
	Str name, tag, digest;
	size_t at;
	if (b == NULL)
		return false;
	image_split(s->image, &name, &tag, &digest);
	return word_in("debian ubuntu python node golang ruby rust perl php postgres nginx redis "
		       "httpd buildpack-deps",
		       name) &&
	       !str_find(tag, S("alpine"), &at);
}

static const char *bashism(const LintCommand *c)
{
	if (command_is(c, "[["))
		return "[[ ... ]]";
	if (command_is(c, "source"))
		return "source";
	if (command_is(c, "pushd popd declare shopt mapfile readarray let"))
		return "a builtin of bash";
	for (size_t i = 0; i < c->n; i++) {
		Str raw = c->args[i].raw;
		if ((str_starts(raw, S("<(")) || str_starts(raw, S(">("))))
			return "<(...)";
		if (command_is(c, "[ test") && str_eq(raw, S("==")))
			return "==";
		if (!c->args[i].quoted && !c->args[i].dynamic && str_has(raw, '{') &&
		    str_has(raw, ',') && str_ends(raw, S("}")) &&
		    command_is(c, "mkdir cp mv rm touch"))
			return "{a,b}";
	}
	return NULL;
}

/* The shell that reads this command: of the script, or of the `bash -c` it is in. */
static Str reader_of(const LintCommand *c)
{
	while (c->shell->outer != 0) {
		c = &c->script->commands.at[c->shell->outer - 1];
		if (shell_is_shell(c->name))
			return c->name;
	}
	return c->script->program;
}

static void check_bashism(const LintCommand *c, LintSink *to)
{
	const char *what = word_in("sh dash", reader_of(c)) && is_debian(c->file, c->script->index)
				   ? bashism(c)
				   : NULL;
	if (what != NULL)
		lint_say(to, command_span(c), "%s is bash, and this is read by dash", what);
}

static void check_bashisms(const LintFile *f, LintSink *to)
{
	each_run_command(f, to, check_bashism);
}

const LintRule lint_S604 = {
	.id = "S604",
	.name = "bash-in-sh",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "/bin/sh of Debian and Ubuntu is dash: it fails, or does something else without a "
	       "word.",
	.help = "write SHELL [\"/bin/bash\", \"-c\"], or keep to POSIX",
	.aliases = LIST("SC3001", "SC3010", "SC3014", "SC3044", "SC3046"),
	.good = LIST(
		"FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN [[ a == b ]] && source x\n",
		"FROM debian:12\nRUN [ a = b ] && . x && mkdir '{a,b}'\n",
		"FROM alpine:3\nRUN [[ a == b ]]\n", "FROM fedora:40\nRUN source x\n",
		"FROM debian:12\nRUN bash -c 'source x'\n",
		"FROM debian:12\n# hadolint shell=/bin/bash\nRUN a\nRUN source x\n"),
	.bad = LIST(
		"FROM debian:12\nRUN [[ a == b ]] && x\n", "FROM python:3\nRUN source x/activate\n",
		"FROM ubuntu:24.04\nRUN mkdir -p /x/{a,b}\n",
		"FROM debian:12\nRUN [ a == b ] && x\n", "FROM debian:12\nRUN diff <(a) <(b)\n"),
	.check = check_bashisms,
};

/* ---- S605 rm of what may be nothing ---- */

/* "$X/": of the root when X is empty. */
static bool is_risky(const LintCommand *c, const ShellWord *w)
{
	char name[128];
	Str value, rest = w->text;
	size_t n = 0, skip = str_starts(rest, S("${")) ? 2 : 1;
	if (!str_starts(rest, S("$")) || !w->dynamic)
		return false;
	rest = str_skip(rest, skip);
	while (n < rest.n && n + 1 < sizeof name &&
	       (rest.p[n] == '_' || ((rest.p[n] | 0x20) >= 'a' && (rest.p[n] | 0x20) <= 'z') ||
		(rest.p[n] >= '0' && rest.p[n] <= '9'))) {
		name[n] = rest.p[n];
		n++;
	}
	name[n] = '\0';
	rest = str_skip(rest, n + (skip == 2));
	bool root = str_eq(rest, S("/")) || str_eq(rest, S("/*")) || str_eq(rest, S("*"));
	return n != 0 && root && !word_in("HOME PWD TMPDIR", (Str){name, n}) &&
	       !command_env(c, name, &value);
}

static void check_rm(const LintCommand *c, LintSink *to)
{
	bool deep = false;
	for (size_t i = 0; command_is(c, "rm") && i < c->n; i++) {
		Str w = c->args[i].text;
		deep = deep || (w.n > 1 && w.p[0] == '-' && (str_has(w, 'r') || str_has(w, 'R')));
		if (deep && is_risky(c, &c->args[i]))
			lint_say(to, argument_span(c, i),
				 "'" STR_FMT
				 "' is the whole file system when the variable is empty",
				 STR_ARG(w));
	}
}

static void check_rms(const LintFile *f, LintSink *to) { each_run_command(f, to, check_rm); }

const LintRule lint_S605 = {
	.id = "S605",
	.name = "rm-of-nothing",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "A variable that is not set leaves rm -rf / behind.",
	.help = "write \"${NAME:?}/\", which stops when it is empty",
	.aliases = LIST("SC2115"),
	.good = LIST("FROM a:1\nRUN rm -rf \"${X:?}\"/* && rm -f $Y/z\n",
		     "FROM a:1\nENV X=/x\nRUN rm -rf $X/*\n", "FROM a:1\nRUN rm -rf $X\n"),
	.bad = LIST("FROM a:1\nRUN rm -rf $X/*\n", "FROM a:1\nRUN rm -r -f \"${X}\"/\n"),
	.check = check_rms,
};
