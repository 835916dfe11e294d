/* act.h - single changes to a tree, each of which can be told to be done or not by looking, and be
 * taken back. No journal is needed to go on after a crash: whatever happened, a change is either
 * there, not there, or somebody else's.
 *
 * A file is replaced by rename: written beside, with mode, owner and extended attributes of what it
 * replaces, synced, renamed, its folder synced. Paths are of the tree at `root`, and no link is
 * followed on the way: what became a link has changed. A file with more than one name is refused:
 * who may write in a folder could have put another's file there. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

typedef enum ActKind {
	ACT_MODE = 1, /* "0666", "0644" */
	ACT_OWNER,    /* "1000:1000", "0:0" */
	ACT_CONTENT,  /* digests; `bytes` */
	ACT_SYSCTL,   /* values of a file beneath /proc/sys */
	/* Of the kernel's audit; carried out by the caller. */
	ACT_RULE,    /* `after` is its bytes, in hexadecimal */
	ACT_ENABLED, /* "0", "1" */
} ActKind;

typedef struct Action {
	ActKind kind;
	Str path;
	bool absent;       /* there was no such file before */
	Str before, after; /* as the kind says */
	Str bytes; /* of ACT_CONTENT: what is to be written; in an undo record, where it lies */
} Action;
typedef VEC(Action) ActionVec;

typedef enum ActState {
	ACT_BEFORE = 1, /* as it was before */
	ACT_AFTER,      /* as it is after */
	ACT_OTHER,      /* neither; *what says how it is */
} ActState;

/* ERR_INPUT when `after` cannot be what its kind says. */
Result act_check(const Action *act);
/* `what` is in `a`. ERR_SYS when it cannot be looked at. */
Result act_state(int root, const Action *act, Arena *a, ActState *out, Str *what);
/* From before to after. The caller has looked. */
Result act_do(int root, const Action *act, Arena *a);
/* From after to before; `saved`: of ACT_CONTENT what was there. */
Result act_undo(int root, const Action *act, Str saved, Arena *a);
/* Removes what a run that was killed while it did `act` left beside its file. */
void act_tidy(int root, const Action *act, Arena *a);
/* The bytes of a regular file, at most LIMIT_FIX_FILE_BYTES. */
Result act_read(int root, Str path, Arena *a, Str *out);

void actions_write(Buf *to, const ActionVec *v);
/* ERR_BUG when the bytes are not what actions_write() makes. */
Result actions_read(Str from, Arena *a, ActionVec *out);
