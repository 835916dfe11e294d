/* secret_reader.h - one file, or an archive of files, through the secrets engine into remarks.
 *
 * In a worker. Values are masked here: what leaves the worker cannot be used. Archives (zip,
 * tar; gzip and zstd around anything) are opened at most LIMIT_SECRET_ARCHIVE_DEPTH deep; a
 * member is named "app.jar!/conf/key.pem". What cannot be read becomes an Unread. */
#pragma once
#include "io/source.h"
#include "model/remark.h"
#include "secrets/scan.h"

typedef struct SecretMark { /* what the parent must not see of a remark, and what comes of it */
	uint8_t value[16];  /* digest of rule and value */
	uint64_t round;
	bool owned;
} SecretMark;

typedef VEC(SecretMark) SecretMarkVec;

typedef struct SecretReader { /* one a thread */
	SecretScan *scan;
	Arena *arena; /* of the report */
	RemarkReport report;
	Confidence least;    /* no remark below it */
	SecretMarkVec marks; /* one a remark */
	/* Of the files that follow; strings live as long as the report. */
	Str layer, commit, date;
	Str help;       /* what to do; empty: what one does about secrets */
	Str note;       /* behind the message: " in commit 1a2b3c4" */
	uint64_t round; /* earlier ones are told before later ones */
	Str path;       /* of the file that is read; */
	size_t under;   /* of it, what names the place where the search began */
	size_t left;    /* remarks that may still be made; */
	bool full;      /* there were more, and that was told */
	/* What the file that is read has cost, archives in it included. */
	uint64_t stored, unpacked;
	unsigned members;
	bool spent;
} SecretReader;

/* The bytes of one file or member; `path` as the report shows it, in the arena. */
void secret_reader_bytes(SecretReader *r, Str path, Str bytes);
/* From where `fd` stands; a regular file or a pipe. */
void secret_reader_fd(SecretReader *r, Str path, int fd);
/* A remark of somebody else's about the file that was read last; strings are copied. `value`: what
 * tells it from others. */
void secret_reader_add(SecretReader *r, const Remark *m, Str value);
/* Takes back what was found in the file that the report shows as `path`, and in its members. */
void secret_reader_forget(SecretReader *r, Str path);
/* What could not be read of the file that the report shows as `path`; takes the error over. */
void secret_reader_unread(SecretReader *r, Str path, Err *e);
/* A file in pieces, as it is: archives are not opened. */
void secret_reader_begin(SecretReader *r, Str path);
void secret_reader_feed(SecretReader *r, Str bytes);
void secret_reader_end(SecretReader *r);
/* Its first bytes are those of an archive. */
bool secret_reader_is_archive(Str head);
