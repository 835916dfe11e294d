/* read.c - one walk over the script; substitutions are scripts within it. */
#include "base/buf.h"
#include "shell/limits.h"
#include "shell/private.h"

typedef struct Pending { /* here-documents whose bodies begin on the next line */
	ShellHere *here[LIMIT_SHELL_HEREDOCS];
	bool tabs[LIMIT_SHELL_HEREDOCS];
	size_t n;
} Pending;

typedef struct Shell {
	Arena *a;
	ShellScript *out;
	Str rest;
	Str around; /* empty, or what to point at: the script is not as it was given */
	unsigned depth, scripts;
	size_t outer;
	ShellCommand now;
	const char *end; /* of the last word or redirection that was read */
	bool begun;      /* something of it was read */
	ShellJoin join;
	Pending pending;
	unsigned cases;  /* open case ... esac */
	unsigned within; /* open compounds of any kind */
	bool pattern;    /* one follows, up to its ')' */
	bool skipping;   /* to the end of "for x in ..." or "case x in" */
	bool naming;     /* a function: one word */
	bool negated;
} Shell;

static void read_script(Shell *s);

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
static bool is_meta(char c) { return c == '\n' || strchr(";&|()<>", c) != NULL; }

static char peek(const Shell *s, size_t i) { return i < s->rest.n ? s->rest.p[i] : '\n'; }

/* ---- commands ---- */

/* The operand's text, as a part of the script when no escape stands between the two. */
static Str script_of(const ShellWord *w)
{
	bool in_quotes = w->raw.n >= 2 && w->raw.p[0] == w->raw.p[w->raw.n - 1] &&
			 (w->raw.p[0] == '\'' || w->raw.p[0] == '"');
	Str inside = in_quotes ? (Str){w->raw.p + 1, w->raw.n - 2} : w->raw;
	return str_eq(inside, w->text) ? inside : w->text;
}

static void read_operand(Shell *s)
{
	const ShellWord *w = shell_operand(&s->now);
	if (w == NULL)
		return;
	if (s->depth >= LIMIT_SHELL_DEPTH || s->scripts >= LIMIT_SHELL_DEPTH) {
		s->out->cut = true;
		return;
	}
	Str script = script_of(w);
	bool copied = script.p == w->text.p;
	Shell inner = {.a = s->a,
		       .out = s->out,
		       .rest = script,
		       .around = s->around.n != 0 || copied ? w->at : (Str){0},
		       .depth = s->depth + 1,
		       .scripts = s->scripts + 1,
		       .outer = s->out->commands.n};
	read_script(&inner);
}

/* Up to its last word; a comment behind it is no part of it. */
static Str whole(const Shell *s)
{
	if (s->around.n != 0)
		return s->around;
	return (Str){s->now.raw.p, (size_t)(s->end - s->now.raw.p)};
}

static void end_command(Shell *s, ShellJoin next)
{
	ShellCommand *c = &s->now;
	bool some = c->words.n != 0 || c->assignments.n != 0 || c->targets.n != 0 ||
		    c->heres.n != 0;
	if (some && !s->skipping) {
		c->join = s->join;
		c->depth = s->depth;
		c->outer = s->outer;
		c->within = s->within;
		c->negated = s->negated;
		c->raw = whole(s);
		s->join = next;
		if (s->out->commands.n < LIMIT_SHELL_COMMANDS) {
			vec_push(s->a, &s->out->commands, *c);
			read_operand(s);
		} else {
			s->out->cut = true;
		}
	} else if (next != JOIN_THEN || s->join == JOIN_FIRST) {
		s->join = s->out->commands.n == 0 && next == JOIN_THEN ? JOIN_FIRST : next;
	}
	s->skipping = s->begun = s->negated = false;
	*c = (ShellCommand){0};
}

/* The first byte of a command, at rest. */
static void begin_command(Shell *s)
{
	if (s->begun)
		return;
	s->begun = true;
	s->now.inner = s->out->commands.n;
	s->now.raw = str_first(s->rest, 1);
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
	Shell inner = {.a = s->a,
		       .out = s->out,
		       .rest = script,
		       .around = s->around,
		       .depth = s->depth + 1,
		       .scripts = s->scripts,
		       .outer = s->outer};
	read_script(&inner);
}

/* "${...}" at rest[0]: its length; what is substituted in it is read. */
static size_t parameter(Shell *s)
{
	unsigned open = 1;
	size_t i = 2;
	for (; i < s->rest.n && open != 0; i++) {
		char c = s->rest.p[i];
		bool dollar = c == '$' && peek(s, i + 1) == '{';
		if (c == '$' && peek(s, i + 1) == '(' && peek(s, i + 2) != '(') {
			Str from = str_skip(s->rest, i + 1);
			size_t end = closing(from);
			read_inner(s, str_first(str_skip(from, 1), end != 0 ? end - 1 : 0));
			i += end + 1;
		} else if (c == '\\' || dollar) {
			i++;
			open += dollar;
		} else if (c == '}') {
			open--;
		}
	}
	return i < s->rest.n ? i : s->rest.n;
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
	return peek(s, 1) == '{' ? parameter(s) : 1;
}

/* ---- words ---- */

static void take(Shell *s, Buf *to, size_t n)
{
	buf_add(to, str_first(s->rest, n));
	s->rest = str_skip(s->rest, n);
}

