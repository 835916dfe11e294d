/* secrets_fuzz.c - any bytes through the engine: hits lie in the text, in order, and the same
 * come whatever the pieces. */
#include <stdlib.h>

#include "secrets/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Sum {
	uint64_t size, last, n, places;
} Sum;

static void on_hit(void *ctx, const SecretHit *h)
{
	Sum *s = ctx;
	if (h->at > s->size || h->line == 0 || h->column == 0 || h->at < s->last)
		abort();
	s->last = h->at;
	s->n++;
	s->places += h->at * 31 + h->line * 7 + h->column + h->value.n;
}

static Sum run(SecretScan *s, Str text, size_t step)
{
	Sum sum = {.size = text.n};
	secret_scan_begin(s, S("conf/app.env"), on_hit, &sum);
	while (text.n != 0) {
		Str piece = str_first(text, step);
		secret_scan_feed(s, piece);
		text = str_skip(text, piece.n);
	}
	secret_scan_end(s);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Arena a;
	static SecretRuleVec rules;
	static SecretSet *set;
	static SecretScan *scan;
	if (set == NULL) {
		Err *e = secret_rules_parse(secret_rules_text(), &a, &rules);
		if (e == OK)
			e = secret_set_make(&rules, &a, &set);
		if (e != OK)
			abort();
		scan = secret_scan_create(set);
	}
	Str text = {(const char *)data, size};
	Sum whole = run(scan, text, size);
	/* What the first piece holds decides whether a text is a binary. */
	if (size > 0 && memchr(data, 0, size) == NULL && data[0] < 0xf0) {
		Sum parts = run(scan, text, 7);
		if (parts.n != whole.n || parts.places != whole.places)
			abort();
	}
	return 0;
}
