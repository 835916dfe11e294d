/* json_edit.h - one key of a JSON object set in its text: every other byte stays as it is. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

/* `value` is raw JSON. A key that is there has its value replaced; a new one comes last, set out as
 * those before it. A text of blanks is an empty object. ERR_INPUT when the text is no JSON object,
 * or has a key twice in any object. The result parses again, with that value. For a worker. */
Result json_edit_set(Str text, Str key, Str value, Arena *a, Str *out);
/* The raw value of a key; *found false when there is none. Errors as above. */
Result json_edit_get(Str text, Str key, Arena *a, Str *out, bool *found);
