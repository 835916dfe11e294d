/* packages.c - a command as a call of a package manager: verb, packages, options. */
#include "lint/packages.h"

#include "base/buf.h"
#include "lint/limits.h"

/* ---- which one ---- */

/* "pip3.11" is pip: a version at the end of the name. */
static Str without_version(Str name)
{
	while (name.n != 0 && (name.p[name.n - 1] == '.' ||
			       (name.p[name.n - 1] >= '0' && name.p[name.n - 1] <= '9')))
		name.n--;
	return name;
}

/* "python3 -m pip install" is "pip install", "corepack yarn" is "yarn". */
static LintCommand unwrapped(const LintCommand *c)
{
	LintCommand as = *c;
	size_t skip = 0;
	if (str_eq(without_version(c->name), S("python"))) {
		for (size_t i = 0; skip == 0 && i + 1 < c->n; i++)
			if (str_eq(c->args[i].text, S("-m")))
				skip = i + 2;
	} else if (command_is(c, "corepack") && c->n != 0) {
		skip = 1;
	}
	if (skip != 0) {
		as.name = c->args[skip - 1].text;
		as.at += skip;
		as.args += skip;
		as.n -= skip;
	}
	return as;
}

static const PkgManager *manager_named(Str name)
{
	for (const PkgManager *m = pkg_managers; m->names != NULL; m++)
		if (word_in(m->names, name) ||
		    (m->family == FAMILY_PIP && word_in(m->names, without_version(name))))
			return m;
	return NULL;
}

/* ---- what it does ---- */

static bool lists(const char *words, Str word) { return words != NULL && word_in(words, word); }

static PkgAct act_of(const PkgManager *m, Str verb)
{
	return lists(m->install, verb)   ? PKG_INSTALL
	       : lists(m->update, verb)  ? PKG_UPDATE
	       : lists(m->upgrade, verb) ? PKG_UPGRADE
	       : lists(m->remove, verb)  ? PKG_REMOVE
	       : lists(m->clean, verb)   ? PKG_CLEAN
					 : PKG_OTHER;
}

static bool is_option(const PkgManager *m, Str word)
{
	return word.n > 1 && word.p[0] == '-' && act_of(m, word) == PKG_OTHER;
}

/* The next word that is no option and no option's value. */
static size_t next_word(const PkgManager *m, const LintCommand *c, size_t i)
{
	for (; i < c->n && is_option(m, c->args[i].text); i++)
		i += lists(m->valued, c->args[i].text);
	return i < c->n ? i : c->n;
}

/* The verb may be two words: both, joined by '+', are asked for first. */
static void read_verb(PkgCall *call)
{
	const LintCommand *c = &call->as;
	size_t first = next_word(call->by, c, 0), second;
	if (first >= c->n) {
		call->verb = c->n;
		return;
	}
	Str verb = c->args[first].text;
	char both[128];
	call->verb = first;
	call->act = act_of(call->by, verb);
	second = next_word(call->by, c, first + 1);
	if (second >= c->n)
		return;
	int n = snprintf(both, sizeof both, STR_FMT "+" STR_FMT, STR_ARG(str_first(verb, 50)),
			 STR_ARG(str_first(c->args[second].text, 50)));
	PkgAct act = n > 0 ? act_of(call->by, (Str){both, (size_t)n}) : PKG_OTHER;
	if (act != PKG_OTHER) {
		call->verb = second;
		call->act = act;
	}
}

static bool says_what(const PkgManager *m, Str word)
{
	Str rest = m->from != NULL ? str_of(m->from) : (Str){0}, option;
	while (rest.p != NULL && str_cut(&rest, ' ', &option)) {
		bool joined = str_ends(option, S("=")) || (option.n == 2 && option.p[0] == '-');
		if (str_eq(word, option) || (joined && str_starts(word, option)))
			return true;
	}
	return false;
}

static void read_packages(PkgCall *call, Arena *a)
{
	const LintCommand *c = &call->as;
	for (size_t i = 0; i < c->n; i++)
		call->listed = call->listed || says_what(call->by, c->args[i].text);
	for (size_t i = next_word(call->by, c, call->verb + 1); i < c->n;
	     i = next_word(call->by, c, i + 1))
		vec_push(a, &call->packages, i);
}

/* "yarn" alone installs. */
static bool is_bare_yarn(const PkgCall *call)
{
	return call->by->family == FAMILY_YARN && call->verb >= call->as.n &&
	       !command_has(&call->as, "--version -v --help -h");
}

bool pkg_read(const LintCommand *c, Arena *a, PkgCall *out)
{
	PkgCall call = {.as = unwrapped(c)};
	call.by = manager_named(call.as.name);
	if (call.by == NULL)
		return false;
	read_verb(&call);
	if (is_bare_yarn(&call))
		call.act = PKG_INSTALL;
	if (call.verb < call.as.n)
		read_packages(&call, a);
	*out = call;
	return true;
}

void each_pkg_call(const LintFile *f, LintSink *to, PkgCheck check)
{
	for (size_t i = 0; i < f->scripts.n; i++)
		for (size_t k = 0; is_run(&f->scripts.at[i]) && k < f->scripts.at[i].commands.n;
		     k++) {
			PkgCall call;
			if (pkg_read(&f->scripts.at[i].commands.at[k], f->a, &call))
				check(&call, to);
		}
}

/* ---- questions ---- */

/* "-qy" has -y; "-qq" is -q twice, and has itself. */
static bool is_among(Str word, Str option)
{
	if (option.n < 2 || word.n < 2 || word.p[0] != '-' || word.p[1] == '-' ||
	    option.p[1] == '-' || str_has(word, '='))
		return false;
	size_t times = 0;
	for (size_t i = 1; i < word.n; i++)
		times += word.p[i] == option.p[1];
	return times >= option.n - 1 && option.p[option.n - 1] == option.p[1];
}

bool pkg_has(const PkgCall *call, const char *options)
{
	const LintCommand *c = &call->as;
	for (size_t i = 0; i < c->n; i++) {
		Str rest = str_of(options), option;
		while (str_cut(&rest, ' ', &option))
			if (str_eq(c->args[i].text, option) || is_among(c->args[i].text, option))
				return true;
	}
	return false;
}

bool is_shipped(const LintFile *f, size_t index)
{
	const LintStage *of = lint_stage_of(f, index);
	for (const LintStage *s = lint_last(f); s != NULL; s = lint_parent(f, s))
		if (s == of)
			return true;
	return false;
}

void pkg_fix_option(const PkgCall *call, const char *option, bool safe, LintSink *to)
{
	const LintCommand *c = &call->as;
	Span at;
	Buf b = buf_in(c->file->a, 64);
	if (call->verb >= c->n || !script_span(c->script, c->args[call->verb].at, &at) ||
	    c->args[call->verb].at.p != c->args[call->verb].raw.p || c->script->starts != NULL)
		return;
	buf_fmt(&b, " %s", option);
	lint_fix(to, (Span){at.end, at.end}, buf_str(&b), safe);
}

static bool mentions(const LintScript *s, Str key)
{
	size_t at;
	return str_find(s->in->line, key, &at);
}

bool pkg_configured(const PkgCall *call, const char *key)
{
	const LintFile *f = call->as.file;
	const LintStage *s = lint_stage_of(f, call->as.script->index);
	for (; s != NULL; s = lint_parent(f, s))
		for (size_t i = 0; i < f->scripts.n; i++) {
			const LintScript *script = &f->scripts.at[i];
			if (script->index >= s->first && script->index < s->end &&
			    script->index <= call->as.script->index &&
			    mentions(script, str_of(key)))
				return true;
		}
	return false;
}
