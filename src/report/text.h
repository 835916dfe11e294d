/* text.h - foreign text on a terminal: shown, never obeyed.
 *
 * Names and versions come out of images. A control character among them could move the
 * cursor, recolour or retype what the person reads. */
#pragma once
#include "base/buf.h"

/* Appends `s` as printable UTF-8. Control characters, bytes that are not UTF-8, and code
 * points that hide or reorder text become \x1b or \u202e. A line break is a control character. */
void text_clean(Buf *b, Str s);
/* Columns of what text_clean() made. East Asian wide characters take two, combining marks
 * none (UAX 11, by block); the locale is not asked. */
size_t text_width(Str s);
/* Words of `s`, cleaned, in lines of at most `width` columns. The first begins where the line
 * stands, at column `at`; the others are indented by `indent`. A word that is wider than a
 * line is broken. Ends without a line break; answers the column it ends at. */
size_t text_wrap(Buf *b, Str s, size_t at, size_t indent, size_t width);
/* Cleaned, then cut to `columns` with "~" at its end when it was longer, then padded. */
void text_cell(Buf *b, Str s, size_t columns);
