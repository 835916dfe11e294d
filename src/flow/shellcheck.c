/* shellcheck.c - scripts in memory files, one process, its JSON as notes. */
#include "flow/shellcheck.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/map.h"
#include "io/fd.h"
#include "io/json.h"
#include "io/program.h"
#include "io/worker.h"
#include "lint/notes.h"
#include "model/walk.h"

/* 4,000 scripts take it 15. */
enum { CPU_SECONDS = 30, SPARE_FILES = 64 };

/* ---- which scripts ---- */

static void script(Walk *w, AskedScript *s)
{
	walk_number32(w, &s->text);
	walk_number32(w, &s->script);
	walk_text(w, &s->program);
	walk_text(w, &s->source);
}

static Err *find_in_worker(void *ctx, Reply *reply)
{
	const LintTexts *texts = ctx;
	Arena a = {0};
	ShellAnswer found = {0};
	Str bytes;
	for (uint32_t i = 0; i < texts->n; i++) {
		LintShells shells = {0};
		if (texts->at[i].compose)
			continue;
		Err *e = lint_scripts(texts->at[i].text, &a, &shells);
		if (e != OK && e->kind != ERR_LIMIT) /* of that the linter tells */
			TRY_IN(e, STR_FMT, STR_ARG(texts->at[i].name));
		err_free(e);
		for (size_t k = 0; k < shells.n; k++)
			vec_push(&a, &found.scripts,
				 (AskedScript){i, shells.at[k].script, shells.at[k].program,
					       shells.at[k].text, -1});
	}
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	Walk w = {.to = &b};
	WALK_ITEMS(&w, &found.scripts, script);
	TRY(buf_done(&b, "the scripts", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Result find_scripts_of(const LintTexts *texts, bool allow_unsandboxed, Arena *a,
			      ShellAnswer *out)
{
	WorkerGrant grant = {.allow_unsandboxed = allow_unsandboxed};
	LintTexts copy = *texts;
	Str bytes;
	TRY(worker_run(&grant, find_in_worker, &copy, a, &bytes, NULL));
	Walk w = {.from = bytes, .arena = a};
	WALK_ITEMS(&w, &out->scripts, script);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's scripts are garbled");
	if (out->scripts.n > LIMIT_SHELLCHECK_SCRIPTS)
		FAIL(ERR_LIMIT,
		     "%zu scripts; ShellCheck is asked about at most %u: name fewer files",
		     out->scripts.n, LIMIT_SHELLCHECK_SCRIPTS);
	return OK;
}

/* ---- the process ---- */

static Result allow_files(size_t n)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		FAIL_SYS("open files: %s", strerrordesc_np(errno));
	if (files.rlim_cur < n && files.rlim_max >= n) {
		files.rlim_cur = n;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	return OK;
}

/* The directive on the first line says which shell it is. */
static Result into_memory(AskedScript *s)
{
	Arena a = {0};
	Buf b = buf_in(&a, SIZE_MAX);
	Str shell = str_eq(s->program, S("ash")) ? S("dash") : s->program;
	s->fd = memfd_create("script", MFD_CLOEXEC);
	if (s->fd < 0)
		FAIL_SYS("a file in memory: %s", strerrordesc_np(errno));
	buf_fmt(&b, "# shellcheck shell=" STR_FMT "\n", STR_ARG(shell));
	buf_add(&b, s->source);
	buf_char(&b, '\n');
	Err *e = fd_write(s->fd, buf_str(&b));
	arena_finish(&a);
	return e;
}

static Str path_of(const AskedScript *s, Arena *a)
{
	Buf b = buf_in(a, 64);
	buf_fmt(&b, "/dev/fd/%d%c", s->fd, '\0');
	return str_first(buf_str(&b), b.n - 1);
}

static Result ask(const char *program, ShellAnswer *s, Arena *a)
{
	/* Not ours to know: files that are sourced, variables of ENV and ARG, and that RUN has no
	 * first line. */
	static const char *const first[] = {"shellcheck", "--norc", "--format=json1",
					    "--severity=style",
					    "--exclude=SC1090,SC1091,SC2148,SC2154"};
	enum { FIRST = sizeof first / sizeof first[0] };
	const char **argv = arena_array(a, const char *, FIRST + s->scripts.n + 1);
	int *fds = arena_array(a, int, s->scripts.n + 1);
	int status = 0;
	memcpy(argv, first, sizeof first);
	for (size_t i = 0; i < s->scripts.n; i++) {
		TRY(into_memory(&s->scripts.at[i]));
		fds[i] = s->scripts.at[i].fd;
		argv[FIRST + i] = path_of(&s->scripts.at[i], a).p;
	}
	fds[s->scripts.n] = -1;
	ProgramRun run = {program, argv, fds, LIMIT_SHELLCHECK_BYTES, CPU_SECONDS};
	TRY(program_run(&run, a, &s->json, &status));
	if (status > 1) /* 1: it has something to say */
		FAIL(ERR_SYS, "%s: it ended with %d; run it by hand to see why", program, status);
	return OK;
}

bool shellcheck_is_here(Arena *a) { return program_find("shellcheck", a) != NULL; }

Result shellcheck_ask(const LintTexts *texts, bool allow_unsandboxed, Arena *a, ShellAnswer *out)
{
	const char *program = program_find("shellcheck", a);
	if (program == NULL)
		FAIL(ERR_USAGE, "--shellcheck: there is no shellcheck on PATH; install it");
	TRY(find_scripts_of(texts, allow_unsandboxed, a, out));
	if (out->scripts.n == 0)
		return OK;
	TRY(allow_files(out->scripts.n + SPARE_FILES));
	for (size_t i = 0; i < out->scripts.n; i++)
		out->scripts.at[i].fd = -1;
	Err *e = ask(program, out, a);
	for (size_t i = 0; i < out->scripts.n; i++)
		if (out->scripts.at[i].fd >= 0)
			close(out->scripts.at[i].fd);
	return e;
}

/* ---- what it said ---- */

static uint32_t number(const Value *v, Str key)
{
	uint64_t n = 0;
	return str_u64(value_str(v, key), &n) && n <= INT32_MAX ? (uint32_t)n : 1;
}

static Str code_of(const Value *v, Arena *a)
{
	Buf b = buf_in(a, 32);
	buf_fmt(&b, "SC%u", number(v, S("code")));
	return buf_str(&b);
}

static LintNote note_of(const Value *v, uint32_t of, Arena *a)
{
	LintNote n = {.script = of,
		      .line = number(v, S("line")) - 1, /* the directive is the first */
		      .column = number(v, S("column")),
		      .end_line = number(v, S("endLine")) - 1,
		      .end_column = number(v, S("endColumn")),
		      .level = LEVEL_WARNING,
		      .rule = code_of(v, a),
		      .message = value_str(v, S("message"))};
	(void)level_parse(value_str(v, S("level")), &n.level);
	return n;
}

Result shellcheck_notes(const ShellAnswer *s, Arena *a, LintNotes *texts, size_t n)
{
	Value *root = NULL;
	Map by_path = {0};
	if (s->json.n == 0)
		return OK;
	TRY_IN(value_from_json(s->json, a, &root), "shellcheck's answer");
	const Value *comments = value_items(root, S("comments"));
	if (comments == NULL)
		FAIL(ERR_INPUT, "shellcheck's answer has no comments; 0.7 or later is needed");
	for (size_t i = 0; i < s->scripts.n; i++)
		*map_at(&by_path, a, path_of(&s->scripts.at[i], a)) = &s->scripts.at[i];
	for (size_t i = 0; i < comments->n; i++) {
		const Value *v = comments->items[i];
		const AskedScript *of = map_get(&by_path, value_str(v, S("file")));
		if (of != NULL && of->text < n)
			vec_push(a, &texts[of->text], note_of(v, of->script, a));
	}
	return OK;
}
