/* version_fuzz.c - any two strings: refused, or ordered the same from both sides. */
#include <stdlib.h>

#include "version/scheme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str b = {(const char *)data, size}, a;
	if (!str_cut(&b, '\n', &a) || b.p == NULL)
		return 0;
	for (const Scheme *const *s = schemes; *s != NULL; s++) {
		int ab, ba, aa;
		if (!(*s)->compare(a, b, &ab))
			continue;
		if (!(*s)->compare(b, a, &ba) || !(*s)->compare(a, a, &aa))
			abort();
		if ((ab > 0) != (ba < 0) || (ab == 0) != (ba == 0) || aa != 0)
			abort();
	}
	return 0;
}
