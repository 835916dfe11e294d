/* needless.c - D508: packages that the image is shipped with and does not need. */
#include "base/buf.h"
#include "lint/packages.h"

typedef struct Needless {
	const char *packages, *why;
} Needless;

static const Needless needless[] = {
	{"build-essential build-base gcc g++ clang make cmake automake autoconf gcc-c++ base-devel "
	 "golang-go rustc cargo maven gradle bison flex",
	 "builds programs, and an intruder's, too"},
	{"vim nano emacs vim-tiny neovim vim-enhanced joe mc", "is an editor"},
	{"telnet netcat netcat-openbsd netcat-traditional nc ncat nmap nmap-ncat socat tcpdump "
	 "inetutils-telnet telnetd iputils-ping net-tools dnsutils bind-utils traceroute",
	 "is a tool to look around in a network"},
	{"man man-db manpages less info", "is for people to read"},
	{"strace gdb ltrace lsof htop screen tmux", "is for people to look into a process"},
};

static const char *reason(Str package)
{
	for (size_t i = 0; i < sizeof needless / sizeof needless[0]; i++)
		if (word_in(needless[i].packages, package))
			return needless[i].why;
	return NULL;
}

/* "gcc=1.2-3" is gcc. */
static Str name_of(Str word)
{
	Str rest = word, name;
	str_cut(&rest, '=', &name);
	return name;
}

static const ShellWord *virtual_name(const LintCommand *c, Str *name)
{
	return command_is(c, "apk") ? command_option(c, "-t --virtual", name) : NULL;
}

static bool names(const PkgCall *call, Str word)
{
	for (size_t i = 0; i < call->as.n; i++)
		if (str_eq(name_of(call->as.args[i].text), word))
			return true;
	return false;
}

/* The same RUN takes it away again. */
static bool is_removed(const PkgCall *call, Str package)
{
	const LintCommand *c = &call->as;
	Str group;
	bool grouped = virtual_name(c, &group) != NULL;
	PkgCall other;
	EACH_LATER (c, l) {
		if (!pkg_read(l, c->file->a, &other) || other.act != PKG_REMOVE)
			continue;
		bool dynamic = false;
		for (size_t i = 0; i < l->n; i++)
			dynamic = dynamic || l->args[i].dynamic;
		if (dynamic || names(&other, package) || (grouped && names(&other, group)))
			return true;
	}
	return false;
}

/* One remark a call, which names all of them. */
static void check_needless(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	Buf names = buf_in(c->file->a, 4096);
	size_t first = c->n, n = 0;
	const char *what = NULL;
	if (call->act != PKG_INSTALL || !call->by->distro || !is_shipped(c->file, c->script->index))
		return;
	for (size_t i = 0; i < call->packages.n; i++) {
		size_t at = call->packages.at[i];
		Str name = name_of(c->args[at].text);
		const char *why = reason(name);
		if (why == NULL || is_removed(call, name))
			continue;
		first = n == 0 ? at : first;
		what = n == 0 ? why : what;
		buf_fmt(&names, "%s" STR_FMT, n++ == 0 ? "" : ", ", STR_ARG(name));
	}
	if (n == 1)
		lint_say(to, argument_span(c, first), "'" STR_FMT "' %s, and is shipped",
			 STR_ARG(buf_str(&names)), what);
	else if (n > 1)
		lint_say(to, argument_span(c, first), "tools are shipped: " STR_FMT,
			 STR_ARG(buf_str(&names)));
}

static void check_packages(const LintFile *f, LintSink *to)
{
	each_pkg_call(f, to, check_needless);
}

const LintRule lint_D508 = {
	.id = "D508",
	.name = "needless-package",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "Each package brings its vulnerabilities, and tools help whoever gets in.",
	.help = "build in a stage of its own and copy the result; debug with a container beside it",
	.good = LIST(
		"FROM a:1 AS b\nRUN apk add --no-cache gcc make\nFROM c:1\nCOPY --from=b /x /\n",
		"FROM a:1\nRUN apt-get install -y gcc && x && apt-get purge -y gcc\n",
		"FROM a:1\nRUN apk add --virtual .d gcc && x && apk del .d\n",
		"FROM a:1\nRUN apt-get install -y curl libc6-dev\n"),
	.bad = LIST("FROM a:1\nRUN apt-get install -y curl vim\n",
		    "FROM a:1\nRUN apk add --no-cache build-base\n",
		    "FROM a:1\nRUN yum install -y gcc-c++ && yum clean all\n"),
	.check = check_packages,
};

/* ---- D512 two programs for one thing ---- */

static void installed_twins(const LintFile *f, const LintStage *s, LintSink *to)
{
	const LintCommand *curl = NULL, *wget = NULL;
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *script = &f->scripts.at[i];
		if (script->index < s->first || script->index >= s->end || !is_run(script))
			continue;
		for (size_t k = 0; k < script->commands.n; k++) {
			const LintCommand *c = &script->commands.at[k];
			if (curl == NULL && command_is(c, "curl"))
				curl = c;
			if (wget == NULL && command_is(c, "wget"))
				wget = c;
		}
	}
	if (curl == NULL || wget == NULL)
		return;
	const LintCommand *later = curl->script->index > wget->script->index ||
						   (curl->script == wget->script &&
						    curl->i > wget->i)
					   ? curl
					   : wget;
	lint_say(to, argument_span(later, later->n),
		 "curl and wget are used in one stage: one of them would do");
}

static void check_twins(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++)
		installed_twins(f, &f->stages.at[i], to);
}

const LintRule lint_D512 = {
	.id = "D512",
	.name = "curl-and-wget",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Two programs that do the same are two to keep up to date.",
	.help = "use one of them throughout",
	.aliases = LIST("DL4001", "DS-0014"),
	.good = LIST("FROM a:1 AS b\nRUN curl x\nFROM c:1\nRUN wget -q y\n"),
	.bad = LIST("FROM a:1\nRUN curl x && wget y\n", "FROM a:1\nRUN wget x\nRUN curl y\n"),
	.check = check_twins,
};
