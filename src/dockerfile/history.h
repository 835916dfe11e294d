/* history.h - one line of a history, taken apart. For rebuild.c. */
#pragma once
#include "dockerfile/dockerfile.h"

typedef struct HistoryLine {
	DockerOp op; /* OP_UNKNOWN: nobody knows */
	Str args;    /* of a RUN: the build arguments before it */
	Str rest;    /* what follows the instruction; of a RUN the script */
} HistoryLine;

HistoryLine history_line(Str created_by);

/* The strings of a Go list, quoted (["a" "b"]) or not ([a b], map[a:{} b:{}]); *after: what follows
 * its bracket. False: it is no list. */
bool history_list(Str text, Arena *a, StrVec *out, Str *after);
/* "a=b c d=e": names and values, where a word without '=' belongs to the value before it. */
void history_pairs(Str text, Arena *a, StrVec *out);
