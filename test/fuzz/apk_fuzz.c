/* apk_fuzz.c - any bytes as apk's installed database. */
#include "analyzer.h"

extern const Analyzer analyzer_apk;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_analyzer(&analyzer_apk, S("lib/apk/db/installed"), data, size);
}
