/* markup.h - foreign text in XML 1.0 and HTML: shown, never obeyed, always well formed.
 *
 * Both are for text and for attributes between double quotes. */
#pragma once
#include "base/buf.h"

/* For a person: as text_clean(), then with entities. */
void markup_words(Buf *b, Str s);
/* For a program that compares: every character that XML can hold stays what it is, line breaks and
 * tabs as references; control characters and bytes that are not UTF-8 become \x1b. XML only: HTML
 * obeys characters that turn the direction of text. */
void markup_exact(Buf *b, Str s);

/* ` name="value"`, and with words() for a person. */
void markup_attr(Buf *b, const char *name, Str value);
void markup_attr_words(Buf *b, const char *name, Str value);
