/* remark_ids.c - what makes a remark itself, and which rules were heard. */
#include "report/remark_ids.h"

#include <stdlib.h>

#include "base/map.h"
#include "io/digest.h"

static Str key_of(Arena *a, const Remark *r)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_fmt(&b, "%zu:", r->file.n);
	buf_add(&b, r->file);
	buf_add(&b, r->layer);
	buf_char(&b, ':');
	buf_add(&b, r->rule);
	buf_char(&b, ':');
	buf_add(&b, r->fingerprint);
	return buf_str(&b);
}

static Str hashed(Arena *a, Str key, size_t before)
{
	uint8_t sum[SHA256_BYTES];
	Buf b = buf_in(a, 64);
	Sha256 h = sha256_start();
	sha256_add(&h, key);
	for (; before != 0; before >>= 8)
		sha256_add(&h, (Str){&(char){(char)(before & 0xff)}, 1});
	sha256_finish(&h, sum);
	for (size_t i = 0; i < 16; i++)
		buf_fmt(&b, "%02x", sum[i]);
	return buf_str(&b);
}

StrVec remark_ids(const RemarkReport *r, Arena *a)
{
	Map seen = {0};
	StrVec out = {0};
	for (size_t i = 0; i < r->remarks.n; i++) {
		Str key = key_of(a, &r->remarks.at[i]);
		void **slot = map_at(&seen, a, key);
		size_t *count = *slot;
		if (count == NULL)
			*slot = count = arena_new(a, size_t);
		vec_push(a, &out, hashed(a, key, (*count)++));
	}
	return out;
}

static int by_rule(const void *a, const void *b)
{
	const Remark *const *x = a, *const *y = b;
	return str_cmp((*x)->rule, (*y)->rule);
}

RemarkRules remark_rules(const RemarkReport *r, Arena *a)
{
	Map seen = {0};
	RemarkRules out = {0};
	for (size_t i = 0; i < r->remarks.n; i++) {
		void **slot = map_at(&seen, a, r->remarks.at[i].rule);
		if (*slot == NULL)
			vec_push(a, &out, &r->remarks.at[i]);
		*slot = &seen;
	}
	if (out.n != 0)
		qsort(out.at, out.n, sizeof *out.at, by_rule);
	return out;
}

size_t remark_rule_at(const RemarkRules *rules, const Remark *r)
{
	const Remark *const *at = bsearch(&r, rules->at, rules->n, sizeof *rules->at, by_rule);
	return at != NULL ? (size_t)(at - rules->at) : 0;
}

RemarkReport remarks_and_unread(const RemarkReport *r, Arena *a)
{
	RemarkReport out = *r;
	out.remarks = (RemarkVec){0};
	for (size_t i = 0; i < r->remarks.n; i++)
		vec_push(a, &out.remarks, r->remarks.at[i]);
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		vec_push(a, &out.remarks,
			 (Remark){.rule = S("not-evaluated"),
				  .name = S("not-evaluated"),
				  .file = r->not_evaluated.at[i].what,
				  .level = LEVEL_WARNING,
				  .confidence = CONFIDENCE_HIGH,
				  .message = r->not_evaluated.at[i].why,
				  .help = S("see why it could not be read; it is not known to be "
					    "clean")});
	return out;
}
