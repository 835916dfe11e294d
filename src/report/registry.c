/* registry.c - the formats, in the order of formats.def. */
#include "report/format.h"

#define FORMAT(name) extern const Format format_##name;
#include "report/formats.def"
#undef FORMAT

const Format *const formats[] = {
#define FORMAT(name) &format_##name,
#include "report/formats.def"
#undef FORMAT
	NULL};

const Format *format_named(Str name)
{
	for (const Format *const *f = formats; *f != NULL; f++)
		if (str_eq(name, str_of((*f)->name)))
			return *f;
	return NULL;
}

const char *format_choice(size_t i)
{
	return i < sizeof formats / sizeof formats[0] && formats[i] != NULL ? formats[i]->name
									    : NULL;
}
