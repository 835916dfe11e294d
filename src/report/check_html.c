/* check_html.c - checks as one HTML page: no script, nothing loaded, light, dark and on paper.
 *
 * Colour is never the only sign: the outcome stands in words. */
#include "report/check_format.h"
#include "report/check_say.h"
#include "report/markup.h"

/* Pairs of text and ground have a contrast of 4.5 or more in both schemes (WCAG 2.2, 1.4.3). */
static const char style_sheet[] =
	":root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--soft:#57606a;--line:#d0d7de;"
	"--pass:#116329;--warn:#a40e26;--error:#6639ba;--info:#0550ae;--note:#7d4e00}\n"
	"@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9aa4af;"
	"--line:#3d444d;--pass:#57d364;--warn:#ff8e87;--error:#c9a4ff;--info:#7cc0ff;"
	"--note:#e3b341}}\n"
	"body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);"
	"max-width:72rem;margin:0 auto;padding:1rem}\n"
	"h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.25rem;margin:2rem 0 .5rem}\n"
	"a{color:var(--info)}:focus-visible{outline:3px solid var(--info);outline-offset:2px}\n"
	".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:var(--bg)}\n"
	"table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft)}\n"
	"th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;"
	"border-bottom:1px solid var(--line)}th[scope=row]{font-weight:normal}\n"
	"td,th{overflow-wrap:anywhere}td p,td ul{margin:.2rem 0}ul{padding-left:1.2rem}\n"
	".o{font-weight:bold;white-space:nowrap}.soft{color:var(--soft)}\n"
	".pass{color:var(--pass)}.warn{color:var(--warn)}.error{color:var(--error)}"
	".info{color:var(--info)}.note{color:var(--note)}.na{color:var(--soft)}\n"
	"meter{width:8rem}\n"
	"@media print{:root{--fg:#000;--bg:#fff;--soft:#444;--line:#999;--pass:#116329;"
	"--warn:#a40e26;--error:#6639ba;--info:#0550ae;--note:#7d4e00}body{font-size:10pt;"
	"max-width:none}nav,.skip{display:none}tr{break-inside:avoid}h2{break-after:avoid}}\n";

static const char *class_of(Outcome o)
{
	static const char *const of[OUTCOMES] = {
		[OUTCOME_PASS] = "pass", [OUTCOME_WARN] = "warn", [OUTCOME_INFO] = "info",
		[OUTCOME_NOTE] = "note", [OUTCOME_NA] = "na",     [OUTCOME_ERROR] = "error"};
	return of[o];
}

static void words(Buf *b, const char *before, Str s, const char *after)
{
	buf_fmt(b, "%s", before);
	markup_words(b, s);
	buf_fmt(b, "%s", after);
}

static void paragraph(Buf *b, const char *label, Str s)
{
	if (s.n == 0)
		return;
	buf_fmt(b, "<p>%s", label);
	words(b, "", s, "</p>");
}

/* ---- the top ---- */

