/* report_checks_test.c - checks made by hand, in every format, against test/golden/checks-CASE. */
#include "golden.h"
#include "report/check_format.h"
#include "report/csv.h"

typedef struct Case {
	Arena a;
	CheckReport r;
} Case;

static const CheckInfo icc = {.id = "B202",
			      .name = "icc",
			      .section = "daemon",
			      .title = "Containers on the default bridge cannot reach each other",
			      .cis = {"2.2", "2.2", "2.2"},
			      .level = 1,
			      .severity = SEV_MEDIUM,
			      .why = "One container attacks all others.",
			      .wanted = "icc: false",
			      .remedy = "set \"icc\": false in daemon.json"};
static const CheckInfo userns = {.id = "B208",
				 .name = "userns",
				 .section = "daemon",
				 .title = "Root in a container is nobody outside",
				 .cis = {"2.9", "2.9", "2.10"},
				 .refs = "DBS-2.9",
				 .level = 2,
				 .severity = SEV_HIGH,
				 .why = "Root there is root here.",
				 .wanted = "userns-remap",
				 .remedy = "set userns-remap"};
static const CheckInfo user = {.id = "B401",
			       .name = "image-user",
			       .section = "images",
			       .title = "Images do not run as root",
			       .cis = {"4.1", "4.1", "4.1"},
			       .level = 1,
			       .severity = SEV_CRITICAL,
			       .why = "A break-out starts as root.",
			       .wanted = "a user above 0",
			       .remedy = "add USER"};
static const CheckInfo own = {.id = "B490",
			      .name = "own",
			      .section = "images",
			      .title = "-1+1 is no formula <here>",
			      .severity = SEV_LOW,
			      .why = "It is a check of ours & no benchmark's.",
			      .wanted = "=nothing",
			      .remedy = "nothing"};

static Verdict *judge(Case *c, const CheckInfo *check, Outcome o, Str seen)
{
	vec_push(&c->a, &c->r.verdicts,
		 (Verdict){.check = check, .outcome = o, .seen = seen, .source = S("GET /info")});
	return &c->r.verdicts.at[c->r.verdicts.n - 1];
}

static void start(Case *c)
{
	*c = (Case){.r = {.host = S("web-1"),
			  .engine = S("Docker 20.10.24 (API 1.41)"),
			  .benchmark = CIS_180}};
}

static void accept(Case *c, Verdict *v, Str image, Str why)
{
	v->taken++;
	c->r.accepted++;
	vec_push(&c->a, &v->accepted_items, (CheckItem){S("image"), image, S("runs as root"), why});
}

static void host(Case *c)
{
	start(c);
	judge(c, &icc, OUTCOME_WARN, S("icc is true"));
	judge(c, &userns, OUTCOME_ERROR, S("/etc/docker/daemon.json: Permission denied"));
	Verdict *v = judge(c, &user, OUTCOME_WARN, S("2 of 3 images"));
	v->subjects = 3;
	v->unread = 1;
	accept(c, v, S("old:1"), S("goes in May"));
	verdict_item(v, &c->a, "image", S("web:1"), "runs as root");
	verdict_item(v, &c->a, "file", S("/srv/a b.json"), "runs as %d", 0);
	judge(c, &own, OUTCOME_PASS, S("fine"));
}

static void others(Case *c)
{
	start(c);
	c->r.engine = S("");
	c->r.benchmark = CIS_160;
	judge(c, &icc, OUTCOME_NA, S("there is no default bridge"));
	Verdict *v = judge(c, &userns, OUTCOME_WARN, S("no remapping"));
	v->accepted = S("until the hosts are renewed");
	accept(c, v, S("web:1"), v->accepted);
	vec_push(&c->a, &c->r.warnings, S("b.yaml:3: B1 accepts nothing; remove it"));
	judge(c, &user, OUTCOME_NOTE, S("look at these"));
	v = judge(c, &own, OUTCOME_INFO, S("3 images"));
	verdict_item(v, &c->a, "image", S("old:1"), "%s", "");
}

