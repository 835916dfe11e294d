/* wire_fuzz.c - any bytes as a worker's answer; what is read can be written and read again. */
#include <stdlib.h>

#include "model/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Image image = {0}, again = {0};
	Facts facts = {0}, facts_again = {0};
	Err *e = wire_read((Str){(const char *)data, size}, &a, &image, &facts);
	if (e == OK) {
		Buf b = buf_in(&a, 1u << 26);
		wire_write(&b, &image, &facts);
		Err *second = wire_read(buf_str(&b), &a, &again, &facts_again);
		if (second != OK || again.layers.n != image.layers.n ||
		    facts_again.pkgs.n != facts.pkgs.n)
			abort();
	}
	err_free(e);
	arena_finish(&a);
	return 0;
}
