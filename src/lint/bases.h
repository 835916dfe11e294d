/* bases.h - what is known of the images that everybody builds on. */
#pragma once
#include "base/str.h"

typedef struct KnownBase {
	const char *name;
	bool root;             /* it runs as root */
	const char *variables; /* of its ENV, besides PATH; a '*' at the end of a word stands for
				  more */
} KnownBase;

/* By a reference; NULL: not one of them, or another registry's. */
const KnownBase *base_known(Str image);
bool base_sets(const KnownBase *b, Str name);

/* "r:5000/library/debian:12@sha256:..." is "debian", "12", "sha256:...". */
void image_split(Str reference, Str *name, Str *tag, Str *digest);
/* What stands before the name: "r:5000/library"; empty: none. */
Str image_prefix(Str reference);
/* The last day of support, "2024-06-30", of an official image or a distribution by a tag or
 * version; NULL: not known, or has none. */
const char *base_last_day(Str image, Str tag);
/* "docker.io" when none is written. */
Str image_registry(Str reference);
/* As docker's own grammar has it. */
bool image_is_valid(Str reference);
