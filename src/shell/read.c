/* read.c - one walk over the script; substitutions are scripts within it. */
#include "base/buf.h"
#include "shell/limits.h"
#include "shell/shell.h"

typedef struct Pending { /* here-documents whose bodies begin on the next line */
	Str end[LIMIT_SHELL_HEREDOCS];
	bool tabs[LIMIT_SHELL_HEREDOCS];
	size_t n;
} Pending;

typedef struct Shell {
	Arena *a;
	ShellScript *out;
	Str rest;
	unsigned depth;
	ShellCommand now;
	ShellJoin join;
	Pending pending;
	unsigned cases; /* open case ... esac */
	bool pattern;   /* one follows, up to its ')' */
	bool skipping;  /* to the end of "for x in ..." or "case x in" */
} Shell;

static void read_script(Shell *s);

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
static bool is_meta(char c) { return c == '\n' || strchr(";&|()<>", c) != NULL; }

static char peek(const Shell *s, size_t i) { return i < s->rest.n ? s->rest.p[i] : '\n'; }

/* ---- commands ---- */

static void end_command(Shell *s, ShellJoin next)
{
	ShellCommand *c = &s->now;
	bool some = c->words.n != 0 || c->assignments.n != 0 || c->targets.n != 0;
	if (some && !s->skipping) {
		c->join = s->join;
		c->depth = s->depth;
		c->raw.n = c->raw.p != NULL ? (size_t)(s->rest.p - c->raw.p) : 0;
		if (s->out->commands.n < LIMIT_SHELL_COMMANDS)
			vec_push(s->a, &s->out->commands, *c);
		else
			s->out->cut = true;
		s->join = next;
	} else if (next != JOIN_THEN || s->join == JOIN_FIRST) {
		s->join = s->out->commands.n == 0 && next == JOIN_THEN ? JOIN_FIRST : next;
	}
	s->skipping = false;
	*c = (ShellCommand){0};
}

/* ---- substitutions ---- */

/* The end of "(...)" that begins at s, counting quotes; s.n when it is not closed. */
static size_t closing(Str s)
{
	unsigned open = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\\') {
			i++;
		} else if (c == '\'' || c == '"') {
			for (i++; i < s.n && s.p[i] != c; i++)
				i += c == '"' && s.p[i] == '\\';
		} else if (c == '(') {
			open++;
		} else if (c == ')' && --open == 0) {
			return i;
		}
	}
	return s.n;
}

static void read_inner(Shell *s, Str script)
{
	if (s->depth >= LIMIT_SHELL_DEPTH) {
		s->out->cut = true;
		return;
	}
	Shell inner = {.a = s->a, .out = s->out, .rest = script, .depth = s->depth + 1};
	inner.join = JOIN_FIRST;
	read_script(&inner);
}

/* An expansion that begins at rest[0] == '$' or '`': its length. */
static size_t expansion(Shell *s)
{
	if (s->rest.p[0] == '`') {
		size_t i = 1;
		while (i < s->rest.n && s->rest.p[i] != '`')
			i += s->rest.p[i] == '\\' ? 2 : 1;
		i = i < s->rest.n ? i : s->rest.n;
		read_inner(s, str_first(str_skip(s->rest, 1), i - 1));
		return i + (i < s->rest.n);
	}
	if (peek(s, 1) == '(') {
		size_t end = closing(str_skip(s->rest, 1));
		bool arithmetic = peek(s, 2) == '(';
		if (!arithmetic && end != 0)
			read_inner(s, str_first(str_skip(s->rest, 2), end - 1));
		s->out->cut |= 1 + end >= s->rest.n;
		return end + 2 < s->rest.n ? end + 2 : s->rest.n;
	}
	if (peek(s, 1) == '{') {
		size_t i = 2;
		while (i < s->rest.n && s->rest.p[i] != '}')
			i++;
		return i < s->rest.n ? i + 1 : i;
	}
	return 1;
}

/* ---- words ---- */

static void take(Shell *s, Buf *to, size_t n)
{
	buf_add(to, str_first(s->rest, n));
	s->rest = str_skip(s->rest, n);
}

static void take_expansion(Shell *s, Buf *to, ShellWord *w)
{
	size_t n = expansion(s);
	w->dynamic = w->dynamic || n > 1 || peek(s, 1) == '_' || (peek(s, 1) | 0x20) >= 'a' ||
		     (peek(s, 1) >= '0' && peek(s, 1) <= '9');
	take(s, to, n);
}

