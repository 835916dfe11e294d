/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* Commands of one script; the longest real RUN has 300. */
#define LIMIT_SHELL_COMMANDS 20000u
/* Substitutions within substitutions. */
#define LIMIT_SHELL_DEPTH 16u
/* Here-documents that one line announces. */
#define LIMIT_SHELL_HEREDOCS 16u
