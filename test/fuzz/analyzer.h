/* analyzer.h - one analyzer over any bytes as its file: an answer or an error. */
#pragma once
#include "catalog/analyzer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int fuzz_analyzer(const Analyzer *an, Str path, const uint8_t *data, size_t size)
{
	Arena a = {0};
	Facts facts = {.arena = &a};
	FileSet none = {0};
	Captured f = {.path = path, .body = {(const char *)data, size}};
	err_free(an->read(&none, &f, &facts));
	arena_finish(&a);
	return 0;
}
