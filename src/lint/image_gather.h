/* image_gather.h - one walk over an image's entries; what rules ask about is kept, the rest
 * counted. */
#pragma once
#include "lint/image_rule.h"

typedef enum Trait {                  /* bits: why a file is kept */
		     TRAIT_SETID = 1, /* setuid, setgid or capabilities */
		     TRAIT_WRITABLE =
			     2, /* by everybody, and not sticky; or an account file by its group */
		     TRAIT_PROGRAM = 4,  /* executable in a directory of the system's programs */
		     TRAIT_LEFTOVER = 8, /* by name: image_leftovers.c */
		     TRAIT_STRANGE =
			     16,        /* a device, a link or a name that leads out of the image */
		     TRAIT_KEY = 32,    /* by name: image_keys.c */
		     TRAIT_PACKED = 64, /* a program that UPX packed */
} Trait;

typedef struct ImageFile {
	FileInfo info;
	Str link;
	unsigned traits;
	uint32_t layer;
	const Pkg *owner; /* the package of the system that brought it; NULL: none did */
	bool was_plain;   /* TRAIT_SETID: in a lower layer it had fewer rights, */
	uint32_t made_by; /* and this one, or the file's own, gave them */
} ImageFile;

typedef struct Cache { /* of a package manager */
	uint64_t bytes, files;
	uint32_t layer; /* that brought most of it */
	uint64_t most;
	Str dir;
} Cache;

typedef struct Waste { /* a path that hidden files had */
	Str path;
	uint64_t bytes;
	uint32_t copies, layer, by; /* of the largest */
	uint64_t most;
} Waste;

struct ImageGather {
	VEC(ImageFile) files; /* visible, in the order of the walk */
	VEC(Cache) caches;
	VEC(Waste) wastes; /* of paths that wasted a little at least */
	uint64_t hidden_bytes, hidden_files, visible_bytes;
	bool owners_known; /* some package said what it owns */
};

void image_gather(const Image *image, const Facts *facts, Arena *a, ImageGather *out);

#define EACH_FILE(i, f, trait)                                                    \
	for (const ImageFile *f = (i)->gather->files.at,                          \
			     *end_ = f != NULL ? f + (i)->gather->files.n : NULL; \
	     f < end_; f++)                                                       \
		if ((f->traits & (trait)) != 0)

/* By name alone; the path has no '/' in front. */
bool names_key(Str path);
bool names_leftover(Str path, FileType type);
/* The package manager's cache that the path lies in: its directory, or S(""). */
Str names_cache(Str path);
bool in_program_dir(Str path);
/* As lint_selector() has kept it; NULL: nothing was kept. */
bool is_packed(const Captured *f);
bool leads_to_process(Str link);
