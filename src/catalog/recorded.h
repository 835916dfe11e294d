/* recorded.h - the digests that package databases have of the files they installed.
 *
 * dpkg: info/NAME.md5sums (status.d/NAME.md5sums of distroless), Conffiles of status, diversions;
 * MD5. apk: installed, SHA-1. rpm: the headers' file digests, MD5, SHA-1 or SHA-256. They are
 * what the database says: whoever may write it can make a changed file pass. */
#pragma once
#include "io/sums.h"
#include "model/file.h"

typedef struct RecordedFile {
	Str package;
	SumKind sum;
	bool settings; /* a configuration file, which is there to be changed */
	uint8_t digest[SUM_MAX];
} RecordedFile;

typedef struct Recorded {
	Arena *arena;
	Map files;      /* path, without a leading '/' -> RecordedFile */
	Map diversions; /* path -> where packages but one have it */
	bool asked;     /* there is a package database */
} Recorded;

/* Is this one of the files that recorded_add() reads? No leading '/'. */
bool recorded_wants(Str path);
/* The places of such files, as in Selector.exact: exact paths, and "dir/" with a star. */
extern const char *const recorded_paths[];

/* Keeps those files whole; static. */
const Selector *recorded_selector(void);

/* Adds what one file says; `bodies` live as long as the arena. Diversions belong first, then
 * any order; see recorded_is_first(). ERR_INPUT when it cannot be read. */
Result recorded_add(Recorded *r, Str path, Str body);
bool recorded_is_first(Str path);
/* All of a set, in the right order. What cannot be read is left out and told in *why. */
void recorded_from(const FileSet *set, Arena *a, Recorded *out, StrVec *why);

/* What databases of lower layers said, of files that were replaced since: Image.hidden. */
void recorded_from_hidden(const CapturedVec *hidden, Arena *a, Recorded *out);

const RecordedFile *recorded_get(const Recorded *r, Str path); /* NULL: nobody's */
/* `sums`: the file's own, of all kinds or of the kind on record. */
bool recorded_is(const RecordedFile *f, uint8_t sums[SUM_KINDS][SUM_MAX]);
