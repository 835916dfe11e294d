/* secret_reader.h - one file, or an archive of files, through the secrets engine into remarks.
 *
 * In a worker. Values are masked here: what leaves the worker cannot be used. Archives (zip,
 * tar; gzip and zstd around anything) are opened at most LIMIT_SECRET_ARCHIVE_DEPTH deep; a
 * member is named "app.jar!/conf/key.pem". What cannot be read becomes an Unread. */
#pragma once
#include "io/source.h"
#include "model/remark.h"
#include "secrets/scan.h"

typedef struct SecretReader { /* one a thread */
	SecretScan *scan;
	Arena *arena; /* of the report */
	RemarkReport report;
	Confidence least; /* no remark below it */
	Str layer;        /* of the files that follow */
	Str path;         /* of the file that is read */
	size_t left;      /* remarks that may still be made */
} SecretReader;

/* The bytes of one file or member; `path` as the report shows it, in the arena. */
void secret_reader_bytes(SecretReader *r, Str path, Str bytes);
/* From where `fd` stands; a regular file or a pipe. */
void secret_reader_fd(SecretReader *r, Str path, int fd);
