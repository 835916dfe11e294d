/* containers.h - the containers of an engine: what it says of each (GET /containers/ID/json), and
 * what the kernel says of those that run (/proc/PID). */
#pragma once
#include "engine/proc_text.h"
#include "io/json.h"
#include "io/probe.h"

/* Containers of one host; Kubernetes' densest nodes have 500. */
#define LIMIT_CONTAINERS 10000u

typedef enum Namespace {
	NS_CGROUP,
	NS_IPC,
	NS_MNT,
	NS_NET,
	NS_PID,
	NS_USER,
	NS_UTS,
	NAMESPACES
} Namespace;

typedef struct ProcFacts { /* of a container's first process */
	bool known;
	int sys; /* why not: an errno; ESRCH: it ended, or the pid is another machine's */
	ProcStatus status;
	uint32_t uid_of_root; /* what the host calls the container's uid 0; UINT32_MAX: nobody */
	Str ns[NAMESPACES];   /* "net:[4026531840]"; empty: not read */
	Str lsm;              /* "docker-default (enforce)"; empty: no module, or not read */
} ProcFacts;

typedef struct Container {
	Str id, name, image; /* name without its slash; image as it was asked for */
	Str state;           /* "running", "created", "exited" ... */
	const Value *inspect, *host, *config; /* host: HostConfig; NULL: see why */
	Str why;                              /* it could not be inspected */
	bool gone;                            /* it was removed in the meantime */
	uint32_t pid;                         /* 0: it does not run */
	ProcFacts proc;
} Container;
typedef VEC(Container) ContainerVec;

typedef struct ContainerList {
	ContainerVec containers; /* sorted by name */
	const Value *listed;     /* the engine's own list of all; NULL: see why */
	Str why;                 /* they could not be listed */
} ContainerList;

/* All that run, are paused, restart, or wait to be started; with `ended` those that ended, too.
 * `near`: their processes are this machine's. */
void containers_look(Probe *p, bool ended, bool near, Arena *a, ContainerList *out);

extern const char *const namespace_names[NAMESPACES]; /* as in /proc/PID/ns */
/* Of `pid`: "self" is the judge, in the host's own namespaces. */
void proc_namespaces(Probe *p, Str pid, Arena *a, Str out[NAMESPACES]);
