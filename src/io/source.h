/* source.h - bytes pulled, never pushed.
 *
 * A Source is a window [pos,end) that fill() slides forward. A filter takes the
 * Source in *s and leaves itself there, so one variable always owns the stack:
 *
 *     AUTO_SOURCE Source *s = NULL;
 *     TRY(source_open(dir, path, &s));
 *     TRY(source_gunzip(&s));
 *     TRY(source_limit(&s, limits.layer_bytes));
 *
 * When a filter fails, *s is still what it was. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Source Source;

typedef struct SourceOps {
	Result (*fill)(Source *s); /* at least one more byte, or eof = true */
	/* The same past the window, into p[n]: *made of them. NULL: only fill() makes bytes. */
	Result (*into)(Source *s, uint8_t *p, size_t n, size_t *made);
	void (*close)(Source *s); /* frees itself and what it owns; may be NULL */
} SourceOps;

struct Source {
	const uint8_t *pos, *end;
	bool eof;
	const SourceOps *ops;
};

/* Next window, valid until the next call; an empty one means end of stream. */
Result source_next(Source *s, Str *out);
/* Up to `n` bytes into `p`, without a copy where the source can make them there; 0: the end. */
Result source_read(Source *s, uint8_t *p, size_t n, size_t *got);
/* One line without its '\n'; *got = false at the end. Lines over max: ERR_LIMIT. */
Result source_line(Source *s, Arena *a, size_t max, Str *out, bool *got);
void source_close(Source *s); /* NULL is fine */

static inline void source_closep(Source **s) { source_close(*s); }
#define AUTO_SOURCE __attribute__((cleanup(source_closep), unused))

/* Filters. */
Result source_limit(Source **s, uint64_t max_bytes);
Result source_gunzip(Source **s);

/* Leaves. source_from_mem() borrows; `step` > 0 dribbles that many bytes a time. */
typedef struct MemSource {
	Source base;
	Str rest;
	size_t step;
} MemSource;
Source *source_from_mem(MemSource *m, Str bytes, size_t step);

/* From a descriptor, from where it stands; `take` true: closed with the source. */
Source *source_from_fd(int fd, bool take);
/* At most `bytes` of `fd` from offset `at`, with pread; for a region of a larger file. */
Source *source_from_region(int fd, uint64_t at, uint64_t bytes);
/* gzip (RFC 1952, any number of members) or zstd (RFC 8878, any number of frames, window up
 * to 128 MiB) by its magic, else as it is. *name: "gzip", "zstd" or "plain"; may be NULL. */
Result source_decompress(Source **s, const char **name);
Result source_unzstd(Source **s);
/* The window as it stands, with at least `n` bytes (at most SOURCE_PEEK_MAX) unless it ends before;
 * nothing is taken. */
enum { SOURCE_PEEK_MAX = 512 };
Result source_peek(Source **s, size_t n, Str *out);
/* Everything up to the end, in `a`; ERR_LIMIT past `max`. */
Result source_all(Source *s, Arena *a, uint64_t max, Str *out);
