/* secret_found.h - the rules of the program over one text, and what they found. */
#pragma once
#include "secrets/scan.h"
#include "tap.h"

typedef struct FoundList {
	Arena *arena;
	VEC(SecretHit) hits; /* values are copied */
} FoundList;

static Arena builtin_arena;
static SecretRuleVec builtin_rules;
static SecretSet *builtin_set;

static inline const SecretSet *builtin(void)
{
	if (builtin_set == NULL) {
		CHECK_OK(secret_rules_parse(secret_rules_text(), &builtin_arena, &builtin_rules));
		CHECK_OK(secret_set_make(&builtin_rules, &builtin_arena, &builtin_set));
		if (builtin_set == NULL)
			exit(1);
	}
	return builtin_set;
}

static inline void keep_hit(void *ctx, const SecretHit *h)
{
	FoundList *l = ctx;
	SecretHit copy = *h;
	copy.value = arena_str(l->arena, h->value);
	vec_push(l->arena, &l->hits, copy);
}

/* `step` 0: at once. */
static inline const char *find_in(SecretScan *s, Str path, Str text, size_t step, FoundList *out)
{
	memset(&out->hits, 0, sizeof out->hits); /* the arena may have been reset */
	secret_scan_begin(s, path, keep_hit, out);
	while (text.n != 0) {
		Str piece = step != 0 ? str_first(text, step) : text;
		secret_scan_feed(s, piece);
		text = str_skip(text, piece.n);
	}
	return secret_scan_end(s);
}

static inline const SecretHit *hit_of(const FoundList *l, Str rule)
{
	for (size_t i = 0; i < l->hits.n; i++)
		if (str_eq(l->hits.at[i].rule->id, rule))
			return &l->hits.at[i];
	return NULL;
}
