/* assign.h - "name = value" in whatever language: where the value starts. */
#pragma once
#include "base/str.h"

/* `at`: in the name, behind the word that set it off. Steps over the rest of the name, quotes,
 * one operator (= : := ::= ?= => , > || and such) and the quotes before the value. At most
 * about 40 bytes are looked at. */
bool secret_assigned(Str text, size_t at, size_t *value_at);
/* Where the name around `at` starts: letters, digits, '_', '-', '.', '$'. */
size_t secret_name_start(Str text, size_t at);
