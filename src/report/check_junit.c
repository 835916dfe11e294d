/* check_junit.c - checks as JUnit has tests: a suite for each section. */
#include "report/check_format.h"
#include "report/check_say.h"
#include "report/markup.h"

typedef struct Count {
	size_t tests, failures, errors, skipped;
} Count;

static bool is_skipped(const Verdict *v)
{
	return v->outcome == OUTCOME_NA || v->outcome == OUTCOME_NOTE || v->accepted.n != 0;
}

static Count count(const CheckReport *r, const char *section)
{
	Count c = {0};
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		if (section != NULL && strcmp(v->check->section, section) != 0)
			continue;
		c.tests++;
		c.skipped += is_skipped(v);
		c.failures += !is_skipped(v) && v->outcome == OUTCOME_WARN;
		c.errors += !is_skipped(v) && v->outcome == OUTCOME_ERROR;
	}
	return c;
}

static void counted(Buf *b, Count c)
{
	buf_fmt(b, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", c.tests, c.failures, c.errors);
}

static void body(Buf *b, const Verdict *v)
{
	for (size_t i = 0; i < v->items.n; i++) {
		Arena a = {0};
		buf_char(b, '\n');
		markup_words(b, check_item_text(&v->items.at[i], &a));
		arena_finish(&a);
	}
}

static void element(Buf *b, const Verdict *v, const char *name, Str message)
{
	buf_fmt(b, ">\n      <%s", name);
	if (strcmp(name, "failure") == 0)
		markup_attr(b, "type", str_of(severity_name(v->check->severity)));
	markup_attr_words(b, "message", message);
	buf_char(b, '>');
	body(b, v);
	if (strcmp(name, "failure") == 0) {
		buf_add(b, S("\nTo do: "));
		markup_words(b, str_of(v->check->remedy));
	}
	buf_fmt(b, "</%s>\n    </testcase>\n", name);
}

static void one(Buf *b, const Verdict *v, Benchmark benchmark)
{
	Arena a = {0};
	Buf title = buf_in(&a, SIZE_MAX);
	buf_fmt(&title, "%s %s", check_number(v->check, benchmark), v->check->title);
	buf_add(b, S("    <testcase"));
	markup_attr_words(b, "name", buf_str(&title));
	buf_fmt(b, " classname=\"%s.%s\"", v->check->section, v->check->id);
	if (v->accepted.n != 0)
		element(b, v, "skipped", v->accepted);
	else if (is_skipped(v))
		element(b, v, "skipped", check_seen_text(v, &a));
	else if (v->outcome == OUTCOME_WARN)
		element(b, v, "failure", check_seen_text(v, &a));
	else if (v->outcome == OUTCOME_ERROR)
		element(b, v, "error", check_seen_text(v, &a));
	else
		buf_add(b, S("/>\n"));
	arena_finish(&a);
}

static void suite(Buf *b, const char *section, Count c)
{
	buf_add(b, S("  <testsuite"));
	markup_attr(b, "name", str_of(section));
	counted(b, c);
	buf_fmt(b, " skipped=\"%zu\">\n", c.skipped);
}

static void write_junit(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	const char *section = NULL;
	(void)style;
	buf_add(to, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"));
	markup_attr(to, "name", str_of(tool));
	counted(to, count(r, NULL));
	buf_add(to, S(">\n"));
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		bool other = section == NULL || strcmp(section, v->check->section) != 0;
		if (other && section != NULL)
			buf_add(to, S("  </testsuite>\n"));
		if (other)
			suite(to, v->check->section, count(r, v->check->section));
		section = v->check->section;
		one(to, v, r->benchmark);
	}
	buf_add(to, section != NULL ? S("  </testsuite>\n</testsuites>\n") : S("</testsuites>\n"));
}

const CheckFormat check_format_junit = {
	.name = "junit", .summary = "JUnit XML, for test reports", .write = write_junit};