static void nothing(Case *c) { start(c); }

#define HOSTILE                                                                             \
	"=HYPERLINK(\"http://x\")</td><script>alert(1)</script>\n\r,;]]>&amp;'\x1b[31m\xff" \
	"\xe2\x80\xae\xf0\x9f\x92\xa9\xef\xbf\xbf"

static void hostile(Case *c)
{
	start(c);
	c->r.host = S(HOSTILE);
	c->r.engine = S(HOSTILE);
	Verdict *v = judge(c, &icc, OUTCOME_WARN, S(HOSTILE));
	v->source = S(HOSTILE);
	vec_push(&c->a, &v->items, (CheckItem){S("container"), S(HOSTILE), S(HOSTILE)});
	vec_push(&c->a, &v->items, (CheckItem){S("file"), S(HOSTILE), S("@SUM(1)")});
	v = judge(c, &user, OUTCOME_WARN, S("\t=1+1"));
	v->accepted = S(HOSTILE);
	judge(c, &own, OUTCOME_ERROR, S(HOSTILE));
}

static Str written(Case *c, const CheckFormat *f)
{
	Buf b = buf_in(&c->a, GOLDEN_BYTES);
	FormatStyle style = {.verbose = true, .now = 1764000000};
	f->write(&c->r, "bulwark bench", &style, &b);
	CHECK(!b.full);
	return buf_str(&b);
}

static void check(void make(Case *c), const char *name)
{
	Case c;
	make(&c);
	for (const CheckFormat *const *f = check_formats; *f != NULL; f++)
		golden_compare(name, (*f)->name, written(&c, *f));
	arena_finish(&c.a);
}

TEST(a_host_with_warnings) { check(host, "checks-host"); }
TEST(all_other_outcomes) { check(others, "checks-others"); }
TEST(no_check_at_all) { check(nothing, "checks-none"); }
TEST(hostile_names_steer_nothing) { check(hostile, "checks-hostile"); }

/* ---- laws ---- */

TEST(no_control_character_but_a_line_break_is_in_any_format)
{
	Case c;
	hostile(&c);
	for (const CheckFormat *const *f = check_formats; *f != NULL; f++) {
		Str text = written(&c, *f);
		bool crlf = strcmp((*f)->name, "csv") == 0;
		for (size_t i = 0; i < text.n; i++) {
			unsigned char b = (unsigned char)text.p[i];
			if ((b < ' ' && b != '\n' && !(crlf && b == '\r')) || b == 0x7f)
				tap_fail(ERR_HERE, (*f)->name);
		}
	}
	arena_finish(&c.a);
}

TEST(html_has_no_markup_but_its_own)
{
	Case c;
	size_t at;
	hostile(&c);
	Str text = written(&c, check_format_named(S("html")));
	CHECK(!str_find(text, S("<script"), &at) && !str_find(text, S("<td></td><"), &at));
	CHECK(str_find(text, S("&lt;script&gt;"), &at));
	arena_finish(&c.a);
}

static Str field(Arena *a, Str s)
{
	Buf b = buf_in(a, 1000);
	CsvOut o = {.b = &b};
	csv_field(&o, s);
	return buf_str(&b);
}

TEST(a_field_is_never_a_formula)
{
	Arena a = {0};
	CHECK_STR(field(&a, S("=1+1")), S("\"'=1+1\""));
	CHECK_STR(field(&a, S("  @x")), S("\"'  @x\""));
	CHECK_STR(field(&a, S("\t=1")), S("\"\\x09=1\""));
	CHECK_STR(field(&a, S("-1")), S("\"'-1\""));
	CHECK_STR(field(&a, S("\xef\xbc\x9d"
			      "1")),
		  S("\"'\xef\xbc\x9d"
		    "1\""));
	CHECK_STR(field(&a, S("a \"b\", c\n")), S("\"a \"\"b\"\", c\\x0a\""));
	arena_finish(&a);
}
