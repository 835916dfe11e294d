/* file_sieve.h - every regular file of every layer through the secrets engine, and what else is
 * looked at in its bytes, in the one pass over the layers.
 *
 * Made before the worker, used in it; its selector joins others in a tee (model/tee.h). A file of
 * up to LIMIT_SECRET_WHOLE_BYTES is read whole, an archive up to LIMIT_SECRET_MEMBER_BYTES; all
 * else streams by, so an archive larger than that is not opened, and told. */
#pragma once
#include "catalog/recorded.h"
#include "flow/secret_reader.h"
#include "io/sums.h"
#include "malware/look.h"
#include "model/image.h"

typedef struct FileSieveWant {
	const SecretSet *set;
	Confidence least;
	const StrVec *exclude; /* shell patterns of paths; may be NULL */
	bool every;            /* sums and looks of every file, not of those with findings only */
	Str help;              /* behind what is found; empty: what one does about secrets */
	/* The bytes of each file of up to LIMIT_SECRET_MEMBER_BYTES, which is then read whole; may
	 * be NULL. From any thread. */
	void (*whole)(void *ctx, SecretReader *r, Str path, Str bytes);
	void *ctx;
} FileSieveWant;

typedef struct Looked { /* what lies in a Captured body */
	RemarkReport report;
	SecretMarkVec marks;
	FileInfo info;
	bool looked; /* facts are there */
	MalwareFacts facts;
	uint8_t sums[SUM_KINDS][SUM_MAX];
} Looked;

typedef struct FileSieves FileSieves;

FileSieves *file_sieves_create(const FileSieveWant *want);
void file_sieves_destroy(FileSieves *s); /* NULL is fine */
const Selector *file_sieves_selector(FileSieves *s);
const Looked *looked_of(const Captured *f); /* NULL: nothing was kept */
/* Is it the file on record? */
bool looked_is(const Looked *l, const RecordedFile *f); /* f may be NULL */
/* "... in layer 2 of 5, though layer 4 removed or replaced the file"; `hidden`: of Image.hidden. */
Str looked_place(const Image *image, const Captured *f, bool hidden, Str message, Arena *a);

/* In the worker. Files and members that were read. */
size_t file_sieves_read(const FileSieves *s);
/* A reader for what is no file, in `a`; given back with its findings still in it. */
SecretReader *file_sieves_reader(FileSieves *s, Arena *a);
void file_sieves_give_back(FileSieves *s, SecretReader *r);
