/* rebuild_fuzz.c - any history, a line each parted by 0xff: what is rebuilt reads as what was said
 * to be rebuilt, each instruction where its step says. */
#include <stdlib.h>

#include "dockerfile/limits.h"
#include "dockerfile/rebuild.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

/* In the order of the file; FROM comes first. */
static void compare(const Rebuilt *r, const Dockerfile *d)
{
	size_t next = 1;
	need(d->instructions.n != 0 && d->instructions.at[0].op == OP_FROM);
	for (size_t i = 0; i < r->steps.n; i++) {
		const RebuiltStep *s = &r->steps.at[i];
		if (s->op == OP_UNKNOWN)
			continue;
		need(next < d->instructions.n);
		const Instruction *in = &d->instructions.at[next++];
		need(in->op == s->op && in->first == s->line && in->last == s->last);
	}
	need(next == d->instructions.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Image image = {.reference = S("x")};
	Rebuilt r;
	Dockerfile d;
	Str rest = {(const char *)data, size}, line;
	if (size > LIMIT_DOCKERFILE_LINE / 8) /* lines get longer, and too long ones are no lines */
		return 0;
	while (rest.n != 0 && str_cut(&rest, '\xff', &line))
		vec_push(&a, &image.settings.history,
			 (HistoryStep){.created_by = line, .layer = LAYER_NONE});
	Err *e = dockerfile_rebuild(&image, &a, &r);
	if (e == OK)
		e = dockerfile_read(r.text, &a, &d);
	if (e == OK)
		compare(&r, &d);
	err_free(e);
	arena_finish(&a);
	return 0;
}
