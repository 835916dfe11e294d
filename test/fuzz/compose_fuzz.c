/* compose_fuzz.c - any bytes as a project: files parted by 0xff, the first two merged, the others
 * .env and what they name; all places lie in their files, and all rules can be asked. */
#include <stdlib.h>

#include "lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 5 };
static const char *const names[FILES] = {"compose.yaml", "over.yaml", ".env", "base.yaml", "x.env"};

static void need(bool holds)
{
	if (!holds)
		abort();
}

static Err *part_of(void *ctx, Str path, Arena *a, Str *out)
{
	Str rest = *(const Str *)ctx, part;
	(void)a;
	for (size_t i = 0; i < FILES && str_cut(&rest, (char)0xff, &part); i++)
		if (str_eq(path, str_of(names[i])))
			*out = part.p != NULL ? part : S("");
	return OK;
}

static void check_node(const Compose *c, const Node *n, unsigned depth)
{
	need(n->file < c->files.n && n->span.at <= n->span.end);
	need(n->span.end <= c->files.at[n->file]->document.places.text.n);
	for (size_t i = 0; n->type != NODE_TEXT && i < n->n && depth < 8; i++)
		check_node(c, n->type == NODE_MAP ? n->entries[i].value : n->items[i], depth + 1);
}

static void check_project(Str input, const StrVec *files)
{
	Arena a = {0};
	Compose c;
	ComposeSource from = {part_of, &input};
	Err *e = compose_read(files, &from, &a, &c);
	if (e == OK && c.root != NULL)
		check_node(&c, c.root, 0);
	for (size_t i = 0; e == OK && i < c.problems.n; i++)
		need(c.problems.at[i].file < c.files.n);
	err_free(e);
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	StrVec files = {0};
	Str input = {(const char *)data, size};
	RemarkReport r = {0};
	LintOptions o = {.now = 1764000000};
	ComposeSource from = {part_of, &input};
	vec_push(&a, &files, str_of(names[0]));
	if (size != 0 && memchr(data, 0xff, size) != NULL)
		vec_push(&a, &files, str_of(names[1]));
	check_project(input, &files);
	Err *e = lint_compose(&files, &from, &o, &a, &r);
	for (size_t i = 0; e == OK && i < r.remarks.n; i++)
		need(r.remarks.at[i].line >= 1 && r.remarks.at[i].column >= 1);
	err_free(e);
	arena_finish(&a);
	return 0;
}
