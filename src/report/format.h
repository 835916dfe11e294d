/* format.h - a report as bytes. Same report, same bytes: no clock, no terminal, no locale. */
#pragma once
#include "base/buf.h"
#include "model/finding.h"

typedef struct FormatStyle {
	bool color;
	unsigned width; /* columns of the terminal; 0: not known; at most 100 are used */
	bool verbose;
	int64_t now; /* for formats that demand a time, and for nothing else; seconds, 0: none */
} FormatStyle;

typedef struct Format {
	const char *name, *summary;
	/* Appends the whole report. What runs over the ceiling of `to` shows in buf_done(). */
	void (*write)(const Report *r, const FormatStyle *style, Buf *to);
} Format;

extern const Format *const formats[]; /* NULL-terminated, order = formats.def */
const Format *format_named(Str name); /* NULL when there is none */
const char *format_choice(size_t i);  /* name, NULL after the last */
