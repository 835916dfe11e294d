/* dockerfile.h - a Dockerfile as BuildKit reads it, with the place of everything in the file.
 *
 * Follows BuildKit's dockerfile frontend 1.x (parser, not the documentation, where the two
 * differ): directives, continuation, comments within it, flags, JSON and shell forms, legacy
 * ENV and LABEL, ONBUILD, here-documents. BuildKit stops at the first error; here each is a
 * problem in the list, and reading goes on with the next line.
 *
 * Strings are borrowed from the text or live in the arena. Places are bytes of the text. */
#pragma once
#include "base/err.h"
#include "base/place.h"

typedef enum DockerOp {
	OP_UNKNOWN,
	OP_ADD,
	OP_ARG,
	OP_CMD,
	OP_COPY,
	OP_ENTRYPOINT,
	OP_ENV,
	OP_EXPOSE,
	OP_FROM,
	OP_HEALTHCHECK,
	OP_LABEL,
	OP_MAINTAINER,
	OP_ONBUILD,
	OP_RUN,
	OP_SHELL,
	OP_STOPSIGNAL,
	OP_USER,
	OP_VOLUME,
	OP_WORKDIR,
} DockerOp;

typedef struct DockerWord {
	Str text; /* a flag without its quotes, a JSON string decoded, else as written */
	Span span;
} DockerWord;

typedef VEC(DockerWord) DockerWords;

typedef struct Heredoc {
	Str name, body;
	unsigned fd;
	bool expand; /* the name is not quoted */
	bool chomp;  /* <<-: leading tabs do not count */
	Span span;   /* of the body */
} Heredoc;

/* A run of the logical line that stands together in the file. */
typedef struct LinePiece {
	uint32_t in_line, in_file;
} LinePiece;

typedef struct Instruction Instruction;
struct Instruction {
	DockerOp op;
	Str keyword; /* as written */
	Str line;    /* logical: continued lines joined, comments left out */
	Str rest;    /* of the line, after the flags */
	DockerWords flags;
	/* ENV and LABEL: name, value, name, value. HEALTHCHECK: NONE or CMD first. Shell form: one.
	 */
	DockerWords args;
	bool json;            /* exec form */
	bool legacy;          /* ENV k v, LABEL k v */
	VEC(uint32_t) gaps;   /* empty lines within a continuation */
	Span span;            /* without here-documents and the last newline */
	uint32_t first, last; /* lines, from 1; with here-documents */
	Instruction *child;   /* ONBUILD */
	StrVec comments;      /* directly above, without '#', trimmed */
	VEC(Heredoc) heredocs;
	VEC(LinePiece) pieces; /* sorted */
};

typedef struct DockerProblem {
	Span span;
	Str message; /* what and why, in BuildKit's terms; no place */
} DockerProblem;

typedef struct Dockerfile {
	Str text;
	Places places;
	char escape;
	Str syntax, check; /* directives; empty when not there */
	StrVec comments;   /* all between instructions, without '#', trimmed; no directives */
	VEC(Instruction) instructions;
	VEC(DockerProblem) problems; /* as met */
} Dockerfile;

/* ERR_LIMIT for a file over the limits; everything else is a problem. */
Result dockerfile_read(Str text, Arena *a, Dockerfile *out);

/* Line and column (in characters), both from 1. */
void dockerfile_place(const Dockerfile *d, uint32_t at, uint32_t *line, uint32_t *column);
/* Where a part of an instruction's line stands in the file. */
Span instruction_span(const Instruction *i, Str part);
DockerOp docker_op(Str keyword); /* in any case */
/* The value of --name=value, or NULL. */
const DockerWord *instruction_flag(const Instruction *i, Str name, Str *value);
