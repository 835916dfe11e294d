/* rpm.c - rpm's order: rpm-version(7), epoch, then version, then release. */
#include "version/digits.h"
#include "version/scheme.h"

static bool is_alnum(char c) { return is_digit(c) || is_letter(c); }

static void skip_separators(Str *s)
{
	while (s->n != 0 && !is_alnum(s->p[0]) && s->p[0] != '~' && s->p[0] != '^')
		*s = str_skip(*s, 1);
}

static Str take_letters(Str *s)
{
	size_t n = 0;
	while (n < s->n && is_letter(s->p[n]))
		n++;
	Str run = str_first(*s, n);
	*s = str_skip(*s, n);
	return run;
}

static bool at(Str s, char c) { return s.n != 0 && s.p[0] == c; }

/* '~' sorts before everything, '^' after the end but before anything else. True: decided. */
static bool by_mark(Str *a, Str *b, int *order)
{
	if (at(*a, '~') || at(*b, '~')) {
		*order = at(*a, '~') ? (at(*b, '~') ? 0 : -1) : 1;
	} else if (at(*a, '^') || at(*b, '^')) {
		if (at(*a, '^') && at(*b, '^'))
			*order = 0;
		else if (at(*a, '^'))
			*order = b->n == 0 ? 1 : -1;
		else
			*order = a->n == 0 ? -1 : 1;
	} else {
		return false;
	}
	if (*order != 0)
		return true;
	*a = str_skip(*a, 1);
	*b = str_skip(*b, 1);
	return false;
}

static int compare_part(Str a, Str b)
{
	while (a.n != 0 || b.n != 0) {
		int order;
		skip_separators(&a);
		skip_separators(&b);
		bool marked = at(a, '~') || at(b, '~') || at(a, '^') || at(b, '^');
		if (by_mark(&a, &b, &order))
			return order;
		if (marked)
			continue;
		if (a.n == 0 || b.n == 0)
			break;
		if (is_digit(a.p[0])) {
			if (!is_digit(b.p[0]))
				return 1; /* numbers are newer than letters */
			Str x = digits_take(&a), y = digits_take(&b);
			order = digits_compare(x, y);
		} else {
			if (is_digit(b.p[0]))
				return -1;
			Str x = take_letters(&a), y = take_letters(&b);
			order = str_cmp(x, y);
		}
		if (order != 0)
			return order;
	}
	return (a.n != 0) - (b.n != 0);
}

typedef struct Parts {
	Str epoch, version, release;
	bool has_release;
} Parts;

static bool split(Str v, Parts *out)
{
	Parts p = {.epoch = S("0"), .version = v};
	if (v.n == 0)
		return false;
	const char *colon = memchr(v.p, ':', v.n);
	if (colon != NULL) {
		p.epoch = (Str){v.p, (size_t)(colon - v.p)};
		p.version = str_skip(v, p.epoch.n + 1);
	}
	const char *dash = p.version.n != 0 ? memrchr(p.version.p, '-', p.version.n) : NULL;
	if (dash != NULL) {
		size_t n = (size_t)(dash - p.version.p);
		p.release = str_skip(p.version, n + 1);
		p.version = str_first(p.version, n);
		p.has_release = true;
	}
	*out = p;
	return true;
}

static bool rpm_compare(Str a, Str b, int *order)
{
	Parts x, y;
	if (!split(str_trim(a), &x) || !split(str_trim(b), &y))
		return false;
	int r = compare_part(x.epoch, y.epoch);
	if (r == 0)
		r = compare_part(x.version, y.version);
	if (r == 0)
		r = x.has_release - y.has_release;
	if (r == 0)
		r = compare_part(x.release, y.release);
	*order = r;
	return true;
}

const Scheme scheme_rpm = {
	.id = SCHEME_RPM, .name = "rpm", .spec = "rpm-version(7)", .compare = rpm_compare};
