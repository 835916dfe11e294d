/* hit.h - inside a window: from a literal to a judged hit. For scan.c only. */
#pragma once
#include "secrets/scan.h"

typedef struct Found { /* a hit, while its window is there */
	const SecretRule *rule;
	size_t at, end;         /* in the window */
	const char *text;       /* the window, or what was decoded; */
	size_t inner, text_end; /* where it stands in that */
	Str value;              /* in there */
	Confidence confidence;
	const char *decoded;
} Found;

typedef struct FoundVec { /* of one window, and what was left out of it */
	Found *at;
	size_t n, cap;
	unsigned runs;             /* that were decoded */
	bool full;                 /* more was found, or encoded, than is looked at */
	const SecretRule *gave_up; /* its pattern took too long somewhere; NULL: none did */
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
	size_t run, run_end; /* decoded: what it was in the window, */
	Str window;          /* which is this; */
	Str encoded;         /* percent: the text before it was decoded */
	const char *decoded; /* "" for the window itself */
	FoundVec *found;
	/* The last literal's assignment, which several rules may ask for. */
	size_t assigned_at, value_at;
	bool assigned;
} Hunt;

/* Everything that starts in [from, to). PREFILTER_PAD bytes behind the text are readable. */
void secret_hunt(Hunt *h);
