/* remark.h - something to say about a place in a file: by the linter, by the secrets engine.
 *
 * Strings are borrowed. Lines and columns count from 1, columns in characters; 0: not known. */
#pragma once
#include "base/buf.h"
#include "base/vec.h"

typedef enum Level {
	LEVEL_STYLE = 1,
	LEVEL_INFO,
	LEVEL_WARNING,
	LEVEL_ERROR,
} Level;

typedef enum Confidence {
	CONFIDENCE_LOW = 1,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_HIGH,
} Confidence;

typedef struct Edit { /* bytes of the file; at == end inserts */
	uint32_t at, end;
	Str text;
} Edit;

typedef struct Remark {
	Str rule;         /* "D107", "github-token" */
	Str name;         /* of the rule, for a person */
	StrVec aliases;   /* ids of other programs' rules */
	Str file;         /* as the user named it; "-" is standard input */
	Str layer;        /* diffID of the layer it was found in; empty: not of an image */
	Str origin;       /* what made that layer, by the image's history; may be empty */
	Str commit, date; /* of the history it was found in: 40 hex digits, RFC 3339; else empty */
	uint32_t line, column, end_line, end_column;
	Level level;
	Confidence confidence;
	Str message; /* what is wrong here */
	Str help;    /* what to do; may be empty */
	Str masked;  /* a secret, so that it cannot be used; empty: none */
	Str excerpt; /* the line it stands in; empty: not to be shown */
	/* Stays the same when the file changes elsewhere: SHA-256, 32 hex digits. */
	Str fingerprint;
	uint32_t above; /* the line that a comment accepting it stands above; 0: not known */
	VEC(Edit) fix;  /* all of them or none; sorted, apart; empty: none is known */
	bool fix_is_safe;
	Str accepted;   /* why it does not count; empty: it counts */
	bool in_source; /* a comment in the file accepts it; else what is kept beside it */
} Remark;

typedef VEC(Remark) RemarkVec;

typedef struct Unread { /* what could not be read or judged */
	Str what, why;
} Unread;

typedef struct RemarkReport {
	RemarkVec remarks;  /* sorted: remarks_sort() */
	StrVec files;       /* what was read, sorted */
	size_t images;      /* of those: images, not files */
	size_t read;        /* files and members that were read and are not in `files` */
	size_t suppressed;  /* by a pragma, a baseline or the configuration */
	RemarkVec accepted; /* of those: the ones that a person accepted, sorted */
	VEC(Unread) not_evaluated;
} RemarkReport;

void remarks_sort(RemarkVec *v); /* file, line, column, rule, message */
/* Counts it as suppressed, and keeps it in r->accepted without the line it stands in. `why` is not
 * empty. */
void remark_accept(RemarkReport *r, Arena *a, const Remark *m, bool in_source, Str why);
const char *level_name(Level l); /* "error", "warning", "info", "style" */
bool level_parse(Str s, Level *out);
const char *confidence_name(Confidence c);

/* Through a pipe and back. ERR_BUG when the bytes are not what remarks_write() makes; `from` must
 * outlive what is read. */
void remarks_write(Buf *to, const RemarkReport *r);
Result remarks_read(Str from, Arena *a, RemarkReport *out);
