/* set.h - rules made ready: patterns compiled, one prefilter over all their literals. */
#pragma once
#include "secrets/prefilter.h"
#include "secrets/rule.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

typedef struct CodeVec {
	pcre2_code **at;
	size_t n, cap;
} CodeVec;

typedef struct ReadyRule {
	const SecretRule *rule;
	pcre2_code *pattern; /* NULL: a path alone */
	pcre2_code *path;    /* NULL: any */
	CodeVec allow[SECRET_PLACES];
} ReadyRule;

typedef struct Anchor { /* all rules that wait for one literal */
	Str text;
	VEC(uint32_t) rules;
	bool any_case;
} Anchor;

typedef struct SecretSet {
	ReadyRule *rules;
	size_t n;
	VEC(Anchor) anchors;
	Prefilter *prefilter;
} SecretSet;

/* Threads and forked workers share it, read-only. ERR_INPUT names the rule whose pattern is
 * wrong. Made before a worker is: the sandbox lets nothing become executable. */
Result secret_set_make(const SecretRuleVec *rules, Arena *a, SecretSet **out);
void secret_set_close(SecretSet *s); /* NULL is fine */
static inline void secret_set_closep(SecretSet **s) { secret_set_close(*s); }
#define AUTO_SECRET_SET __attribute__((cleanup(secret_set_closep)))

/* True when `code` matches somewhere in `text`. */
bool secret_code_matches(const pcre2_code *code, pcre2_match_data *m, pcre2_match_context *limits,
			 Str text);
