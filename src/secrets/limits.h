/* limits.h - the ceilings of this room, each with its reason; see base/limits.h. */
#pragma once

/* Rules of one set; 240 come with the program. */
#define LIMIT_SECRET_RULES 4000u
/* One pattern; our longest has 400. */
#define LIMIT_SECRET_PATTERN_BYTES 4096u
/* A keyword or prefix. */
#define LIMIT_SECRET_LITERAL_BYTES 64u
/* How far a pattern may begin before its literal; the overlap of two windows. */
#define LIMIT_SECRET_BACK_BYTES 1024u
/* How far it may reach behind it: a private key of 16384 bits in PEM has 12,700. */
#define LIMIT_SECRET_SPAN_BYTES (16u << 10)
/* Backtracking of one match; PCRE2's unit. Ours take under 2,000. */
#define LIMIT_SECRET_MATCH_STEPS 100000u
/* Heap of one match without JIT. */
#define LIMIT_SECRET_MATCH_KIB 4096u
/* Secrets of one file; a file with more is a list of them. */
#define LIMIT_SECRET_HITS 1000u
/* What one window of a MiB may hold before it is sorted out which of it is the same. */
#define LIMIT_SECRET_FOUND 8000u
/* Encoded runs that are decoded in one window of a MiB: as many of base64 as there can be. */
#define LIMIT_SECRET_DECODED_RUNS 40000u
/* base64 in base64: Kubernetes' manifests have two. */
#define LIMIT_SECRET_DECODE_DEPTH 2u

/* Archives in archives: a jar in a war in a tar in gzip. */
#define LIMIT_SECRET_ARCHIVE_DEPTH 4u
/* Members of one file's archives that are looked at. */
#define LIMIT_SECRET_MEMBERS 200000u
/* One member of a zip, which is unpacked whole. */
#define LIMIT_SECRET_MEMBER_BYTES (64u << 20)
/* A file of a layer that is read whole; larger ones stream by. */
#define LIMIT_SECRET_WHOLE_BYTES (4u << 20)
/* What one file unpacks to, whatever is in it; a bomb ends here and is told. */
#define LIMIT_SECRET_UNPACKED_BYTES (4ull << 30)
/* Or when it unpacks to so many times its size, and to more than 64 MiB: text reaches 30. */
#define LIMIT_SECRET_RATIO 200u
#define LIMIT_SECRET_RATIO_FREE_BYTES (64ull << 20)
/* One file of a repository's history, which is unpacked whole. */
#define LIMIT_SECRET_BLOB_BYTES (64u << 20)
/* Remarks of one run. */
#define LIMIT_SECRET_REMARKS 100000u
/* Files of one run. */
#define LIMIT_SECRET_FILES 4000000u
/* A file of rules, of exceptions, a baseline. */
#define LIMIT_SECRET_RULES_BYTES (4u << 20)
#define LIMIT_SECRET_BASELINE_BYTES (256u << 20)
