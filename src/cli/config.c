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
	OptSet *into;       /* NULL: they are only said */
	YamlPlaces places;
	const void *at;             /* what is looked at */
	const char *const *allowed; /* by a project's file; NULL: all */
	StrVec *said;               /* option, value ...; may be NULL */
	bool says;                  /* what is read now is the wanted command's */
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

static Result set_text(const Reading *r, OptSet *s, const Opt *o, Str text)
{
	if (str_has(text, '\0'))
		FAIL(ERR_USAGE, "wants %s", o->arg != NULL ? o->arg : "true or false");
	const char *value = arena_cstr(r->arena, text);
	TRY(opt_set(s, o, FROM_FILE, value));
	if (r->said != NULL && r->says) {
		vec_push(r->arena, r->said, str_of(o->name));
		vec_push(r->arena, r->said, str_of(value));
	}
	return OK;
}

static Result set_scalar(Reading *r, OptSet *s, const Opt *o, const Value *v)
{
	r->at = v;
	if (v->type != JSON_STRING)
		FAIL(ERR_USAGE, "wants %s", o->arg != NULL ? o->arg : "true or false");
	return set_text(r, s, o, v->text);
}

/* An option whose values are NAME=VALUE takes a mapping, too. */
static Result set_pair(Reading *r, OptSet *s, const Opt *o, const Member *m)
{
	Buf b = buf_in(r->arena, LIMIT_CONFIG_BYTES);
	r->at = m->key.p;
	if (m->value->type != JSON_STRING || str_has(m->key, '=') || str_has(m->key, ',') ||
	    str_has(m->value->text, ','))
		FAIL(ERR_USAGE, "wants %s, one each", o->arg);
	buf_fmt(&b, STR_FMT "=" STR_FMT, STR_ARG(m->key), STR_ARG(m->value->text));
	return set_text(r, s, o, buf_str(&b));
}

static Result set_value(Reading *r, OptSet *s, const Opt *o, const Value *v)
{
	if (o->type == OPT_LIST && v->type == JSON_OBJECT && strchr(o->arg, '=') != NULL) {
		for (size_t i = 0; i < v->n; i++)
			TRY(set_pair(r, s, o, &v->members[i]));
		return OK;
	}
	if (o->type != OPT_LIST || v->type != JSON_ARRAY)
		return set_scalar(r, s, o, v);
	for (size_t i = 0; i < v->n; i++)
		TRY(set_scalar(r, s, o, v->items[i]));
	return OK;
}

static bool is_allowed(const Reading *r, const Opt *o)
{
	const char *const *name = r->allowed;
	while (name != NULL && *name != NULL && strcmp(*name, o->name) != 0)
		name++;
	return name == NULL || *name != NULL;
}

static Result read_option(Reading *r, OptSet *s, const Member *m)
{
	r->at = m->key.p;
	for (const Opt *o = s->table; o->type != OPT_END; o++) {
		if (!str_eq(m->key, str_of(o->name)))
			continue;
		if (!is_allowed(r, o))
			FAIL(ERR_USAGE,
			     STR_FMT ": not for a project's file; say it on the command line or in "
				     "your own configuration",
			     STR_ARG(m->key));
		TRY_IN(set_value(r, s, o, m->value), STR_FMT, STR_ARG(m->key));
		return OK;
	}
	return unknown_key(m->key, nearest(m->key, option_at, s->table));
}

/* A command that is not the one that runs is checked against values nobody will see. */
static Result read_command(Reading *r, const char *path, const Command *c, const Value *v)
{
	static const Opt none[] = {{0}};
	OptSet unseen = {.table = c->opts != NULL ? c->opts : none,
			 .into = arena_alloc(r->arena, 1, c->opts_size + 1, _Alignof(max_align_t)),
			 .arena = r->arena};
	bool wanted = strcmp(path, r->wanted) == 0;
	if (r->allowed != NULL && !wanted)
		FAIL(ERR_USAGE, "a project's file speaks of %s alone", r->wanted);
	OptSet *s = wanted && r->into != NULL ? r->into : &unseen;
	r->says = wanted;
	for (size_t i = 0; i < v->n; i++)
		TRY(read_option(r, s, &v->members[i]));
	return OK;
}

static Result read_table(Reading *r, const Command *const *table, const char *of, const Value *v);

static Result read_section(Reading *r, const char *of, const Command *c, const Value *v)
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

static Result read_table(Reading *r, const Command *const *table, const char *of, const Value *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const Member *m = &v->members[i];
		const Command *c = command_named(table, arena_cstr(r->arena, m->key));
		r->at = m->key.p;
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

static Result at_place(const Reading *r, const char *name, Err *e)
{
	for (size_t i = 0; e != OK && i < r->places.n; i++)
		if (r->places.at[i].what == r->at)
			return err_in(e, "%s:%u:%u", name, r->places.at[i].line,
				      r->places.at[i].column);
	return e != OK ? err_in(e, "%s", name) : OK;
}

static Result read_file(Reading *r, const char *name, Str text)
{
	Value *root = NULL;
	if (says_nothing(text))
		return OK;
	TRY_IN(err_usage(value_from_yaml_at(text, r->arena, &root, &r->places)), "%s", name);
	r->at = root;
	if (root->type == JSON_OBJECT)
		return at_place(r, name, read_table(r, commands, "", root));
	return at_place(r, name,
			err_make(ERR_USAGE, 0, ERR_HERE,
				 "wants commands and their options, like scan: {severity: high}"));
}

Result config_read(const char *name, Str text, const char *path, OptSet *s)
{
	Reading r = {.arena = s->arena, .wanted = path, .into = s};
	return read_file(&r, name, text);
}

Result config_read_project(const char *name, Str text, const char *path, const char *const *allowed,
			   Arena *a, StrVec *said)
{
	Reading r = {.arena = a, .wanted = path, .allowed = allowed, .said = said};
	return read_file(&r, name, text);
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
	return config_read(file, text, path, s);
}
