/* secret_decode_fuzz.c - any bytes as base64 and percent-encoding: runs lie in the text and
 * never decode to more than they are. */
#include <stdlib.h>

#include "secrets/assign.h"
#include "secrets/decode.h"
#include "secrets/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_within(Str part, Str whole)
{
	if (part.p < whole.p || part.p + part.n > whole.p + whole.n)
		abort();
}

static void judge(Str v)
{
	Arena a = {0};
	if (v.n != 0 && (secret_entropy(v) < 0 || secret_mask(&a, v).n > 12))
		abort();
	(void)secret_is_placeholder(v);
	(void)secret_is_code(v);
	(void)secret_has_placeholder_word(v);
	for (SecretCheck c = SECRET_CHECK_NONE; c <= SECRET_CHECK_PEM; c++)
		(void)secret_check_fits(c, v);
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str text = {(const char *)data, size}, run;
	char *to = malloc(size + 1);
	size_t at = 0, value;
	while (secret_next_base64(text, &at, 32, &run)) {
		must_be_within(run, text);
		if (secret_base64(run, to) > run.n)
			abort();
	}
	at = 0;
	while (secret_next_percent(text, size, 4 * SECRET_PERCENT_BACK, &at, &run)) {
		must_be_within(run, text);
		if (secret_percent(run, to) > run.n)
			abort();
	}
	for (size_t i = 0; i < size; i += 17)
		if (secret_assigned(text, i, &value) && value >= size)
			abort();
	judge(text);
	free(to);
	return 0;
}
