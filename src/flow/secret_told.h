/* secret_told.h - from everything that was found to what a person is told. */
#pragma once
#include "base/map.h"
#include "flow/secret_reader.h"

typedef struct SecretFound { /* a remark and what is known of its value; both borrowed */
	const Remark *remark;
	const SecretMark *mark;
} SecretFound;

typedef struct SecretTold {
	Arena scratch;
	VEC(SecretFound) all;
	Map owned; /* of values that a package brought */
} SecretTold;

void secret_told_add(SecretTold *t, const Remark *r, const SecretMark *m);
/* All of them, sorted, copied to `a` and added to `out`; ends `t`. Of values that stand in a file
 * that a package brought nothing is told, wherever they stand; `once`: a value in versions of one
 * file is told for the earliest alone. What is left out for a package counts as suppressed. */
void secret_told_report(SecretTold *t, bool once, Arena *a, RemarkReport *out);
