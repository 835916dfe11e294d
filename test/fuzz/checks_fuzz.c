/* checks_fuzz.c - any bytes as a judge's answer; what is read can be scored, written, read again.
 */
#include <stdlib.h>

#include "bench/bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	CheckReport r = {0}, again = {0};
	size_t judged;
	Err *e = checks_read((Str){(const char *)data, size}, bench_check_named, &a, &r);
	if (e == OK) {
		Buf b = buf_in(&a, 1u << 26);
		checks_write(&b, &r);
		Err *second = checks_read(buf_str(&b), bench_check_named, &a, &again);
		if (second != OK || again.verdicts.n != r.verdicts.n ||
		    check_score(&r, NULL, 0, &judged) > 100)
			abort();
	}
	err_free(e);
	arena_finish(&a);
	return 0;
}
