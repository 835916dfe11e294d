/* settings.h - what an image says of itself: how it is to run, and how it was made.
 *
 * The members of an image's config (OCI image-spec 1.1, config.md, and Docker's Healthcheck, Shell
 * and OnBuild beside them). Strings are borrowed; nothing is believed or interpreted. */
#pragma once
#include "base/vec.h"

typedef struct Label {
	Str key, value;
} Label;

typedef struct HistoryStep {
	Str created_by, comment, created; /* as written */
	bool empty;                       /* it made no layer */
	uint32_t layer;                   /* that it made; LAYER_NONE: none, or not known */
	uint64_t size;                    /* as an engine tells; 0: not told */
} HistoryStep;

typedef struct ImageSettings {
	bool known;  /* a root file system has none */
	Str user;    /* as written; empty: not said */
	Str created; /* RFC 3339 */
	Str author, workdir, stop_signal;
	StrVec env; /* "NAME=value" */
	StrVec entrypoint, cmd, shell, on_build;
	StrVec ports;   /* "80/tcp" */
	StrVec volumes; /* paths */
	VEC(Label) labels;
	bool has_health;
	StrVec health;            /* its Test: NONE, CMD or CMD-SHELL first */
	VEC(HistoryStep) history; /* oldest first */
} ImageSettings;
