/* paths.c - D115 to D117, D403, D601: ports, directories, and what is copied. */
#include "lint/rule.h"

/* ---- D115 ports ---- */

static void check_port(const DockerWord *w, LintSink *to)
{
	Str proto = w->text, ports, from;
	uint64_t number, before = 0;
	if (str_has(w->text, '$') || str_has(w->text, '"') || str_has(w->text, '\''))
		return;
	str_cut(&proto, '/', &ports);
	if (proto.p != NULL && !str_eq_nocase(proto, S("tcp")) && !str_eq_nocase(proto, S("udp")) &&
	    !str_eq_nocase(proto, S("sctp")))
		lint_say(to, w->span, "'" STR_FMT "' is no protocol: tcp, udp or sctp",
			 STR_ARG(proto));
	if (str_has(ports, ':')) {
		lint_say(to, w->span,
			 "EXPOSE takes the container's port alone, no address or host "
			 "port");
		lint_grade(to, LEVEL_WARNING); /* the build goes on */
		return;
	}
	while (str_cut(&ports, '-', &from)) {
		if (!str_u64(from, &number) || number > 65535) {
			lint_say(to, w->span, "'" STR_FMT "' is no port: 0 to 65535",
				 STR_ARG(from));
			return;
		}
		if (number < before)
			lint_say(to, w->span, "'" STR_FMT "' ends before it begins",
				 STR_ARG(w->text));
		before = number;
	}
}

static void check_expose(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_EXPOSE && k < in->args.n; k++)
			check_port(&in->args.at[k], to);
	}
}

const LintRule lint_D115 = {
	.id = "D115",
	.name = "expose",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "A port that is none fails the build, or publishes nothing.",
	.help = "write PORT, PORT/udp or FIRST-LAST",
	.aliases = LIST("DL3011", "DS-0008", "ExposeInvalidFormat"),
	.good = LIST("FROM a:1\nEXPOSE 80 53/udp 8000-8010 $P \"81\"\n"),
	.bad = LIST("FROM a:1\nEXPOSE 70000\n", "FROM a:1\nEXPOSE 127.0.0.1:80:80\n",
		    "FROM a:1\nEXPOSE 80/http\n", "FROM a:1\nEXPOSE 90-80\n"),
	.check = check_expose,
};

/* ---- D128 protocols ---- */

static bool is_lower(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return false;
	return true;
}

static void check_protocols(const LintFile *f, LintSink *to)
{
	static const char *const names[] = {"tcp", "udp", "sctp"};
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_EXPOSE && k < in->args.n; k++) {
			Str proto = in->args.at[k].text, port;
			Span at = in->args.at[k].span;
			str_cut(&proto, '/', &port);
			for (size_t n = 0; proto.p != NULL && n < 3; n++) {
				if (is_lower(proto) || !str_eq_nocase(proto, str_of(names[n])))
					continue;
				lint_say(to, at, "'" STR_FMT "' is not in lower case",
					 STR_ARG(proto));
				lint_fix(to, (Span){at.end - (uint32_t)proto.n, at.end},
					 str_of(names[n]), true);
			}
		}
	}
}

const LintRule lint_D128 = {
	.id = "D128",
	.name = "expose-case",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Protocols are written in lower case everywhere else.",
	.help = "write tcp, udp or sctp",
	.aliases = LIST("ExposeProtoCasing"),
	.good = LIST("FROM a:1\nEXPOSE 80/tcp 53/udp $P/tcp\n"),
	.bad = LIST("FROM a:1\nEXPOSE 80/TCP\n", "FROM a:1\nEXPOSE 1 53/Udp\n"),
	.check = check_protocols,
};

/* ---- D116 working directory ---- */

/* "C:\app", where that is one: BuildKit takes it for relative in an image of Linux. */
static bool has_drive(Str path)
{
	return path.n > 2 && ((path.p[0] | 0x20) >= 'a' && (path.p[0] | 0x20) <= 'z') &&
	       path.p[1] == ':' && (path.p[2] == '\\' || path.p[2] == '/');
}

static bool is_absolute(const LintFile *f, const LintStage *s, Str path)
{
	if (is_windows_stage(f, s))
		return str_starts(path, S("\\")) || str_starts(path, S("%")) ||
		       has_drive(str_skip(path, str_starts(path, S("\"")))) ||
		       str_starts(path, S("/")) || str_starts(path, S("$"));
	return str_starts(path, S("/")) || str_starts(path, S("$")) || str_starts(path, S("\"/")) ||
	       str_starts(path, S("'/"));
}

