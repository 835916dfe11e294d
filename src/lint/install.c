/* install.c - D501 to D511: how packages are installed. */
#include "base/buf.h"
#include "lint/packages.h"

/* ---- D501, D511 versions ---- */

/* Not worth a word: nothing but a variable, or removed by the same call. */
static bool is_unknown(const ShellWord *w)
{
	return w->dynamic || w->text.n == 0 || w->text.p[0] == '-' || w->text.p[0] == '<';
}

static void say_unpinned(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	if (call->act != PKG_INSTALL || call->by->pinned == NULL || call->listed)
		return;
	for (size_t i = 0; i < call->packages.n; i++) {
		const ShellWord *w = &c->args[call->packages.at[i]];
		if (!is_unknown(w) && !call->by->pinned(w->text))
			lint_say(to, argument_span(c, call->packages.at[i]),
				 "'" STR_FMT "' may be any version: " STR_FMT " takes %s",
				 STR_ARG(w->text), STR_ARG(c->name), call->by->how);
	}
}

static void unpinned_library(const PkgCall *call, LintSink *to)
{
	if (!call->by->distro)
		say_unpinned(call, to);
}

static void check_libraries(const LintFile *f, LintSink *to)
{
	each_pkg_call(f, to, unpinned_library);
}

const LintRule lint_D501 = {
	.id = "D501",
	.name = "unpinned-package",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever publishes the next version decides what the next build runs; a stolen "
	       "account is enough.",
	.help = "name the version, or install from a lock file",
	.aliases = LIST("DL3013", "DL3016", "DL3028", "DL3062"),
	.good = LIST("FROM a:1\nRUN pip install a==1 b~=2 ./c -r x && pip install -r r.txt\n",
		     "FROM a:1\nRUN npm ci && npm install && npm i @a/b@1.2 c@2 ./d\n",
		     "FROM a:1\nRUN gem install a:1 && gem install b -v 2\n",
		     "FROM a:1\nRUN go install a.example/b@v1 && cargo install a --version 1\n",
		     "FROM a:1\nRUN pip install -U pip && pip install $X\n",
		     "FROM a:1\nRUN pip install --index-url u git+https://a.example/b@1\n",
		     "FROM a:1\nRUN uv sync && uv pip install -r r.txt && pipx install a==1\n"),
	.bad = LIST("FROM a:1\nRUN pip install a\n", "FROM a:1\nRUN python3 -m pip install -q a\n",
		    "FROM a:1\nRUN npm install -g @a/b\n", "FROM a:1\nRUN npm i a@latest\n",
		    "FROM a:1\nRUN x && sudo gem install a\n", "FROM a:1\nRUN yarn global add a\n",
		    "FROM a:1\nRUN go install a.example/b@latest\n",
		    "FROM a:1\nRUN cargo install a\n", "FROM a:1\nRUN conda install -y a\n",
		    "FROM a:1\nRUN pip install git+https://a.example/b\n",
		    "FROM a:1\nRUN [\"pip\", \"install\", \"a\"]\n",
		    "FROM a:1\nRUN <<E\npip3.11 install a\nE\n",
		    "FROM a:1\nONBUILD RUN pip install a\n",
		    "FROM a:1\nRUN sh -c 'pip install a'\n"),
	.check = check_libraries,
};

static void unpinned_distro(const PkgCall *call, LintSink *to)
{
	if (call->by->distro)
		say_unpinned(call, to);
}

static void check_distro(const LintFile *f, LintSink *to) { each_pkg_call(f, to, unpinned_distro); }

const LintRule lint_D511 = {
	.id = "D511",
	.name = "unpinned-distro-package",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.off = true,
	.why = "Two builds of one file are two images. But distributions remove a version when "
	       "they "
	       "mend it: pin the base image by digest as well, or pinned builds fail.",
	.help = "name the version, and renew it when the base image is renewed",
	.aliases = LIST("DL3008", "DL3018", "DL3033", "DL3037", "DL3041"),
	.good = LIST("FROM a:1\nRUN apt-get install -y a=1 b/sid ./c.deb\n",
		     "FROM a:1\nRUN apk add --no-cache --virtual .deps a=1 b~2 'c>3'\n",
		     "FROM a:1\nRUN yum install -y a-1.2 b.rpm @c && zypper in -y a=1\n",
		     "FROM a:1\nRUN apt-get install -y $X -t sid\n"),
	.bad = LIST("FROM a:1\nRUN apt-get install -y a\n", "FROM a:1\nRUN apk add --no-cache a\n",
		    "FROM a:1\nRUN dnf -y install java-11-openjdk\n",
		    "FROM a:1\nRUN zypper --non-interactive in a\n"),
	.check = check_distro,
};

