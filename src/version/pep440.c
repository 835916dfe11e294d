/* pep440.c - Python's order: PEP 440, with every spelling that it normalises. Versions from
 * before it are older than any of these, and among themselves as setuptools ordered them. */
#include "version/digits.h"
#include "version/pep440_legacy.h"
#include "version/scheme.h"

typedef struct Parts {
	Str epoch, release; /* release: as written, numbers and dots */
	int stage;          /* 'a', 'b', 'r'; 0: none */
	Str stage_number;
	bool has_post, has_dev;
	Str post, dev;
	Str local; /* p is NULL when there is none */
} Parts;

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static bool take_word(Str *s, const char *word)
{
	size_t n = strlen(word);
	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s->p[i]) != word[i])
			return false;
	*s = str_skip(*s, n);
	return true;
}

static bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

/* [separator] word [separator] [number] */
static bool take_part(Str *s, const char *const *words, size_t *which, Str *number)
{
	Str t = *s;
	if (t.n != 0 && is_separator(t.p[0]))
		t = str_skip(t, 1);
	size_t i = 0;
	while (words[i] != NULL && !take_word(&t, words[i]))
		i++;
	if (words[i] == NULL)
		return false;
	if (t.n != 0 && is_separator(t.p[0])) /* even with no number behind it: "1.0rc." */
		t = str_skip(t, 1);
	*number = digits_take(&t);
	*which = i;
	*s = t;
	return true;
}

static bool take_release(Str *s, Str *out)
{
	size_t n = 0;
	if (s->n == 0 || !is_digit(s->p[0]))
		return false;
	while (n < s->n &&
	       (is_digit(s->p[n]) || (s->p[n] == '.' && n + 1 < s->n && is_digit(s->p[n + 1]))))
		n++;
	*out = str_first(*s, n);
	*s = str_skip(*s, n);
	return true;
}

static bool local_is_valid(Str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool separator = is_separator(s.p[i]);
		if (!separator && !is_digit(s.p[i]) && !is_letter(s.p[i]))
			return false;
		if (separator && n == 0)
			return false;
		n = separator ? 0 : n + 1;
	}
	return n != 0;
}

static void take_post(Str *s, Parts *p)
{
	static const char *const words[] = {"post", "rev", "r", NULL};
	size_t which;
	if (s->n > 1 && s->p[0] == '-' && is_digit(s->p[1])) { /* 1.0-1 */
		*s = str_skip(*s, 1);
		p->post = digits_take(s);
		p->has_post = true;
	} else {
		p->has_post = take_part(s, words, &which, &p->post);
	}
}

static bool split(Str v, Parts *out)
{
	static const char *const stages[] = {"alpha", "beta", "preview", "pre", "rc",
					     "a",     "b",    "c",       NULL};
	static const char kinds[] = "abrrrabr";
	static const char *const devs[] = {"dev", NULL};
	Parts p = {0};
	size_t which;
	v = str_trim(v);
	(void)take_word(&v, "v");
	Str t = v, epoch = digits_take(&t);
	if (t.n != 0 && t.p[0] == '!' && t.p != v.p) {
		p.epoch = epoch;
		v = str_skip(t, 1);
	}
	if (!take_release(&v, &p.release))
		return false;
	if (take_part(&v, stages, &which, &p.stage_number))
		p.stage = (unsigned char)kinds[which];
	take_post(&v, &p);
	p.has_dev = take_part(&v, devs, &which, &p.dev);
	if (v.n != 0) {
		if (v.p[0] != '+' || !local_is_valid(str_skip(v, 1)))
			return false;
		p.local = str_skip(v, 1);
	}
	*out = p;
	return true;
}

/* The next number of a release; past its end zeros follow for ever. */
static Str next_number(Str *s)
{
	if (s->n == 0)
		return S("");
	if (s->p[0] == '.')
		*s = str_skip(*s, 1);
	return digits_take(s);
}

static int compare_release(Str a, Str b)
{
	while (a.n != 0 || b.n != 0) {
		Str x = next_number(&a), y = next_number(&b);
		int order = digits_compare(x, y);
		if (order != 0)
			return order;
	}
	return 0;
}

/* dev releases of nothing before a, b, rc; these before the release itself. */
static int stage_rank(const Parts *p)
{
	if (p->stage != 0)
		return p->stage;
	return !p->has_post && p->has_dev ? 0 : 'z';
}

static Str next_segment(Str *s)
{
	size_t n = 0;
	while (n < s->n && !is_separator(s->p[n]))
		n++;
	Str part = str_first(*s, n);
	*s = str_skip(*s, n + 1);
	return part;
}

static int compare_segment(Str a, Str b)
{
	bool x = is_digit(a.p[0]), y = is_digit(b.p[0]);
	for (size_t i = 0; i < a.n; i++)
		x = x && is_digit(a.p[i]);
	for (size_t i = 0; i < b.n; i++)
		y = y && is_digit(b.p[i]);
	if (x != y)
		return x ? 1 : -1;
	if (x)
		return digits_compare(digits_take(&a), digits_take(&b));
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return lower(a.p[i]) < lower(b.p[i]) ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

static int compare_local(Str a, Str b)
{
	if (a.p == NULL || b.p == NULL)
		return (a.p != NULL) - (b.p != NULL);
	while (a.n != 0 && b.n != 0) {
		Str x = next_segment(&a), y = next_segment(&b);
		int order = compare_segment(x, y);
		if (order != 0)
			return order;
	}
	return (a.n != 0) - (b.n != 0);
}

static int compare_parts(const Parts *x, const Parts *y)
{
	int r = digits_compare(x->epoch, y->epoch);
	if (r == 0)
		r = compare_release(x->release, y->release);
	if (r == 0)
		r = stage_rank(x) - stage_rank(y);
	if (r == 0)
		r = digits_compare(x->stage_number, y->stage_number);
	if (r == 0)
		r = x->has_post - y->has_post;
	if (r == 0)
		r = digits_compare(x->post, y->post);
	if (r == 0)
		r = y->has_dev - x->has_dev;
	if (r == 0)
		r = digits_compare(x->dev, y->dev);
	return r != 0 ? r : compare_local(x->local, y->local);
}

static bool pep440_compare(Str a, Str b, int *order)
{
	Parts x, y;
	bool modern_a = split(a, &x), modern_b = split(b, &y);
	if (modern_a && modern_b)
		*order = compare_parts(&x, &y);
	else if ((!modern_a && !pep440_legacy_valid(a)) || (!modern_b && !pep440_legacy_valid(b)))
		return false;
	else if (modern_a != modern_b)
		*order = modern_a ? 1 : -1;
	else
		*order = pep440_legacy_compare(a, b);
	return true;
}

const Scheme scheme_pep440 = {
	.id = SCHEME_PEP440, .name = "pep440", .spec = "PEP 440", .compare = pep440_compare};
