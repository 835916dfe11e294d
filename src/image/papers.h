/* papers.h - what lies beside an image in its layout: signatures, SBOMs, provenance.
 *
 * A paper is a manifest that vouches for another one: by `subject` (image-spec 1.1, manifest.md),
 * by BuildKit's "vnd.docker.reference.digest", or by cosign's tag "sha256-<digest>.sig". Papers
 * are claims, which nobody has verified; and documents, of which only types are looked at. */
#pragma once
#include "image/manifest.h"
#include "image/shelf.h"
#include "model/vouched.h"

typedef struct Paper {
	Str about; /* the digest of what it vouches for; empty: of the only image there is */
	bool unread;
	Vouched says;
} Paper;

typedef struct Papers {
	Shelf *shelf;
	Arena *arena;
	VEC(Paper) all;
	unsigned read; /* documents so far */
	bool cut;      /* there were more than are read */
} Papers;

/* By its descriptor alone; `ref` is the name that it has, or an index it is in. */
bool paper_is(const Descriptor *d, Str ref);
/* Reads the document and adds it. What cannot be read is added as such. */
void paper_add(Papers *p, const Descriptor *d, Str ref);
/* For a descriptor that does not tell: if its document is a paper, adds it and says so. */
bool paper_found(Papers *p, const Descriptor *d, Str ref);
/* What is said about an image by any of its digests: the manifest's, and of indexes it is in. */
Vouched papers_about(const Papers *p, const StrVec *digests);

/* A document's own word. False: it vouches for nothing. ERR_INPUT: not JSON. */
Result paper_read(Str text, Arena *a, Paper *out, bool *is);
