/* csv.c - quoted fields, guarded against formulas. */
#include "report/csv.h"

#include <stdio.h>

#include "report/text.h"

static bool is_formula(Str s)
{
	while (s.n != 0 && s.p[0] == ' ')
		s = str_skip(s, 1);
	return s.n != 0 && strchr("=+-@|%", s.p[0]) != NULL;
}

/* The full-width forms of = + - @, which some spreadsheets read like the plain ones. */
static bool is_wide_formula(Str s)
{
	return str_starts(s, S("\xef\xbc\x9d")) || str_starts(s, S("\xef\xbc\x8b")) ||
	       str_starts(s, S("\xef\xbc\x8d")) || str_starts(s, S("\xef\xbc\xa0"));
}

void csv_field(CsvOut *o, Str s)
{
	Arena a = {0};
	Buf text = buf_in(&a, o->b->max);
	text_clean(&text, s);
	Str clean = buf_str(&text);
	if (o->comma)
		buf_char(o->b, ',');
	o->comma = true;
	buf_char(o->b, '"');
	if (is_formula(clean) || is_wide_formula(clean))
		buf_char(o->b, '\'');
	for (size_t i = 0; i < clean.n; i++) {
		if (clean.p[i] == '"')
			buf_char(o->b, '"');
		buf_char(o->b, clean.p[i]);
	}
	buf_char(o->b, '"');
	arena_finish(&a);
}

void csv_word(CsvOut *o, const char *s) { csv_field(o, str_of(s)); }

void csv_uint(CsvOut *o, uint64_t v)
{
	if (o->comma)
		buf_char(o->b, ',');
	o->comma = true;
	buf_fmt(o->b, "%llu", (unsigned long long)v);
}

void csv_end(CsvOut *o)
{
	buf_add(o->b, S("\r\n"));
	o->comma = false;
}
