/* scripts.c - finds the scripts of a file, and which shell reads each. */
#include "base/buf.h"
#include "lint/limits.h"
#include "lint/private.h"
#include "shell/limits.h"

typedef struct Reader { /* a shell and how it was started */
	Str program;
	bool errexit, pipefail;
} Reader;

/* ---- which shell ---- */

static void read_option(Reader *r, Str word)
{
	if (str_eq(word, S("pipefail")))
		r->pipefail = true;
	else if (word.n > 1 && word.p[0] == '-' && word.p[1] != '-')
		r->errexit = r->errexit || str_has(word, 'e');
}

static Reader reader_of(const DockerWords *words)
{
	Reader r = {0};
	if (words->n != 0)
		r.program = str_base(words->at[0].text);
	for (size_t i = 1; i < words->n; i++)
		read_option(&r, words->at[i].text);
	return r;
}

static bool is_windows(Str base)
{
	static const char *const parts[] = {"windows", "nanoserver", "servercore"};
	size_t at;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (str_find(base, str_of(parts[i]), &at))
			return true;
	return false;
}

bool is_windows_stage(const LintFile *f, const LintStage *s)
{
	for (; s != NULL; s = lint_parent(f, s))
		if (is_windows(s->base))
			return true;
	return f->d->escape == '`';
}

/* "# hadolint shell=/bin/bash" above an instruction: what the base image's shell is. */
static bool is_told(const Instruction *in, Reader *out)
{
	bool told = false;
	for (size_t i = 0; i < in->comments.n; i++) {
		Str s = in->comments.at[i], word;
		if (!str_cut(&s, ' ', &word) || s.p == NULL || !str_eq(word, S("hadolint")))
			continue;
		s = str_trim(s);
		if (!str_starts(s, S("shell=")))
			continue;
		*out = (Reader){.program = str_base(str_trim(str_skip(s, 6)))};
		told = true;
	}
	return told;
}

/* What SHELL says for instruction `index`. */
static Reader shell_at(const LintFile *f, size_t index)
{
	const LintStage *s = lint_stage_of(f, index), *first = s;
	for (; s != NULL; s = lint_parent(f, s)) {
		Reader told;
		for (size_t i = s == first ? index + 1 : s->end; i-- > s->first;) {
			if (is_told(lint_at(f, i), &told))
				return told;
			if (i != index && lint_at(f, i)->op == OP_SHELL &&
			    lint_at(f, i)->args.n != 0)
				return reader_of(&lint_at(f, i)->args);
		}
		if (s->from != NULL && is_told(s->from, &told))
			return told;
		if (is_windows(s->base))
			return (Reader){.program = S("cmd")};
	}
	return (Reader){.program = f->d->escape == '`' ? S("cmd") : S("sh")};
}

/* "#!/usr/bin/env -S bash -e" */
static Reader reader_of_shebang(Str body)
{
	Reader r = {0};
	Str line, word, rest = str_skip(body, 2);
	str_cut(&rest, '\n', &line);
	line = str_trim(line);
	while (str_cut(&line, ' ', &word)) {
		bool skipped = word.n == 0 || str_eq(str_base(word), S("env")) ||
			       (r.program.n == 0 && word.p[0] == '-');
		if (skipped)
			continue;
		if (r.program.n == 0)
			r.program = str_base(word);
		else
			read_option(&r, word);
	}
	return r;
}

/* ---- scripts ---- */

static void add_commands(LintFile *f, LintScript *s)
{
	for (size_t i = 0; i < s->shell.commands.n; i++) {
		const ShellCommand *c = &s->shell.commands.at[i];
		LintCommand out = {.i = i, .shell = c, .at = shell_program(c)};
		if (out.at < c->words.n) {
			out.name = str_base(c->words.at[out.at].text);
			out.args = c->words.at + out.at + 1;
			out.n = c->words.n - out.at - 1;
		}
		vec_push(f->a, &s->commands, out);
	}
}

