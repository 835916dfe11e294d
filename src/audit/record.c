/* record.c - reads a record's head, and its fields one after the other. */
#include "audit/record.h"

#include <linux/audit.h>

/* ---- the head ---- */

bool audit_record_read(uint16_t type, Str line, AuditRecord *out)
{
	Str head, seconds, millis;
	uint64_t s, ms, serial;
	Str rest = line;
	while (rest.n != 0 && (rest.p[rest.n - 1] == '\0' || rest.p[rest.n - 1] == '\n'))
		rest.n--;
	if (!str_starts(rest, S("audit(")))
		return false;
	rest = str_skip(rest, strlen("audit("));
	if (!str_cut(&rest, ')', &head) || !str_starts(rest, S(":")))
		return false;
	if (!str_cut(&head, '.', &seconds) || !str_cut(&head, ':', &millis) ||
	    !str_u64(seconds, &s) || !str_u64(millis, &ms) || !str_u64(head, &serial) ||
	    s > INT64_MAX / 1000 - 1 || ms > 999 || serial > UINT32_MAX)
		return false;
	*out = (AuditRecord){.type = type,
			     .time_ms = (int64_t)(s * 1000 + ms),
			     .serial = (uint32_t)serial,
			     .fields = str_trim(str_skip(rest, 1))};
	return true;
}

/* ---- fields ---- */

static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\035'; }

static Str take_word(Str *rest)
{
	size_t n = 0;
	while (n < rest->n && !is_blank(rest->p[n]))
		n++;
	Str word = str_first(*rest, n);
	*rest = str_skip(*rest, n);
	return word;
}

static bool take_quoted(Str *rest, char quote, Str *out)
{
	const char *end = rest->n > 1 ? memchr(rest->p + 1, quote, rest->n - 1) : NULL;
	if (end == NULL)
		return false;
	size_t n = (size_t)(end - rest->p);
	*out = str_first(str_skip(*rest, 1), n - 1);
	*rest = str_skip(*rest, n + 1);
	return true;
}

static size_t name_bytes(Str s)
{
	size_t n = 0;
	while (n < s.n && !is_blank(s.p[n]) && s.p[n] != '=')
		n++;
	return n;
}

bool audit_pair_next(Str *rest, AuditPair *out)
{
	for (;;) {
		while (rest->n != 0 && (is_blank(rest->p[0]) || rest->p[0] == '='))
			*rest = str_skip(*rest, 1);
		if (rest->n == 0)
			return false;
		size_t n = name_bytes(*rest);
		Str name = str_first(*rest, n);
		*rest = str_skip(*rest, n);
		if (rest->n == 0 || rest->p[0] != '=')
			continue; /* a word by itself */
		*rest = str_skip(*rest, 1);
		*out = (AuditPair){.name = name};
		char first = rest->n != 0 ? rest->p[0] : ' ';
		if (first == '"')
			out->quoted = take_quoted(rest, '"', &out->value);
		if (!out->quoted && (first != '\'' || !take_quoted(rest, '\'', &out->value)))
			out->value = take_word(rest);
		return true;
	}
}

Str audit_pair_text(const AuditPair *p, Arena *a)
{
	size_t n = p->value.n / 2;
	if (p->quoted)
		return p->value;
	if (n == 0 || p->value.n % 2 != 0)
		return (Str){0};
	char *bytes = arena_array(a, char, n);
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(p->value.p[2 * i]), low = hex_digit(p->value.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return (Str){0};
		bytes[i] = (char)(high << 4 | low);
	}
	return (Str){bytes, n};
}

/* ---- names ---- */

const char *audit_type_name(uint16_t type)
{
	switch (type) {
#define TYPE(number, name) \
	case number:       \
		return name;
#include "audit/types.def"
#undef TYPE
	default: return NULL;
	}
}

bool audit_is_text(uint16_t type, Str name)
{
	static const char *const texts[] = {"comm",   "exe",       "cwd",   "name", "path", "key",
					    "acct",   "proctitle", "ocomm", "dir",  "cmd",  "data",
					    "cgroup", "watch",     "tty",   "unit", "saddr"};
	if (type == AUDIT_EXECVE)
		return name.n > 1 && name.p[0] == 'a' && name.p[1] >= '0' && name.p[1] <= '9' &&
		       !str_ends(name, S("_len"));
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (str_eq(name, str_of(texts[i])))
			return true;
	return false;
}
