/* format.h - a report as bytes. Same report, same bytes. */
#pragma once
#include "base/buf.h"
#include "model/finding.h"

typedef struct FormatStyle {
	bool color;
	unsigned width; /* columns; 0: 100 */
	bool verbose;
} FormatStyle;

typedef struct Format {
	const char *name, *summary;
	Result (*write)(const Report *r, const FormatStyle *style, Buf *to);
} Format;

extern const Format *const formats[]; /* NULL-terminated, order = formats.def */
const Format *format_named(Str name); /* NULL when there is none */
