/* digits.c - no overflow: the longer run without leading zeros is the larger number. */
#include "version/digits.h"

Str digits_take(Str *s)
{
	while (s->n != 0 && s->p[0] == '0')
		*s = str_skip(*s, 1);
	size_t n = 0;
	while (n < s->n && is_digit(s->p[n]))
		n++;
	Str run = str_first(*s, n);
	*s = str_skip(*s, n);
	return run;
}

int digits_compare(Str a, Str b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n != 0 ? memcmp(a.p, b.p, a.n) : 0;
}
