/* utf8.c - by the table of RFC 3629, section 4. */
#include "io/utf8.h"

static bool between(Str s, size_t at, unsigned char low, unsigned char high)
{
	return at < s.n && (unsigned char)s.p[at] >= low && (unsigned char)s.p[at] <= high;
}

size_t utf8_length(Str s)
{
	if (s.n == 0)
		return 0;
	unsigned char c = (unsigned char)s.p[0], low = 0x80, high = 0xbf;
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return between(s, 1, low, high) ? 2 : 0;
	if (c >= 0xe0 && c <= 0xef) {
		low = c == 0xe0 ? 0xa0 : low;
		high = c == 0xed ? 0x9f : high;
		return between(s, 1, low, high) && between(s, 2, 0x80, 0xbf) ? 3 : 0;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		low = c == 0xf0 ? 0x90 : low;
		high = c == 0xf4 ? 0x8f : high;
		return between(s, 1, low, high) && between(s, 2, 0x80, 0xbf) &&
				       between(s, 3, 0x80, 0xbf)
			       ? 4
			       : 0;
	}
	return 0;
}

size_t utf8_put(uint32_t code, char to[static 4])
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}
