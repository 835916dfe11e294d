/* host.h - the audit of a container host: kernel, modules, network, mounts, users, ssh, files,
 * audit, logs, software and container runtimes, each check under an id of ours.
 *
 * Runs in a worker over a Probe. What only a system call or a socket tells is asked for before, in
 * the parent, and comes as numbers in HostOptions. A key that this kernel lacks is N/A; what cannot
 * be read is ERROR; neither is ever taken for fine. */
#pragma once
#include "engine/daemon.h"
#include "model/check.h"

typedef struct HostClock { /* adjtimex(2) */
	Str why;           /* it was not asked; empty: it was */
	bool synced;
	int64_t offset_us, error_us; /* of the kernel's discipline, and its estimate */
} HostClock;

typedef struct HostForward {        /* what the packet filter does with what is not for this host */
	Str why;                    /* it could not be asked; empty: it was */
	Str backend;                /* "nf_tables", "iptables"; empty: there is no forward chain */
	bool drops;                 /* a forward chain's policy is drop */
	bool docker_user;           /* there is a chain DOCKER-USER */
	uint32_t docker_user_rules; /* that do more than return */
} HostForward;

typedef struct HostWatch { /* a rule of the kernel's audit that watches a path */
	Str path;
	bool tree;   /* everything beneath, too */
	bool writes; /* writing and changing attributes are both recorded */
} HostWatch;

typedef struct HostAudit { /* the kernel's audit */
	Str why;           /* it could not be asked; empty: it was */
	uint32_t enabled, failure, pid, backlog_limit, lost;
	VEC(HostWatch) watches;
} HostAudit;

typedef struct HostFlaw { /* a package with holes that are fixed, and not here */
	Str package, version;
	Str fixed;         /* the version that fixes all of them */
	size_t n;          /* holes */
	Str ids;           /* some of them: "CVE-2024-1, CVE-2024-2 ..." */
	Severity severity; /* of the worst */
} HostFlaw;

typedef struct HostComponent { /* an engine or a runtime */
	Str name, version;
	int64_t ends;         /* its end of life by its makers; 0: not announced */
	bool by_distribution; /* a package of the distribution, which is maintained */
	Str why;              /* its end is not known */
} HostComponent;

typedef struct HostPackages { /* what the advisory database says of the host's own software */
	Str why;              /* nothing was evaluated; empty: it was */
	Str database;         /* which one said so */
	StrVec judged;        /* names */
	VEC(HostFlaw) flaws;  /* worst first */
	size_t open;          /* holes that nobody has a fix for */
	VEC(CheckItem) not_evaluated;
	VEC(HostComponent) components;
	bool os_end_of_life;
	Str os; /* "debian 12"; empty: not known */
} HostPackages;

typedef enum HostSum { HOST_MD5 = 1, HOST_SHA1, HOST_SHA256 } HostSum;

typedef struct HostDigest { /* what the package database has on record of a program */
	Str path, package;  /* path without a leading '/' */
	HostSum sum;
	Str hex;
} HostDigest;

typedef struct HostOptions {
	CheckSelection selection;
	bool live; /* this machine as it runs; else an unpacked one */
	Str host;  /* its name */
	int64_t now;
	DaemonWant daemon;
	StrVec trusted;    /* users who may have root's power */
	bool trusted_said; /* the list is meant, even when it is empty */
	HostClock clock;
	HostForward forward;
	HostAudit audit;
	HostPackages packages;
	VEC(HostDigest) digests; /* of programs of engines */
} HostOptions;

/* Every selected check, section by section, in it by id. What the worker cannot see is an outcome,
 * not an error. */
Result host_judge(Probe *p, const HostOptions *o, Arena *a, CheckReport *out);

const CheckInfo *host_check_at(size_t i);  /* as they are judged; NULL after the last */
const CheckInfo *host_check_named(Str id); /* NULL when there is none */
/* Programs of engines by name, and packages that bring them; NULL after the last. */
const char *host_engine_program(size_t i);
const char *host_engine_package(size_t i);
const char *host_section_at(size_t i); /* NULL after the last */
