/* opt.h - options: one const table, read by the parser, the environment, the configuration
 * file, --help, the man page and shell completion.
 *
 * A value may be said in five places; command line beats environment beats the project's file
 * beats the user's beats default, in whatever order they are read. */
#pragma once
#include <stddef.h>

#include "base/err.h"
#include "model/pkg.h"

typedef enum OptType {
	OPT_END,
	OPT_FLAG, /* bool; --no-NAME takes it back */
	OPT_STR,  /* const char *; the last one said counts */
	OPT_UINT, /* unsigned */
	OPT_LIST, /* StrVec; separated by commas, and repeatable; each ends with a NUL */
} OptType;

typedef struct Opt {
	OptType type;
	char letter;      /* or 0 */
	const char *name; /* of the long form, without "--" */
	const char *arg;  /* what its value is, upper case: "FILE"; NULL for a flag */
	const char *help; /* one phrase, lower case, no full stop */
	size_t at;        /* offset into the command's options struct */
	/* The only values it takes, by index, NULL after the last. NULL: any value. */
	const char *(*choice)(size_t i);
	/* ERR_USAGE for a value, or an item of a list, that makes no sense; NULL: all do. */
	Err *(*check)(Str value);
	/* It changes something: said on the command line, never by a variable or a file. */
	bool act;
} Opt;

#define OPT(type, letter, name, T, field, arg, help)                    \
	{                                                               \
		type, letter, name, arg, help, offsetof(T, field), NULL \
	}
#define OPT_ACT(type, letter, name, T, field, arg, help)                            \
	{                                                                           \
		type, letter, name, arg, help, offsetof(T, field), NULL, NULL, true \
	}
#define OPT_CHECKED(type, letter, name, T, field, arg, help, check)            \
	{                                                                      \
		type, letter, name, arg, help, offsetof(T, field), NULL, check \
	}
#define OPT_ONE_OF(type, letter, name, T, field, arg, help, choice)       \
	{                                                                 \
		type, letter, name, arg, help, offsetof(T, field), choice \
	}

typedef enum OptFrom {
	FROM_NOWHERE,
	FROM_FILE,
	FROM_PROJECT, /* the file of what is judged: cli/project.h */
	FROM_ENV,
	FROM_ARGV
} OptFrom;

enum { OPT_MAX = 48 }; /* options of one table */

typedef struct OptSet {      /* the values of one table, while they are gathered */
	const Opt *table;    /* ends with OPT_END */
	void *into;          /* the options struct, zeroed */
	Arena *arena;        /* texts that did not come from argv, and lists */
	struct OptSet *next; /* more options of the same command line, or NULL */
	uint8_t from[OPT_MAX];
} OptSet;

size_t opt_count(const Opt *table);
/* True when its value is a file or folder, going by Opt.arg. */
bool opt_wants_path(const Opt *o);

/* One option gets one value; NULL, for a flag, is true. Checked always; kept unless a better
 * place has spoken. The error does not name the option: the caller knows how it was spelled. */
Result opt_set(OptSet *s, const Opt *o, OptFrom from, const char *value);
/* Options and operands in any order, "--" ends the options; the operands come out in argv[0
 * .. *argc), and a NULL after them. */
Result opt_parse(OptSet *s, int *argc, char **argv);
/* BULWARK_SOME_NAME for --some-name; a variable that is empty says nothing. */
Result opt_from_env(OptSet *s);
const char *opt_env_name(Arena *a, const Opt *o);

/* Capitals, of ASCII letters only. */
static inline char opt_upper(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c;
}

/* The name that was probably meant, or NULL. */
const char *nearest(Str typed, const char *(*name)(const void *ctx, size_t i), const void *ctx);
