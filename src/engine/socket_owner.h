/* socket_owner.h - which process listens where the engine is spoken to. */
#pragma once
#include "io/probe.h"

typedef struct Owner {
	uint32_t pid;   /* 0: none is seen, see why */
	uint32_t uid;   /* whom it runs as, on the host */
	Str exe;        /* the program it runs; empty: not to be seen */
	bool is_engine; /* a container engine by its program's name */
	bool here;      /* the kernel knows of a listener: it is on this machine */
	Str why;
} Owner;

/* Of a Unix socket. Only a process of root or of the socket's owner counts; one that merely holds
 * the socket for another (systemd's activation) does not where another has it too. An engine in a
 * network namespace of its own (rootless) is found as well. */
void socket_owner(Probe *p, Str path, Arena *a, Owner *out);
/* Of a TCP port of this machine. */
void port_owner(Probe *p, unsigned port, Arena *a, Owner *out);

/* The inodes of the sockets that a process has open: 0 or an errno. */
typedef VEC(uint64_t) Inodes;
int sockets_of(Probe *p, uint32_t pid, Arena *a, Inodes *out);
bool inodes_have(const Inodes *set, uint64_t inode);
