/* rule.h - one rule of the linter: what it says of itself, its own tests, and the check.
 *
 * To add one: a const LintRule in the file of its family and a line in rules.def; see
 * CONTRIBUTING.md. Its good and bad snippets are run as tests. */
#pragma once
#include "compose/compose.h"
#include "lint/commands.h"
#include "lint/options.h"

typedef struct LintStage {
	const Instruction *from; /* NULL: instructions without a FROM */
	Str name;                /* lower case; empty: none */
	Str base;                /* as written */
	Str image;               /* base with the defaults of ARG; empty: a part has none */
	Str bare;                /* the same with nothing for what has no default */
	size_t first, end;       /* its instructions, without FROM */
	ptrdiff_t parent;        /* the stage it builds on; -1: an image */
} LintStage;

/* A variable that the builder replaces, not the shell. */
typedef struct LintUse {
	const Instruction *in;
	size_t index; /* of the instruction */
	Str name;
	Span at;
	bool declared; /* by ENV or ARG that count here, or by the builder */
	char modifier; /* VarUse */
} LintUse;

/* What USER is with the defaults of ARG and the values of ENV. */
typedef struct LintUser {
	const Instruction *in;
	Str name; /* with the group */
} LintUser;

struct LintFile {
	const Dockerfile *d;
	Arena *a; /* for what is said; lives as long as the remarks */
	const LintOptions *options;
	VEC(LintStage) stages;
	VEC(LintUse) uses;           /* find_variables() */
	VEC(LintUser) users;         /* those that are known */
	VEC(DockerProblem) problems; /* of words that cannot be expanded */
	VEC(LintScript) scripts;     /* as they stand in the file */
	size_t commands;             /* in all of them */
	bool cut;                    /* there were more of either than are judged */
};

/* A remark about a place, with the rule's level. Messages are one sentence without a full stop. */
void lint_say(LintSink *to, Span at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The rule stopped at a limit: the file is reported as not judged to its end. */
void lint_gave_up(LintSink *to);
/* A replacement that mends what was said last; several belong together. Not `safe`: the image may
 * behave differently. `text` is copied. */
void lint_fix(LintSink *to, Span at, Str text, bool safe);

/* What was said last is graver, or less grave, than the rule in general. */
void lint_grade(LintSink *to, Level level);
void lint_hide(LintSink *to); /* the line of what was said last is not to be shown */

typedef struct LintImage LintImage;

typedef struct LintRule {
	const char *id;   /* "D107"; never used again for something else */
	const char *name; /* "duplicate-stage" */
	Level level;
	Confidence confidence;
	bool off;                             /* unless it is asked for by id */
	const char *why;                      /* what goes wrong otherwise */
	const char *help;                     /* what to do */
	const char *const *aliases;           /* peers' ids; NULL-terminated */
	const char *const *good, *const *bad; /* files of its language; NULL-terminated */
	/* By its language, of which the id's letter tells; none: the engine itself speaks. */
	void (*check)(const LintFile *f, LintSink *to);
	void (*check_compose)(const Compose *c, LintSink *to);
	/* Of Compose: what a service lacks, "no memory limit". All such services of a file are one
	 * remark. */
	const char *absent;
	void (*check_image)(const LintImage *i, LintSink *to);
} LintRule;

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

extern const LintRule *const lint_rules[]; /* NULL-terminated, sorted by id */

static inline const Instruction *lint_at(const LintFile *f, size_t i)
{
	return &f->d->instructions.at[i];
}

/* Of the file: where a part of an instruction's line stands. */
static inline Span lint_keyword(const Instruction *i) { return instruction_span(i, i->keyword); }
/* The stage it builds on, which stands before it; NULL: an image. */
static inline const LintStage *lint_parent(const LintFile *f, const LintStage *s)
{
	return s->parent >= 0 ? &f->stages.at[s->parent] : NULL;
}
/* Apart by one letter that is more, less or another, or by case alone. */
bool names_are_near(Str a, Str b);
/* The one whose image is made. */
static inline const LintStage *lint_last(const LintFile *f)
{
	if (f->stages.at == NULL) /* there is one always */
		__builtin_unreachable();
	return &f->stages.at[f->stages.n - 1];
}
/* The stage that instruction `i` is in; NULL before the first FROM. */
const LintStage *lint_stage_of(const LintFile *f, size_t i);
/* By the name of its base, or by what the file escapes with. */
bool is_windows_stage(const LintFile *f, const LintStage *s);
/* Of a registry, or a part of one, that the options trust. */
bool image_is_trusted(const LintOptions *o, Arena *a, Str image);
/* The name of a variable or option speaks of a secret: DB_PASSWORD, token. */
bool sounds_secret(Str name);

/* What a fix adds is written as the file writes its own (manner.c). */
typedef enum LetterCase { CASE_LOWER, CASE_UPPER, CASE_MIXED } LetterCase;
LetterCase case_of(Str s);
Str in_case(Arena *a, Str s, LetterCase as);
/* Of the keywords that are in one case; a tie is for upper case. */
LetterCase keyword_case(const LintFile *f);
Str newline_of(const LintFile *f);
Str new_line(const LintFile *f, Str keyword, Str rest); /* "USER 1000" and a newline */
Str and_on_next_line(const LintFile *f);                /* "&&", and the line goes on */
/* Its last line is continued, by nothing: what is put behind it would belong to it. */
bool goes_on(const LintFile *f, const Instruction *in);
