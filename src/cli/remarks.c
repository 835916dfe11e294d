/* remarks.c - choices, a baseline's fingerprints, printing. */
#include "cli/remarks.h"

#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/baseline.h"
#include "cli/terminal.h"
#include "report/remark_format.h"

const char *remark_confidence_choice(size_t i)
{
	return i < CONFIDENCE_HIGH ? confidence_name((Confidence)(CONFIDENCE_HIGH - i)) : NULL;
}

const char *remark_level_choice(size_t i)
{
	return i < LEVEL_ERROR - LEVEL_STYLE    ? level_name((Level)(LEVEL_ERROR - i))
	       : i == LEVEL_ERROR - LEVEL_STYLE ? "never"
						: NULL;
}

Confidence remark_confidence_of(const char *name)
{
	for (Confidence c = CONFIDENCE_LOW; name != NULL && c <= CONFIDENCE_HIGH; c++)
		if (strcmp(name, confidence_name(c)) == 0)
			return c;
	return CONFIDENCE_MEDIUM;
}

Result remarks_read_baseline(const char *path, Arena *a, StrVec *out)
{
	const Value *findings = NULL;
	TRY(baseline_read(path, a, &findings));
	for (size_t i = 0; i < findings->n; i++) {
		Str print = value_str(findings->items[i], S("fingerprint"));
		if (print.n != 0)
			vec_push(a, out, print);
	}
	return OK;
}

Result remarks_print(const char *format, const char *tool, const RemarkReport *r, Arena *a,
		     Output *to)
{
	const RemarkFormat *f = remark_format_named(format != NULL ? str_of(format) : S("text"));
	FormatStyle style = {.color = to->path == NULL && terminal_color(STDOUT_FILENO)};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	Str text;
	f->write(r, tool, &style, &b);
	TRY(buf_done(&b, "the report", &text));
	return output_write(to, text);
}

bool remarks_fail(const char *name, const RemarkReport *r)
{
	Level bar = LEVEL_INFO;
	if (name != NULL && !level_parse(str_of(name), &bar))
		return false; /* "never" */
	for (size_t i = 0; i < r->remarks.n; i++)
		if (r->remarks.at[i].level >= bar)
			return true;
	return false;
}
