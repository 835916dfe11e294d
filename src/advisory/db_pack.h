/* db_pack.h - the bytes of numbers, strings and records inside the database. Private to db_*.c.
 *
 * Numbers are LEB128, strings are a length and their bytes. Reading never goes past the end:
 * `bad` is set and stays set, and everything read from then on is empty. */
#pragma once
#include "base/buf.h"
#include "model/advisory.h"

typedef struct Unpack {
	Str rest;
	bool bad;
} Unpack;

void pack_u64(Buf *b, uint64_t v);
void pack_i64(Buf *b, int64_t v);
void pack_str(Buf *b, Str s);
void pack_strs(Buf *b, const StrVec *v);

uint64_t unpack_u64(Unpack *u);
uint64_t unpack_u64_below(Unpack *u, uint64_t limit); /* bad when it is not */
int64_t unpack_i64(Unpack *u);
Str unpack_str(Unpack *u); /* borrowed */
void unpack_strs(Unpack *u, Arena *a, StrVec *out);

/* One noun each way; `ecosystem` and `package` of an advisory, the id of a detail and the key
 * of the others are the record's key, and not in it. */
void pack_advisory(Buf *b, const Advisory *row);
void unpack_advisory(Unpack *u, Arena *a, Advisory *out);
void pack_detail(Buf *b, const AdvisoryDetail *d);
void unpack_detail(Unpack *u, Arena *a, AdvisoryDetail *out);
void pack_exploited(Buf *b, const Exploited *e);
void unpack_exploited(Unpack *u, Exploited *out);
void pack_epss(Buf *b, const Epss *e);
void unpack_epss(Unpack *u, Epss *out);
/* Of two packed ratings the better one is the greater by bytes: one with a CVSS vector, of these
 * the worst; of errata, which rate the worst of all they fix, the lowest. */
void pack_rating(Buf *b, const Rating *r);
void unpack_rating(Unpack *u, Rating *out);
void pack_lifecycle(Buf *b, const Lifecycle *l);
void unpack_lifecycle(Unpack *u, Lifecycle *out);
