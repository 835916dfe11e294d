/* download.c - D206, D208, D507: what is fetched, and whether anybody looks at it. */
#include "lint/packages.h"

/* ---- which commands fetch ---- */

static bool fetches(const LintCommand *c)
{
	return command_is(c, "curl wget wget2 aria2c axel") &&
	       !command_has(c, "-I --head --spider --version --help");
}

bool is_local_address(Str url)
{
	Str rest = url, host = {0}, scheme;
	size_t at;
	if (!str_find(url, S("://"), &at))
		return true;
	rest = str_skip(url, at + 3);
	scheme = str_first(url, at);
	str_cut(&rest, '/', &host);
	if (str_starts(host, S("[::1]")))
		return true;
	str_cut(&host, ':', &rest);
	return str_eq(scheme, S("file")) || str_eq(rest, S("localhost")) ||
	       str_starts(rest, S("127.")) || str_eq(rest, S("0.0.0.0")) ||
	       str_eq(rest, S("host.docker.internal"));
}

/* The address it fetches; c->n: none is written out. */
static size_t address_of(const LintCommand *c)
{
	for (size_t i = 0; i < c->n; i++) {
		Str w = c->args[i].text;
		size_t at;
		if (str_find(w, S("://"), &at) && at < 8 && w.p[0] != '-')
			return i;
	}
	return c->n;
}

static bool fetches_from_afar(const LintCommand *c)
{
	size_t i = address_of(c);
	return fetches(c) && (i == c->n || !is_local_address(c->args[i].text));
}

/* ---- D206 ---- */

static bool is_interpreter(const LintCommand *c)
{
	return shell_is_shell(c->name) ||
	       word_in("python python2 python3 perl ruby node php pwsh Rscript", c->name);
}

/* What it reads through the pipe is a program: no script is named. */
static bool runs_input(const LintCommand *c)
{
	for (size_t i = 0; i < c->n; i++) {
		Str w = c->args[i].text;
		if (str_eq(w, S("-s")) || str_eq(w, S("-")) || str_eq(w, S("/dev/stdin")))
			return true;
		if (word_in("-c -m -e", w) || (w.n != 0 && w.p[0] != '-' && w.p[0] != '+'))
			return false;
	}
	return true;
}

static const LintCommand *fetched_by_pipe(const LintCommand *c)
{
	const LintScript *s = c->script;
	for (size_t i = shell_feeder(&s->shell, c->i); i < s->commands.n;
	     i = shell_feeder(&s->shell, i))
		if (fetches_from_afar(&s->commands.at[i]))
			return &s->commands.at[i];
	return NULL;
}

/* sh -c "$(curl ...)", bash <(curl ...), eval "$(curl ...)" */
static const LintCommand *fetched_by_words(const LintCommand *c)
{
	for (size_t i = c->shell->inner; i < c->i; i++)
		if (fetches_from_afar(&c->script->commands.at[i]))
			return &c->script->commands.at[i];
	return NULL;
}

static void check_piped(const LintCommand *c, LintSink *to)
{
	const LintCommand *by = NULL;
	if (is_interpreter(c) && runs_input(c))
		by = fetched_by_pipe(c);
	if (by == NULL && (is_interpreter(c) || command_is(c, "eval source .")))
		by = fetched_by_words(c);
	if (by != NULL)
		lint_say(to, command_span(by),
			 "what " STR_FMT " fetches is run by " STR_FMT " unseen", STR_ARG(by->name),
			 STR_ARG(c->name));
}

static bool is_git(Str url)
{
	Str rest = url, path = {0};
	str_cut(&rest, '#', &path);
	return str_starts(url, S("git@")) || str_starts(url, S("git://")) ||
	       str_starts(url, S("ssh://")) || str_ends(path, S(".git"));
}

/* "#ref:dir": a commit, a tag that has digits. */
static bool names_commit(Str url)
{
	Str rest = url, head = {0}, ref = {0};
	size_t at;
	str_cut(&rest, '#', &head);
	str_cut(&rest, ':', &ref);
	if (str_find(url, S("?ref="), &at) || str_find(url, S("&ref="), &at) ||
	    str_find(url, S("checksum="), &at) || str_find(url, S("commit="), &at) ||
	    str_has(ref, '$'))
		return true;
	for (size_t i = 0; i < ref.n; i++)
		if (ref.p[i] >= '0' && ref.p[i] <= '9')
			return true;
	return false;
}

static void check_source(const Instruction *in, const DockerWord *w, LintSink *to)
{
	Str value;
	bool web = str_starts(w->text, S("http://")) || str_starts(w->text, S("https://"));
	if (is_git(w->text) && !names_commit(w->text))
		lint_say(to, w->span, "a Git repository without a commit or version after #");
	else if (web && !is_git(w->text) && instruction_flag(in, S("checksum"), &value) == NULL &&
		 !names_commit(w->text))
		lint_say(to, w->span, "fetched without --checksum");
}

