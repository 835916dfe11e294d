/* opt_value.c - one value into one option, whoever said it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/opt.h"

enum { ENV_NAME_BYTES = 128 };

size_t opt_count(const Opt *table)
{
	size_t n = 0;
	while (table[n].type != OPT_END)
		n++;
	return n;
}

bool opt_wants_path(const Opt *o)
{
	return o->arg != NULL && (strstr(o->arg, "FILE") != NULL || strstr(o->arg, "DIR") != NULL);
}

static const char *choice_at(const void *ctx, size_t i) { return ((const Opt *)ctx)->choice(i); }

static Result check_choice(const Opt *o, Str value)
{
	Arena a = {0};
	Buf all = buf_in(&a, 4096);
	const char *name;
	for (size_t i = 0; (name = o->choice(i)) != NULL; i++) {
		if (str_eq(value, str_of(name))) {
			arena_finish(&a);
			return OK;
		}
		buf_fmt(&all, "%s%s", i != 0 ? ", " : "", name);
	}
	const char *close = nearest(value, choice_at, o);
	Str names = buf_str(&all);
	Err *e = close != NULL ? err_make(ERR_USAGE, 0, ERR_HERE,
					  "no '" STR_FMT "'; did you mean %s? (one of " STR_FMT ")",
					  STR_ARG(value), close, STR_ARG(names))
			       : err_make(ERR_USAGE, 0, ERR_HERE,
					  "no '" STR_FMT "'; it is one of " STR_FMT, STR_ARG(value),
					  STR_ARG(names));
	arena_finish(&a);
	return e;
}

static Result read_flag(const char *value, bool *out)
{
	static const char *const yes[] = {"true", "yes", "on", "1"};
	static const char *const no[] = {"false", "no", "off", "0"};
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (value == NULL || str_eq_nocase(str_of(value), str_of(yes[i]))) {
			*out = true;
			return OK;
		}
		if (str_eq_nocase(str_of(value), str_of(no[i]))) {
			*out = false;
			return OK;
		}
	}
	FAIL(ERR_USAGE, "wants true or false, not '%s'", value);
}

static Result check_text(const Opt *o, Str value)
{
	if (value.n == 0)
		FAIL(ERR_USAGE, "wants %s, and got nothing", o->arg);
	if (o->check != NULL)
		TRY(o->check(value));
	return o->choice != NULL ? check_choice(o, value) : OK;
}

static Result read_list(const Opt *o, const char *value, Arena *a, StrVec *out)
{
	Str item, rest = str_of(value);
	while (str_cut(&rest, ',', &item)) {
		item = str_trim(item);
		TRY(check_text(o, item));
		vec_push(a, out, str_of(arena_cstr(a, item)));
	}
	return OK;
}

static void add_list(StrVec *list, const StrVec *more, bool replace, Arena *a)
{
	if (replace)
		*list = (StrVec){0};
	for (size_t i = 0; i < more->n; i++)
		vec_push(a, list, more->at[i]);
}

Result opt_set(OptSet *s, const Opt *o, OptFrom from, const char *value)
{
	void *slot = (char *)s->into + o->at;
	uint8_t *before = &s->from[o - s->table];
	bool keep = from >= *before;
	bool truth = false;
	uint64_t number = 0;
	StrVec list = {0};

	if (o->act && from != FROM_ARGV)
		FAIL(ERR_USAGE, "changes something: it is said on the command line only");
	switch (o->type) {
	case OPT_FLAG: TRY(read_flag(value, &truth)); break;
	case OPT_STR: TRY(check_text(o, str_of(value))); break;
	case OPT_LIST: TRY(read_list(o, value, s->arena, &list)); break;
	case OPT_UINT:
		if (!str_u64(str_of(value), &number) || number > UINT32_MAX)
			FAIL(ERR_USAGE, "wants a number, not '%s'", value);
		break;
	case OPT_END: FAIL(ERR_BUG, "an option without a type");
	}
	if (!keep)
		return OK;
	if (o->type == OPT_FLAG)
		*(bool *)slot = truth;
	else if (o->type == OPT_STR)
		*(const char **)slot = value;
	else if (o->type == OPT_UINT)
		*(unsigned *)slot = (unsigned)number;
	else
		add_list(slot, &list, from > *before, s->arena);
	*before = (uint8_t)from;
	return OK;
}

const char *opt_env_name(Arena *a, const Opt *o)
{
	Buf b = buf_in(a, ENV_NAME_BYTES);
	buf_add(&b, S("BULWARK_"));
	for (const char *p = o->name; *p != '\0'; p++) {
		if (*p == '-')
			buf_char(&b, '_');
		else
			buf_char(&b, opt_upper(*p));
	}
	buf_char(&b, '\0');
	return buf_str(&b).p;
}

Result opt_from_env(OptSet *s)
{
	for (const Opt *o = s->table; o->type != OPT_END; o++) {
		const char *name = opt_env_name(s->arena, o), *value = getenv(name);
		if (value != NULL && value[0] != '\0')
			TRY_IN(opt_set(s, o, FROM_ENV, value), "environment variable %s", name);
	}
	return OK;
}
