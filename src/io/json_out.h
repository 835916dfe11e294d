/* json_out.h - JSON being written: commas set themselves, strings are quoted whatever their bytes.
 *
 * `key` NULL: an element of an array. */
#pragma once
#include "base/buf.h"

typedef struct JsonOut {
	Buf *b;
	bool comma; /* something stands before what comes next, in the same container */
	bool line;  /* what comes next starts a line */
} JsonOut;

void json_open(JsonOut *o, const char *key, char bracket); /* '{' or '[' */
void json_close(JsonOut *o, char bracket);                 /* '}' or ']' */
void json_line(JsonOut *o); /* before what comes next: reports can be compared with diff */
void json_text(JsonOut *o, const char *key, Str s);
void json_text_or_not(JsonOut *o, const char *key, Str s); /* empty: nothing at all */
void json_word(JsonOut *o, const char *key, const char *s);
void json_uint(JsonOut *o, const char *key, uint64_t v);
void json_truth(JsonOut *o, const char *key, bool v);
/* {"text": s}, as SARIF has its messages. */
void json_message(JsonOut *o, const char *key, Str s);