/* ---- D502 questions ---- */

static bool is_dry(const PkgCall *call)
{
	return command_has(&call->as, "-s --simulate --dry-run --just-print --no-act --print-uris "
				      "--help -h --downloadonly");
}

static bool is_answered(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	size_t feeder = shell_feeder(&c->script->shell, c->i);
	Str value;
	if (feeder < c->script->commands.n &&
	    command_is(&c->script->commands.at[feeder], "yes echo printf"))
		return true;
	return pkg_has(call, call->by->yes) || command_env(c, "CONDA_ALWAYS_YES", &value) ||
	       (call->by->family == FAMILY_APT && pkg_configured(call, "APT::Get::Assume-Yes")) ||
	       (call->by->family == FAMILY_RPM && pkg_configured(call, "assumeyes"));
}

static bool asks(const PkgCall *call)
{
	char verb[64];
	const PkgManager *m = call->by;
	if (m->asks == NULL || call->verb >= call->as.n)
		return false;
	Str last = call->as.args[call->verb].text;
	if (word_in(m->asks, last))
		return true;
	if (call->verb == 0) /* "group install": asked for with a '+' */
		return false;
	int n = snprintf(verb, sizeof verb, STR_FMT "+" STR_FMT,
			 STR_ARG(str_first(call->as.args[call->verb - 1].text, 30)),
			 STR_ARG(str_first(last, 30)));
	return n > 0 && word_in(m->asks, (Str){verb, (size_t)n});
}

static void unanswered(const PkgCall *call, LintSink *to)
{
	Str yes = call->by->yes != NULL ? str_of(call->by->yes) : (Str){0}, first;
	if (!asks(call) || is_answered(call) || is_dry(call) || !str_cut(&yes, ' ', &first))
		return;
	lint_say(to, argument_span(&call->as, call->verb),
		 "'" STR_FMT " " STR_FMT "' asks, and nobody answers", STR_ARG(call->as.name),
		 STR_ARG(call->as.args[call->verb].text));
	pkg_fix_option(call, arena_cstr(call->as.file->a, first), true, to);
}

static void check_answers(const LintFile *f, LintSink *to) { each_pkg_call(f, to, unanswered); }

const LintRule lint_D502 = {
	.id = "D502",
	.name = "no-yes",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "The package manager asks before it goes on, and a build has no one to answer: it "
	       "stops as soon as there is something to ask.",
	.help = "add -y, or what this package manager calls it",
	.aliases = LIST("DL3014", "DL3030", "DL3034", "DL3038", "DS-0021"),
	.good = LIST("FROM a:1\nRUN apt-get install -y a && apt-get -qqy install b\n",
		     "FROM a:1\nRUN apt-get -qq install a && apt-get install -q=2 b\n",
		     "FROM a:1\nRUN yes | apt-get install a\n",
		     "FROM a:1\nRUN zypper -n in a && dnf install --assumeyes b\n",
		     "FROM a:1\nRUN echo 'APT::Get::Assume-Yes \"1\";' > /etc/apt/apt.conf.d/y\n"
		     "RUN apt-get install a\n",
		     "FROM a:1\nRUN apk add a && apt-get update && pip install b\n"),
	.bad = LIST("FROM a:1\nRUN apt-get install a\n",
		    "FROM a:1\nRUN x && \\\n  apt-get -q upgrade\n",
		    "FROM a:1\nRUN yum install a\n", "FROM a:1\nRUN microdnf install a\n",
		    "FROM a:1\nRUN dnf group install a\n", "FROM a:1\nRUN zypper install a\n",
		    "FROM a:1\nRUN pacman -S a\n", "FROM a:1\nRUN conda install a=1\n",
		    "FROM a:1\nRUN apt-get remove a\n"),
	.check = check_answers,
};

/* ---- D503 recommends ---- */

static bool no_recommends(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	size_t at;
	for (size_t i = 0; i < c->n; i++)
		if (str_find(c->args[i].text, S("Install-Recommends"), &at))
			return true;
	return command_has(c, "--no-install-recommends --without-recommends -R --no-download "
			      "--install-recommends --with-recommends") ||
	       pkg_configured(call, "APT::Install-Recommends") ||
	       pkg_configured(call, "Install-Recommends");
}