static void check_downloads(const LintFile *f, LintSink *to)
{
	each_run_command(f, to, check_piped);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_ADD && k + 1 < in->args.n; k++)
			check_source(in, &in->args.at[k], to);
	}
}

const LintRule lint_D206 = {
	.id = "D206",
	.name = "unverified-code",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever holds the server, its name or the line to it decides what the image runs, "
	       "and a stream that breaks off is run half.",
	.help = "fetch to a file, check its digest or signature, then run it; ADD takes --checksum",
	.good = LIST("FROM a:1\nADD --checksum=sha256:x https://e.example/x /x\n",
		     "FROM a:1\nADD https://e.example/r.git#v1.2 /x\n",
		     "FROM a:1\nRUN curl -fo x https://e.example/x && sha256sum -c s && sh x\n",
		     "FROM a:1\nRUN curl http://127.0.0.1/x | sh\n",
		     "FROM a:1\nRUN curl https://e.example/x | python -m json.tool\n",
		     "FROM a:1\nRUN curl https://e.example/x | tar x\n",
		     "FROM a:1\nRUN echo x | bash\n"),
	.bad = LIST("FROM a:1\nRUN curl -sSL https://e.example/x | sh\n",
		    "FROM a:1\nRUN wget -qO- https://e.example/x | sudo bash -s -- -y\n",
		    "FROM a:1\nRUN bash -c \"$(curl -fsSL https://e.example/x)\"\n",
		    "FROM a:1\nRUN bash <(curl -s https://e.example/x)\n",
		    "FROM a:1\nRUN curl https://e.example/x | gunzip | python3 -\n",
		    "FROM a:1\nADD https://e.example/x /x\n",
		    "FROM a:1\nADD https://e.example/r.git /x\n"),
	.check = check_downloads,
};

/* ---- D208 ---- */

static bool verifies(const LintCommand *c)
{
	size_t at;
	return command_is(c, "sha256sum sha512sum sha1sum sha384sum sha224sum shasum b2sum md5sum "
			     "gpg gpg2 gpgv cosign minisign signify openssl sha256 apt-key rpmkeys "
			     "b3sum slsa-verifier dpkg-sig") ||
	       str_find(c->name, S("verif"), &at) || str_find(c->name, S("checksum"), &at);
}

bool is_verified(const LintCommand *c)
{
	const LintScript *s = c->script;
	for (size_t i = 0; i < s->commands.n; i++)
		if (verifies(&s->commands.at[i]))
			return true;
	return false;
}

static bool is_program(Str url)
{
	static const char *const endings[] = {".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".zip",
					      ".deb",    ".rpm", ".jar",    ".sh",      ".whl",
					      ".tar",    ".apk", ".run",    ".bin",     ".gz",
					      ".txz",    ".war", ".exe",    ".tar.zst", ".xz"};
	Str rest = url, path = {0};
	str_cut(&rest, '?', &path);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(path, str_of(endings[i])))
			return true;
	return false;
}

static bool fetches_program(const LintCommand *c)
{
	size_t i = address_of(c);
	return fetches_from_afar(c) && i < c->n && is_program(c->args[i].text);
}

/* The first of a script stands for all of them. */
static void check_unverified(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		size_t k = 0;
		while (k < s->commands.n && !fetches_program(&s->commands.at[k]))
			k++;
		if (!is_run(s) || k == s->commands.n || is_verified(&s->commands.at[k]))
			continue;
		lint_say(to, argument_span(&s->commands.at[k], address_of(&s->commands.at[k])),
			 "nothing in this RUN checks what was fetched");
	}
}

const LintRule lint_D208 = {
	.id = "D208",
	.name = "unverified-download",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "A file that is not checked may be another one than when the Dockerfile was "
	       "written.",
	.help = "check it with sha256sum -c, gpg --verify or cosign in the same RUN, or use ADD "
		"--checksum",
	.good = LIST(
		"FROM a:1\nRUN curl -fO https://e.example/x.tgz && echo 'y x.tgz' | sha256sum -c\n",
		"FROM a:1\nRUN wget https://e.example/x.tgz{,.asc} && gpg --verify x.tgz.asc\n",
		"FROM a:1\nRUN curl -f https://e.example/health\n"),
	.bad = LIST("FROM a:1\nRUN curl -fL https://e.example/x.tgz | tar xz\n",
		    "FROM a:1\nRUN wget https://e.example/x.deb && dpkg -i x.deb\n"),
	.check = check_unverified,
};
