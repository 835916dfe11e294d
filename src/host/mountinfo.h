/* mountinfo.h - /proc/PID/mountinfo (proc_pid_mountinfo(5)): what is mounted where, and how. */
#pragma once
#include "base/vec.h"

/* Mounts of one namespace; the kernel's own ceiling (fs.mount-max). */
#define LIMIT_MOUNTS 100000u

typedef struct Mount {
	Str at;                  /* the directory, as it is: \040 and its kin are decoded */
	Str root;                /* which directory of the file system it shows */
	Str options;             /* "rw,nosuid,nodev": of this mount */
	Str type, source, super; /* super: options of the file system */
} Mount;
typedef VEC(Mount) MountVec;

/* In the kernel's order: of two at one place the later hides the earlier. A line that is not one
 * of its kind is passed over. */
void mountinfo_read(Str text, Arena *a, MountVec *out);
/* The one that `path` is on; NULL: none. */
const Mount *mount_of(const MountVec *all, Str path);
/* A mount exactly there; NULL: none. */
const Mount *mount_at(const MountVec *all, Str path);
/* "nodev", or "hidepid" with its value; *value is empty without one, and may be NULL. */
bool mount_has(Str options, Str name, Str *value);
