/* sums.h - MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4) of one stream: what package databases
 * and lists of known files name files by. For recognising, not for trust. */
#pragma once
#include "base/err.h"
#include "base/str.h"

typedef enum SumKind { SUM_MD5, SUM_SHA1, SUM_SHA256, SUM_KINDS } SumKind;

enum { SUM_MAX = 32 };

typedef struct Sums {
	void *impl[SUM_KINDS]; /* heap; NULL: not asked for */
} Sums;

Sums sums_start(unsigned which); /* bits: 1u << SUM_MD5 ... */
void sums_add(Sums *s, Str bytes);
/* Those that were asked for, into out[kind]; frees. */
void sums_finish(Sums *s, uint8_t out[SUM_KINDS][SUM_MAX]);
void sums_drop(Sums *s); /* gives them up; fine after finish */
unsigned sum_bytes(SumKind k);
/* Of `fd`, from its start to its end; false when it cannot be read. */
bool sum_of_file(int fd, SumKind k, uint8_t out[SUM_MAX]);
