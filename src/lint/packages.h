/* packages.h - package managers as rows of a table, and what a RUN does with them.
 *
 * To add a manager: a row in managers.c. Lists are words with blanks between; verbs of several
 * words are joined by '+': "cache+clean". */
#pragma once
#include "lint/rule.h"

typedef enum PkgAct {
	PKG_OTHER,
	PKG_INSTALL,
	PKG_UPDATE,  /* of lists alone */
	PKG_UPGRADE, /* of everything there is */
	PKG_REMOVE,
	PKG_CLEAN,
} PkgAct;

typedef enum PkgFamily { /* those of one family clean for one another */
			 FAMILY_APT,
			 FAMILY_APK,
			 FAMILY_RPM,
			 FAMILY_ZYPPER,
			 FAMILY_PACMAN,
			 FAMILY_PIP,
			 FAMILY_UV,
			 FAMILY_NPM,
			 FAMILY_YARN,
			 FAMILY_PNPM,
			 FAMILY_GEM,
			 FAMILY_GO,
			 FAMILY_CARGO,
			 FAMILY_CONDA,
			 FAMILY_COMPOSER,
} PkgFamily;

typedef struct PkgManager {
	const char *names; /* of the program */
	PkgFamily family;
	bool distro; /* packages of the distribution */
	const char *install, *update, *upgrade, *remove, *clean;
	const char *asks;   /* verbs that ask, and so need one of `yes` */
	const char *yes;    /* the first is what a fix adds after the verb */
	const char *valued; /* options whose value is the next word */
	const char *from;   /* options that say what to install: a file, or versions */
	/* The package says which version; `word` is not dynamic. NULL: no way to say it. */
	bool (*pinned)(Str word);
	const char *how; /* an example of it */
	PkgAct fills; /* what leaves a cache: PKG_INSTALL also for upgrades; PKG_OTHER: nothing */
	const char *caches;  /* where; all have to be empty. "~/" is any home */
	const char *none;    /* options that leave none; the first is what a fix adds */
	const char *env;     /* a variable that says the same; NULL */
	const char *cleaner; /* what a fix adds behind the command; NULL */
} PkgManager;

typedef struct PkgCall {
	LintCommand as; /* without "python -m" */
	const PkgManager *by;
	PkgAct act;
	size_t verb;          /* of as.args: the last word of the verb */
	VEC(size_t) packages; /* of as.args */
	bool listed;          /* an option says what to install */
} PkgCall;

typedef VEC(PkgCall) PkgCalls;

extern const PkgManager pkg_managers[]; /* ends in names == NULL */

/* False: the command is of no package manager. */
bool pkg_read(const LintCommand *c, Arena *a, PkgCall *out);
typedef void (*PkgCheck)(const PkgCall *call, LintSink *to);
/* Every call of every RUN. */
void each_pkg_call(const LintFile *f, LintSink *to, PkgCheck check);

/* An option, "-y", also among others: "-qy"; "--option=value" when the list has it so. */
bool pkg_has(const PkgCall *call, const char *options);
/* The RUN is of the last stage, or of one that it builds on: what it leaves is shipped. */
bool is_shipped(const LintFile *f, size_t index);
/* The stage of instruction `index` is built on an official image of Debian or Ubuntu. */
bool is_debian(const LintFile *f, size_t index);
bool is_alpine(const LintFile *f, size_t index); /* by its name */
bool is_local_address(Str url);                  /* of this host, or no address */
bool is_verified(const LintCommand *c);          /* its script checks a digest or a signature */
/* After the verb; nothing when it cannot be mended. */
void pkg_fix_option(const PkgCall *call, const char *option, bool safe, LintSink *to);
/* The stage's package manager is configured so, by a file that an earlier RUN writes. */
bool pkg_configured(const PkgCall *call, const char *key);
/* Both are RUN in shell form, with the same flags: "&&" may stand between. */
bool runs_may_join(const Instruction *a, const Instruction *b);
/* RUN `b` may be written behind `a` with "&&", and a failure of either still ends the build. */
bool joins_behind(const LintFile *f, size_t a, size_t b);
