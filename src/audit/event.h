/* event.h - what a joined event says: who did what to which file, how it ended, and where. */
#pragma once
#include "audit/join.h"

typedef struct AuditPath {
	Str name, kind; /* kind: NORMAL, CREATE, DELETE, PARENT ... */
	Str inode, mode, uid, gid;
} AuditPath;

typedef struct AuditEvent {
	uint32_t serial;
	int64_t time_ms;
	bool whole;
	const char *type; /* of its first record, when it is no system call; may be NULL */
	uint16_t type_number;
	Str fields; /* of that record, as they came */
	StrVec keys;
	bool call;    /* it is a system call, and so has what follows */
	bool success; /* with `exit` its result */
	int64_t exit;
	Str call_name, arch;
	uint32_t pid, ppid;                /* 0: not told */
	Str uid, euid, gid, auid, session; /* numbers; auid and session: empty when unset */
	Str comm, exe, tty, cwd, title;    /* title: the process's arguments, blank separated */
	StrVec argv;                       /* of an execve; pieces put together */
	Str address; /* of a connect: "unix:/run/docker.sock", "10.0.0.1:80", "[::1]:80" */
	VEC(AuditPath) paths;
	Str container, container_name; /* id; both empty: none, or not known */
	const char *container_by;      /* "process", "parent", or why it is not known */
} AuditEvent;

/* Everything is in `a` or borrowed from `j`. Containers are not filled in. */
void audit_event_read(const AuditJoined *j, Arena *a, AuditEvent *out);
bool audit_event_has_key(const AuditEvent *e, const StrVec *keys); /* none: every event has */

/* The id of the outermost container that a process is in, by its /proc/PID/cgroup; empty: none. */
Str audit_container_of(Str cgroup);

/* A line with its break. `records`: each of them, decoded, too. */
void audit_event_json(const AuditEvent *e, const AuditJoined *j, bool records, Buf *to);
