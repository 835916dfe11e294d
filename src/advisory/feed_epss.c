/* feed_epss.c - FIRST's EPSS scores: one line a CVE, under a header of four generations.
 *
 * cve,epss                     2021-04: no comment, no percentile
 * cve,epss,percentile          2021-09: percentiles of 16 digits
 * #model_version:v...,score_date:2022-02-04T00:00:00+0000
 * #model_version:v...,score_date:2025-12-26T12:55:00Z */
#include <stdlib.h>

#include "advisory/document.h"
#include "base/time.h"

enum { NUMBER_MAX = 40, EXACT_DIGITS = 15 };

/* "0.00383": an integer over a power of ten, which a double holds exactly up to 15 digits. */
static bool plain_fraction(Str s, double *out)
{
	static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
				      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	uint64_t n;
	if (s.n < 3 || s.n - 2 > EXACT_DIGITS || (s.p[0] != '0' && s.p[0] != '1') || s.p[1] != '.')
		return false;
	if (!str_u64(str_skip(s, 2), &n))
		return false;
	*out = (double)(s.p[0] - '0') + (double)n / tens[s.n - 2];
	return true;
}

/* Any other spelling, such as "1e-05". */
static bool any_fraction(Str s, double *out)
{
	char text[NUMBER_MAX + 1], *end;
	if (s.n == 0 || s.n > NUMBER_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.' && s.p[i] != 'e' &&
		    s.p[i] != 'E' && s.p[i] != '-' && s.p[i] != '+')
			return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return end == text + s.n;
}

static bool fraction(Str s, double *out)
{
	return (plain_fraction(s, out) || any_fraction(s, out)) && *out >= 0 && *out <= 1;
}

static Str next_line(Str *rest)
{
	Str line = S("");
	str_cut(rest, '\n', &line);
	if (str_ends(line, S("\r")))
		line.n--;
	return line;
}

static void read_comment(Str line, const FeedSink *to)
{
	static const Str mark = {"score_date:", 11};
	size_t at;
	int64_t when;
	if (!str_find(line, mark, &at))
		return;
	Str rest = str_skip(line, at + mark.n), date;
	if (str_cut(&rest, ',', &date) && time_parse(date, &when))
		to->as_of(to->ctx, when);
}

static Result read_row(Str line, bool percentile, const FeedSink *to)
{
	Epss e = {0};
	Str score;
	if (!str_cut(&line, ',', &e.cve) || !str_cut(&line, ',', &score) ||
	    !fraction(score, &e.score))
		FAIL(ERR_INPUT, "not a CVE and a score from 0 to 1");
	if (percentile && !fraction(line, &e.percentile))
		FAIL(ERR_INPUT, "not a percentile from 0 to 1");
	if (!str_starts(e.cve, S("CVE-")))
		FAIL(ERR_INPUT, "not a CVE id");
	return to->epss(to->ctx, &e);
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	(void)a;
	Str rest = doc->body, comment = S(""), head = next_line(&rest);
	if (str_starts(head, S("#"))) {
		comment = head;
		head = next_line(&rest);
	}
	bool percentile = str_eq(head, S("cve,epss,percentile"));
	*mine = percentile || str_eq(head, S("cve,epss"));
	if (!*mine)
		return OK;
	read_comment(comment, to);
	for (size_t n = comment.n != 0 ? 3 : 2; rest.n != 0; n++) {
		Str line = next_line(&rest);
		if (line.n != 0)
			TRY_IN(read_row(line, percentile, to), "line %zu", n);
	}
	return OK;
}

static const FeedUrl urls[] = {
	{"https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
	 "epss/epss_scores-current.csv.gz"},
	{NULL, NULL},
};

const Feed feed_epss = {
	.name = "epss",
	.title = "FIRST Exploit Prediction Scoring System",
	.license = "free to use, naming FIRST",
	.home = "https://www.first.org/epss",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
