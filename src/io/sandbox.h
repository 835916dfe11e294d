/* sandbox.h - gives up everything a reader of hostile bytes does not need. For worker.c.
 *
 * Layers: rlimits, no new privileges, nobody's user and group where there is a choice, empty
 * capability sets (but for reading files of any owner), Landlock (kernel
 * Documentation/userspace-api/landlock.rst; file system, TCP, abstract sockets, signals), and a
 * seccomp allow list. */
#pragma once
#include "io/worker.h"

typedef enum SandboxLayer {
	SANDBOX_LANDLOCK = 1u << 0,
	SANDBOX_SECCOMP = 1u << 1,
} SandboxLayer;

/* Confines the calling process for good. *missing: the layers the kernel lacks, as bits;
 * these are an error unless grant->allow_unsandboxed. `reply_fd` is where a refused system
 * call is reported before the process ends. */
Result sandbox_enter(const WorkerGrant *grant, int reply_fd, unsigned *missing);

/* The name of the layers in `missing`, blank separated. */
const char *sandbox_layer_names(unsigned missing);