static void take_double(Shell *s, Buf *to, ShellWord *w)
{
	s->rest = str_skip(s->rest, 1);
	while (s->rest.n != 0 && s->rest.p[0] != '"') {
		char c = s->rest.p[0];
		if (c == '\\' && s->rest.n > 1) {
			if (strchr("$`\"\\\n", s->rest.p[1]) == NULL)
				buf_char(to, '\\');
			s->rest = str_skip(s->rest, 1);
			take(s, to, 1);
		} else if (c == '$' || c == '`') {
			take_expansion(s, to, w);
		} else {
			take(s, to, 1);
		}
	}
	s->out->cut |= s->rest.n == 0;
	s->rest = str_skip(s->rest, 1);
}

static void take_single(Shell *s, Buf *to)
{
	Str body, after = str_skip(s->rest, 1);
	str_cut(&after, '\'', &body);
	s->out->cut |= after.p == NULL;
	buf_add(to, body);
	s->rest = str_skip(s->rest, body.n + 2);
}

static ShellWord take_word(Shell *s)
{
	ShellWord w = {.raw = s->rest};
	Buf to = buf_in(s->a, s->rest.n + 1);
	while (s->rest.n != 0 && !is_blank(s->rest.p[0]) && !is_meta(s->rest.p[0])) {
		char c = s->rest.p[0];
		w.quoted = w.quoted || c == '\'' || c == '"' || c == '\\';
		if (c == '\\') {
			s->rest = str_skip(s->rest, 1);
			if (s->rest.n != 0 && s->rest.p[0] != '\n')
				take(s, &to, 1);
			else
				s->rest = str_skip(s->rest, 1);
		} else if (c == '\'') {
			take_single(s, &to);
		} else if (c == '"') {
			take_double(s, &to, &w);
		} else if (c == '$' || c == '`') {
			take_expansion(s, &to, &w);
		} else {
			take(s, &to, 1);
		}
	}
	w.raw.n = (size_t)(s->rest.p - w.raw.p);
	w.text = buf_str(&to);
	return w;
}

static bool is_assignment(const ShellWord *w)
{
	size_t i = 0;
	while (i < w->raw.n &&
	       (w->raw.p[i] == '_' || (w->raw.p[i] | 0x20) >= 'a' ||
		(i != 0 && w->raw.p[i] >= '0' && w->raw.p[i] <= '9')) &&
	       (w->raw.p[i] | 0x20) <= 'z')
		i++;
	return i != 0 && i < w->raw.n && w->raw.p[i] == '=';
}

/* ---- reserved words, where a command may begin ---- */

/* True when the word is no part of a command. */
static bool is_reserved(Shell *s, Str word)
{
	static const char *const alone[] = {"if",    "then",  "elif", "else", "fi", "do",  "done",
					    "while", "until", "!",    "{",    "}",  "time"};
	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (str_eq(word, str_of(alone[i])))
			return true;
	if (str_eq(word, S("for")) || str_eq(word, S("select")) || str_eq(word, S("function"))) {
		s->skipping = true;
		return false;
	}
	if (str_eq(word, S("case"))) {
		s->cases++;
		s->skipping = true;
		return false;
	}
	if (s->cases != 0 && str_eq(word, S("esac"))) {
		s->cases--;
		return true;
	}
	return false;
}

static void add_word(Shell *s, ShellWord w)
{
	ShellCommand *c = &s->now;
	if (c->words.n == 0 && c->assignments.n == 0 && !w.quoted && is_reserved(s, w.text))
		return;
	if (c->raw.p == NULL)
		c->raw = w.raw;
	if (s->skipping && s->cases != 0 && str_eq(w.text, S("in"))) {
		end_command(s, JOIN_THEN);
		s->pattern = true;
		return;
	}
	if (c->words.n == 0 && is_assignment(&w))
		vec_push(s->a, &c->assignments, w);
	else
		vec_push(s->a, &c->words, w);
}

/* ---- operators ---- */

static void skip_blanks(Shell *s)
{
	while (s->rest.n != 0 && is_blank(s->rest.p[0]))
		s->rest = str_skip(s->rest, 1);
}

