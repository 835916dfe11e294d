/* program.h - another program, run once: no shell, no input, nearly no environment, and as nobody
 * when we are root. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

typedef struct ProgramRun {
	const char *path;        /* as program_find() gave it */
	const char *const *argv; /* NULL-terminated */
	const int *fds;          /* kept open in it, beside 0, 1 and 2; -1 ends the list */
	size_t output_max;       /* of its standard output; more is ERR_LIMIT */
	unsigned cpu_seconds;    /* then it is killed */
} ProgramRun;

/* A program by its name, on PATH; NULL: there is none. */
const char *program_find(const char *name, Arena *a);
/* Waits for it. *status: its exit code. ERR_SYS when it cannot be started or a signal ends it. */
Result program_run(const ProgramRun *r, Arena *a, Str *output, int *status);
