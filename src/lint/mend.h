/* mend.h - a file with its fixes made. */
#pragma once
#include "model/remark.h"

typedef struct Mended {
	Str text;
	size_t fixes;    /* that were made */
	VEC(Edit) edits; /* sorted, apart */
} Mended;

/* Makes the fixes of `file`'s remarks, safe ones alone unless `risky`. Of two that meet the
 * earlier is made; judge and mend again for the other. */
void lint_mend(const RemarkVec *remarks, Str file, Str text, bool risky, Arena *a, Mended *out);
/* `next` was made of m->text: now `m` is both at once, made of `text` as before. */
void lint_mend_further(Mended *m, const Mended *next, Str text, Arena *a);
/* What changed, as diff -u prints it. */
void lint_diff(Str file, Str text, const Mended *m, Buf *to);
