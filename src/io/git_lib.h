/* git_lib.h - libgit2's functions, found at run time; only git.c includes this.
 *
 * The prototypes are those of git2.h, so a change of the library's interface is a compile error
 * here. */
#pragma once
#include <git2/config.h>
#include <git2/errors.h>
#include <git2/global.h>
#include <git2/odb.h>
#include <git2/version.h>

#include "base/err.h"

#define GIT_LIB_FUNCTIONS(X)   \
	X(git_error_last)      \
	X(git_libgit2_init)    \
	X(git_libgit2_opts)    \
	X(git_odb_free)        \
	X(git_odb_object_data) \
	X(git_odb_object_free) \
	X(git_odb_object_size) \
	X(git_odb_object_type) \
	X(git_odb_open)        \
	X(git_odb_read)        \
	X(git_odb_read_header)

typedef struct GitLib {
#define FIELD(f) __typeof__(f) *f;
	GIT_LIB_FUNCTIONS(FIELD)
#undef FIELD
} GitLib;

/* Loaded and started. ERR_SYS, saying which package to install, when it is not there. */
Result git_lib_load(GitLib *out);
