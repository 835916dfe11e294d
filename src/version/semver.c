/* semver.c - Semantic Versioning 2.0.0, section 11, as Go modules and OSV use it: a leading 'v'
 * is allowed, missing numbers are 0, and what follows a third number counts as build data. */
#include "version/digits.h"
#include "version/scheme.h"

typedef struct Parts {
	Str number[3];
	Str pre; /* after '-'; p is NULL when there is none */
} Parts;

static bool split(Str v, Parts *out)
{
	Parts p = {0};
	if (v.n != 0 && (v.p[0] == 'v' || v.p[0] == 'V'))
		v = str_skip(v, 1);
	for (size_t i = 0; i < 3; i++) {
		if (v.n == 0 || !is_digit(v.p[0]))
			return false;
		p.number[i] = digits_take(&v);
		if (v.n == 0 || v.p[0] != '.' || i == 2)
			break;
		v = str_skip(v, 1);
	}
	size_t n = 0;
	while (n < v.n && v.p[n] != '+' && (v.p[n] > ' ' && v.p[n] < 0x7f))
		n++;
	if (n < v.n && v.p[n] != '+')
		return false;
	if (n != 0 && v.p[0] == '-')
		p.pre = str_skip(str_first(v, n), 1);
	else if (n != 0 && v.p[0] != '.')
		return false;
	*out = p;
	return true;
}

static bool all_digits(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n != 0;
}

static int compare_identifier(Str a, Str b)
{
	bool x = all_digits(a), y = all_digits(b);
	if (x && y)
		return digits_compare(digits_take(&a), digits_take(&b));
	if (x != y)
		return x ? -1 : 1;
	return str_cmp(a, b);
}

static int compare_pre(Str a, Str b)
{
	if (a.p == NULL || b.p == NULL) /* a release is newer than what came before it */
		return (a.p == NULL) - (b.p == NULL);
	for (;;) {
		Str x, y;
		bool more_a = str_cut(&a, '.', &x), more_b = str_cut(&b, '.', &y);
		if (!more_a || !more_b)
			return more_a - more_b;
		int order = compare_identifier(x, y);
		if (order != 0)
			return order;
	}
}

static bool semver_compare(Str a, Str b, int *order)
{
	Parts x, y;
	if (!split(str_trim(a), &x) || !split(str_trim(b), &y))
		return false;
	int r = 0;
	for (size_t i = 0; i < 3 && r == 0; i++)
		r = digits_compare(x.number[i], y.number[i]);
	*order = r != 0 ? r : compare_pre(x.pre, y.pre);
	return true;
}

const Scheme scheme_semver = {.id = SCHEME_SEMVER,
			      .name = "semver",
			      .spec = "Semantic Versioning 2.0.0",
			      .compare = semver_compare};
