/* python_fuzz.c - any bytes as core metadata, and as an egg. */
#include "analyzer.h"

extern const Analyzer analyzer_python;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_analyzer(&analyzer_python, S("x.egg"), data, size);
	return fuzz_analyzer(&analyzer_python, S("x.dist-info/METADATA"), data, size);
}
