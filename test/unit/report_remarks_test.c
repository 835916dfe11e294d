/* report_remarks_test.c - remarks made by hand, in every format, against test/golden/remarks-CASE.
 */
#include "golden.h"
#include "report/markup.h"
#include "report/remark_format.h"
#include "report/remark_ids.h"

typedef struct Case {
	Arena a;
	RemarkReport r;
} Case;

static Remark *say(Case *c, Remark r)
{
	vec_push(&c->a, &c->r.remarks, r);
	return &c->r.remarks.at[c->r.remarks.n - 1];
}

static void few(Case *c)
{
	Remark tag = {.rule = S("D201"),
		      .name = S("latest-tag"),
		      .file = S("Dockerfile"),
		      .line = 1,
		      .column = 6,
		      .end_line = 1,
		      .end_column = 12,
		      .level = LEVEL_WARNING,
		      .confidence = CONFIDENCE_HIGH,
		      .message = S("'debian' has no tag, so that it is latest"),
		      .help = S("name a version"),
		      .excerpt = S("FROM debian"),
		      .fingerprint = S("00112233445566778899aabbccddeeff")};
	*c = (Case){0};
	vec_push(&c->a, &tag.aliases, S("DL3006"));
	vec_push(&c->a, &tag.aliases, S("DS-0001"));
	say(c, tag);
	Remark *add = say(c, (Remark){.rule = S("D601"),
				      .name = S("add-not-copy"),
				      .file = S("Dockerfile"),
				      .line = 3,
				      .column = 1,
				      .end_line = 4,
				      .end_column = 2,
				      .level = LEVEL_ERROR,
				      .confidence = CONFIDENCE_MEDIUM,
				      .message = S("ADD where COPY does the same"),
				      .help = S("write COPY"),
				      .excerpt = S("ADD x \\"),
				      .fingerprint = S("a0112233445566778899aabbccddeeff"),
				      .fix_is_safe = true});
	vec_push(&c->a, &add->fix, (Edit){30, 33, S("COPY")});
	vec_push(&c->a, &add->fix, (Edit){40, 40, S("\n")});
	tag.file = S("app/Dockerfile");
	say(c, tag); /* the same twice in a file: two ids */
	tag.line = tag.end_line = 7;
	tag.level = LEVEL_STYLE;
	say(c, tag);
	say(c, (Remark){.rule = S("github-token"),
			.name = S("GitHub token"),
			.file = S("etc/token"),
			.layer = S("sha256:aa11"),
			.level = LEVEL_INFO,
			.confidence = CONFIDENCE_LOW,
			.message = S("a token of GitHub"),
			.masked = S("ghp_********")});
	vec_push(&c->a, &c->r.files, S("Dockerfile"));
	vec_push(&c->a, &c->r.files, S("app/Dockerfile"));
	vec_push(&c->a, &c->r.files, S("clean.dockerfile"));
	vec_push(&c->a, &c->r.not_evaluated, (Unread){S("big.dockerfile"), S("over 16 MiB")});
	c->r.suppressed = 2;
	tag.line = tag.end_line = 1; /* one more like those, between them */
	remark_accept(&c->r, &c->a, &tag, true, S("it is pinned elsewhere"));
	tag.rule = S("D104"); /* nothing else is of that rule */
	remark_accept(&c->r, &c->a, &tag, false, S("in the baseline"));
}

static void clean(Case *c)
{
	*c = (Case){0};
	vec_push(&c->a, &c->r.files, S("Dockerfile"));
}

#define HOSTILE_NAME                                                                      \
	"/srv/a:b,c%0a<x>&\"'\n::error file=x::owned\r\t]]>\x1b[31m\xff\xc3(\xe2\x80\xae" \
	"\xf0\x9f\x92\xa9\xef\xbf\xbf"

static void hostile(Case *c)
{
	*c = (Case){0};
	Remark *r = say(c, (Remark){.rule = S("D0\x01<\">]]>:,%"),
				    .name = S("=cmd|' /C calc'!A0"),
				    .file = S(HOSTILE_NAME),
				    .layer = S("<layer>\n"),
				    .line = 4294967295u,
				    .column = 4294967295u,
				    .end_line = 1,
				    .end_column = 1,
				    .level = LEVEL_ERROR,
				    .confidence = CONFIDENCE_HIGH,
				    .message = S(HOSTILE_NAME "\0end"),
				    .help = S("</script><!--" HOSTILE_NAME),
				    .masked = S("\x07\x9b"),
				    .excerpt = S(HOSTILE_NAME),
				    .fingerprint = S("\n\"")});
	vec_push(&c->a, &r->aliases, S(HOSTILE_NAME));
	vec_push(&c->a, &r->fix, (Edit){0, 4294967295u, S(HOSTILE_NAME)});
	remark_accept(&c->r, &c->a, r, true, S(HOSTILE_NAME));
	vec_push(&c->a, &c->r.files, S(HOSTILE_NAME));
	vec_push(&c->a, &c->r.files, S("]]>\n"));
	vec_push(&c->a, &c->r.not_evaluated, (Unread){S(HOSTILE_NAME), S(HOSTILE_NAME)});
}