static void check_workdir(const LintFile *f, LintSink *to)
{
	for (size_t s = 0; s < f->stages.n; s++) {
		bool known = false;
		for (size_t i = f->stages.at[s].first; i < f->stages.at[s].end; i++) {
			const Instruction *in = lint_at(f, i);
			if (in->op != OP_WORKDIR || in->args.n != 1)
				continue;
			if (!known && !is_absolute(f, &f->stages.at[s], in->args.at[0].text))
				lint_say(to, in->args.at[0].span,
					 "'" STR_FMT "' is below a directory that the base image "
					 "chooses",
					 STR_ARG(in->args.at[0].text));
			known = true;
		}
	}
}

const LintRule lint_D116 = {
	.id = "D116",
	.name = "relative-workdir",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A relative WORKDIR depends on the base image's own, which may change.",
	.help = "begin with an absolute WORKDIR",
	.aliases = LIST("DL3000", "DS-0009", "CKV_DOCKER_10", "WorkdirRelativePath"),
	.good = LIST("FROM a:1\nWORKDIR /srv\nWORKDIR app\n", "FROM a:1\nWORKDIR $HOME/x\n",
		     "# escape=`\nFROM a:1\nWORKDIR C:\\x\nWORKDIR y\n",
		     "FROM mcr.microsoft.com/windows/nanoserver:1\nWORKDIR c:/x\n"),
	.bad = LIST("FROM a:1\nWORKDIR app\n", "FROM a:1\nWORKDIR c:/x\n"),
	.check = check_workdir,
};

/* ---- D117 targets ---- */

static bool has_workdir(const LintFile *f, const LintStage *s, size_t before)
{
	for (size_t i = s->first; i < before; i++)
		if (lint_at(f, i)->op == OP_WORKDIR)
			return true;
	return false;
}

/* With quotes, too; on Windows with a backslash. What a variable holds is not known. */
static bool is_folder(Str path, char escape)
{
	while (path.n != 0 && (path.p[path.n - 1] == '"' || path.p[path.n - 1] == '\''))
		path.n--;
	return str_ends(path, S("/")) || str_eq(path, S(".")) || str_has(path, '$') ||
	       (escape == '`' && str_ends(path, S("\\")));
}

static void check_target(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		const LintStage *s = lint_stage_of(f, i);
		if ((in->op != OP_COPY && in->op != OP_ADD) || in->args.n < 2 || s == NULL)
			continue;
		const DockerWord *target = &in->args.at[in->args.n - 1];
		Str path = target->text;
		bool dir = is_folder(path, f->d->escape);
		if (in->args.n > 2 && !dir) {
			lint_say(to, target->span,
				 "several sources, and a target '" STR_FMT
				 "' without a / at its end",
				 STR_ARG(path));
			uint32_t end = target->span.end;
			char last = f->d->text.p[end - 1];
			end -= last == '"' || last == '\'';
			lint_fix(to, (Span){end, end}, S("/"), true);
		} else if (s->from != NULL && s->parent < 0 && !str_eq(s->image, S("scratch")) &&
			   !is_absolute(f, s, path) && !has_workdir(f, s, i)) {
			lint_say(to, target->span,
				 "relative target '" STR_FMT "', and no WORKDIR in this stage",
				 STR_ARG(path));
		}
	}
}

const LintRule lint_D117 = {
	.id = "D117",
	.name = "copy-target",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Without a / several sources fail the build; without WORKDIR a relative target "
	       "depends on "
	       "the base image.",
	.help = "end the target in /, or set WORKDIR first",
	.aliases = LIST("DL3045", "DL3021", "DS-0011"),
	.good = LIST("FROM a:1\nCOPY a b /c/\n", "FROM a:1\nWORKDIR /x\nCOPY a .\n"),
	.bad = LIST("FROM a:1\nCOPY a b /c\n", "FROM a:1\nCOPY a b\n"),
	.check = check_target,
};

/* ---- D403 files with secrets ---- */

