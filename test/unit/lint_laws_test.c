/* lint_laws_test.c - what holds for every rule: sorted, explained, right on its own snippets, and a
 * file that it mends is clean afterwards. */
#include "base/buf.h"
#include "image_text.h"
#include "lint/image.h"
#include "tap.h"

static Err *only_compose_yaml(void *ctx, Str path, Arena *a, Str *out)
{
	(void)a;
	*out = str_eq(path, S("compose.yaml")) ? *(const Str *)ctx : (Str){NULL, 0};
	return OK;
}

static RemarkReport lint_as(Arena *a, Str text, const LintOptions *o, char language)
{
	RemarkReport r = {0};
	ComposeSource from = {only_compose_yaml, &text};
	StrVec names = {0};
	vec_push(a, &names, S("compose.yaml"));
	if (language == 'I') {
		ImageText *t = image_of_text(arena_cstr(a, text), lint_selector(), a);
		CHECK_OK(lint_image(&t->image, &t->facts, o, a, &r));
	} else if (language == 'C') {
		CHECK_OK(lint_compose(&names, &from, o, a, &r));
	} else {
		CHECK_OK(lint_dockerfile(S("Dockerfile"), text, o, a, &r));
	}
	return r;
}

static const char mark[] = "<value of a secret>";

static void find_mark(void *ctx, Str name, Str text, Arena *a, LintBeside *out)
{
	size_t at = 0;
	(void)ctx, (void)name;
	if (str_find(text, str_of(mark), &at))
		vec_push(a, &out->secrets,
			 (LintSecret){
				 {(uint32_t)at, (uint32_t)(at + strlen(mark))}, S("x"), S("y")});
}

/* What a house has said, and what lies beside the file; the engine's hit is where it is written. */
static void add_surroundings(Arena *a, Str text, LintOptions *o, LintBeside *b)
{
	size_t at = 0;
	vec_push(a, &o->registries, S("*trusted.example"));
	vec_push(a, &o->registries, S("other.example/team"));
	vec_push(a, &o->labels, (LabelRule){S("version"), LABEL_SEMVER});
	vec_push(a, &o->labels, (LabelRule){S("team"), LABEL_TEXT});
	*b = (LintBeside){.known = true};
	b->has_ignore = !str_find(text, S(" . "), &at) && !str_find(text, S("./ "), &at);
	b->ignore_name = S(".dockerignore");
	b->ignore = S("*.md\n**/secret\n!kept/secret\n");
	find_mark(NULL, S(""), text, a, b);
	o->beside = b;
	o->find_secrets = find_mark;
}

static RemarkReport lint(Arena *a, Str text, const LintRule *only)
{
	LintOptions o = {.now = 1764000000};
	LintBeside beside;
	if (only != NULL)
		add_surroundings(a, text, &o, &beside);
	bool spoken_by_engine = only != NULL && strcmp(only->id + 1, "001") == 0;
	if (only != NULL && !spoken_by_engine)
		vec_push(a, &o.only, str_of(only->id));
	return lint_as(a, text, &o, only != NULL ? only->id[0] : 'D');
}

static size_t said(const RemarkReport *r, const LintRule *rule)
{
	size_t n = 0;
	for (size_t i = 0; i < r->remarks.n; i++)
		n += str_eq(r->remarks.at[i].rule, str_of(rule->id));
	return n;
}

static void expect(const LintRule *rule, const char *snippet, bool bad)
{
	Arena a = {0};
	RemarkReport r = lint(&a, str_of(snippet), rule);
	if ((said(&r, rule) != 0) != bad)
		printf("# %s %s: %s\n", rule->id, bad ? "is silent about" : "speaks of", snippet);
	CHECK((said(&r, rule) != 0) == bad);
	arena_finish(&a);
}

TEST(ids_are_sorted_and_unique_and_names_too)
{
	for (const LintRule *const *r = lint_rules; r[0] != NULL; r++) {
		CHECK(r[1] == NULL || strcmp(r[0]->id, r[1]->id) < 0);
		CHECK(lint_rule_named(str_of(r[0]->id)) == r[0]);
		CHECK(lint_rule_named(str_of(r[0]->name)) == r[0]);
	}
}

TEST(every_rule_explains_itself)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		CHECK((*r)->why != NULL && strlen((*r)->why) > 20);
		CHECK((*r)->help != NULL && strlen((*r)->help) > 5);
		CHECK((*r)->level != 0 && (*r)->confidence != 0);
		CHECK((*r)->good != NULL && (*r)->bad != NULL);
	}
}

TEST(every_rule_is_right_about_its_own_snippets)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		for (const char *const *s = (*r)->good; *s != NULL; s++)
			expect(*r, *s, false);
		for (const char *const *s = (*r)->bad; *s != NULL; s++)
			expect(*r, *s, true);
	}
}

