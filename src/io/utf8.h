/* utf8.h - UTF-8 as RFC 3629 has it: no surrogates, nothing overlong, nothing over U+10FFFF. */
#pragma once
#include "base/str.h"

/* Bytes of the character that `s` starts with; 0 when it starts with none. */
size_t utf8_length(Str s);
/* Writes a code point that is not a surrogate; 1 to 4 bytes. */
size_t utf8_put(uint32_t code, char to[static 4]);