static Str written(Case *c, const RemarkFormat *f)
{
	Buf b = buf_in(&c->a, GOLDEN_BYTES);
	FormatStyle style = {0};
	f->write(&c->r, "bulwark lint", &style, &b);
	CHECK(!b.full);
	return buf_str(&b);
}

static void check(void make(Case *c), const char *name)
{
	Case c;
	make(&c);
	for (const RemarkFormat *const *f = remark_formats; *f != NULL; f++)
		if (strcmp((*f)->name, "text") !=
		    0) /* for people: it may change with what they need */
			golden_compare(name, (*f)->name, written(&c, *f));
	arena_finish(&c.a);
}

TEST(some_files_with_remarks) { check(few, "remarks-few"); }
TEST(a_file_without) { check(clean, "remarks-clean"); }
TEST(hostile_names_steer_nothing) { check(hostile, "remarks-hostile"); }

static void ends_in(size_t files, size_t images, size_t read, const char *summary)
{
	Case c = {0};
	Buf want = buf_in(&c.a, 256);
	for (size_t i = 0; i < files; i++)
		vec_push(&c.a, &c.r.files, S("x"));
	c.r.images = images;
	c.r.read = read;
	buf_fmt(&want, "%s: 0 errors, 0 warnings, 0 info, 0 style\n", summary);
	CHECK_STR(written(&c, remark_format_named(S("text"))), buf_str(&want));
	arena_finish(&c.a);
}

TEST(the_summary_says_what_was_read)
{
	ends_in(0, 0, 0, "0 files");
	ends_in(1, 0, 0, "1 file");
	ends_in(1, 1, 0, "1 image");
	ends_in(3, 2, 0, "2 images, 1 file");
	ends_in(1, 1, 12, "1 image, 12 files");
}

/* ---- laws ---- */

TEST(formats_of_a_line_each_have_as_many_lines_as_things_to_say)
{
	static const char *const names[] = {"gnu", "github"};
	Case c;
	hostile(&c);
	for (size_t i = 0; i < 2; i++) {
		Str text = written(&c, remark_format_named(str_of(names[i])));
		size_t lines = 0;
		for (size_t k = 0; k < text.n; k++)
			lines += text.p[k] == '\n';
		CHECK(lines == c.r.remarks.n + c.r.not_evaluated.n);
	}
	arena_finish(&c.a);
}

TEST(no_control_character_but_a_line_break_is_in_any_format)
{
	Case c;
	hostile(&c);
	for (const RemarkFormat *const *f = remark_formats; *f != NULL; f++) {
		Str text = written(&c, *f);
		for (size_t i = 0; i < text.n; i++) {
			unsigned char b = (unsigned char)text.p[i];
			bool end = b == '\0' && strcmp((*f)->name, "codeclimate") == 0;
			if ((b < ' ' && b != '\n' && !end) || b == 0x7f)
				tap_fail(ERR_HERE, (*f)->name);
		}
	}
	arena_finish(&c.a);
}

TEST(ids_differ_and_stay_when_a_file_changes_elsewhere)
{
	Case c;
	few(&c);
	StrVec before = remark_ids(&c.r, &c.a);
	for (size_t i = 0; i < before.n; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(!str_eq(before.at[i], before.at[k]));
	for (size_t i = 0; i < c.r.remarks.n; i++)
		c.r.remarks.at[i].line += 10;
	StrVec after = remark_ids(&c.r, &c.a);
	for (size_t i = 0; i < before.n; i++)
		CHECK_STR(after.at[i], before.at[i]);
	arena_finish(&c.a);
}

TEST(markup_is_exact_for_programs_and_clean_for_people)
{
	Arena a = {0};
	Buf exact = buf_in(&a, 1000), words = buf_in(&a, 1000);
	markup_exact(&exact, S("<&\">\n\x01\xff\xe2\x80\xae\xef\xbf\xbe"));
	CHECK_STR(buf_str(&exact), S("&lt;&amp;&quot;&gt;&#10;\\x01\\xff\xe2\x80\xae\\ufffe"));
	markup_words(&words, S("<\xe2\x80\xae\xc2\x9b>"));
	CHECK_STR(buf_str(&words), S("&lt;\\u202e\\u009b&gt;"));
	arena_finish(&a);
}
