/* remark_junit.c - remarks as JUnit has tests: a suite for each file, a failure for each remark. */
#include "base/map.h"
#include "report/markup.h"
#include "report/remark_format.h"

static bool is_of(const Remark *r, Str file) { return str_eq(r->file, file); }

/* Remarks of files that are not listed, as those of an archive's members, have a suite too. */
static size_t run_of(const RemarkVec *v, size_t from)
{
	size_t n = 1;
	while (from + n < v->n && is_of(&v->at[from + n], v->at[from].file))
		n++;
	return n;
}

static void title(Buf *b, const Remark *r)
{
	Arena a = {0};
	Buf name = buf_in(&a, SIZE_MAX);
	buf_add(&name, r->rule);
	if (r->name.n != 0 && !str_eq(r->name, r->rule))
		buf_fmt(&name, " " STR_FMT, STR_ARG(r->name));
	if (r->line != 0)
		buf_fmt(&name, " at %u:%u", r->line, r->column);
	markup_attr_words(b, "name", buf_str(&name));
	arena_finish(&a);
}

static void one(Buf *b, const Remark *r)
{
	buf_add(b, S("    <testcase"));
	title(b, r);
	markup_attr(b, "classname", r->file);
	markup_attr(b, "file", r->file);
	if (r->line != 0)
		buf_fmt(b, " line=\"%u\"", r->line);
	buf_add(b, S(">\n      <failure"));
	markup_attr(b, "type", str_of(level_name(r->level)));
	markup_attr_words(b, "message", r->message);
	buf_char(b, '>');
	markup_words(b, r->help);
	if (r->masked.n != 0) {
		buf_add(b, S(" ["));
		markup_words(b, r->masked);
		buf_char(b, ']');
	}
	buf_add(b, S("</failure>\n    </testcase>\n"));
}

static void suite_open(Buf *b, Str name, size_t tests, size_t failures, size_t errors)
{
	buf_add(b, S("  <testsuite"));
	markup_attr(b, "name", name);
	buf_fmt(b, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", tests, failures, errors);
}

static void clean(Buf *b, Str file)
{
	suite_open(b, file, 1, 0, 0);
	buf_add(b, S("    <testcase name=\"nothing found\""));
	markup_attr(b, "classname", file);
	buf_add(b, S("/>\n  </testsuite>\n"));
}

static void unread(Buf *b, const Unread *u)
{
	suite_open(b, u->what, 1, 0, 1);
	buf_add(b, S("    <testcase name=\"not evaluated\""));
	markup_attr(b, "classname", u->what);
	buf_add(b, S(">\n      <error"));
	markup_attr_words(b, "message", u->why);
	buf_add(b, S("/>\n    </testcase>\n  </testsuite>\n"));
}

/* Files that were read and have no remark. */
static StrVec clean_files(const RemarkReport *r, Arena *a)
{
	Map said = {0};
	StrVec out = {0};
	for (size_t i = 0; i < r->remarks.n; i++)
		*map_at(&said, a, r->remarks.at[i].file) = &said;
	for (size_t i = 0; i < r->files.n; i++)
		if (map_get(&said, r->files.at[i]) == NULL)
			vec_push(a, &out, r->files.at[i]);
	return out;
}

static void write_junit(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	StrVec fine = clean_files(r, &a);
	(void)style;
	buf_add(to, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"));
	markup_attr(to, "name", str_of(tool));
	buf_fmt(to, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
		r->remarks.n + fine.n + r->not_evaluated.n, r->remarks.n, r->not_evaluated.n);
	for (size_t i = 0, n; i < r->remarks.n; i += n) {
		n = run_of(&r->remarks, i);
		suite_open(to, r->remarks.at[i].file, n, n, 0);
		for (size_t k = 0; k < n; k++)
			one(to, &r->remarks.at[i + k]);
		buf_add(to, S("  </testsuite>\n"));
	}
	for (size_t i = 0; i < fine.n; i++)
		clean(to, fine.at[i]);
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		unread(to, &r->not_evaluated.at[i]);
	buf_add(to, S("</testsuites>\n"));
	arena_finish(&a);
}

const RemarkFormat remark_format_junit = {
	.name = "junit", .summary = "JUnit XML, for test reports", .write = write_junit};
