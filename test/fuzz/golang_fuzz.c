/* golang_fuzz.c - a program's bytes, in two different steps, give the same or no answer. */
#include <stdlib.h>

#include "base/arena.h"
#include "catalog/analyzer.h"
#include "catalog/go_sieve.h"

extern const Analyzer analyzer_golang;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Str sift(Arena *a, Str file, size_t step)
{
	FileInfo info = {.path = S("x"), .type = FILE_REGULAR, .size = file.n, .mode = 0755};
	Sieve *s = go_sieve(a, &info);
	Str out = {0};
	Err *e = OK;
	for (uint64_t at = 0; e == OK && at < file.n && s->next != SIEVE_DONE; at += step)
		if (s->next < at + step)
			e = s->feed(s, at, str_first(str_skip(file, at), step));
	Err *finished = s->finish(s, &out);
	if (e != OK || finished != OK)
		out = (Str){0};
	err_free(e);
	err_free(finished);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str file = {(const char *)data, size};
	Str once = sift(&a, file, size + 1), often = sift(&a, file, 61);
	if (!str_eq(once, often))
		abort();
	Facts facts = {.arena = &a};
	Captured f = {.path = S("x"), .body = size % 2 != 0 ? file : once};
	err_free(analyzer_golang.read(&(FileSet){0}, &f, &facts));
	arena_finish(&a);
	return 0;
}
