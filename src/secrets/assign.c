/* assign.c - steps by hand over what stands between a name and its value. */
#include "secrets/assign.h"

enum { NAME_MORE = 24, QUOTES = 4, LEAD = 7, NAME_BACK = 60 };

static bool is_name(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
	       c == '-' || c == '.';
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_quote(char c) { return c == '"' || c == '\'' || c == '`' || c == '\\'; }

/* How many bytes of operator there are. */
static size_t operator_at(Str s)
{
	static const char *const all[] = {
		":::=", "::=", "||:", "=>", ":=", "?=", "|=", "+=", "==", "||", "=", ":", ",", ">"};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (str_starts(s, str_of(all[i])))
			return strlen(all[i]);
	return 0;
}

bool secret_assigned(Str text, size_t at, size_t *value_at)
{
	size_t i = at, stop = at + NAME_MORE < text.n ? at + NAME_MORE : text.n;
	while (i < stop && (is_name(text.p[i]) || text.p[i] == ' ' || text.p[i] == '\t'))
		i++;
	for (size_t q = 0; q < QUOTES && i < text.n; q++, i++)
		if (!is_blank(text.p[i]) && !is_quote(text.p[i]) && text.p[i] != ']')
			break;
	size_t n = operator_at(str_skip(text, i));
	if (n == 0)
		return false;
	i += n;
	/* C++'s "key::value" assigns nothing. */
	if (n == 1 && text.p[i - 1] == ':' && i < text.n && text.p[i] == ':')
		return false;
	for (size_t q = 0; q < LEAD && i < text.n; q++, i++)
		if (!is_blank(text.p[i]) && !is_quote(text.p[i]) && text.p[i] != '=')
			break;
	if (i >= text.n)
		return false;
	*value_at = i;
	return true;
}

size_t secret_name_start(Str text, size_t at)
{
	size_t stop = at > NAME_BACK ? at - NAME_BACK : 0;
	while (at > stop && (is_name(text.p[at - 1]) || text.p[at - 1] == '$'))
		at--;
	return at;
}
