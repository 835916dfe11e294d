/* progress.h - one line on a terminal that says how far the work has come.
 *
 * It appears after a second, is redrawn ten times a second at most, and is gone before
 * anything else is printed. */
#pragma once
#include <stdio.h>

#include "base/buf.h"
#include "flow/progress.h"

typedef struct ProgressLine {
	FILE *to;
	unsigned columns;
	int64_t (*clock_ms)(void); /* any that does not go back */
	int64_t begun, drawn;      /* ms; of the work, of the last drawing */
	int64_t phase_begun;       /* of the phase that `what` names */
	uint64_t phase_done;       /* what was done when it began */
	char what[64];             /* the phase */
	bool shown;
} ProgressLine;

/* On standard error when it is a terminal and `wanted`; else p->to is NULL. */
void progress_init(ProgressLine *p, bool wanted);
Progress progress_of(ProgressLine *p); /* what flow/ calls; p must outlive it */
void progress_clear(ProgressLine *p);  /* also between lines, for a note */

/* The line itself: "layer 2 of 4  12.3 of 40.0 MB  31 %  5 s left". Negative seconds: not known. */
void progress_text(Buf *b, Str what, uint64_t done, uint64_t total, int64_t seconds_left);
