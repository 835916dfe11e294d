/* help.h - what the tables of commands say, as text and as man pages. */
#pragma once
#include "base/buf.h"
#include "cli/command.h"

Buf help_buf(Arena *a);
void help_overview(Buf *b); /* every command */
/* `path`: "scan", "db update". */
void help_text(Buf *b, const char *path, const Command *c);
/* A page in the language of man(7), section 1; `c` NULL: of the whole program. */
void man_page(Buf *b, const char *path, const Command *c);
void rules_page(Buf *b);         /* every rule of the linter, as Markdown */
Result help_print(const Buf *b); /* on standard output */

/* Lines of a help text (HelpSection.text). */
typedef enum TextKind { TEXT_END, TEXT_BREAK, TEXT_FLOW, TEXT_AS_IS } TextKind;
TextKind help_line(Str *rest, Str *out);
/* "one of a, b, c", or nothing. */
void help_choices(Buf *b, const Opt *o, const char *before);