/* rest[0] is < or >; a number before it was taken for a word and is taken back. */
static void redirect(Shell *s)
{
	bool out = s->rest.p[0] == '>', here = str_starts(s->rest, S("<<")) && peek(s, 2) != '<';
	bool tabs = here && peek(s, 2) == '-';
	if (s->now.words.n != 0) {
		ShellWord *last = &s->now.words.at[s->now.words.n - 1];
		if (last->raw.p + last->raw.n == s->rest.p && last->raw.n == 1 &&
		    last->raw.p[0] >= '0' && last->raw.p[0] <= '9')
			s->now.words.n--;
	}
	while (s->rest.n != 0 && strchr("<>&|-", s->rest.p[0]) != NULL && s->rest.p[0] != '\0')
		s->rest = str_skip(s->rest, 1);
	skip_blanks(s);
	ShellWord target = take_word(s);
	if (here && s->pending.n < LIMIT_SHELL_HEREDOCS) {
		s->pending.tabs[s->pending.n] = tabs;
		s->pending.end[s->pending.n++] = target.text;
	} else if (out) {
		vec_push(s->a, &s->now.targets, target);
	}
}

static void skip_bodies(Shell *s)
{
	for (size_t i = 0; i < s->pending.n; i++) {
		Str line;
		while (s->rest.n != 0) {
			Str after = s->rest;
			str_cut(&after, '\n', &line);
			s->rest = str_skip(s->rest, line.n + 1);
			while (s->pending.tabs[i] && str_starts(line, S("\t")))
				line = str_skip(line, 1);
			if (str_eq(line, s->pending.end[i]))
				break;
		}
	}
	s->pending.n = 0;
}

static void operator(Shell *s)
{
	char c = s->rest.p[0];
	bool twice = peek(s, 1) == c;
	if (c == '<' || c == '>') {
		redirect(s);
		return;
	}
	if (c == '&' && peek(s, 1) == '>') { /* bash: &>file */
		s->rest = str_skip(s->rest, 1);
		redirect(s);
		return;
	}
	s->now.background = c == '&' && !twice;
	ShellJoin next = c == '|' && !twice  ? JOIN_PIPE
			 : c == '|'          ? JOIN_OR
			 : c == '&' && twice ? JOIN_AND
					     : JOIN_THEN;
	end_command(s, next);
	s->depth += c == '(' && s->depth < 1000;
	s->depth -= c == ')' && s->depth > 0;
	s->pattern = s->cases != 0 && c == ';' && twice;
	s->rest = str_skip(s->rest, twice && strchr("&|;", c) != NULL ? 2 : 1);
	if (c == '\n')
		skip_bodies(s);
}

static void skip_pattern(Shell *s)
{
	size_t n = 0;
	while (s->rest.n != 0 && (is_blank(s->rest.p[0]) || s->rest.p[0] == '\n'))
		s->rest = str_skip(s->rest, 1);
	s->pattern = false;
	if (str_starts(s->rest, S("esac")))
		return;
	while (n < s->rest.n && s->rest.p[n] != ')')
		n++;
	s->rest = str_skip(s->rest, n + 1);
}

static void read_script(Shell *s)
{
	while (s->rest.n != 0) {
		char c = s->rest.p[0];
		if (s->pattern) {
			skip_pattern(s);
		} else if (is_blank(c) || c == '\0') {
			s->rest = str_skip(s->rest, 1);
		} else if (c == '#') {
			Str line, after = s->rest;
			str_cut(&after, '\n', &line);
			s->rest = str_skip(s->rest, line.n);
		} else if (c == '\\' && peek(s, 1) == '\n') {
			s->rest = str_skip(s->rest, 2);
		} else if (is_meta(c)) {
			operator(s);
		} else {
			add_word(s, take_word(s));
		}
	}
	end_command(s, JOIN_THEN);
}

void shell_read(Str script, Arena *a, ShellScript *out)
{
	Shell s = {.a = a, .out = out, .rest = script, .join = JOIN_FIRST};
	*out = (ShellScript){0};
	read_script(&s);
}

size_t shell_program(const ShellCommand *c)
{
	static const char *const wrappers[] = {"sudo", "env",   "exec", "command",  "nice",
					       "time", "nohup", "doas", "eatmydata"};
	size_t i = 0;
	bool wrapped = true;
	while (wrapped && i < c->words.n) {
		wrapped = false;
		for (size_t k = 0; k < sizeof wrappers / sizeof wrappers[0]; k++)
			wrapped |= str_eq(c->words.at[i].text, str_of(wrappers[k]));
		i += wrapped;
		while (wrapped && i < c->words.n &&
		       (str_starts(c->words.at[i].text, S("-")) || is_assignment(&c->words.at[i])))
			i++;
	}
	return i;
}
