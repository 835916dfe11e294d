/* private.h - between the files of this room. */
#pragma once
#include <stdarg.h>

#include "lint/lint.h"

struct LintSink {
	const LintOptions *options;
	const LintRule *rule;
	Level level; /* of the rule in this run */
	bool told;   /* that level is this house's wish */
	Arena *a;
	Str name;             /* of the file, */
	const Places *places; /* and its text */
	RemarkVec said;
	bool gave_up;
	size_t of_rule;         /* said of the rule so far; */
	bool full;              /* too many: what was said last is not in the list */
	StrVec cut;             /* rules of which that holds */
	const Compose *compose; /* NULL: a Dockerfile */
	NodeProblems unclear;   /* what a rule would have judged, were its variables known */
};

typedef struct Pragma {
	Str words;     /* rules, separated by commas; "all" */
	Str until;     /* empty: for ever */
	Str why;       /* its reason, else all of the comment */
	uint32_t line; /* what begins in this line; 0: the whole file */
	Span at;       /* the comment */
	bool used;
} Pragma;

typedef VEC(Pragma) PragmaVec;

/* `comment` without '#', trimmed. Sets line to 0 where the whole file is meant. */
bool pragma_parse(Str comment, Pragma *p);
bool pragma_expired(const Pragma *p, int64_t now);
bool pragma_names(const Pragma *p, const Remark *r);
/* Tells of those that expired or accepted nothing, as rule `rule`. */
void pragmas_judge(const PragmaVec *all, const char *rule, LintSink *sink);
/* apply_pragmas() for a Compose project. */
void apply_compose_pragmas(const Compose *c, LintSink *sink, RemarkReport *out);

/* What the sink's rule has to say, without a place; and into the list, by the words it is about. */
Remark sink_remark(const LintSink *to, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
void sink_push(LintSink *to, Remark r, Str words);
void sink_tell_cut(const LintSink *s, Str name, RemarkReport *out);
Result find_stages(LintFile *f);
ptrdiff_t stage_named(const LintFile *f, Str name); /* of those found so far; -1: none */
void find_variables(LintFile *f);                   /* after the stages */
void find_scripts(LintFile *f);                     /* after the variables */
/* The first line of the instruction that `line` is in; 0: of none. */
uint32_t instruction_line(const LintFile *f, uint32_t line);
/* Takes out what comments in the file accept; tells of those that accept nothing. */
void apply_pragmas(LintFile *f, const LintOptions *o, LintSink *sink, RemarkReport *out);
void say_notes(const LintFile *f, const LintOptions *o, LintSink *sink);
bool rule_is_asked(const LintRule *r, const LintOptions *o);
void sink_takes(LintSink *sink, const LintRule *r); /* what is said next is that rule's */
bool rule_is(const LintRule *r, Str word);
void check_flags(const Instruction *in, LintSink *to); /* what BuildKit refuses of them */
