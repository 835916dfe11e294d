/* remark_registry.c - the formats of remarks, in the order of remark_formats.def. */
#include "report/remark_format.h"

#define FORMAT(name) extern const RemarkFormat remark_format_##name;
#include "report/remark_formats.def"
#undef FORMAT

const RemarkFormat *const remark_formats[] = {
#define FORMAT(name) &remark_format_##name,
#include "report/remark_formats.def"
#undef FORMAT
	NULL};

const RemarkFormat *remark_format_named(Str name)
{
	for (const RemarkFormat *const *f = remark_formats; *f != NULL; f++)
		if (str_eq(name, str_of((*f)->name)))
			return *f;
	return NULL;
}

const char *remark_format_choice(size_t i)
{
	bool there = i < sizeof remark_formats / sizeof remark_formats[0];
	return there && remark_formats[i] != NULL ? remark_formats[i]->name : NULL;
}
