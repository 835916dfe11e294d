/* options.c - names of what the linter is told. */
#include "lint/options.h"

static const char *const types[] = {
	[LABEL_TEXT] = "text",  [LABEL_URL] = "url",         [LABEL_SEMVER] = "semver",
	[LABEL_HASH] = "hash",  [LABEL_RFC3339] = "rfc3339", [LABEL_SPDX] = "spdx",
	[LABEL_EMAIL] = "email"};

const char *label_type_name(LabelType t) { return types[t]; }

bool label_type_parse(Str s, LabelType *out)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (str_eq(s, str_of(types[i]))) {
			*out = (LabelType)i;
			return true;
		}
	return false;
}
