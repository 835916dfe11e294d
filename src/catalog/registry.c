/* registry.c - the table of analyzers. */
#include "catalog/analyzer.h"

#define ANALYZER(name) extern const Analyzer analyzer_##name;
#include "catalog/analyzers.def"
#undef ANALYZER

const Analyzer *const analyzers[] = {
#define ANALYZER(name) &analyzer_##name,
#include "catalog/analyzers.def"
#undef ANALYZER
	NULL,
};
