/* private.h - between the files of this room. */
#pragma once
#include "lint/lint.h"

struct LintSink {
	const LintOptions *options;
	const LintRule *rule;
	Level level; /* of the rule in this run */
	Arena *a;
	Str name;             /* of the file, */
	const Places *places; /* and its text */
	RemarkVec said;
};

void find_stages(LintFile *f);
ptrdiff_t stage_named(const LintFile *f, Str name); /* of those found so far; -1: none */
void find_variables(LintFile *f);                   /* after the stages */
void find_scripts(LintFile *f);                     /* after the variables */
/* Takes out what comments in the file accept; tells of those that accept nothing. */
void apply_pragmas(LintFile *f, const LintOptions *o, LintSink *sink, size_t *suppressed);
bool rule_is_asked(const LintRule *r, const LintOptions *o);
void sink_takes(LintSink *sink, const LintRule *r); /* what is said next is that rule's */
bool rule_is(const LintRule *r, Str word);
