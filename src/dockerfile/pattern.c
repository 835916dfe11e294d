/* pattern.c - matched by walking the value once with all places of the pattern at a time. */
#include "dockerfile/pattern.h"

Result pattern_read(Str text, Arena *a, Pattern *out)
{
	int *tokens = arena_array(a, int, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : '\0';
		if (c == '*' || c == '?') {
			tokens[n++] = c == '*' ? PATTERN_STAR : PATTERN_ANY;
			continue;
		}
		if (c == '\\' && (next == '}' || next == '/'))
			continue;
		if (c == '\\') {
			if (next != '*' && next != '?' && next != '\\')
				FAIL(ERR_INPUT,
				     "invalid pattern (" STR_FMT
				     ") in substitution: invalid escape",
				     STR_ARG(text));
			c = next;
			i++;
		}
		tokens[n++] = (unsigned char)c;
	}
	*out = (Pattern){tokens, n};
	return OK;
}

typedef struct Walk {
	const Pattern *p;
	bool *now, *next; /* n + 1: the tokens before this one have matched */
	bool backwards;
} Walk;

static int token(const Walk *w, size_t i)
{
	return w->p->tokens[w->backwards ? w->p->n - 1 - i : i];
}

/* A star may stand for nothing. */
static void settle(const Walk *w, bool *places)
{
	for (size_t i = 0; i < w->p->n; i++)
		if (places[i] && token(w, i) == PATTERN_STAR)
			places[i + 1] = true;
}

static bool step(Walk *w, char c)
{
	bool any = false;
	memset(w->next, 0, w->p->n + 1);
	for (size_t i = 0; i < w->p->n; i++) {
		int t = token(w, i);
		if (!w->now[i])
			continue;
		if (t == PATTERN_STAR && c != '\n')
			any = w->next[i] = true;
		if (t == (unsigned char)c || (t == PATTERN_ANY && c != '\n'))
			any = w->next[i + 1] = true;
	}
	settle(w, w->next);
	bool *swap = w->now;
	w->now = w->next;
	w->next = swap;
	return any;
}

static bool is_tail(char c) { return (c & 0xc0) == 0x80; }

static bool walk(Walk *w, Str value, bool longest, size_t *left, size_t *n)
{
	bool found = false;
	size_t most = w->p->n + 1;
	memset(w->now, 0, most);
	w->now[0] = true;
	settle(w, w->now);
	for (size_t i = 0;; i++) {
		if (w->now[w->p->n]) {
			*n = i;
			found = true;
		}
		if (i == value.n || (found && !longest) || *left < most)
			return found && *left >= most;
		*left -= most;
		if (!step(w, value.p[w->backwards ? value.n - 1 - i : i]))
			return found;
	}
}

static bool match(const Pattern *p, Str value, bool longest, bool backwards, size_t *left,
		  size_t *n)
{
	Arena a = {0};
	Walk w = {p, arena_array(&a, bool, p->n + 1), arena_array(&a, bool, p->n + 1), backwards};
	bool found = walk(&w, value, longest, left, n);
	arena_finish(&a);
	return found;
}

bool pattern_prefix(const Pattern *p, Str value, bool longest, size_t *left, size_t *n)
{
	return match(p, value, longest, false, left, n);
}

bool pattern_suffix(const Pattern *p, Str value, bool longest, size_t *left, size_t *n)
{
	return match(p, value, longest, true, left, n);
}

void pattern_replace(const Pattern *p, Str value, Str with, bool all, size_t *left, Buf *to)
{
	bool more = true, after_match = false;
	for (size_t i = 0; i <= value.n; i++) {
		size_t n;
		bool inside = i < value.n && is_tail(value.p[i]);
		if (more && !inside && pattern_prefix(p, str_skip(value, i), true, left, &n) &&
		    (n != 0 || !after_match)) {
			buf_add(to, with);
			more = all;
			after_match = n != 0;
			if (n != 0) {
				i += n - 1;
				continue;
			}
		}
		after_match = false;
		if (i < value.n)
			buf_char(to, value.p[i]);
	}
}
