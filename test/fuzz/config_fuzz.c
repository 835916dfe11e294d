/* config_fuzz.c - any bytes are a configuration file or an error. */
#include <stdint.h>

#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	const Command *c = command_named(commands, "help");
	OptSet set = {.table = c->opts,
		      .into = arena_alloc(&a, 1, c->opts_size, _Alignof(max_align_t)),
		      .arena = &a};
	err_free(config_read("config", (Str){(const char *)data, size}, "help", &set));
	StrVec said = {0};
	static const char *const allowed[] = {"severity", "label", "fail-on", NULL};
	err_free(config_read_project(".bulwark.yaml", (Str){(const char *)data, size}, "lint",
				     allowed, &a, &said));
	arena_finish(&a);
	return 0;
}
