/* decode.h - base64 (RFC 4648, both alphabets) and percent-encoding (RFC 3986) in a text. */
#pragma once
#include "base/str.h"

/* 0 to 63, or -1. */
int secret_base64_digit(char c);
/* Decodes what is base64 in `from`, skipping all else; `to` has room for from.n bytes. */
size_t secret_base64(Str from, char *to);

/* The next run of base64 at or after *at, at least `least` (32 or more) characters long, that
 * decodes to text. False when there is none; *at is behind the run. */
bool secret_next_base64(Str text, size_t *at, size_t least, Str *run);
/* How many digits of base64 stand before `at` in a row, back to `from`. */
size_t secret_base64_before(Str text, size_t from, size_t at);
/* The next escape at or after *at and before `to`, with what stands around it on its line: at most
 * SECRET_PERCENT_BACK bytes before it and `reach` in all. *at is where to look on; what stands
 * across two answers' ends stands in one of them whole, when it has at most
 * SECRET_PERCENT_BACK bytes. */
enum { SECRET_PERCENT_BACK = 1024 };
bool secret_next_percent(Str text, size_t to, size_t reach, size_t *at, Str *run);
/* Undoes the escapes; `to` has room for from.n bytes. */
size_t secret_percent(Str from, char *to);
