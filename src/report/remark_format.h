/* remark_format.h - remarks as bytes. Same remarks, same bytes. */
#pragma once
#include "base/buf.h"
#include "model/remark.h"
#include "report/format.h"

typedef struct RemarkFormat {
	const char *name, *summary;
	/* `tool` is the command: "bulwark lint". Appends the whole report. */
	void (*write)(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to);
} RemarkFormat;

/* "findings":[...], "not_evaluated":[...], "suppressed":n, "suppressed_findings":[...]: the members
 * that a report of its own and a larger one have. */
void remark_json_members(const RemarkReport *r, Buf *to);

extern const RemarkFormat *const remark_formats[]; /* NULL-terminated, order = remark_formats.def */
const RemarkFormat *remark_format_named(Str name); /* NULL when there is none */
const char *remark_format_choice(size_t i);        /* name, NULL after the last */
