/* output.h - where a report goes: standard output, or a file that appears whole. */
#pragma once
#include "flow/new_file.h"

typedef struct Output {
	const char *path; /* NULL: standard output */
	NewFile file;     /* a new or a plain file, or one that a link leads to */
	char *real;       /* its name, in that case */
	int fd;           /* a device or pipe has the name: written to directly; else -1 */
} Output;

/* `path` NULL or "-": standard output. Fails before any work when the place is not writable. */
Result output_open(const char *path, Output *out);
/* All of it, or an error and the old file. */
Result output_write(Output *o, Str bytes);
void output_close(Output *o);
#define AUTO_OUTPUT __attribute__((cleanup(output_close)))
