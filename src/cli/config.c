/* config.c - finds the configuration file, checks it, and takes what a command needs. */
#include "cli/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/input.h"
#include "io/json.h"

#define SYSTEM_CONFIG "/etc/bulwark/config.yaml"

typedef struct Reading { /* one walk over the file */
	Arena *arena;
	const char *wanted; /* the command whose values are kept */
	OptSet *into;
} Reading;

/* ---- sections and keys ---- */

static const char *option_at(const void *ctx, size_t i)
{
	const Opt *table = ctx;
	return i < opt_count(table) ? table[i].name : NULL;
}

static const char *command_at(const void *ctx, size_t i)
{
	const Command *const *table = ctx;
	return table[i] != NULL ? table[i]->name : NULL;
}

static Result unknown_key(Str key, const char *close)
{
	if (close != NULL)
		FAIL(ERR_USAGE, "unknown key '" STR_FMT "'; did you mean %s?", STR_ARG(key), close);
	FAIL(ERR_USAGE, "unknown key '" STR_FMT "'; see 'bulwark help'", STR_ARG(key));
}

static Result set_scalar(OptSet *s, const Opt *o, const Value *v)
{
	if (v->type != JSON_STRING || str_has(v->text, '\0'))
		FAIL(ERR_USAGE, "wants %s", o->arg != NULL ? o->arg : "true or false");
	return opt_set(s, o, FROM_FILE, arena_cstr(s->arena, v->text));
}

static Result set_value(OptSet *s, const Opt *o, const Value *v)
{
	if (o->type != OPT_LIST || v->type != JSON_ARRAY)
		return set_scalar(s, o, v);
	for (size_t i = 0; i < v->n; i++)
		TRY(set_scalar(s, o, v->items[i]));
	return OK;
}

static Result read_option(OptSet *s, const Member *m)
{
	for (const Opt *o = s->table; o->type != OPT_END; o++)
		if (str_eq(m->key, str_of(o->name))) {
			TRY_IN(set_value(s, o, m->value), STR_FMT, STR_ARG(m->key));
			return OK;
		}
	return unknown_key(m->key, nearest(m->key, option_at, s->table));
}

/* A command that is not the one that runs is checked against values nobody will see. */
static Result read_command(const Reading *r, const char *path, const Command *c, const Value *v)
{
	static const Opt none[] = {{0}};
	OptSet unseen = {.table = c->opts != NULL ? c->opts : none,
			 .into = arena_alloc(r->arena, 1, c->opts_size + 1, _Alignof(max_align_t)),
			 .arena = r->arena};
	OptSet *s = strcmp(path, r->wanted) == 0 ? r->into : &unseen;
	for (size_t i = 0; i < v->n; i++)
		TRY(read_option(s, &v->members[i]));
	return OK;
}

static Result read_table(const Reading *r, const Command *const *table, const char *of,
			 const Value *v);

static Result read_section(const Reading *r, const char *of, const Command *c, const Value *v)
{
	if (v->type == JSON_STRING && v->text.n == 0)
		return OK; /* "scan:" and nothing under it */
	if (v->type != JSON_OBJECT)
		FAIL(ERR_USAGE, "wants options under it, like severity: high");
	Buf path = buf_in(r->arena, 256);
	buf_fmt(&path, "%s%s%s%c", of, of[0] != '\0' ? " " : "", c->name, '\0');
	const char *name = buf_str(&path).p;
	return c->subcommands != NULL ? read_table(r, c->subcommands, name, v)
				      : read_command(r, name, c, v);
}

static Result read_table(const Reading *r, const Command *const *table, const char *of,
			 const Value *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const Member *m = &v->members[i];
		const Command *c = command_named(table, arena_cstr(r->arena, m->key));
		if (c == NULL)
			return unknown_key(m->key, nearest(m->key, command_at, table));
		TRY_IN(read_section(r, of, c, m->value), STR_FMT, STR_ARG(m->key));
	}
	return OK;
}

/* ---- the file ---- */

static bool says_nothing(Str text)
{
	Str line;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n != 0 && line.p[0] != '#' && !str_eq(line, S("---")))
			return false;
	}
	return true;
}

Result config_read(Str text, const char *path, OptSet *s)
{
	Value *root = NULL;
	Reading r = {.arena = s->arena, .wanted = path, .into = s};
	if (says_nothing(text))
		return OK;
	TRY(value_from_yaml(text, s->arena, &root));
	if (root->type != JSON_OBJECT)
		FAIL(ERR_USAGE, "wants commands and their options, like scan: {severity: high}");
	return read_table(&r, commands, "", root);
}

/* The user's file, or the system's; NULL when there is neither. */
static const char *find_file(Arena *a)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	Buf b = buf_in(a, 1 << 16);
	if (folder != NULL && folder[0] == '/')
		buf_fmt(&b, "%s/bulwark/config.yaml%c", folder, '\0');
	else if (home != NULL && home[0] == '/')
		buf_fmt(&b, "%s/.config/bulwark/config.yaml%c", home, '\0');
	if (b.n != 0 && access(buf_str(&b).p, F_OK) == 0)
		return buf_str(&b).p;
	return access(SYSTEM_CONFIG, F_OK) == 0 ? SYSTEM_CONFIG : NULL;
}

/* What steers a scan by root must be root's own. */
static Result check_owner(int fd, const char *file)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		FAIL_SYS("%s: cannot read: %s", file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		FAIL(ERR_TRUST, "%s: not a file", file);
	if ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & S_IWOTH) != 0)
		FAIL(ERR_TRUST,
		     "%s: another user can write to it; make it your own, or name it with --config",
		     file);
	return OK;
}

static Result open_found(const char *file, int *out)
{
	TRY(input_open(file, out));
	Err *e = check_owner(*out, file);
	if (e != OK)
		close(*out);
	return e;
}

Result config_apply(const char *given, const char *path, OptSet *s)
{
	const char *file = given != NULL ? given : getenv("BULWARK_CONFIG");
	bool named = file != NULL && file[0] != '\0';
	Str text = {0};
	int fd;
	if (!named)
		file = find_file(s->arena);
	if (file == NULL)
		return OK;
	TRY(named ? input_open(file, &fd) : open_found(file, &fd));
	TRY(input_all(fd, file, LIMIT_CONFIG_BYTES, s->arena, &text));
	TRY_IN(config_read(text, path, s), "%s", file);
	return OK;
}
