/* expand_fuzz.c - any bytes as a word: it ends, and every name that is used lies in the word. */
#include <stdlib.h>

#include "dockerfile/expand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static VarState look(const void *ctx, Str name, Str *value)
{
	(void)ctx;
	*value = str_eq(name, S("a")) ? S("a/b/c.*?\n\\x") : S("");
	return (VarState)(name.n % 3);
}

static void must_be_sound(Str word, char escape, bool plain)
{
	Arena a = {0};
	Expander x = {.look = look, .escape = escape, .plain = plain, .left = 1u << 16};
	Expanded out;
	Err *e = expand_word(word, &x, &a, &out);
	if (e != OK && e->kind != ERR_INPUT && e->kind != ERR_LIMIT)
		abort();
	for (size_t i = 0; i < out.uses.n; i++) {
		Str name = out.uses.at[i].name;
		if (name.n != 0 && (name.p < word.p || name.p + name.n > word.p + word.n))
			abort();
	}
	err_free(e);
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str word = {(const char *)data, size};
	must_be_sound(word, '\\', false);
	must_be_sound(word, '`', true);
	return 0;
}
