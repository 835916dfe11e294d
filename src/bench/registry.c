/* registry.c - the table of checks, by id. */
#include "bench/registry.h"

#define ROW(id) extern const BenchCheck bench_##id;
#include "bench/checks.def"
#undef ROW

const BenchCheck *const bench_checks[] = {
#define ROW(id) &bench_##id,
#include "bench/checks.def"
#undef ROW
	NULL};

const CheckInfo *bench_check_at(size_t i)
{
	bool there = i < sizeof bench_checks / sizeof bench_checks[0];
	return there && bench_checks[i] != NULL ? &bench_checks[i]->info : NULL;
}

const CheckInfo *bench_check_named(Str id)
{
	for (size_t i = 0; bench_checks[i] != NULL; i++)
		if (str_eq_nocase(id, str_of(bench_checks[i]->info.id)))
			return &bench_checks[i]->info;
	return NULL;
}
