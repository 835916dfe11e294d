/* registry.c - the table of checks: a section after the other, in it by id. */
#include "host/registry.h"

#define ROW(id) extern const HostCheck host_##id;
#include "host/checks.def"
#undef ROW

const HostCheck *const host_checks[] = {
#define ROW(id) &host_##id,
#include "host/checks.def"
#undef ROW
	NULL};

const CheckInfo *host_check_at(size_t i)
{
	bool there = i < sizeof host_checks / sizeof host_checks[0];
	return there && host_checks[i] != NULL ? &host_checks[i]->info : NULL;
}

const CheckInfo *host_check_named(Str id)
{
	for (size_t i = 0; host_checks[i] != NULL; i++)
		if (str_eq_nocase(id, str_of(host_checks[i]->info.id)))
			return &host_checks[i]->info;
	return NULL;
}

const char *host_section_at(size_t i)
{
	const char *last = "";
	for (size_t k = 0; host_checks[k] != NULL; k++) {
		const char *is = host_checks[k]->info.section;
		if (strcmp(is, last) == 0)
			continue;
		if (i-- == 0)
			return is;
		last = is;
	}
	return NULL;
}
