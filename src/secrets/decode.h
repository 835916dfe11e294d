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
/* The next line at or after *at with two or more escapes; *at is behind it. */
bool secret_next_percent(Str text, size_t *at, Str *line);
/* Undoes the escapes; `to` has room for from.n bytes. */
size_t secret_percent(Str from, char *to);
