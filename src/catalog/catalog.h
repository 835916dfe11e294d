/* catalog.h - files in, packages out: runs every analyzer over a merged image. */
#pragma once
#include "catalog/analyzer.h"
#include "model/image.h"

/* What the catalog wants from an image; static, shared between threads. */
const Selector *catalog_selector(void);

/* Reads image->files. Packages come sorted by (type, name, version, arch, path), each with
 * the layer that brought it (the lowest from which on every copy of its file names it) and,
 * for language packages, the OS package that owns its file. A file that cannot be read is
 * an Undecided, not an error; one that could not be kept is so already, in image->undecided. */
Result catalog_read(const Image *image, Facts *out);

/* Package URL (purl-spec), e.g. pkg:deb/debian/zlib1g@1:1.2.13?arch=amd64&distro=debian-12. */
Str pkg_purl(Arena *a, const Pkg *p, const OsRelease *os);