static LintScript *add_script(LintFile *f, const LintScript *like, const Reader *r, Str text)
{
	LintScript s = *like;
	s.program = r->program;
	s.errexit = r->errexit;
	s.pipefail = r->pipefail;
	s.text = text;
	s.shell = (ShellScript){0};
	if (r->program.n == 0 || shell_is_shell(r->program))
		shell_read(text, f->a, &s.shell);
	f->cut = f->cut || s.shell.commands.n >= LIMIT_SHELL_COMMANDS;
	if (f->commands + s.shell.commands.n > LIMIT_LINT_COMMANDS) {
		s.shell.commands.n = 0;
		f->cut = true;
	}
	f->commands += s.shell.commands.n;
	add_commands(f, &s);
	vec_push(f->a, &f->scripts, s);
	return &f->scripts.at[f->scripts.n - 1];
}

/* The words of an exec form in single quotes, so that they are read as they are. */
static void add_exec(LintFile *f, LintScript *like)
{
	Buf b = buf_in(f->a, 4u << 20);
	uint32_t *starts = arena_array(f->a, uint32_t, like->in->args.n + 1);
	for (size_t i = like->in->op == OP_HEALTHCHECK; i < like->in->args.n; i++) {
		Str rest = like->in->args.at[i].text, part;
		starts[i] = (uint32_t)b.n;
		buf_char(&b, '\'');
		while (str_cut(&rest, '\'', &part)) {
			buf_add(&b, part);
			buf_add(&b, rest.p != NULL ? S("'\\''") : S("' "));
		}
	}
	like->starts = starts;
	(void)add_script(f, like, &(Reader){0}, buf_str(&b));
}

/* ---- here-documents ---- */

/* Who reads standard input: a shell without a script of its own. */
static bool reads_input(const LintCommand *c, const Reader *own, Reader *out)
{
	Reader r = {.program = c->name};
	if (c->shell->words.n == 0) { /* RUN <<EOF */
		*out = *own;
		return true;
	}
	if (!shell_is_shell(c->name))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		Str word = c->args[i].text;
		if (word.n == 0 || (word.p[0] != '-' && !str_eq(word, S("pipefail"))))
			return false;
		read_option(&r, word);
	}
	*out = r;
	return true;
}

/* `lines` is the index of the line's script. */
static void add_bodies(LintFile *f, const Instruction *holder, size_t lines, const Reader *own)
{
	for (size_t i = 0; i < f->scripts.at[lines].commands.n; i++) {
		LintScript like = f->scripts.at[lines];
		const LintCommand *c = &like.commands.at[i];
		Reader r;
		if (c->shell->heres.n == 0 || !reads_input(c, own, &r))
			continue;
		size_t n = c->shell->heres.at[c->shell->heres.n - 1]->ordinal;
		if (n >= holder->heredocs.n)
			continue;
		const Heredoc *h = &holder->heredocs.at[n];
		if (c->shell->words.n == 0 && str_starts(h->body, S("#!")))
			r = reader_of_shebang(h->body);
		like.heredoc = true;
		like.body = h->span;
		like.commands.n = like.commands.cap = 0;
		like.commands.at = NULL;
		(void)add_script(f, &like, &r, h->body);
	}
}

/* ---- all of them ---- */

/* Its shell form is one argument; HEALTHCHECK's the one after CMD. */
static Str line_of(const Instruction *in)
{
	if (in->op == OP_HEALTHCHECK)
		return in->args.n == 2 ? in->args.at[1].text : (Str){0};
	return in->args.n == 1 ? in->args.at[0].text : (Str){0};
}

static bool runs(const Instruction *in)
{
	return in->op == OP_RUN || in->op == OP_CMD || in->op == OP_ENTRYPOINT ||
	       in->op == OP_HEALTHCHECK;
}

void find_scripts(LintFile *f)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *holder = lint_at(f, i);
		const Instruction *in = holder->child != NULL ? holder->child : holder;
		LintScript like = {.in = in, .index = i};
		if (!runs(in))
			continue;
		if (f->scripts.n >= LIMIT_LINT_SCRIPTS) {
			f->cut = true;
			break;
		}
		Reader own = shell_at(f, i);
		if (in->json) {
			add_exec(f, &like);
		} else if (line_of(in).n != 0) {
			(void)add_script(f, &like, &own, line_of(in));
			add_bodies(f, holder, f->scripts.n - 1, &own);
		}
	}
	/* The vector has grown for the last time: now they have addresses. */
	for (size_t i = 0; i < f->scripts.n; i++)
		for (size_t k = 0; k < f->scripts.at[i].commands.n; k++) {
			f->scripts.at[i].commands.at[k].file = f;
			f->scripts.at[i].commands.at[k].script = &f->scripts.at[i];
		}
}
