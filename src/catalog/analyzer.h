/* analyzer.h - a reader of one kind of file. See CONTRIBUTING.md, "add an analyzer". */
#pragma once
#include "base/err.h"
#include "model/file.h"
#include "model/pkg.h"

typedef struct Analyzer {
	const char *name; /* stable: appears in reports and cache keys */
	unsigned version; /* bump when output changes; cached layers are read again */
	/* What sets it off. No leading slash. Three shapes: an exact path; "dir/" and '*', every
	 * file of an exact directory; two stars, a slash and a suffix, any file whose path ends in
	 * "/suffix" or is it, where the suffix may start its first component with a '*'. */
	const char *const *paths;
	/* Also kept, in the same shapes, for read() to look up in the set; may be NULL. */
	const char *const *companions;
	bool executables;   /* instead of paths: every executable of 4 KiB or more */
	uint64_t max_bytes; /* larger files are reported, not read */
	/* What to keep of a file; NULL: all of it, up to max_bytes. */
	Sieve *(*sieve)(Arena *a, const FileInfo *f);
	/* Adds what `f` says. Sees only this copy of the file; `set` is for companions (and is
	 * empty when a lower layer's copy is read). An error refuses this file, no other. */
	Result (*read)(const FileSet *set, const Captured *f, Facts *out);
} Analyzer;

/* Adds a package, of which an image has LIMIT_PACKAGES at most. */
Result analyzer_add(Facts *out, Pkg p);

extern const Analyzer *const analyzers[]; /* NULL-terminated, order = analyzers.def */
