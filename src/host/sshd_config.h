/* sshd_config.h - sshd_config(5) as sshd takes it: of a keyword the first value counts, in the
 * global part and in each Match block for itself; what "Match all" says counts before the global
 * part, even when that comes first. One file as lines; who reads them follows the
 * includes where they stand. */
#pragma once
#include "base/vec.h"

/* Lines of all files together. */
#define LIMIT_SSHD_LINES 100000u

typedef struct SshdSetting {
	Str match; /* "User git", "all"; empty: of the global part */
	Str key;   /* as written; compared without regard to case */
	Str value; /* of several words, all of them, one blank between */
	Str file;
} SshdSetting;

typedef struct Sshd {
	Arena *arena;
	size_t lines;
	Str match; /* of the block that is open */
	VEC(SshdSetting) settings;
	bool (*include)(void *ctx, struct Sshd *s, Str patterns); /* false: it could not be read */
	void *ctx;
	bool unread; /* an include that is there could not be read, or a limit was met */
} Sshd;

/* One file more, where the last one stands; an Include calls s->include, which comes back here. */
void sshd_read(Str text, Str file, Sshd *s);
/* What counts for everybody: the first of "Match all", else of the global part, or NULL. */
const SshdSetting *sshd_setting(const Sshd *s, const char *key);
