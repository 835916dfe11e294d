/* check_format.h - checks as bytes. Same verdicts, same bytes. */
#pragma once
#include "model/check.h"
#include "report/format.h"

typedef struct CheckFormat {
	const char *name, *summary;
	/* `tool` is the command: "bulwark bench". Appends the whole report. */
	void (*write)(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to);
} CheckFormat;

extern const CheckFormat *const check_formats[]; /* NULL-terminated, order = check_formats.def */
const CheckFormat *check_format_named(Str name); /* NULL when there is none */
const char *check_format_choice(size_t i);       /* name, NULL after the last */

/* What a check is called for a person: its number in that benchmark, else its id. */
const char *check_number(const CheckInfo *c, Benchmark b);
