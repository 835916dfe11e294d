/* image_accounts.c - I203, I204: /etc/passwd, /etc/shadow and /etc/group, line by line (passwd(5),
 * shadow(5), group(5), crypt(5)). */
#include "lint/image_rule.h"

enum { FIELDS_MAX = 10, LIST_MAX = 20 };

typedef struct Lines { /* of one of the files */
	const LintImage *image;
	LintSink *to;
	const Captured *file;
	Str rest;
	size_t said;
} Lines;

typedef struct Fields {
	Str at[FIELDS_MAX];
	size_t n;
} Fields;

static Lines lines_of(const LintImage *i, LintSink *to, Str path)
{
	const Captured *f = fileset_get(&i->image->files, path);
	return (Lines){.image = i, .to = to, .file = f, .rest = f != NULL ? f->body : S("")};
}

/* Comments, empty lines and those for NIS ("+", "-") are left out. */
static bool next_line(Lines *l, Fields *out)
{
	Str line;
	while (l->rest.n != 0 && str_cut(&l->rest, '\n', &line)) {
		*out = (Fields){0};
		if (str_trim(line).n == 0 || strchr("#+-", line.p[0]) != NULL)
			continue;
		while (out->n < FIELDS_MAX && line.p != NULL &&
		       str_cut(&line, ':', &out->at[out->n]))
			out->n++;
		return true;
	}
	return false;
}

/* ---- I203 passwords ---- */

/* '*', '!', '!!', '!$y$...': nobody gets in by it. */
static bool is_locked(Str password)
{
	return password.n == 0 || password.p[0] == '*' || password.p[0] == '!' ||
	       str_eq(password, S("x"));
}

static bool is_weak(Str password)
{
	return str_starts(password, S("$1$")) || str_starts(password, S("_")) ||
	       password.p[0] != '$';
}

#define SAY(l, fmt, name)                                                                          \
	do {                                                                                       \
		if ((l)->said++ < LIST_MAX)                                                        \
			image_say((l)->image, (l)->to, in_file((l)->file->path, (l)->file->layer), \
				  fmt, STR_ARG(str_first(name, 64)));                              \
	} while (0)

static void check_password(Lines *l, const Fields *f)
{
	if (f->n < 2)
		return;
	if (f->at[1].n == 0) {
		SAY(l, "'" STR_FMT "' logs in without a password", f->at[0]);
		return;
	}
	if (is_locked(f->at[1]))
		return;
	if (is_weak(f->at[1])) {
		SAY(l, "'" STR_FMT "' has a password, under a hash that is broken in hours",
		    f->at[0]);
		return;
	}
	SAY(l, "'" STR_FMT "' has a password, the same in every copy of the image", f->at[0]);
	lint_grade(l->to, LEVEL_WARNING);
}

static void check_passwords(const LintImage *i, LintSink *to)
{
	Fields f;
	Lines shadow = lines_of(i, to, S("etc/shadow")), passwd = lines_of(i, to, S("etc/passwd"));
	uint64_t uid;
	while (next_line(&shadow, &f))
		check_password(&shadow, &f);
	while (next_line(&passwd, &f)) {
		check_password(&passwd, &f);
		if (f.n > 2 && str_u64(f.at[2], &uid) && uid == 0 && !str_eq(f.at[0], S("root")))
			SAY(&passwd, "'" STR_FMT "' is root by another name: its number is 0",
			    f.at[0]);
	}
}

const LintRule lint_I203 = {
	.id = "I203",
	.name = "image-passwords",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "An account without a password, or with one that everybody who has the image can "
	       "search for at leisure, lets whoever reaches a login, su or sshd in.",
	.help = "lock it: passwd -l NAME, usermod -p '!' NAME",
	.aliases = LIST("DKL-LI-0001"),
	.good = LIST("f etc/shadow root:*:1::::::\\nbin:!:1::::::\\nx:!!:\\n",
		     "f etc/passwd root:x:0:0::/:/bin/sh\\n+::::::\\n"),
	.bad = LIST("f etc/shadow root::1::::::\\n", "f etc/passwd app::7:7::/:/bin/sh\\n",
		    "f etc/passwd toor:x:0:0::/:/bin/sh\\n", "f etc/shadow a:$1$x$y:1::::::\\n",
		    "f etc/shadow a:$y$j9T$x$y:1::::::\\n"),
	.check_image = check_passwords,
};

/* ---- I204 duplicates ---- */

static void check_file(Lines *l, size_t fields, const char *numbers)
{
	Map names = {0}, ids = {0};
	Fields f;
	while (next_line(l, &f)) {
		if (f.n != fields) {
			SAY(l, "the line of '" STR_FMT "' has a wrong number of fields", f.at[0]);
			lint_grade(l->to, LEVEL_STYLE);
			continue;
		}
		void **name = map_at(&names, l->image->a, f.at[0]);
		if (*name != NULL)
			SAY(l, "'" STR_FMT "' is there twice", f.at[0]);
		*name = l;
		if (numbers == NULL)
			continue;
		Str *first = map_get(&ids, f.at[2]);
		if (first != NULL && !str_eq(*first, f.at[0]))
			image_say(l->image, l->to, in_file(l->file->path, l->file->layer),
				  "'" STR_FMT "' and '" STR_FMT "' are the same %s, " STR_FMT,
				  STR_ARG(str_first(*first, 64)), STR_ARG(str_first(f.at[0], 64)),
				  numbers, STR_ARG(str_first(f.at[2], 20)));
		if (first != NULL)
			continue;
		first = arena_new(l->image->a, Str);
		*first = f.at[0];
		*map_at(&ids, l->image->a, f.at[2]) = first;
	}
}

static void check_duplicates(const LintImage *i, LintSink *to)
{
	Lines passwd = lines_of(i, to, S("etc/passwd")), group = lines_of(i, to, S("etc/group")),
	      shadow = lines_of(i, to, S("etc/shadow"));
	check_file(&passwd, 7, "user");
	check_file(&group, 4, "group");
	check_file(&shadow, 9, NULL);
}

const LintRule lint_I204 = {
	.id = "I204",
	.name = "image-duplicate-accounts",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Two names for one number own each other's files; of two lines with one name, which "
	       "counts depends on who reads.",
	.help = "give each account a number of its own",
	.aliases = LIST("DKL-LI-0002"),
	.good = LIST("f etc/passwd a:x:1:1::/:/x\\nb:x:2:1::/:/x\\n",
		     "f etc/group a:x:1:\\nb:x:2:a,b\\n"),
	.bad = LIST("f etc/passwd a:x:1:1::/:/x\\nb:x:1:1::/:/x\\n",
		    "f etc/passwd a:x:1:1::/:/x\\na:x:2:1::/:/x\\n",
		    "f etc/group a:x:1:\\nb:x:1:\\n", "f etc/passwd a:x\\n",
		    "f etc/shadow a:*:1::::::\\na:*:1::::::\\n"),
	.check_image = check_duplicates,
};
