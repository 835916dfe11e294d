/* pep440_legacy.c - runs of digits and letters; words before "final" come before a release. */
#include "version/pep440_legacy.h"

#include "version/digits.h"

enum { PARTS_MAX = 64, WORD_MAX = 64 };

typedef struct Part {
	bool number;
	Str digits;          /* of a number, without leading zeros */
	char word[WORD_MAX]; /* of a word: lower case, renamed; cut at WORD_MAX */
	size_t n;
} Part;

typedef struct Parts {
	Part at[PARTS_MAX + 1]; /* and the closing "final" */
	size_t n;
} Parts;

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

/* 0 digit, 1 letter, 2 '.', 3 '-', 4 anything else */
static int kind(char c)
{
	if (is_digit(c))
		return 0;
	if (is_letter(c))
		return 1;
	return c == '.' ? 2 : c == '-' ? 3 : 4;
}

/* The next run of one kind; '.' and '-' stand alone. */
static Str take_run(Str *s)
{
	int k = kind(s->p[0]);
	size_t n = 1;
	while (n < s->n && k != 2 && k != 3 && kind(s->p[n]) == k)
		n++;
	Str run = str_first(*s, n);
	*s = str_skip(*s, n);
	return run;
}

static Str renamed(const Part *p)
{
	static const struct {
		Str from, to;
	} names[] = {{{"pre", 3}, {"c", 1}},
		     {{"preview", 7}, {"c", 1}},
		     {{"rc", 2}, {"c", 1}},
		     {{"dev", 3}, {"@", 1}},
		     {{"-", 1}, {"final-", 6}}};
	Str word = {p->word, p->n};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(word, names[i].from))
			return names[i].to;
	return word;
}

static Part word_of(Str run)
{
	Part p = {.n = run.n < WORD_MAX ? run.n : WORD_MAX};
	for (size_t i = 0; i < p.n; i++)
		p.word[i] = lower(run.p[i]);
	Str name = renamed(&p);
	memmove(p.word, name.p, name.n);
	p.n = name.n;
	return p;
}

static void add_word(Parts *out, Part p)
{
	Str word = {p.word, p.n};
	if (str_cmp(word, S("final")) < 0)
		while (out->n != 0 && !out->at[out->n - 1].number &&
		       str_eq((Str){out->at[out->n - 1].word, out->at[out->n - 1].n}, S("final-")))
			out->n--;
	while (out->n != 0 && out->at[out->n - 1].number && out->at[out->n - 1].digits.n == 0)
		out->n--;
	out->at[out->n++] = p;
}

static bool split(Str v, Parts *out)
{
	out->n = 0;
	for (size_t taken = 0; v.n != 0; taken++) {
		Str run = take_run(&v);
		if (taken == PARTS_MAX)
			return false;
		if (kind(run.p[0]) == 0)
			out->at[out->n++] = (Part){.number = true, .digits = digits_take(&run)};
		else if (kind(run.p[0]) != 2)
			add_word(out, word_of(run));
	}
	add_word(out, word_of(S("final")));
	return true;
}

bool pep440_legacy_valid(Str v)
{
	Parts p;
	v = str_trim(v);
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] <= ' ' || v.p[i] >= 0x7f)
			return false;
	return v.n != 0 && split(v, &p);
}

/* As text: numbers are padded digits, words start with '*', which sorts before digits. */
static int compare_part(const Part *a, const Part *b)
{
	if (a->number != b->number)
		return a->number ? 1 : -1;
	if (a->number)
		return digits_compare(a->digits, b->digits);
	return str_cmp((Str){a->word, a->n}, (Str){b->word, b->n});
}

int pep440_legacy_compare(Str a, Str b)
{
	Parts x, y;
	if (!split(str_trim(a), &x) || !split(str_trim(b), &y))
		return 0;
	for (size_t i = 0; i < x.n && i < y.n; i++) {
		int order = compare_part(&x.at[i], &y.at[i]);
		if (order != 0)
			return order;
	}
	return (x.n > y.n) - (x.n < y.n);
}
