/* rpm_header_fuzz.c - any bytes as a package header. */
#include "catalog/rpm_db.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Pkg p;
	bool skip;
	err_free(rpm_header_read((Str){(const char *)data, size}, &a, &p, &skip));
	arena_finish(&a);
	return 0;
}
