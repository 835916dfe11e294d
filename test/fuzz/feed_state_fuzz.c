/* feed_state_fuzz.c - the state file of a cached feed. */
#include <stdlib.h>

#include "base/arena.h"
#include "flow/feed_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	FeedState s = {0}, again = {0};
	Err *e = feed_state_read((Str){(const char *)data, size}, &a, &s);
	if (e == OK) {
		Buf b = buf_in(&a, size * 2 + 1024);
		feed_state_write(&s, &b);
		Err *second = feed_state_read(buf_str(&b), &a, &again);
		if (second != OK || again.files.n != s.files.n)
			abort(); /* what was read must be writable and readable again */
	}
	err_free(e);
	arena_finish(&a);
	return 0;
}
