/* snapshot_line_fuzz.c - any line as a fact of a snapshot. */
#include "flow/snapshot_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	DbWriter *w = db_writer_create();
	err_free(snapshot_take_line((Str){(const char *)data, size}, &a, w));
	db_writer_destroy(w);
	arena_finish(&a);
	return 0;
}
