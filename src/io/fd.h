/* fd.h - file descriptors: closed at the end of a scope, written whole. */
#pragma once
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

static inline void fd_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define AUTO_FD __attribute__((cleanup(fd_closep), unused))

/* Every byte, where the descriptor stands. ERR_SYS with the system's reason, no name: the
 * caller knows what it writes. */
Result fd_write(int fd, Str bytes);
