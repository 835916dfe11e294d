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
/* Cleaned, then cut to `columns` with "~" at its end when it was longer, then padded. */
void text_cell(Buf *b, Str s, size_t columns);