static void head(Buf *b, const CheckReport *r, const char *tool)
{
	buf_add(b, S("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		     "style-src 'unsafe-inline'\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"));
	words(b, "<title>", str_of(tool), ": ");
	words(b, "", r->host, "</title>\n");
	buf_fmt(b, "<style>\n%s</style>\n</head>\n<body>\n", style_sheet);
	buf_add(b, S("<a class=\"skip\" href=\"#checks\">To the checks</a>\n<header>\n"));
	words(b, "<h1>", str_of(tool), ": ");
	words(b, "", r->host, "</h1>\n<p class=\"soft\">");
	if (r->engine.n != 0)
		words(b, "", r->engine, ". ");
	if (checks_have_numbers(r))
		buf_fmt(b, "Numbers of the CIS Docker Benchmark %s. ",
			benchmark_name(r->benchmark));
	buf_add(b, S("Made by bulwark " BULWARK_VERSION ".</p>\n</header>\n"));
}

static size_t outcomes_of(const CheckReport *r, const char *section, Outcome o)
{
	size_t n = 0;
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		n += v->outcome == o &&
		     (section == NULL || strcmp(v->check->section, section) == 0);
	}
	return n;
}

static void score_cell(Buf *b, const CheckReport *r, const char *section)
{
	size_t judged = 0;
	unsigned score = check_score(r, section, 0, &judged);
	if (judged == 0)
		buf_add(b, S("<td>none</td>"));
	else
		buf_fmt(b,
			"<td><meter min=\"0\" max=\"100\" value=\"%u\" "
			"aria-hidden=\"true\"></meter> "
			"%u</td>",
			score, score);
}

static void score_row(Buf *b, const CheckReport *r, const char *section)
{
	if (section != NULL)
		buf_fmt(b, "<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th>", section, section);
	else
		buf_add(b, S("<tr><th scope=\"row\"><strong>all</strong></th>"));
	score_cell(b, r, section);
	for (int o = OUTCOME_PASS; o < OUTCOMES; o++)
		buf_fmt(b, "<td>%zu</td>", outcomes_of(r, section, (Outcome)o));
	buf_add(b, S("</tr>\n"));
}

static bool starts_section(const CheckReport *r, size_t i)
{
	return i == 0 ||
	       strcmp(r->verdicts.at[i].check->section, r->verdicts.at[i - 1].check->section) != 0;
}

static void summary(Buf *b, const CheckReport *r)
{
	buf_add(b, S("<main id=\"checks\">\n<nav aria-label=\"Sections\">\n<table>\n<caption>Score "
		     "from 0 to 100, and how many checks came to what</caption>\n<thead><tr>"
		     "<th scope=\"col\">Section</th><th scope=\"col\">Score</th>"));
	for (int o = OUTCOME_PASS; o < OUTCOMES; o++)
		buf_fmt(b, "<th scope=\"col\" class=\"%s\">%s</th>", class_of((Outcome)o),
			outcome_name((Outcome)o));
	buf_add(b, S("</tr></thead>\n<tbody>\n"));
	score_row(b, r, NULL);
	for (size_t i = 0; i < r->verdicts.n; i++)
		if (starts_section(r, i))
			score_row(b, r, r->verdicts.at[i].check->section);
	buf_add(b, S("</tbody>\n</table>\n</nav>\n"));
}

/* ---- the checks ---- */

static void seen_cell(Buf *b, const Verdict *v)
{
	const CheckInfo *c = v->check;
	bool bad = v->outcome == OUTCOME_WARN || v->outcome == OUTCOME_ERROR;
	buf_add(b, S("<td>"));
	paragraph(b, "<strong>Accepted:</strong> ", v->accepted);
	paragraph(b, "", v->seen);
	for (size_t i = 0; i < v->items.n; i++) {
		Arena a = {0};
		buf_add(b, i == 0 ? S("<ul><li>") : S("<li>"));
		words(b, "", check_item_text(&v->items.at[i], &a), "</li>");
		arena_finish(&a);
	}
	if (v->items.n != 0)
		buf_add(b, S("</ul>"));
	if (bad) {
		paragraph(b, "<span class=\"soft\">Wanted:</span> ", str_of(c->wanted));
		paragraph(b, "<span class=\"soft\">Why:</span> ", str_of(c->why));
		paragraph(b, "<span class=\"soft\">To do:</span> ", str_of(c->remedy));
	}
	paragraph(b, "<span class=\"soft\">Source:</span> ", v->source);
	buf_add(b, S("</td></tr>\n"));
}

static void one(Buf *b, const Verdict *v, Benchmark benchmark)
{
	const CheckInfo *c = v->check;
	buf_fmt(b, "<tr id=\"%s\"><td class=\"o %s\">%s</td><td>%s", c->id, class_of(v->outcome),
		outcome_name(v->outcome), c->id);
	if (c->cis[benchmark] != NULL)
		buf_fmt(b, "<br><span class=\"soft\">CIS %s</span>", c->cis[benchmark]);
	words(b, "</td><th scope=\"row\">", str_of(c->title), "");
	buf_fmt(b, "<br><span class=\"soft\">%s", severity_name(c->severity));
	if (c->level != 0)
		buf_fmt(b, ", level %u", c->level);
	buf_add(b, S("</span></th>"));
	seen_cell(b, v);
}

static void section_open(Buf *b, const char *section)
{
	buf_fmt(b,
		"<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n<table>\n<thead><tr>"
		"<th scope=\"col\">Outcome</th><th scope=\"col\">Id</th><th scope=\"col\">Check"
		"</th><th scope=\"col\">What was seen</th></tr></thead>\n<tbody>\n",
		section, section, section);
}

static void write_html(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	(void)style;
	head(to, r, tool);
	summary(to, r);
	for (size_t i = 0; i < r->verdicts.n; i++) {
		if (starts_section(r, i) && i != 0)
			buf_add(to, S("</tbody>\n</table>\n</section>\n"));
		if (starts_section(r, i))
			section_open(to, r->verdicts.at[i].check->section);
		one(to, &r->verdicts.at[i], r->benchmark);
	}
	if (r->verdicts.n != 0)
		buf_add(to, S("</tbody>\n</table>\n</section>\n"));
	buf_add(to, S("</main>\n</body>\n</html>\n"));
}

const CheckFormat check_format_html = {
	.name = "html", .summary = "one page to read and to print", .write = write_html};
