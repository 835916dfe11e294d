/* expand.h - variables and quotes in a word, as BuildKit's own lexer replaces them.
 *
 * Follows BuildKit's dockerfile/shell: $name, ${name}, the modifiers :- - :+ + :? ? # ## % %% / //,
 * single and double quotes, the escape character. Patterns know * and ?, no brackets. What the
 * builder cannot know here (an ARG without a default, a variable of the base image) is VAR_UNKNOWN
 * and stays as it is written. */
#pragma once
#include "base/err.h"
#include "base/vec.h"

typedef enum VarState { VAR_UNSET, VAR_SET, VAR_UNKNOWN } VarState;

typedef VarState (*VarLookup)(const void *ctx, Str name, Str *value);

typedef struct Expander {
	VarLookup look;
	const void *ctx;
	char escape;
	bool plain;  /* quotes are characters as others: here-documents */
	size_t left; /* steps; LIMIT_DOCKERFILE_EXPANSION for a file */
} Expander;

typedef struct VarUse {
	Str name; /* a part of the word */
	VarState state;
	char modifier; /* of ${...}; 0: none */
} VarUse;

typedef struct Expanded {
	Str text;
	StrVec words; /* parted at blanks that neither quotes nor escapes protect */
	bool unknown; /* the text holds what is not known here */
	VEC(VarUse) uses;
} Expanded;

/* ERR_INPUT: a bad substitution, an open quote, what ${name:?} asks for; in BuildKit's words.
 * ERR_LIMIT: too much of it. `out` is complete when OK; what was used is in it always. */
Result expand_word(Str word, Expander *x, Arena *a, Expanded *out);
