/* markup.c - entities for what XML and HTML would obey. */
#include "report/markup.h"

#include "io/utf8.h"
#include "report/text.h"

/* Of ASCII; NULL: stays itself. */
static const char *entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;"; /* "]]>" is not allowed in text */
	case '"': return "&quot;";
	case '\t': return "&#9;";
	case '\n': return "&#10;";
	case '\r': return "&#13;";
	default: return NULL;
	}
}

static bool is_noncharacter(Str c)
{
	return c.n == 3 && (str_eq(c, S("\xef\xbf\xbe")) || str_eq(c, S("\xef\xbf\xbf")));
}

void markup_exact(Buf *b, Str s)
{
	while (s.n != 0) {
		size_t n = utf8_length(s);
		unsigned char c = (unsigned char)s.p[0];
		const char *entity = entity_of(s.p[0]);
		Str one = str_first(s, n);
		if (entity != NULL)
			buf_add(b, str_of(entity));
		else if (n == 0 || (n == 1 && (c < 0x20 || c == 0x7f)))
			buf_fmt(b, "\\x%02x", c);
		else if (is_noncharacter(one))
			buf_fmt(b, "\\uff%02x", (unsigned char)s.p[2] + 0x40u);
		else
			buf_add(b, one);
		s = str_skip(s, n != 0 ? n : 1);
	}
}

void markup_words(Buf *b, Str s)
{
	Arena a = {0};
	Buf cleaned = buf_in(&a, b->max);
	text_clean(&cleaned, s);
	markup_exact(b, buf_str(&cleaned));
	arena_finish(&a);
}

void markup_attr(Buf *b, const char *name, Str value)
{
	buf_fmt(b, " %s=\"", name);
	markup_exact(b, value);
	buf_char(b, '"');
}

void markup_attr_words(Buf *b, const char *name, Str value)
{
	buf_fmt(b, " %s=\"", name);
	markup_words(b, value);
	buf_char(b, '"');
}