/* bash: <(...) and >(...), where a word may stand. */
static void take_process(Shell *s, Buf *to, ShellWord *w)
{
	size_t end = closing(str_skip(s->rest, 1));
	read_inner(s, str_first(str_skip(s->rest, 2), end != 0 ? end - 1 : 0));
	s->out->cut |= 1 + end >= s->rest.n;
	w->dynamic = true;
	take(s, to, end + 2);
}

static bool is_process(const Shell *s)
{
	return s->rest.n > 1 && (s->rest.p[0] == '<' || s->rest.p[0] == '>') && peek(s, 1) == '(';
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
	while (s->rest.n != 0 && !is_blank(s->rest.p[0]) &&
	       (!is_meta(s->rest.p[0]) || is_process(s))) {
		char c = s->rest.p[0];
		w.quoted = w.quoted || c == '\'' || c == '"' || c == '\\';
		if (is_process(s)) {
			take_process(s, &to, &w);
		} else if (c == '\\') {
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
	w.at = s->around.n != 0 ? s->around : w.raw;
	return w;
}

bool shell_assigns(Str raw)
{
	size_t i = 0;
	while (i < raw.n &&
	       (raw.p[i] == '_' || ((raw.p[i] | 0x20) >= 'a' && (raw.p[i] | 0x20) <= 'z') ||
		(i != 0 && raw.p[i] >= '0' && raw.p[i] <= '9')))
		i++;
	if (i != 0 && i + 1 < raw.n && raw.p[i] == '+') /* bash: A+=b */
		i++;
	return i != 0 && i < raw.n && raw.p[i] == '=';
}

/* ---- reserved words, where a command may begin ---- */

static void count_compounds(Shell *s, Str word)
{
	static const char *const opens[] = {"if", "while", "until", "for", "select", "case", "{"};
	static const char *const closes[] = {"fi", "done", "esac", "}"};
	for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++)
		s->within += str_eq(word, str_of(opens[i]));
	for (size_t i = 0; i < sizeof closes / sizeof closes[0]; i++)
		s->within -= s->within > 0 && str_eq(word, str_of(closes[i]));
}

/* True when the word is no part of a command. */
static bool is_reserved(Shell *s, Str word)
{
	static const char *const asks[] = {"!", "if", "elif", "while", "until"};
	static const char *const alone[] = {"if",    "then",  "elif", "else", "fi", "do",  "done",
					    "while", "until", "!",    "{",    "}",  "time"};
	for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
		s->negated = s->negated || str_eq(word, str_of(asks[i]));
	count_compounds(s, word);
	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (str_eq(word, str_of(alone[i])))
			return true;
	if (str_eq(word, S("function")))
		return s->naming = true;
	if (str_eq(word, S("for")) || str_eq(word, S("select"))) {
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
	bool first = c->words.n == 0 && c->assignments.n == 0;
	bool named = s->naming;
	s->naming = false;
	if (named || (first && !w.quoted && is_reserved(s, w.text))) {
		s->begun = c->targets.n != 0 || c->heres.n != 0;
		return;
	}
	if (s->skipping && s->cases != 0 && str_eq(w.text, S("in"))) {
		end_command(s, JOIN_THEN);
		s->pattern = true;
		return;
	}
	if (c->words.n == 0 && shell_assigns(w.raw))
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
		ShellHere *h = arena_new(s->a, ShellHere);
		*h = (ShellHere){.name = target.text, .ordinal = s->out->heres++};
		s->pending.tabs[s->pending.n] = tabs;
		s->pending.here[s->pending.n++] = h;
		vec_push(s->a, &s->now.heres, h);
	} else if (out) {
		vec_push(s->a, &s->now.targets, target);
	}
}

static void skip_bodies(Shell *s)
{
	for (size_t i = 0; i < s->pending.n; i++) {
		Str line, from = s->rest;
		while (s->rest.n != 0) {
			Str after = s->rest;
			s->pending.here[i]->body = str_first(from, (size_t)(s->rest.p - from.p));
			str_cut(&after, '\n', &line);
			s->rest = str_skip(s->rest, line.n + 1);
			while (s->pending.tabs[i] && str_starts(line, S("\t")))
				line = str_skip(line, 1);
			if (str_eq(line, s->pending.here[i]->name))
				break;
		}
	}
	s->pending.n = 0;
}

/* "name ()": what follows is its body. */
static bool is_function(const Shell *s)
{
	Str after = str_trim(str_skip(s->rest, 1));
	return s->now.words.n == 1 && s->now.targets.n == 0 && str_starts(after, S(")"));
}

static void operator(Shell *s)
{
	char c = s->rest.p[0];
	bool twice = peek(s, 1) == c;
	if (c == '<' || c == '>' || (c == '&' && peek(s, 1) == '>')) { /* bash: &>file */
		begin_command(s);
		s->rest = str_skip(s->rest, c == '&');
		redirect(s);
		s->end = s->rest.p;
		return;
	}
	if (c == '(' && is_function(s)) {
		s->now = (ShellCommand){0};
		s->begun = false;
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
		} else if (is_meta(c) && !is_process(s)) {
			operator(s);
		} else {
			begin_command(s);
			ShellWord w = take_word(s);
			s->end = s->rest.p;
			add_word(s, w);
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
