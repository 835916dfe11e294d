/* dpkg_fuzz.c - any bytes as dpkg's status file. */
#include "analyzer.h"

extern const Analyzer analyzer_dpkg;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_analyzer(&analyzer_dpkg, S("var/lib/dpkg/status"), data, size);
}
