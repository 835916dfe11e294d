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

/* For commands that talk to an engine, in their HelpSections. */
#define ENGINE_HELP                                                                            \
	{                                                                                      \
		"Which engine",                                                                \
			"The first of --engine, DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST, " \
			"the context that 'docker context use' chose, Docker's usual sockets " \
			"and Podman's. A context brings its own keys; certificates are "       \
			"verified whatever it says. One that is named but cannot be read is "  \
			"an error.\n"                                                          \
	}

/* Lines of a help text (HelpSection.text). */
typedef enum TextKind { TEXT_END, TEXT_BREAK, TEXT_FLOW, TEXT_AS_IS } TextKind;
TextKind help_line(Str *rest, Str *out);
/* "one of a, b, c", or nothing. */
void help_choices(Buf *b, const Opt *o, const char *before);
