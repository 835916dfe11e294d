/* text.c - escapes what a terminal would obey, and counts columns. */
#include "report/text.h"

#include "io/utf8.h"

typedef struct Block {
	uint32_t first, last;
} Block;

/* Shown as nothing, or turning the direction of what follows. */
static const Block hidden[] = {
	{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},      {0x180b, 0x180f},
	{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xe000, 0xf8ff},    {0xfe00, 0xfe0f},
	{0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0x10ffff},
};
static const Block combining[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x64b, 0x65f},
	{0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe20, 0xfe2f},
};
static const Block wide[] = {
	{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
	{0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
	{0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
};

static bool in_blocks(const Block *table, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= table[i].first && c <= table[i].last)
			return true;
	return false;
}
#define IN(table, c) in_blocks(table, sizeof table / sizeof table[0], c)

/* Bytes of the code point at the start of `s`, or 0 when there is none. */
static size_t decode(Str s, uint32_t *out)
{
	size_t n = utf8_length(s);
	if (n == 0)
		return 0;
	uint32_t c = (uint8_t)s.p[0];
	if (n > 1)
		c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)s.p[i] & 0x3f);
	*out = c;
	return n;
}

void text_clean(Buf *b, Str s)
{
	while (s.n != 0) {
		uint32_t c = 0;
		size_t n = decode(s, &c);
		if (n != 0 && !IN(hidden, c))
			buf_add(b, str_first(s, n));
		else if (n > 1)
			buf_fmt(b, "\\u%04x", c);
		else
			buf_fmt(b, "\\x%02x", (uint8_t)s.p[0]);
		s = str_skip(s, n != 0 ? n : 1);
	}
}

/* Bytes and columns of the first character of cleaned text. */
static size_t measure(Str s, size_t *columns)
{
	uint32_t c = 0;
	size_t n = decode(s, &c);
	*columns = IN(combining, c) ? 0 : IN(wide, c) ? 2 : 1;
	return n != 0 ? n : 1;
}

size_t text_width(Str s)
{
	size_t columns = 0;
	for (size_t one; s.n != 0; columns += one)
		s = str_skip(s, measure(s, &one));
	return columns;
}

/* As many whole characters as `columns` hold. */
static Str fitting(Str s, size_t columns, size_t *used)
{
	size_t bytes = 0, one = 0;
	*used = 0;
	while (bytes < s.n) {
		size_t n = measure(str_skip(s, bytes), &one);
		if (*used + one > columns)
			break;
		bytes += n;
		*used += one;
	}
	return str_first(s, bytes);
}

static void new_line(Buf *b, size_t indent) { buf_fmt(b, "\n%*s", (int)indent, ""); }

/* Broken where it is wider than a line; at least one character a line. */
static size_t add_word(Buf *b, Str word, size_t at, size_t indent, size_t width)
{
	while (word.n != 0) {
		size_t used = 0;
		Str part = fitting(word, width > at ? width - at : 0, &used);
		if (part.n == 0 && at <= indent)
			part = str_first(word, measure(word, &used));
		buf_add(b, part);
		at += used;
		word = str_skip(word, part.n);
		if (word.n != 0) {
			new_line(b, indent);
			at = indent;
		}
	}
	return at;
}

size_t text_wrap(Buf *b, Str s, size_t at, size_t indent, size_t width)
{
	Buf cleaned = buf_in(b->arena, b->max);
	text_clean(&cleaned, s);
	Str word, rest = buf_str(&cleaned);
	for (bool first = true; str_cut(&rest, ' ', &word); first = false) {
		if (!first && at + 1 + text_width(word) > width) {
			new_line(b, indent);
			at = indent;
		} else if (!first) {
			buf_char(b, ' ');
			at++;
		}
		at = add_word(b, word, at, indent, width);
	}
	return at;
}

void text_cell(Buf *b, Str s, size_t columns)
{
	Buf cleaned = buf_in(b->arena, b->max);
	text_clean(&cleaned, s);
	Str all = buf_str(&cleaned);
	bool cut = text_width(all) > columns;
	size_t used = 0;
	buf_add(b, fitting(all, cut ? columns - 1 : columns, &used));
	if (cut)
		buf_char(b, '~');
	for (used += cut; used < columns; used++)
		buf_char(b, ' ');
}
