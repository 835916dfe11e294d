/* heredoc.c - the here-documents that a line announces: words such as <<EOF, 3<<-'END'. */
#include "base/buf.h"
#include "dockerfile/private.h"

enum { HEREDOCS_MAX = 64 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The end of the shell word that s begins with; quotes and escapes hide blanks. Blanks after <<
 * or <<- belong to it. 0: quotes are not closed. */
static size_t shell_word(Str s)
{
	size_t i = 0;
	while (i < s.n && !is_space(s.p[i])) {
		char c = s.p[i];
		if (c == '\\') {
			i += 2;
		} else if (c == '\'' || c == '"') {
			for (i++; i < s.n && s.p[i] != c; i++)
				i += c == '"' && s.p[i] == '\\';
			if (i >= s.n)
				return 0;
			i++;
		} else if (str_starts(str_skip(s, i), S("<<"))) {
			i += 2;
			i += i < s.n && s.p[i] == '-';
			while (i < s.n && is_space(s.p[i]))
				i++;
		} else {
			i++;
		}
	}
	return i < s.n ? i : s.n;
}

/* Removes quotes and escapes; false when there are several words, or none. */
static bool unquote(Arena *a, Str word, Str *out, bool *quoted)
{
	Buf b = buf_in(a, word.n + 1);
	char quote = '\0';
	*quoted = false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		if (quote == '\0' && is_space(c))
			return false;
		if (c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '\'' || c == '"')) {
			quote = c;
			*quoted = true;
		} else if (c == '\\' && quote != '\'' && i + 1 < word.n) {
			buf_char(&b, word.p[++i]);
			*quoted = true;
		} else {
			buf_char(&b, c);
		}
	}
	*out = buf_str(&b);
	return quote == '\0' && out->n != 0;
}

static bool read_word(Arena *a, Str word, Heredoc *out)
{
	Heredoc h = {0};
	bool quoted;
	while (word.n != 0 && is_digit(word.p[0])) {
		h.fd = (h.fd * 10 + (unsigned)(word.p[0] - '0')) % 1000;
		word = str_skip(word, 1);
	}
	if (!str_starts(word, S("<<")))
		return false;
	word = str_skip(word, 2);
	h.chomp = str_starts(word, S("-"));
	word = trim_left(str_skip(word, h.chomp));
	if (str_has(word, '<') || !unquote(a, word, &h.name, &quoted))
		return false;
	h.expand = !quoted;
	*out = h;
	return true;
}

void find_heredocs(Reading *r, Instruction *i)
{
	size_t from = i->heredocs.n;
	for (Str s = trim_left(i->line); s.n != 0;) {
		Heredoc h;
		size_t n = shell_word(s);
		if (n == 0) { /* the lexer gives up on the whole line */
			i->heredocs.n = from;
			return;
		}
		if (read_word(r->a, str_first(s, n), &h) && i->heredocs.n < HEREDOCS_MAX)
			vec_push(r->a, &i->heredocs, h);
		s = trim_left(str_skip(s, n));
	}
}
