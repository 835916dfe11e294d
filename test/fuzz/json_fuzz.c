/* json_fuzz.c - pull and tree agree on what is JSON; what was read can be written and read again.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "io/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str text = {(const char *)data, size};
	Value *v;
	Err *tree = value_from_json(text, &a, &v);
	Json j = json_over(text, &a);
	Err *pull = json_skip(&j);
	if (pull == OK)
		pull = json_end(&j);
	if (tree == OK && pull != OK)
		abort();
	if (tree == OK && v->type == JSON_STRING) {
		Buf b = buf_in(&a, 1u << 22);
		Value *again;
		json_quote(&b, v->text);
		if (value_from_json(buf_str(&b), &a, &again) != OK || !str_eq(again->text, v->text))
			abort();
	}
	err_free(tree);
	err_free(pull);
	err_free(value_from_yaml(text, &a, &v));
	arena_finish(&a);
	return 0;
}
