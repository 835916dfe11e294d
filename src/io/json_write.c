/* json_write.c - a string as JSON, whatever its bytes. */
#include "base/buf.h"
#include "io/json.h"
#include "io/utf8.h"

static void quote_one(Buf *b, unsigned char c)
{
	switch (c) {
	case '"': buf_add(b, S("\\\"")); break;
	case '\\': buf_add(b, S("\\\\")); break;
	case '\n': buf_add(b, S("\\n")); break;
	case '\r': buf_add(b, S("\\r")); break;
	case '\t': buf_add(b, S("\\t")); break;
	default: buf_fmt(b, "\\u%04x", (unsigned)c);
	}
}

void json_quote(Buf *b, Str s)
{
	buf_char(b, '"');
	size_t run = 0;
	while (run < s.n) {
		unsigned char c = (unsigned char)s.p[run];
		size_t n = utf8_length(str_skip(s, run));
		if (n != 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
			run += n;
			continue;
		}
		buf_add(b, str_first(s, run));
		if (n == 0)
			buf_add(b, S("\xef\xbf\xbd"));
		else
			quote_one(b, c);
		s = str_skip(s, run + 1);
		run = 0;
	}
	buf_add(b, s);
	buf_char(b, '"');
}

void json_member(Buf *b, const char *key, Str value)
{
	buf_fmt(b, ",\"%s\":", key);
	if (value.n != 0)
		json_quote(b, value);
	else
		buf_add(b, S("null"));
}
