/* completion.h - shell completion scripts, written from the table of commands. */
#pragma once
#include "base/buf.h"
#include "cli/command.h"

/* NULL when `shell` is not bash, zsh or fish. */
typedef void CompletionWriter(Buf *b);
CompletionWriter *completion_writer(Str shell);
const char *completion_shell(size_t i); /* NULL after the last */
