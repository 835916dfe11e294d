/* check_registry.c - the formats of checks, in the order of check_formats.def. */
#include "report/check_format.h"

#define FORMAT(name) extern const CheckFormat check_format_##name;
#include "report/check_formats.def"
#undef FORMAT

const CheckFormat *const check_formats[] = {
#define FORMAT(name) &check_format_##name,
#include "report/check_formats.def"
#undef FORMAT
	NULL};

const CheckFormat *check_format_named(Str name)
{
	for (const CheckFormat *const *f = check_formats; *f != NULL; f++)
		if (str_eq(name, str_of((*f)->name)))
			return *f;
	return NULL;
}

const char *check_format_choice(size_t i)
{
	bool there = i < sizeof check_formats / sizeof check_formats[0];
	return there && check_formats[i] != NULL ? check_formats[i]->name : NULL;
}

const char *check_number(const CheckInfo *c, Benchmark b)
{
	return c->cis[b] != NULL ? c->cis[b] : c->id;
}
