/* dockerignore_fuzz.c - the first line is a path, the rest a .dockerignore: it ends with an answer.
 */
#include <stdlib.h>

#include "dockerfile/ignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Dockerignore d;
	Str rest = {(const char *)data, size}, path = {0};
	str_cut(&rest, '\n', &path);
	err_free(dockerignore_read(rest, &a, &d));
	const IgnorePattern *p = dockerignore_excludes(&d, path_clean(&a, path));
	if (p != NULL && (p->takes_back || p->text.n == 0))
		abort();
	arena_finish(&a);
	return 0;
}
