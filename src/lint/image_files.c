/* image_files.c - which files of an image the rules want to read. */
#include "lint/image_gather.h"
#include "lint/limits.h"

static const char *const exact[] = {"etc/passwd", "etc/group", "etc/shadow", NULL};

static bool is_exact(Str path)
{
	for (size_t i = 0; exact[i] != NULL; i++)
		if (str_eq(path, str_of(exact[i])))
			return true;
	return false;
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	if (is_exact(f->path))
		return sieve_whole(a, f->size, LIMIT_LINT_ACCOUNTS_BYTES);
	if (names_key(f->path) && f->size != 0 && f->size <= LIMIT_LINT_KEY_BYTES)
		return sieve_whole(a, f->size, LIMIT_LINT_KEY_BYTES);
	return NULL;
}

const Selector *lint_selector(void)
{
	static const Selector s = {.exact = exact, .pick = pick};
	return &s;
}
