/* judge.h - does a value look like a secret? Entropy, checksums, words, placeholders. */
#pragma once
#include "secrets/rule.h"

/* Shannon's entropy of the bytes, in bits a byte; 0 for an empty value. */
double secret_entropy(Str value);
/* Share of neighbouring letters that are common in English, 0 to 1: words are over 0.45,
 * random letters under 0.25. 0 when there are fewer than four pairs. */
double secret_wordiness(Str value);
/* A value that stands for another: "xxxx", "${TOKEN}", "<your-key>", "12345678". */
bool secret_is_placeholder(Str value);
/* It has a word that people write in place of a secret: "changeme", "example". */
bool secret_has_placeholder_word(Str value);
/* Something every assignment may hold and no secret is: a path, a URL without a password, a
 * version, a constant's name, a call, a sentence. */
bool secret_is_code(Str value);
/* What people invent: "Abc123!", "P4ssw0rd-x". */
bool secret_is_feeble(Str value);
/* 8-4-4-4-12 hex digits. */
bool secret_is_uuid(Str value);
/* A text that explains: README, *.md, *.rst. */
bool secret_is_document_path(Str path);
/* A path where samples are kept: documentation, tests, examples. */
bool secret_is_sample_path(Str path);
/* The rule's check over the value; true when it has none. */
bool secret_check_fits(SecretCheck check, Str value);
/* "ghp_****" : at most four leading characters of a value of 16 or more, and never more than
 * a quarter of it; in `a`. */
Str secret_mask(Arena *a, Str value);
