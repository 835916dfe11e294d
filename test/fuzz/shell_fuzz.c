/* shell_fuzz.c - any bytes as a script: it ends, and every word lies in the script. */
#include <stdlib.h>

#include "shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	ShellScript s;
	const char *from = (const char *)data;
	shell_read((Str){from, size}, &a, &s);
	for (size_t i = 0; i < s.commands.n; i++) {
		const ShellCommand *c = &s.commands.at[i];
		if (shell_program(c) > c->words.n)
			abort();
		for (size_t k = 0; k < c->words.n; k++) {
			Str raw = c->words.at[k].raw;
			if (raw.p < from || raw.p + raw.n > from + size)
				abort();
		}
	}
	arena_finish(&a);
	return 0;
}
