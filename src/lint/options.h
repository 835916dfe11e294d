/* options.h - what a run of the linter is told: which rules, how grave, and what this house wants.
 */
#pragma once
#include "base/place.h"
#include "model/remark.h"

typedef enum LabelType {
	LABEL_TEXT,
	LABEL_URL,
	LABEL_SEMVER,
	LABEL_HASH, /* a Git commit: 7 to 40 hex digits */
	LABEL_RFC3339,
	LABEL_SPDX,
	LABEL_EMAIL,
} LabelType;

typedef struct LabelRule { /* an image has to have this label */
	Str name;
	LabelType type;
} LabelRule;

typedef struct LintOverride { /* a rule as this house sees it; the last one that names it counts */
	Str rule;             /* id, name or alias */
	Level level;          /* 0: the rule's own. A level turns a rule on that is off */
	bool off;
} LintOverride;

typedef struct LintSecret { /* found in the file by the secrets engine */
	Span at;
	Str name, masked;
} LintSecret;

typedef struct LintNote { /* another program's word about a script of the file: lint/notes.h */
	uint32_t script;  /* its index */
	uint32_t line, column, end_line, end_column; /* of the script; from 1, in characters */
	Level level;
	Str rule, message; /* "SC2086" */
} LintNote;
typedef VEC(LintNote) LintNotes;

typedef struct LintBeside { /* what is known around one file */
	bool known;         /* its directory was looked at */
	bool has_ignore;    /* there is a .dockerignore: */
	Str ignore_name, ignore;
	VEC(LintSecret) secrets;
	LintNotes notes;
	bool shellcheck; /* it was asked: its word stands for the rules about shells, S... */
} LintBeside;

typedef struct LintOptions {
	StrVec only, ignore; /* ids, names or aliases of rules; only empty: all that are on */
	int64_t now;         /* for pragmas that expire; seconds */
	bool no_pragmas;
	VEC(LintOverride) overrides;
	StrVec registries; /* trusted: "docker.io", "*.example.org", "registry.example.org/team*" */
	VEC(LabelRule) labels;
	bool strict_labels;       /* no other label than these */
	const LintBeside *beside; /* of the file that is judged; NULL: nothing is known */
	/* Adds to out->secrets what stands in a file of a Compose project; NULL: nobody looks. */
	void (*find_secrets)(void *ctx, Str name, Str text, Arena *a, LintBeside *out);
	void *find_secrets_ctx;
} LintOptions;

const char *label_type_name(LabelType t); /* "semver" */
bool label_type_parse(Str s, LabelType *out);
