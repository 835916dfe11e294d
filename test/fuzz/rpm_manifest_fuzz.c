/* rpm_manifest_fuzz.c - any bytes as the text list of rpm packages. */
#include "analyzer.h"

extern const Analyzer analyzer_rpm_manifest;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_analyzer(&analyzer_rpm_manifest, S("var/lib/rpmmanifest/container-manifest-2"),
			     data, size);
}
