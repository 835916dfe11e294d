/* json_out.c - brackets, commas and quoted strings. */
#include "io/json_out.h"

#include "io/json.h"

static void name(JsonOut *o, const char *key)
{
	if (o->comma)
		buf_char(o->b, ',');
	if (o->line)
		buf_char(o->b, '\n');
	if (key != NULL) {
		json_quote(o->b, str_of(key));
		buf_char(o->b, ':');
	}
	o->comma = true;
	o->line = false;
}

void json_open(JsonOut *o, const char *key, char bracket)
{
	name(o, key);
	buf_char(o->b, bracket);
	o->comma = false;
}

void json_close(JsonOut *o, char bracket)
{
	if (o->line)
		buf_char(o->b, '\n');
	buf_char(o->b, bracket);
	o->comma = true;
	o->line = false;
}

void json_line(JsonOut *o) { o->line = true; }

void json_text(JsonOut *o, const char *key, Str s)
{
	name(o, key);
	json_quote(o->b, s);
}

void json_text_or_not(JsonOut *o, const char *key, Str s)
{
	if (s.n != 0)
		json_text(o, key, s);
}

void json_word(JsonOut *o, const char *key, const char *s) { json_text(o, key, str_of(s)); }

void json_uint(JsonOut *o, const char *key, uint64_t v)
{
	name(o, key);
	buf_fmt(o->b, "%llu", (unsigned long long)v);
}

void json_truth(JsonOut *o, const char *key, bool v)
{
	name(o, key);
	buf_add(o->b, v ? S("true") : S("false"));
}

void json_message(JsonOut *o, const char *key, Str s)
{
	json_open(o, key, '{');
	json_text(o, "text", s);
	json_close(o, '}');
}
