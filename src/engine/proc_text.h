/* proc_text.h - texts of /proc as values, see proc(5). Any program can put a name of its choosing
 * into some of them. */
#pragma once
#include "base/str.h"

typedef struct ProcStatus { /* of /proc/PID/status */
	uint64_t cap_effective, cap_bounding;
	unsigned seccomp; /* 0 off, 1 strict, 2 filter */
	bool no_new_privs;
	uint32_t uid; /* effective */
} ProcStatus;

/* False when a line is missing that no kernel of this century leaves out. */
bool proc_status(Str text, ProcStatus *out);

/* What the outside calls a user namespace's uid 0 (/proc/PID/uid_map); UINT32_MAX: nobody. */
uint32_t proc_uid_of_root(Str text);

/* "socket:[123]", as /proc/PID/fd/N leads to. */
bool proc_socket(Str link, uint64_t *inode);

/* A line of /proc/net/unix, when it is of a socket with a path that listens. */
bool proc_unix_listener(Str line, Str *path, uint64_t *inode);

typedef struct TcpListener {
	bool any, loopback; /* every address of the host; none but itself */
	unsigned port;
	uint64_t inode;
} TcpListener;

/* A line of /proc/net/tcp or tcp6, when it is of a socket that listens. */
bool proc_tcp_listener(Str line, TcpListener *out);
