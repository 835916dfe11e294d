/* zip_maker.h - small zip archives made for tests, right ones, to be damaged afterwards. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/str.h"

typedef struct ZipMaker {
	unsigned char bytes[4096], central[1024];
	size_t n, central_n;
	unsigned entries;
} ZipMaker;

static inline void zip_u(unsigned char *p, size_t *n, unsigned long v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[(*n)++] = (unsigned char)(v >> (8 * i));
}

static inline void zip_bytes(unsigned char *p, size_t *n, const void *from, size_t bytes)
{
	if (bytes != 0)
		memcpy(p + *n, from, bytes);
	*n += bytes;
}

/* The fields that the local and the central header share, from "version needed" on. */
static inline void zip_fields(unsigned char *p, size_t *n, unsigned method, unsigned long crc,
			      size_t stored, size_t size)
{
	zip_u(p, n, 20, 2);
	zip_u(p, n, 0, 2);
	zip_u(p, n, method, 2);
	zip_u(p, n, 0, 4);
	zip_u(p, n, crc, 4);
	zip_u(p, n, stored, 4);
	zip_u(p, n, size, 4);
}

static inline void zip_add(ZipMaker *z, const char *name, Str body, unsigned method)
{
	unsigned char packed[4096];
	z_stream d = {.next_in = (Bytef *)(uintptr_t)body.p,
		      .avail_in = (uInt)body.n,
		      .next_out = packed,
		      .avail_out = sizeof packed};
	const void *data = body.p;
	size_t stored = body.n, at = z->n;
	if (method == 8) {
		if (deflateInit2(&d, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
		    deflate(&d, Z_FINISH) != Z_STREAM_END)
			abort();
		stored = d.total_out;
		data = packed;
		deflateEnd(&d);
	}
	unsigned long crc = crc32_z(0, (const Bytef *)body.p, body.n);
	zip_bytes(z->bytes, &z->n, "PK\3\4", 4);
	zip_fields(z->bytes, &z->n, method, crc, stored, body.n);
	zip_u(z->bytes, &z->n, strlen(name), 2);
	zip_u(z->bytes, &z->n, 0, 2);
	zip_bytes(z->bytes, &z->n, name, strlen(name));
	zip_bytes(z->bytes, &z->n, data, stored);

	zip_bytes(z->central, &z->central_n, "PK\1\2\24\0", 6);
	zip_fields(z->central, &z->central_n, method, crc, stored, body.n);
	zip_u(z->central, &z->central_n, strlen(name), 2);
	zip_bytes(z->central, &z->central_n, "\0\0\0\0\0\0\0\0\0\0\0", 12);
	zip_u(z->central, &z->central_n, at, 4);
	zip_bytes(z->central, &z->central_n, name, strlen(name));
	z->entries++;
}

static inline void zip_end(ZipMaker *z)
{
	size_t at = z->n;
	zip_bytes(z->bytes, &z->n, z->central, z->central_n);
	zip_bytes(z->bytes, &z->n, "PK\5\6\0\0\0\0", 8);
	zip_u(z->bytes, &z->n, z->entries, 2);
	zip_u(z->bytes, &z->n, z->entries, 2);
	zip_u(z->bytes, &z->n, z->central_n, 4);
	zip_u(z->bytes, &z->n, at, 4);
	zip_u(z->bytes, &z->n, 0, 2);
}

/* A descriptor with these bytes. */
static inline int fd_with(const void *bytes, size_t n)
{
	int fd = memfd_create("test", 0);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	return fd;
}
