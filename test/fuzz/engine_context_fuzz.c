/* engine_context_fuzz.c - any bytes as config.json and as a context's meta.json: what is taken can
 * be printed, and is not longer than it may be. */
#include <stdlib.h>

#include "engine/context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Str s)
{
	if (s.n > LIMIT_CONTEXT_HOST_BYTES)
		abort();
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str text = {(const char *)data, size}, name = {0};
	const char *host = NULL;
	bool skip_verify;
	Err *e = context_current(text, &a, &name);
	if (e == OK)
		check(name);
	err_free(e);
	e = context_endpoint(text, &a, &host, &skip_verify);
	if (e == OK && host[0] == '\0')
		abort();
	if (e == OK)
		check(str_of(host));
	err_free(e);
	arena_finish(&a);
	return 0;
}
