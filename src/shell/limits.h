/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* Commands of one script; the longest real RUN has 300, and rules compare them in pairs. */
#define LIMIT_SHELL_COMMANDS 5000u
/* Substitutions within substitutions. */
#define LIMIT_SHELL_DEPTH 16u
/* Here-documents that one line announces. */
#define LIMIT_SHELL_HEREDOCS 16u
