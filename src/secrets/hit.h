/* hit.h - inside a window: from a literal to a judged hit. For scan.c only. */
#pragma once
#include "secrets/scan.h"

typedef struct Found { /* a hit, while its window is there */
	const SecretRule *rule;
	size_t at, end; /* in the window */
	Str value;      /* in the window, or decoded */
	Confidence confidence;
	const char *decoded;
} Found;

typedef struct FoundVec {
	Found *at;
	size_t n, cap;
} FoundVec;

typedef struct Hunt { /* one pass of the prefilter over one text */
	const SecretSet *set;
	const bool *enabled; /* by rule: what the path allows */
	pcre2_match_data *match;
	pcre2_match_context *limits;
	Arena *arena;
	Str path;
	bool binary;
	bool sample;   /* the path is one of samples, */
	bool document; /* or of a text that explains */
	Str text;
	size_t from, to;     /* where a literal may start */
	size_t run, run_end; /* decoded: what it was in the window */
	const char *decoded; /* "" for the window itself */
	FoundVec *found;
	/* The last literal's assignment, which several rules may ask for. */
	size_t assigned_at, value_at;
	bool assigned;
} Hunt;

/* Everything that starts in [from, to). PREFILTER_PAD bytes behind the text are readable. */
void secret_hunt(Hunt *h);
