/* socket_owner.h - which process listens on a Unix socket. */
#pragma once
#include "io/probe.h"

/* Its pid, and the program it runs; 0 when there is none to be seen, and why. A process that only
 * holds the socket for another (systemd's activation) does not count where another has it too. */
uint32_t socket_owner(Probe *p, Str path, Arena *a, Str *exe, Str *why);
