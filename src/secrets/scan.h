/* scan.h - one text after another through a set of rules.
 *
 * A text is fed in pieces of any size; the answers are the same. It is looked at in windows
 * that overlap, as it is, and where it holds base64 or percent-encoding also decoded, at most
 * LIMIT_SECRET_DECODE_DEPTH deep. A text with a NUL in its first 8 KiB is a binary: only rules
 * with a literal of their own are tried there. UTF-16 is read as text, with a mark or without. */
#pragma once
#include "secrets/set.h"

typedef struct SecretHit {
	const SecretRule *rule;
	Str value;    /* as found, not masked; valid during the call. Empty: the file itself */
	uint64_t at;  /* of the value, or of what it was encoded in, */
	size_t bytes; /* and how many it has there; 0 for the file itself */
	uint64_t line, column; /* from 1; column in characters */
	Confidence confidence;
	const char *decoded; /* "", "base64" or "percent" */
} SecretHit;

typedef void SecretSink(void *ctx, const SecretHit *hit);

typedef struct SecretScan SecretScan; /* one a thread */

SecretScan *secret_scan_create(const SecretSet *set);
void secret_scan_destroy(SecretScan *s); /* NULL is fine */
static inline void secret_scan_destroyp(SecretScan **s) { secret_scan_destroy(*s); }
#define AUTO_SECRET_SCAN __attribute__((cleanup(secret_scan_destroyp)))

/* A new text; `path` is borrowed until its end. Hits come in the order of the text. */
void secret_scan_begin(SecretScan *s, Str path, SecretSink *sink, void *ctx);
void secret_scan_feed(SecretScan *s, Str bytes);
/* NULL when all of it was looked at, else why not: it has more than LIMIT_SECRET_HITS findings, or
 * a rule gave up. The words last until the next text begins. */
const char *secret_scan_end(SecretScan *s);
