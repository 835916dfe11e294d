/* input.h - a small file the user named, whole. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* ERR_SYS when it cannot be read, ERR_LIMIT when it is larger than `max`; both name it. */
Result input_open(const char *path, int *out);
Result input_all(int fd, const char *path, size_t max, Arena *a, Str *out); /* closes it */
Result input_read(const char *path, size_t max, Arena *a, Str *out);        /* both */
