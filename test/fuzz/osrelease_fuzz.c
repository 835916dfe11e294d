/* osrelease_fuzz.c - any bytes as etc/os-release. */
#include "analyzer.h"

extern const Analyzer analyzer_osrelease;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_analyzer(&analyzer_osrelease, S("etc/os-release"), data, size);
}
