/* prepare.h - a plan that somebody hands in, as changes that can be carried out; and the record of
 * such changes, from which they are taken back. Both are read in a worker. */
#pragma once
#include "fix/act.h"
#include "fix/plan.h"

/* Reads the plan, and through the probe the files it is about; every step must find what it says it
 * finds. Steps about one file become one change of it. *audit: the kernel's audit rules are to be
 * loaded, too. ERR_INPUT when the plan is none or does not fit the tree (any more). */
Result fix_prepare(Probe *p, Str plan, Arena *a, ActionVec *out, bool *audit);

/* ---- the record (doc/formats/undo.md) ---- */

#define LIMIT_UNDO_BYTES (16u << 20)

/* `bytes` of ACT_CONTENT is the name of the file in the record's folder that has what was there. */
void undo_json(const ActionVec *actions, Buf *to);
/* ERR_INPUT when it is not a record. */
Result undo_parse(Str text, Arena *a, ActionVec *out);
