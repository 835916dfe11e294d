/* dockerfile_fuzz.c - any bytes as a Dockerfile: every span lies in the file, every place exists.
 */
#include <stdlib.h>

#include "dockerfile/dockerfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

static void check_words(const Dockerfile *d, const DockerWords *w)
{
	uint32_t line, column;
	for (size_t i = 0; i < w->n; i++) {
		need(w->at[i].span.at <= w->at[i].span.end && w->at[i].span.end <= d->text.n);
		dockerfile_place(d, w->at[i].span.at, &line, &column);
		need(line >= 1 && line <= d->places.lines.n && column >= 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Dockerfile d;
	Err *e = dockerfile_read((Str){(const char *)data, size}, &a, &d);
	for (size_t i = 0; e == OK && i < d.instructions.n; i++) {
		const Instruction *in = &d.instructions.at[i];
		need(in->span.at <= in->span.end && in->span.end <= size);
		check_words(&d, &in->flags);
		check_words(&d, &in->args);
		if (in->child != NULL)
			check_words(&d, &in->child->args);
	}
	err_free(e);
	arena_finish(&a);
	return 0;
}
