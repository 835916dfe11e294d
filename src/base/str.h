/* str.h - a borrowed run of bytes: pointer and length, never a NUL.
 *
 * A Str owns nothing; whoever owns the bytes is in the function's comment.
 * Parsers eat from the left: str_cut() and str_take_*() shrink their input. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
	const char *p;
	size_t n;
} Str;

#define S(lit) ((Str){"" lit, sizeof(lit) - 1}) /* only string literals compile */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, ((s).p != NULL ? (s).p : "")

static inline Str str_of(const char *c) { return (Str){c, c != NULL ? strlen(c) : 0}; }

static inline bool str_eq(Str a, Str b)
{
	if (a.n == 0 || a.n != b.n)
		return a.n == b.n;
	return a.p != NULL && b.p != NULL && memcmp(a.p, b.p, a.n) == 0;
}

static inline bool str_starts(Str s, Str prefix)
{
	return s.n >= prefix.n && str_eq((Str){s.p, prefix.n}, prefix);
}

static inline bool str_ends(Str s, Str suffix)
{
	return s.n >= suffix.n && str_eq((Str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

/* `s` without its first `n` bytes; n is clamped to s.n. */
static inline Str str_skip(Str s, size_t n)
{
	n = n < s.n ? n : s.n;
	return n != 0 ? (Str){s.p + n, s.n - n} : s;
}

/* The first `n` bytes of `s`, or all of it. */
static inline Str str_first(Str s, size_t n) { return (Str){s.p, n < s.n ? n : s.n}; }

int str_cmp(Str a, Str b);                   /* bytes as unsigned, then length */
bool str_eq_nocase(Str a, Str b);            /* ASCII letters only */
Str str_trim(Str s);                         /* ASCII blanks, both ends */
bool str_cut(Str *rest, char at, Str *head); /* next field; false when none is left */
bool str_has(Str s, char c);
bool str_find(Str s, Str needle, size_t *at); /* first place; *at untouched if none */
bool str_u64(Str s, uint64_t *out);           /* all digits, no overflow, nothing else */
Str str_base(Str path);                       /* what follows the last '/' */
Str str_dir(Str path);                        /* what precedes the last '/', or "" */
bool str_glob(Str pattern, Str text);         /* "*" and "?" match */
int hex_digit(char c);                        /* 0 to 15, in either case; -1: it is none */