static bool is_secret_file(Str path)
{
	static const char *const names[] = {
		".env",        ".npmrc",     ".pypirc",          ".netrc",           ".htpasswd",
		"id_rsa",      "id_dsa",     "id_ecdsa",         "id_ed25519",       ".pgpass",
		"credentials", "kubeconfig", ".git-credentials", ".dockerconfigjson"};
	static const char *const endings[] = {".pem", ".p12", ".pfx", ".jks", ".keystore",
					      ".ppk", "_rsa", ".key", ".kdbx"};
	while (str_ends(path, S("/")))
		path.n--;
	Str name = str_base(path);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(name, str_of(endings[i])))
			return true;
	return str_eq(name, S(".aws")) || str_eq(name, S(".ssh")) || str_eq(name, S(".gnupg")) ||
	       str_eq(name, S(".git")) || str_eq(name, S(".kube"));
}

static void check_secret_files(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		Str from;
		size_t at;
		if ((in->op != OP_COPY && in->op != OP_ADD) ||
		    instruction_flag(in, S("from"), &from) != NULL)
			continue;
		for (size_t k = 0; k + 1 < in->args.n; k++)
			if (is_secret_file(in->args.at[k].text) &&
			    !str_find(in->args.at[k].text, S("://"), &at))
				lint_say(to, in->args.at[k].span,
					 "'" STR_FMT "' is a file that holds secrets",
					 STR_ARG(in->args.at[k].text));
	}
}

const LintRule lint_D403 = {
	.id = "D403",
	.name = "secret-file",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "What is copied stays in the layer for everybody who has the image, even when a "
	       "later step "
	       "removes it.",
	.help = "use RUN --mount=type=secret, and list the file in .dockerignore",
	.aliases = LIST("DS-0031", "DKL-LI-0003"),
	.good = LIST("FROM a:1\nCOPY src /srv/\nCOPY --from=b:1 /x.pem /etc/x.pem\n"),
	.bad = LIST("FROM a:1\nCOPY .env /srv/.env\n", "FROM a:1\nCOPY keys/id_rsa /root/.ssh/\n",
		    "FROM a:1\nADD tls/server.key /etc/\n"),
	.check = check_secret_files,
};

/* ---- D601 ADD ---- */

static bool is_archive(Str path)
{
	static const char *const endings[] = {".tar",    ".tar.gz", ".tgz",     ".tar.bz2", ".tbz2",
					      ".tar.xz", ".txz",    ".tar.zst", ".gz",      ".bz2",
					      ".xz",     ".tbz",    ".tb2",     ".tzst",    ".zst",
					      ".tar.*",  ".tar*",   ".tgz*"};
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(path, str_of(endings[i])))
			return true;
	return false;
}

static bool is_remote(Str path)
{
	return str_starts(path, S("http://")) || str_starts(path, S("https://")) ||
	       str_starts(path, S("git@")) || str_starts(path, S("git://")) ||
	       str_starts(path, S("ssh://")) || str_has(path, '$');
}

/* One of the files that it stands for may be an archive. */
static bool has_pattern(const Instruction *in)
{
	for (size_t k = 0; k + 1 < in->args.n; k++)
		for (size_t i = 0; i < in->args.at[k].text.n; i++)
			if (in->args.at[k].text.p[i] != '\0' &&
			    strchr("*?[", in->args.at[k].text.p[i]) != NULL)
				return true;
	return false;
}

/* COPY has none of them. */
static bool has_own_flag(const Instruction *in)
{
	static const char *const own[] = {"checksum", "keep-git-dir", "unpack"};
	Str value;
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (instruction_flag(in, str_of(own[i]), &value) != NULL)
			return true;
	return false;
}

static void check_add(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		bool needs = in->op != OP_ADD || in->args.n < 2 || in->heredocs.n != 0 ||
			     has_own_flag(in);
		for (size_t k = 0; !needs && k + 1 < in->args.n; k++)
			needs = is_archive(in->args.at[k].text) || is_remote(in->args.at[k].text);
		if (needs)
			continue;
		lint_say(to, lint_keyword(in), "ADD where COPY does the same");
		lint_fix(to, lint_keyword(in), in_case(f->a, S("COPY"), keyword_case(f)),
			 !has_pattern(in));
	}
}

const LintRule lint_D601 = {
	.id = "D601",
	.name = "add-not-copy",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "ADD unpacks archives and fetches addresses; where neither is meant, a file's name "
	       "decides "
	       "what happens.",
	.help = "write COPY",
	.aliases = LIST("DL3020", "DS-0005", "CKV_DOCKER_4", "CIS-DI-0009"),
	.good = LIST("FROM a:1\nADD x.tar.gz /\nADD https://e.example/x /x\nCOPY a /b\n"),
	.bad = LIST("FROM a:1\nADD a /b\n"),
	.check = check_add,
};
