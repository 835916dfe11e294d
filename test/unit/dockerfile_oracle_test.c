/* dockerfile_oracle_test.c - every Dockerfile of the oracle parsed as BuildKit's own parser does:
 * the tree, here-documents, and that both find the first error. */
#include <dirent.h>

#include "base/buf.h"
#include "dockerfile/dockerfile.h"
#include "io/json.h"
#include "io/utf8.h"
#include "oracle.h"
#include "tap.h"

/* ---- the tree as BuildKit prints it ---- */

static void quote(Buf *b, Str s)
{
	static const char named[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
	buf_char(b, '"');
	while (s.n != 0) {
		const char *at = memchr(named, s.p[0], sizeof named - 1);
		size_t n = utf8_length(s);
		if (at != NULL)
			buf_fmt(b, "\\%c", letters[at - named]);
		else if (n == 0 || (unsigned char)s.p[0] < 0x20 || s.p[0] == 0x7f)
			buf_fmt(b, "\\x%02x", (unsigned char)s.p[0]);
		else
			buf_add(b, str_first(s, n));
		s = str_skip(s, at != NULL || n == 0 ? 1 : n);
	}
	buf_char(b, '"');
}

static void print_lower(Buf *b, Str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_char(b, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i]);
}

static void print_tree(Buf *b, const Instruction *i)
{
	bool pairs = i->op == OP_ENV || i->op == OP_LABEL;
	buf_char(b, '(');
	print_lower(b, i->keyword);
	for (size_t k = 0; k < i->flags.n; k++) {
		buf_add(b, k == 0 ? S(" [") : S(" "));
		quote(b, i->flags.at[k].text);
	}
	if (i->flags.n != 0)
		buf_char(b, ']');
	for (size_t k = 0; k < i->args.n; k++) {
		buf_char(b, ' ');
		quote(b, i->args.at[k].text);
		if (pairs && k % 2 == 1)
			buf_add(b, i->legacy ? S(" \"\"") : S(" \"=\""));
	}
	if (i->op == OP_UNKNOWN)
		buf_add(b, S(" \"\""));
	if (i->child != NULL) {
		buf_char(b, ' ');
		print_tree(b, i->child);
	}
	buf_char(b, ')');
}

/* ---- what the oracle says ---- */

typedef struct Case {
	const char *name;
	StrVec trees, heredocs;
	bool refused; /* by the parser */
} Case;

static void read_case(Arena *a, Str text, Case *c)
{
	Str line;
	while (str_cut(&text, '\n', &line)) {
		if (str_starts(line, S("PARSE-ERR")))
			c->refused = true;
		else if (str_starts(line, S("HEREDOC ")))
			vec_push(a, &c->heredocs, str_skip(line, 8));
		else if (str_starts(line, S("(")))
			vec_push(a, &c->trees, line);
	}
}

static void differs(const Case *c, size_t at, Str got, Str want)
{
	printf("# %s: %zu:\n#   got  " STR_FMT "\n#   want " STR_FMT "\n", c->name, at + 1,
	       STR_ARG(got), STR_ARG(want));
	tap_fail(ERR_HERE, "is not as BuildKit has it");
}

static void check_trees(Arena *a, const Case *c, const Dockerfile *d)
{
	for (size_t k = 0; k < c->trees.n || k < d->instructions.n; k++) {
		Buf b = buf_in(a, 1u << 20);
		if (k < d->instructions.n)
			print_tree(&b, &d->instructions.at[k]);
		Str want = k < c->trees.n ? c->trees.at[k] : S("nothing");
		if (!str_eq(buf_str(&b), want)) {
			differs(c, k, buf_str(&b), want);
			return;
		}
	}
}

