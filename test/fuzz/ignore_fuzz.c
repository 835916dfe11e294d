/* ignore_fuzz.c - any bytes are an ignore file or an error. */
#include <stdint.h>

#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Policy p = {0};
	err_free(policy_read_ignore(S("ignore"), (Str){(const char *)data, size}, &a, &p));
	Facts facts = {.arena = &a};
	Report r = {.facts = &facts};
	policy_apply(&p, 1800000000, &a, &r);
	arena_finish(&a);
	return 0;
}
