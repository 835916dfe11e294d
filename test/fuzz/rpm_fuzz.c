/* rpm_fuzz.c - any bytes as an rpm database of any of the three formats. */
#include "analyzer.h"

extern const Analyzer analyzer_rpm;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_analyzer(&analyzer_rpm, S("var/lib/rpm/Packages"), data, size);
}