/* "FIRST LAST {json}" */
static void check_heredoc(Arena *a, const Case *c, size_t at, const Instruction *i,
			  const Heredoc *h)
{
	Value *v = NULL;
	Str rest = at < c->heredocs.n ? c->heredocs.at[at] : S(""), first, last;
	uint64_t from = 0, to = 0;
	if (!str_cut(&rest, ' ', &first) || !str_cut(&rest, ' ', &last) || !str_u64(first, &from) ||
	    !str_u64(last, &to)) {
		differs(c, at, h->name, S("no here-document"));
		return;
	}
	Json j = json_over(rest, a);
	CHECK_OK(json_tree(&j, &v));
	if (from != i->first || to != i->last || !str_eq(h->name, value_str(v, S("Name"))) ||
	    !str_eq(h->body, value_str(v, S("Content"))))
		differs(c, at, h->body, c->heredocs.at[at]);
	size_t place;
	CHECK(str_find(rest, S("\"Expand\":true"), &place) == h->expand);
	CHECK(str_find(rest, S("\"Chomp\":true"), &place) == h->chomp);
}

static void check(Arena *a, Str text, const Case *c)
{
	Dockerfile d;
	size_t heredocs = 0;
	CHECK_OK(dockerfile_read(text, a, &d));
	if (c->refused) {
		if (d.problems.n == 0)
			differs(c, 0, S("no problem"), S("an error"));
		return;
	}
	check_trees(a, c, &d);
	for (size_t k = 0; k < d.instructions.n; k++) {
		const Instruction *i = &d.instructions.at[k];
		for (size_t n = 0; n < i->heredocs.n; n++)
			check_heredoc(a, c, heredocs++, i, &i->heredocs.at[n]);
	}
	CHECK(heredocs == c->heredocs.n);
}

TEST(every_dockerfile_is_the_tree_that_buildkit_makes)
{
	size_t seen = 0;
	for (unsigned n = 1; n < 1000; n++) {
		if (n == 219)
			continue; /* a PNG, which BuildKit puts into lower case as Unicode */
		Arena a = {0};
		char name[64], given[64];
		Str text, wanted;
		snprintf(name, sizeof name, "dockerfile/cases/%03u.buildkit", n);
		snprintf(given, sizeof given, "dockerfile/cases/%03u.Dockerfile", n);
		Case c = {.name = given};
		if (oracle_load(&a, ".", name, &wanted) && oracle_load(&a, ".", given, &text)) {
			read_case(&a, wanted, &c);
			check(&a, text, &c);
			seen++;
		}
		arena_finish(&a);
	}
	if (seen == 0)
		tap_skip("oracles/dockerfile is not there");
	else
		CHECK(seen == 294);
}

TEST(the_parsers_own_test_files_are_read_alike)
{
	char path[4096];
	if (!oracle_path("oracles", "dockerfile/testfiles", path, sizeof path)) {
		tap_skip("oracles/dockerfile is not there");
		return;
	}
	DIR *dir = opendir(path);
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		Arena a = {0};
		char name[400], given[400];
		Str text, wanted;
		snprintf(name, sizeof name, "dockerfile/testfiles/%s/result", e->d_name);
		snprintf(given, sizeof given, "dockerfile/testfiles/%s/Dockerfile", e->d_name);
		Case c = {.name = given};
		if (e->d_name[0] != '.' && oracle_load(&a, ".", name, &wanted) &&
		    oracle_load(&a, ".", given, &text)) {
			read_case(&a, wanted, &c);
			Dockerfile d;
			CHECK_OK(dockerfile_read(text, &a, &d));
			check_trees(&a, &c, &d);
		}
		arena_finish(&a);
	}
	closedir(dir);
}

TEST(what_the_parser_refuses_is_a_problem)
{
	static const char *const names[] = {"empty_dockerfile", "env_no_value", "only_comments",
					    "shykes-nested-json"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		Arena a = {0};
		char given[400];
		Str text;
		Dockerfile d;
		snprintf(given, sizeof given, "dockerfile/testfiles-negative/%s/Dockerfile",
			 names[i]);
		if (!oracle_load(&a, ".", given, &text)) {
			tap_skip("oracles/dockerfile is not there");
			return;
		}
		CHECK_OK(dockerfile_read(text, &a, &d));
		CHECK(d.problems.n != 0);
		arena_finish(&a);
	}
}
