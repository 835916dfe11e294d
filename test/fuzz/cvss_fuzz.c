/* cvss_fuzz.c - any bytes as a CVSS vector: a score of the scale, or none, and in v4.0 never one
 * with a metric twice. */
#include <stdlib.h>

#include "base/buf.h"
#include "model/advisory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_refused_twice(Str vector)
{
	Arena a = {0};
	Buf b = buf_in(&a, SIZE_MAX);
	size_t last = vector.n;
	while (vector.p[last - 1] != '/')
		last--;
	buf_add(&b, vector);
	buf_char(&b, '/');
	buf_add(&b, str_skip(vector, last));
	if (cvss_score10(buf_str(&b)) != -1)
		abort();
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str vector = {(const char *)data, size};
	int score10 = cvss_score10(vector);
	if (score10 < -1 || score10 > 100)
		abort();
	if ((cvss_severity(score10) != SEV_UNKNOWN) != (score10 >= 0))
		abort();
	if (score10 >= 0 && (cvss_version(vector) == NULL || cvss_rank(vector) == 0))
		abort();
	if (score10 >= 0 && str_starts(vector, S("CVSS:4.0/")))
		must_be_refused_twice(vector);
	return 0;
}
