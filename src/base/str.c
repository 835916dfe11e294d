/* str.c - the few operations every parser here is made of. */
#include "base/str.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

int str_cmp(Str a, Str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n != 0 ? memcmp(a.p, b.p, n) : 0;
	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_eq_nocase(Str a, Str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

Str str_trim(Str s)
{
	while (s.n != 0 && is_blank(s.p[0]))
		s = (Str){s.p + 1, s.n - 1};
	while (s.n != 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_cut(Str *rest, char at, Str *head)
{
	if (rest->p == NULL)
		return false;

	const char *hit = rest->n != 0 ? memchr(rest->p, at, rest->n) : NULL;
	if (hit == NULL) {
		*head = *rest;
		*rest = (Str){NULL, 0};
		return true;
	}
	*head = (Str){rest->p, (size_t)(hit - rest->p)};
	*rest = (Str){hit + 1, rest->n - head->n - 1};
	return true;
}

bool str_has(Str s, char c) { return s.n != 0 && memchr(s.p, c, s.n) != NULL; }

bool str_find(Str s, Str needle, size_t *at)
{
	if (needle.n == 0 || needle.n > s.n)
		return false;
	const char *hit = memmem(s.p, s.n, needle.p, needle.n);
	if (hit == NULL)
		return false;
	*at = (size_t)(hit - s.p);
	return true;
}

bool str_u64(Str s, uint64_t *out)
{
	uint64_t v = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

Str str_base(Str path)
{
	const char *slash = path.n != 0 ? memrchr(path.p, '/', path.n) : NULL;
	return slash != NULL ? str_skip(path, (size_t)(slash - path.p) + 1) : path;
}

Str str_dir(Str path)
{
	const char *slash = path.n != 0 ? memrchr(path.p, '/', path.n) : NULL;
	return slash != NULL ? (Str){path.p, (size_t)(slash - path.p)} : S("");
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Backtracks to the last star only, so that it takes time n x m at most. */
bool str_glob(Str pattern, Str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
	while (t < text.n) {
		if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == text.p[t]) &&
		    pattern.p[p] != '*') {
			p++;
			t++;
		} else if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = t;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}
