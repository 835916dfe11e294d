/* remark_ids.h - remarks for programs that follow them over time: an id each, and their rules once.
 */
#pragma once
#include "model/remark.h"

/* Of each remark, in their order: 32 hex digits of file, fingerprint and how often the same was
 * said of that file before. No two are the same, and changes elsewhere in the file change none. */
StrVec remark_ids(const RemarkReport *r, Arena *a);

/* The remarks, and after them one of the rule "not-evaluated" for each thing that was not: for
 * formats that have no other place for it. */
RemarkReport remarks_and_unread(const RemarkReport *r, Arena *a);

typedef VEC(const Remark *) RemarkRules;
/* The first remark of each rule, sorted by rule. */
RemarkRules remark_rules(const RemarkReport *r, Arena *a);
size_t remark_rule_at(const RemarkRules *rules, const Remark *r); /* its index there */
