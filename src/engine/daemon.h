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
	bool only_file;  /* with offline: nothing but the file is looked at */
	Str config_path; /* judge this daemon.json; empty: the one in use */
	Str socket;      /* which the API is asked by; empty: TCP, or none */
	unsigned port;   /* of TCP on a loopback address; 0: a socket, or another machine */
} DaemonWant;

typedef struct Daemon {
	bool offline, only_file, podman, rootless;
	bool near;   /* it is of this machine: its files and processes are to be seen */
	Str far_why; /* it is not, or may not be; empty: near, or offline */
	const Value *info, *version; /* NULL: the API did not answer, see api_why */
	Str api_why;
	uint32_t pid, uid; /* of its process, as the host has them; pid 0: not found, see pid_why */
	Str pid_why;
	Str exe;
	StrVec argv;     /* of the process, or ExecStart of the unit; without argv[0] */
	Str argv_source; /* "argv of dockerd (pid 12)"; empty: no arguments are known */
	StrVec environ;  /* of the process */
	Str socket;
	Str config_path;
	const Value *config; /* NULL: there is none, or config_why */
	Str config_why;      /* it cannot be read or does not parse */
	bool absent;         /* of an unpacked host: no unit, no program, no file of an engine */
	Str root_dir;        /* where images and containers lie */
	Str containerd;      /* containerd's socket */
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

/* The group whose members may use its socket: its number, and *name; -1: there is none. */
int64_t daemon_group(Probe *p, const Daemon *d, Arena *a, Str *name);
/* A variable of the process; empty: not set, or not to be seen. */
Str daemon_variable(const Daemon *d, Str name);
/* The paths of the Unix sockets it listens on: the one spoken to first. */
void daemon_sockets(const Daemon *d, Arena *a, StrVec *out);
