/* digest.h - SHA-256 (FIPS 180-4) of a stream, as images spell it: "sha256:" and 64 hex digits. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { SHA256_BYTES = 32, DIGEST_TEXT_BYTES = 71 };

typedef struct Sha256 {
	void *impl; /* heap; freed by finish or drop */
} Sha256;

Sha256 sha256_start(void);
void sha256_add(Sha256 *h, Str bytes);
void sha256_finish(Sha256 *h, uint8_t out[static SHA256_BYTES]);
void sha256_drop(Sha256 *h); /* gives it up; fine after finish */
void sha256_of(Str bytes, uint8_t out[static SHA256_BYTES]);
Str digest_text(Arena *a, const uint8_t sha[static SHA256_BYTES]);
/* "sha256:" and 64 lower-case hex digits, nothing else. */
bool digest_parse(Str text, uint8_t out[static SHA256_BYTES]);
