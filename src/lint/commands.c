/* commands.c - places of what a script holds, and questions about its commands. */
#include "lint/commands.h"

#include <stdio.h>

#include "lint/rule.h"

/* ---- places ---- */

static bool within(Str part, Str whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

/* Exec form: the string that the part begins in; a part of it when it has no escapes. */
static bool exec_span(const LintScript *s, Str part, Span *out)
{
	uint32_t from = (uint32_t)(part.p - s->text.p);
	size_t i = 0;
	while (i + 1 < s->in->args.n && s->starts[i + 1] <= from)
		i++;
	const DockerWord *w = &s->in->args.at[i];
	uint32_t skip = from - s->starts[i];
	bool plain = w->span.end - w->span.at == w->text.n + 2 && !str_has(w->text, '\'');
	if (plain && skip > 0 && skip + part.n <= w->text.n + 1) {
		*out = (Span){w->span.at + skip, w->span.at + skip + (uint32_t)part.n};
		return true;
	}
	*out = part.n > w->text.n + 2 ? s->in->span : w->span;
	return false;
}

bool script_span(const LintScript *s, Str part, Span *out)
{
	bool there = part.n != 0 && within(part, s->text);
	if (there && s->starts != NULL)
		return exec_span(s, part, out);
	if (there && s->heredoc) {
		uint32_t from = s->body.at + (uint32_t)(part.p - s->text.p);
		*out = (Span){from, from + (uint32_t)part.n};
	} else {
		*out = there ? instruction_span(s->in, part) : s->in->span;
	}
	return there;
}

Span argument_span(const LintCommand *c, size_t arg)
{
	size_t i = arg < c->n ? c->at + 1 + arg : c->at;
	Span at;
	if (i >= c->shell->words.n)
		return command_span(c);
	(void)script_span(c->script, c->shell->words.at[i].at, &at);
	return at;
}

/* ---- all of them ---- */

static void each(const LintFile *f, LintSink *to, CommandCheck check, bool runs_only)
{
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		for (size_t k = 0; k < s->commands.n && (is_run(s) || !runs_only); k++)
			check(&s->commands.at[k], to);
	}
}

void each_command(const LintFile *f, LintSink *to, CommandCheck check)
{
	each(f, to, check, false);
}

void each_run_command(const LintFile *f, LintSink *to, CommandCheck check)
{
	each(f, to, check, true);
}

/* ---- words ---- */

bool word_in(const char *words, Str word)
{
	Str rest = str_of(words), one;
	while (str_cut(&rest, ' ', &one))
		if (one.n != 0 && str_eq(one, word))
			return true;
	return false;
}

bool command_is(const LintCommand *c, const char *names) { return word_in(names, c->name); }

bool command_has(const LintCommand *c, const char *words)
{
	for (size_t i = 0; i < c->n; i++)
		if (word_in(words, c->args[i].text))
			return true;
	return false;
}

/* The rest of `word` after `option` and what parts the two; NULL when it is another. */
static bool option_value(Str word, Str option, Str *value)
{
	bool is_long = str_starts(option, S("--"));
	if (!str_starts(word, option) || word.n == option.n)
		return false;
	*value = str_skip(word, option.n);
	if (is_long && value->p[0] != '=')
		return false;
	*value = str_skip(*value, value->p[0] == '=');
	return true;
}

const ShellWord *command_option(const LintCommand *c, const char *options, Str *value)
{
	for (size_t i = 0; i < c->n; i++) {
		Str rest = str_of(options), option;
		while (str_cut(&rest, ' ', &option)) {
			if (option_value(c->args[i].text, option, value))
				return &c->args[i];
			if (i + 1 < c->n && str_eq(c->args[i].text, option)) {
				*value = c->args[i + 1].text;
				return &c->args[i];
			}
		}
	}
	return NULL;
}

size_t next_operand(const LintCommand *c, size_t from)
{
	while (from < c->n && str_starts(c->args[from].text, S("-")))
		from++;
	return from < c->n ? from : c->n;
}

bool command_sets(const LintCommand *c, const char *option)
{
	if (!str_eq(c->name, S("set")))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		Str word = c->args[i].text;
		bool is_short = word.n > 1 && word.p[0] == '-' && option[1] == '\0';
		if (is_short && str_has(word, option[0]))
			return true;
		if (i > 0 && str_eq(word, str_of(option)) && c->args[i - 1].text.p[0] == '-')
			return true;
	}
	return false;
}

/* ---- variables ---- */

static Str unquoted(Str s)
{
	bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
	return quoted ? (Str){s.p + 1, s.n - 2} : s;
}

