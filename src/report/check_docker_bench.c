/* check_docker_bench.c - checks in the shape of Docker Bench's file, for programs that read it.
 *
 * Unlike there, sections stand always, and strings are JSON. It has no N/A and no ERROR: both are
 * INFO here, and the details begin with the word; what a baseline accepts is NOTE. The score is
 * Docker Bench's: a PASS is one more, a WARN one less. Times are 0 when no clock was given. */
#include "io/json_out.h"
#include "report/check_format.h"
#include "report/check_say.h"

/* "2" of "2.14"; of a check that the benchmark does not have, the section's name. */
static Str chapter_of(const CheckInfo *c, Benchmark b)
{
	Str number = str_of(c->cis[b] != NULL ? c->cis[b] : ""), head;
	if (number.n != 0 && str_cut(&number, '.', &head))
		return head;
	return str_of(c->section);
}

static const char *result_of(const Verdict *v)
{
	if (v->accepted.n != 0)
		return "NOTE";
	if (v->outcome == OUTCOME_NA || v->outcome == OUTCOME_ERROR)
		return "INFO";
	return outcome_name(v->outcome);
}

static Str details_of(const Verdict *v, Arena *a)
{
	Buf b = buf_in(a, SIZE_MAX);
	if (v->accepted.n != 0) {
		buf_fmt(&b, "accepted (%s): ", outcome_name(v->outcome));
		buf_add(&b, v->accepted);
		return buf_str(&b);
	}
	if (v->outcome == OUTCOME_NA || v->outcome == OUTCOME_ERROR)
		buf_fmt(&b, "%s: ", outcome_name(v->outcome));
	buf_add(&b, v->seen);
	return buf_str(&b);
}

static void one(JsonOut *o, const Verdict *v, Benchmark benchmark)
{
	Arena a = {0};
	json_line(o);
	json_open(o, NULL, '{');
	json_word(o, "id", check_number(v->check, benchmark));
	json_word(o, "desc", v->check->title);
	json_word(o, "result", result_of(v));
	json_text_or_not(o, "details", details_of(v, &a));
	if (v->items.n != 0) {
		json_open(o, "items", '[');
		for (size_t i = 0; i < v->items.n; i++)
			json_text(o, NULL, v->items.at[i].name);
		json_close(o, ']');
	}
	if (v->outcome == OUTCOME_WARN)
		json_word(o, "remediation", v->check->remedy);
	json_close(o, '}');
	arena_finish(&a);
}

/* Checks of one chapter need not stand together: all of them are looked for. */
static void chapter(JsonOut *o, const CheckReport *r, size_t first)
{
	Str is = chapter_of(r->verdicts.at[first].check, r->benchmark);
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "id", is);
	json_word(o, "desc", r->verdicts.at[first].check->section);
	json_open(o, "results", '[');
	for (size_t i = first; i < r->verdicts.n; i++)
		if (str_eq(chapter_of(r->verdicts.at[i].check, r->benchmark), is))
			one(o, &r->verdicts.at[i], r->benchmark);
	json_close(o, ']');
	json_close(o, '}');
}

static bool is_new(const CheckReport *r, size_t i)
{
	Str is = chapter_of(r->verdicts.at[i].check, r->benchmark);
	while (i-- > 0)
		if (str_eq(chapter_of(r->verdicts.at[i].check, r->benchmark), is))
			return false;
	return true;
}

static int64_t score(const CheckReport *r)
{
	int64_t n = 0;
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		n += v->outcome == OUTCOME_PASS;
		n -= v->outcome == OUTCOME_WARN && v->accepted.n == 0;
	}
	return n;
}

static void write_docker_bench(const CheckReport *r, const char *tool, const FormatStyle *style,
			       Buf *to)
{
	JsonOut o = {.b = to};
	Arena a = {0};
	Buf version = buf_in(&a, 256);
	buf_fmt(&version, "%s %s", tool, BULWARK_VERSION);
	json_open(&o, NULL, '{');
	json_text(&o, "dockerbenchsecurity", buf_str(&version));
	json_uint(&o, "start", (uint64_t)style->now);
	json_open(&o, "tests", '[');
	for (size_t i = 0; i < r->verdicts.n; i++)
		if (is_new(r, i))
			chapter(&o, r, i);
	json_close(&o, ']');
	json_uint(&o, "checks", r->verdicts.n);
	buf_fmt(to, ",\"score\":%lld", (long long)score(r));
	json_uint(&o, "end", (uint64_t)style->now);
	json_close(&o, '}');
	buf_char(to, '\n');
	arena_finish(&a);
}

const CheckFormat check_format_docker_bench = {.name = "docker-bench",
					       .summary = "JSON as Docker Bench writes it",
					       .write = write_docker_bench};
