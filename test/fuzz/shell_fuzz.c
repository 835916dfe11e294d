/* shell_fuzz.c - any bytes as a script: it ends, and every word lies in the script. */
#include <stdlib.h>

#include "shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_within(Str part, const uint8_t *data, size_t size)
{
	const char *from = (const char *)data;
	if (part.p < from || part.p + part.n > from + size)
		abort();
}

static void must_be_sound(const ShellScript *s, size_t i)
{
	const ShellCommand *c = &s->commands.at[i];
	size_t feeder = shell_feeder(s, i);
	if (shell_program(c) > c->words.n || c->inner > i || c->outer > i ||
	    (feeder >= i && feeder != s->commands.n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	ShellScript s;
	shell_read((Str){(const char *)data, size}, &a, &s);
	for (size_t i = 0; i < s.commands.n; i++) {
		const ShellCommand *c = &s.commands.at[i];
		must_be_sound(&s, i);
		must_be_within(c->raw, data, size);
		for (size_t k = 0; k < c->words.n; k++)
			must_be_within(c->words.at[k].at, data, size);
	}
	arena_finish(&a);
	return 0;
}