static bool assigned(Str word, const char *name, Str *value)
{
	Str rest = word, key;
	if (!str_cut(&rest, '=', &key) || rest.p == NULL || !str_eq(key, str_of(name)))
		return false;
	*value = unquoted(rest);
	return true;
}

static bool assigned_by(const ShellCommand *c, size_t words, const char *name, Str *value)
{
	for (size_t i = 0; i < c->assignments.n; i++)
		if (assigned(c->assignments.at[i].text, name, value))
			return true;
	for (size_t i = 0; i < words; i++) /* env NAME=value, export NAME=value */
		if (assigned(c->words.at[i].text, name, value))
			return true;
	return false;
}

static bool declared(const Instruction *in, const char *name, Str *value)
{
	bool found = false;
	for (size_t k = 0; in->op == OP_ENV && k + 1 < in->args.n; k += 2)
		if (str_eq(in->args.at[k].text, str_of(name))) {
			*value = unquoted(in->args.at[k + 1].text);
			found = true;
		}
	for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++)
		found = assigned(in->args.at[k].text, name, value) || found;
	return found;
}

bool command_env(const LintCommand *c, const char *name, Str *value)
{
	const LintFile *f = c->file;
	if (assigned_by(c->shell, c->at, name, value))
		return true;
	EACH_BEFORE (c, b)
		if ((b->shell->words.n == 0 || command_is(b, "export")) &&
		    assigned_by(b->shell, b->shell->words.n, name, value))
			return true;
	const LintStage *s = lint_stage_of(f, c->script->index), *own = s;
	for (; s != NULL; s = lint_parent(f, s))
		for (size_t i = s == own ? c->script->index : s->end; i-- > s->first;)
			if (declared(lint_at(f, i), name, value))
				return true;
	return false;
}

/* ---- directories ---- */

static bool below(Str dir, Str path)
{
	return str_starts(dir, path) && (dir.n == path.n || dir.p[path.n] == '/');
}

static bool is_home(Str path)
{
	return str_eq(path, S("/root")) || str_eq(path, S("~")) || str_eq(path, S("$HOME")) ||
	       str_eq(path, S("${HOME}")) || str_eq(str_dir(path), S("/home")) ||
	       str_eq(str_dir(path), S("/home/"));
}

/* Without a "/" or a pattern at its end. */
static Str directory(Str path)
{
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	Str last = str_base(path);
	if (str_has(last, '*') && last.n < path.n)
		path.n -= last.n;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

static bool covers_plain(Str path, Str dir)
{
	path = directory(path);
	if (path.n < 2)
		return false;
	if (!str_starts(dir, S("~")))
		return below(dir, path);
	if (is_home(path))
		return true;
	/* /root/.cache is above ~/.cache/pip */
	for (Str tail = str_skip(dir, 1); tail.n > 1; tail = str_dir(tail)) {
		while (tail.n > 1 && tail.p[tail.n - 1] == '/')
			tail.n--;
		if (tail.n > 1 && str_ends(path, tail))
			return true;
	}
	return false;
}

/* "/var/lib/{apt,dpkg}/": each of them. */
bool path_covers(Str path, const char *dir)
{
	Str head, rest = path, names, name;
	if (!str_cut(&rest, '{', &head) || rest.p == NULL || str_ends(head, S("$")) ||
	    !str_cut(&rest, '}', &names))
		return covers_plain(path, str_of(dir));
	while (str_cut(&names, ',', &name)) {
		char joined[512];
		int n = snprintf(joined, sizeof joined, STR_FMT STR_FMT STR_FMT, STR_ARG(head),
				 STR_ARG(name), STR_ARG(rest));
		if (n > 0 && (size_t)n < sizeof joined && covers_plain(str_of(joined), str_of(dir)))
			return true;
	}
	return false;
}

static bool mount_holds(Str mount, const char *dir)
{
	Str part, kind = S("bind"), target = {0};
	while (str_cut(&mount, ',', &part)) {
		Str value = part, key;
		str_cut(&value, '=', &key);
		if (str_eq(key, S("type")))
			kind = value;
		else if (word_in("target dst destination", key))
			target = value;
	}
	return word_in("cache tmpfs bind", kind) && path_covers(target, dir);
}

bool script_mounts(const LintScript *s, const char *dir)
{
	for (size_t i = 0; i < s->in->flags.n; i++) {
		Str flag = s->in->flags.at[i].text;
		if (str_starts(flag, S("--mount=")) && mount_holds(str_skip(flag, 8), dir))
			return true;
	}
	return false;
}
