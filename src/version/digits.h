/* digits.h - runs of decimal digits of any length, compared as numbers. */
#pragma once
#include "base/str.h"

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Takes the digits that `s` starts with, without leading zeros; "" for none or only zeros. */
Str digits_take(Str *s);
/* < 0, 0, > 0, of two answers of digits_take(). */
int digits_compare(Str a, Str b);