static Str mended(Arena *a, Str text, const Remark *m)
{
	Buf b = buf_in(a, 1u << 20);
	uint32_t at = 0;
	for (size_t i = 0; i < m->fix.n; i++) {
		buf_add(&b, (Str){text.p + at, m->fix.at[i].at - at});
		buf_add(&b, m->fix.at[i].text);
		at = m->fix.at[i].end;
	}
	buf_add(&b, str_skip(text, at));
	return buf_str(&b);
}

TEST(a_fix_leaves_less_to_say)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		for (const char *const *s = (*r)->bad; *s != NULL; s++) {
			Arena a = {0};
			Str text = str_of(*s);
			RemarkReport before = lint(&a, text, *r);
			for (size_t i = 0; i < before.remarks.n; i++) {
				const Remark *m = &before.remarks.at[i];
				if (m->fix.n == 0)
					continue;
				RemarkReport after = lint(&a, mended(&a, text, m), *r);
				if (after.remarks.n >= before.remarks.n)
					printf("# %s: %s\n", (*r)->id, *s);
				CHECK(after.remarks.n < before.remarks.n);
			}
			arena_finish(&a);
		}
}

/* Fed in pieces of `step` bytes; `size` of the file. */
static bool seen_as_packed(Str body, size_t step)
{
	Arena a = {0};
	FileInfo f = {.path = S("srv/a"), .type = FILE_REGULAR, .size = body.n, .mode = 0755};
	Str kept;
	Sieve *s = lint_selector()->pick(lint_selector()->ctx, &a, &f);
	for (size_t at = 0; at < body.n && s->next != SIEVE_DONE; at += step)
		CHECK_OK(s->feed(s, at, str_first(str_skip(body, at), step)));
	CHECK_OK(s->finish(s, &kept));
	arena_finish(&a);
	return kept.p != NULL;
}

TEST(a_packed_program_is_seen_however_it_comes)
{
	char body[1500] = "\177ELF";
	for (size_t step = 1; step < 1600; step = step * 2 + 1) {
		memcpy(body + 1020, "UPX!", 4);
		CHECK(seen_as_packed((Str){body, sizeof body}, step));
		memcpy(body + 1020, " UPX!", 5); /* too far behind */
		CHECK(!seen_as_packed((Str){body, sizeof body}, step));
	}
	memcpy(body + 1020, "UPX!", 4);
	body[0] = '#';
	CHECK(!seen_as_packed((Str){body, sizeof body}, 7));
}

TEST(pragmas_of_all_kinds_accept_by_any_id)
{
	static const struct {
		const char *text, *why;
	} files[] = {
		{"FROM a:1\n# bulwark:ignore D111 -- kept\nMAINTAINER x\nUSER 1\n", "kept"},
		{"FROM a:1\n# bulwark:ignore D306, D111 until=2100-01-01 --\nMAINTAINER x\nUSER "
		 "1\n",
		 "bulwark:ignore D306, D111 until=2100-01-01 --"},
		{"FROM a:1\n# hadolint ignore=DL3000,DL4000\nMAINTAINER x\nUSER 1\n",
		 "hadolint ignore=DL3000,DL4000"},
		{"FROM a:1\n# trivy:ignore:DS-0022\nMAINTAINER x\nUSER 1\n",
		 "trivy:ignore:DS-0022"},
		{"FROM a:1\n# checkov:skip=CKV_DOCKER_6:because it is\nMAINTAINER x\nUSER 1\n",
		 "because it is"},
		{"FROM a:1\n# check=skip=MaintainerDeprecated\nMAINTAINER x\nUSER 1\n",
		 "check=skip=MaintainerDeprecated"},
		{"# check=skip=all\nFROM a:1\nMAINTAINER x\nUSER 1\n", "skip=all"},
		{"# hadolint global ignore=DL4000\nFROM a:1\nMAINTAINER x\nUSER 1\n",
		 "hadolint global ignore=DL4000"},
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		Arena a = {0};
		RemarkReport r = lint(&a, str_of(files[i].text), NULL);
		CHECK(r.suppressed == 1 && r.accepted.n == 1 && r.accepted.at[0].in_source);
		CHECK_STR(r.accepted.at[0].accepted, str_of(files[i].why));
		CHECK(r.accepted.at[0].excerpt.n == 0 && r.accepted.at[0].line != 0);
		for (size_t k = 0; k < r.remarks.n; k++)
			printf("# %zu: " STR_FMT " " STR_FMT "\n", i, STR_ARG(r.remarks.at[k].rule),
			       STR_ARG(r.remarks.at[k].message));
		CHECK(r.remarks.n == 0);
		arena_finish(&a);
	}
}
