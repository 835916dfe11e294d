/* secret_rules_fuzz.c - any bytes as a file of rules: an error with its line, or rules that can
 * be searched with. */
#include <stdlib.h>

#include "secrets/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_hit(void *ctx, const SecretHit *h)
{
	(void)ctx;
	if (h->rule == NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	SecretRuleVec rules = {0};
	AUTO_SECRET_SET SecretSet *set = NULL;
	Str text = {(const char *)data, size};
	Err *e = secret_rules_parse(text, &a, &rules);
	if (e == OK)
		e = secret_set_make(&rules, &a, &set);
	if (e == OK) {
		AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(set);
		secret_scan_begin(s, S("a"), on_hit, NULL);
		secret_scan_feed(s, text);
		secret_scan_end(s);
	}
	err_free(e);
	secret_set_close(set);
	set = NULL;
	arena_finish(&a);
	return 0;
}
