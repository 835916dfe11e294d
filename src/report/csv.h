/* csv.h - RFC 4180, safe to open in a spreadsheet.
 *
 * A field that a spreadsheet would take for a formula (it begins with = + - @, or with a character
 * they skip before one) gets an apostrophe in front. Control characters and bytes that are not
 * UTF-8 are shown as \x1b, so that a record is a line. */
#pragma once
#include "base/buf.h"

typedef struct CsvOut {
	Buf *b;
	bool comma;
} CsvOut;

void csv_field(CsvOut *o, Str s);
void csv_word(CsvOut *o, const char *s);
void csv_uint(CsvOut *o, uint64_t v);
void csv_end(CsvOut *o); /* of the record: CRLF */
