/* decode.c - finds what is encoded without looking at every byte. */
#include "secrets/decode.h"

enum { BLOCK = 16, PROBE = 24 };

/* 1: a digit of base64 or base64url. */
static const bool is_digit[256] = {
	['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['+'] = true,
	['/'] = true,         ['-'] = true,         ['_'] = true,
};

int secret_base64_digit(char c)
{
	if (((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
		return c >= 'a' ? c - 'a' + 26 : c - 'A';
	if ((c >= '0' && c <= '9'))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

size_t secret_base64(Str from, char *to)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;
	for (size_t i = 0; i < from.n; i++) {
		int digit = secret_base64_digit(from.p[i]);
		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have);
		}
	}
	return n;
}

static bool digit(char c) { return is_digit[(uint8_t)c]; }

/* A run of 32 holds a whole block of 16 wherever it starts; most blocks of text end in an
 * early look. */
static bool full_block(const char *p)
{
	for (size_t i = BLOCK; i-- != 0;)
		if (!digit(p[i]))
			return false;
	return true;
}

/* Encoded text: what it starts with is printable, and it has both cases as base64 has. */
static bool decodes_to_text(Str run)
{
	char head[PROBE];
	size_t n = secret_base64(str_first(run, PROBE), head);
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)head[i] >= 0x7f || (head[i] < ' ' && !memchr("\n\r\t", head[i], 3)))
			return false;
	return n != 0;
}

bool secret_next_base64(Str text, size_t *at, size_t least, Str *run)
{
	for (size_t i = *at; i + BLOCK <= text.n; i += BLOCK) {
		if (!full_block(text.p + i))
			continue;
		size_t from = i, to = i + BLOCK;
		while (from > *at && digit(text.p[from - 1]))
			from--;
		while (to < text.n && digit(text.p[to]))
			to++;
		*run = (Str){text.p + from, to - from};
		if (run->n >= least && decodes_to_text(*run)) {
			*at = to;
			return true;
		}
		i = to - BLOCK;
	}
	*at = text.n;
	return false;
}

size_t secret_base64_before(Str text, size_t from, size_t at)
{
	size_t n = 0;
	while (at - n > from && digit(text.p[at - n - 1]))
		n++;
	return n;
}

static bool is_escape(Str s)
{
	return s.n >= 3 && hex_digit(s.p[1]) >= 2 && hex_digit(s.p[1]) < 8 &&
	       hex_digit(s.p[2]) >= 0;
}

static Str around(Str text, size_t i, size_t reach)
{
	size_t low = i > SECRET_PERCENT_BACK ? i - SECRET_PERCENT_BACK : 0;
	const char *start = memrchr(text.p + low, '\n', i - low);
	size_t from = start != NULL ? (size_t)(start - text.p) + 1 : low;
	Str rest = str_first(str_skip(text, from), reach), line = rest;
	const char *end = memchr(text.p + i, '\n', from + rest.n - i);
	if (end != NULL)
		line.n = (size_t)(end - line.p);
	return line;
}

bool secret_next_percent(Str text, size_t to, size_t reach, size_t *at, Str *run)
{
	to = to < text.n ? to : text.n;
	while (*at < to) {
		const char *p = memchr(text.p + *at, '%', to - *at);
		if (p == NULL)
			break;
		size_t i = (size_t)(p - text.p);
		*at = i + 1;
		if (!is_escape(str_skip(text, i)))
			continue;
		*run = around(text, i, reach);
		size_t end = (size_t)(run->p - text.p) + run->n;
		bool whole = end == text.n || text.p[end] == '\n';
		*at = whole ? end : end - SECRET_PERCENT_BACK;
		return true;
	}
	*at = to;
	return false;
}

size_t secret_percent(Str from, char *to)
{
	size_t n = 0;
	for (size_t i = 0; i < from.n; i++) {
		if (from.p[i] == '%' && is_escape(str_skip(from, i))) {
			to[n++] = (char)(hex_digit(from.p[i + 1]) << 4 | hex_digit(from.p[i + 2]));
			i += 2;
		} else {
			to[n++] = from.p[i];
		}
	}
	return n;
}
