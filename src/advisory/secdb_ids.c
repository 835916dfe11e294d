/* secdb_ids.c - ids as people type them: remarks, several at once, CVE_2017-1234. */
#include "advisory/secdb.h"

enum { ID_BYTES_MAX = 64 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

static size_t digits(Str s)
{
	size_t n = 0;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

/* The length of "2017-1234" at the start of `s`: a year, and at least four digits; or 0. */
static size_t cve_number(Str s)
{
	if (digits(s) != 4 || s.n < 5 || s.p[4] != '-')
		return 0;
	size_t n = digits(str_skip(s, 5));
	return n >= 4 ? 5 + n : 0;
}

/* "CVE-2017-1234" from that, from "cve_2017-1234" and from "CVE-2017-1234.patch"; else empty. */
static Str cve_of(Arena *a, Str word)
{
	if (word.n < 4 || !str_eq_nocase(str_first(word, 3), S("CVE")) ||
	    (word.p[3] != '-' && word.p[3] != '_'))
		return S("");
	size_t n = cve_number(str_skip(word, 4));
	if (n == 0)
		return S("");
	if (str_starts(word, S("CVE-")))
		return str_first(word, 4 + n);
	Str id = arena_str(a, str_first(word, 4 + n));
	memcpy((char *)(uintptr_t)id.p, "CVE-", 4);
	return id;
}

/* GHSA-..., XSA-..., VSV00001, wnpa-sec-2017-22: letters first, digits somewhere. */
static bool is_other_id(Str word)
{
	bool digit = false;
	if (word.n < 4 || word.n > ID_BYTES_MAX || !is_letter(word.p[0]) ||
	    str_eq_nocase(str_first(word, 3), S("CVE")))
		return false;
	for (size_t i = 0; i < word.n; i++) {
		digit |= is_digit(word.p[i]);
		if (!is_digit(word.p[i]) && !is_letter(word.p[i]) && word.p[i] != '-' &&
		    word.p[i] != '_' && word.p[i] != ':' && word.p[i] != '.')
			return false;
	}
	return digit;
}

static Str next_word(Str *rest)
{
	Str s = str_trim(*rest);
	size_t n = 0;
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && s.p[n] != ',' && s.p[n] != ';')
		n++;
	*rest = str_skip(s, n < s.n ? n + 1 : n);
	return str_first(s, n);
}

static void add(Arena *a, StrVec *to, Str id)
{
	for (size_t i = 0; i < to->n; i++)
		if (str_eq(to->at[i], id))
			return;
	vec_push(a, to, id);
}

void secdb_ids(Arena *a, Str field, StrVec *out)
{
	StrVec others = {0};
	Str rest = field, before = S("");
	str_cut(&rest, '(', &before); /* what follows is a remark */
	while (before.n != 0) {
		Str word = next_word(&before);
		if (str_eq_nocase(word, S("CVE")) && cve_number(str_trim(before)) != 0) {
			Str joined = arena_str(a, str_first(str_trim(before), ID_BYTES_MAX));
			Str number = str_first(joined, cve_number(joined));
			char *id = arena_array(a, char, 4 + number.n);
			memcpy(id, "CVE-", 4);
			memcpy(id + 4, number.p, number.n);
			add(a, out, (Str){id, 4 + number.n});
			continue; /* the number itself is no id: it starts with a digit */
		}
		Str cve = cve_of(a, word);
		if (cve.n != 0)
			add(a, out, cve);
		else if (is_other_id(word))
			add(a, &others, word);
	}
	for (size_t i = 0; i < others.n; i++)
		add(a, out, others.at[i]);
}
