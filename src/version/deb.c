/* deb.c - Debian's order: Debian Policy 5.6.12, as dpkg compares. */
#include "version/digits.h"
#include "version/scheme.h"

/* '~' before the end, the end before letters, letters before the rest. */
static int weight(Str s)
{
	if (s.n == 0 || is_digit(s.p[0]))
		return 0;
	if (s.p[0] == '~')
		return -1;
	return is_letter(s.p[0]) ? s.p[0] : (unsigned char)s.p[0] + 256;
}

static int compare_part(Str a, Str b)
{
	while (a.n != 0 || b.n != 0) {
		while ((a.n != 0 && !is_digit(a.p[0])) || (b.n != 0 && !is_digit(b.p[0]))) {
			int x = weight(a), y = weight(b);
			if (x != y)
				return x - y;
			a = str_skip(a, 1);
			b = str_skip(b, 1);
		}
		Str x = digits_take(&a), y = digits_take(&b);
		int order = digits_compare(x, y);
		if (order != 0)
			return order;
	}
	return 0;
}

typedef struct Parts {
	Str epoch, upstream, revision;
} Parts;

static bool allowed(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]) &&
		    (s.p[i] == '\0' || strchr(".+-~:_", s.p[i]) == NULL))
			return false;
	return true;
}

static bool split(Str v, Parts *out)
{
	Parts p = {.upstream = v};
	const char *colon = v.n != 0 ? memchr(v.p, ':', v.n) : NULL;
	if (colon != NULL) {
		Str epoch = {v.p, (size_t)(colon - v.p)};
		p.upstream = str_skip(v, epoch.n + 1);
		p.epoch = digits_take(&epoch);
		if (epoch.n != 0 || colon == v.p)
			return false;
	}
	const char *dash = p.upstream.n != 0 ? memrchr(p.upstream.p, '-', p.upstream.n) : NULL;
	if (dash != NULL) {
		size_t n = (size_t)(dash - p.upstream.p);
		p.revision = str_skip(p.upstream, n + 1);
		p.upstream = str_first(p.upstream, n);
	}
	*out = p;
	return p.upstream.n != 0 && allowed(p.upstream) && allowed(p.revision);
}

static bool deb_compare(Str a, Str b, int *order)
{
	Parts x, y;
	if (!split(str_trim(a), &x) || !split(str_trim(b), &y))
		return false;
	int r = digits_compare(x.epoch, y.epoch);
	if (r == 0)
		r = compare_part(x.upstream, y.upstream);
	if (r == 0)
		r = compare_part(x.revision, y.revision);
	*order = r;
	return true;
}

const Scheme scheme_deb = {
	.id = SCHEME_DEB, .name = "deb", .spec = "Debian Policy 5.6.12", .compare = deb_compare};
