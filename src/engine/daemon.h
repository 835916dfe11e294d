/* daemon.h - the container engine as it is on a machine: what its API says, the process behind its
 * socket with its arguments, its unit, its configuration file. For a judge in a worker: everything
 * is seen through a Probe, and parsed here.
 *
 * The process is the one that listens on the socket (/proc/net/unix, /proc/PID/fd), never one whose
 * command line looks right. */
#pragma once
#include "io/json.h"
#include "io/probe.h"

typedef struct DaemonWant {
	bool offline;    /* an unpacked host: no process and no API */
	Str config_path; /* judge this daemon.json; empty: the one in use */
	Str socket;      /* which the API is asked by; empty: TCP, or none */
	bool near;       /* the API is this machine's: its processes can be looked at */
} DaemonWant;

typedef struct Daemon {
	bool offline, podman, rootless;
	const Value *info, *version; /* NULL: the API did not answer, see api_why */
	Str api_why;
	uint32_t pid; /* 0: not found, see pid_why */
	Str pid_why;
	Str exe;
	StrVec argv;     /* of the process, or ExecStart of the unit; without argv[0] */
	Str argv_source; /* "argv of dockerd (pid 12)"; empty: no arguments are known */
	Str socket;
	Str config_path;
	const Value *config; /* NULL: there is none, or config_why */
	Str config_why;      /* it cannot be read or does not parse */
	Str root_dir;        /* where images and containers lie */
} Daemon;

void daemon_look(Probe *p, const DaemonWant *want, Arena *a, Daemon *out);

typedef struct Setting {
	bool set;
	Str text;    /* "false"; of a list its first word */
	StrVec all;  /* of a list; of an object "key=value" */
	Str source;  /* who says so; of a default: what was looked at */
	Str unknown; /* why it cannot be decided; empty: it can */
} Setting;

/* `key` as in daemon.json ("insecure-registries"), `flag` as on the command line
 * ("insecure-registry"); NULL: the same. Both are looked at; the engine refuses to start when they
 * differ. */
Setting daemon_setting(const Daemon *d, Arena *a, const char *key, const char *flag);
/* Its value as a switch, or what it is when nobody sets it. */
bool setting_on(const Setting *s, bool otherwise);

/* ---- units ---- */

/* The file systemd reads for `name` ("docker.service"); empty: there is none. */
Str unit_find(Probe *p, Str name, Arena *a);