static void recommended(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	if (call->by->family != FAMILY_APT || call->act != PKG_INSTALL || no_recommends(call) ||
	    call->packages.n == 0 || is_dry(call))
		return;
	lint_say(to, argument_span(c, call->verb), "installs what is only recommended, too");
	pkg_fix_option(call,
		       command_is(c, "aptitude") ? "--without-recommends"
						 : "--no-install-recommends",
		       false, to);
}

static void check_recommends(const LintFile *f, LintSink *to) { each_pkg_call(f, to, recommended); }

const LintRule lint_D503 = {
	.id = "D503",
	.name = "recommends",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "Recommended packages are often larger than what was asked for, and each brings its "
	       "own vulnerabilities.",
	.help = "add --no-install-recommends, and name what is needed of the rest",
	.aliases = LIST("DL3015", "DS-0029"),
	.good = LIST(
		"FROM a:1\nRUN apt-get install -y --no-install-recommends a\n",
		"FROM a:1\nRUN apt-get -o APT::Install-Recommends=false install -y a\n",
		"FROM a:1\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/r && "
		"apt-get install -y a\n",
		"FROM a:1\nRUN apk add a\n"),
	.bad = LIST("FROM a:1\nRUN apt-get install -y a\n", "FROM a:1\nRUN apt install -y a\n"),
	.check = check_recommends,
};

/* ---- D506 upgrade ---- */

/* "yum update openssl" is of one package. */
static void upgrade(const PkgCall *call, LintSink *to)
{
	if (call->by->distro && call->act == PKG_UPGRADE && call->packages.n == 0 && !is_dry(call))
		lint_say(to, argument_span(&call->as, call->verb),
			 "'" STR_FMT " " STR_FMT "' upgrades whatever there is today",
			 STR_ARG(call->as.name), STR_ARG(call->as.args[call->verb].text));
}

static void check_upgrades(const LintFile *f, LintSink *to) { each_pkg_call(f, to, upgrade); }

const LintRule lint_D506 = {
	.id = "D506",
	.name = "upgrade-all",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "The layer doubles what the base image already has, and it is kept in the cache: "
	       "the "
	       "upgrade is as old as the last build without one.",
	.help = "take a newer base image, and rebuild often; upgrade single packages by name",
	.aliases = LIST("DL3035", "DS-0024", "DKL-DI-0003"),
	.good = LIST("FROM a:1\nRUN apt-get update && apt-get install -y a\n",
		     "FROM a:1\nRUN yum update -y openssl\n", "FROM a:1\nRUN npm update\n"),
	.bad = LIST("FROM a:1\nRUN apt-get update && apt-get -y dist-upgrade\n",
		    "FROM a:1\nRUN apk upgrade --no-cache\n", "FROM a:1\nRUN yum -y update\n",
		    "FROM a:1\nRUN zypper -n dup\n"),
	.check = check_upgrades,
};

/* ---- D509 apt ---- */

static void by_apt(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	Span at = argument_span(c, c->n);
	if (!command_is(c, "apt") || call->verb >= c->n)
		return;
	lint_say(to, at, "apt is for people: it warns that its interface may change");
	bool same = word_in("install reinstall update upgrade full-upgrade remove purge autoremove "
			    "clean autoclean build-dep download source",
			    c->args[call->verb].text);
	if (!same || c->script->starts != NULL || at.end - at.at != 3)
		return;
	lint_fix(to, at, S("apt-get"), true);
	/* apt's own upgrade installs what is new, too. */
	if (str_eq(c->args[call->verb].text, S("upgrade")) &&
	    !command_has(c, "--with-new-pkgs --without-new-pkgs"))
		pkg_fix_option(call, "--with-new-pkgs", true, to);
}

static void check_apt(const LintFile *f, LintSink *to) { each_pkg_call(f, to, by_apt); }

const LintRule lint_D509 = {
	.id = "D509",
	.name = "apt-not-apt-get",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "apt's options and output may change from version to version; those of apt-get and "
	       "apt-cache do not.",
	.help = "write apt-get or apt-cache",
	.aliases = LIST("DL3027", "CKV_DOCKER_9"),
	.good = LIST("FROM a:1\nRUN apt-get update && rm -rf /etc/apt\n"),
	.bad = LIST("FROM a:1\nRUN apt update\n", "FROM a:1\nRUN sudo apt -y full-upgrade\n",
		    "FROM a:1\nRUN apt list\n"),
	.check = check_apt,
};
