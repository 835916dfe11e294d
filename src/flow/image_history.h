/* image_history.h - the Dockerfile of an image, rebuilt in a worker. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "flow/progress.h"

typedef struct HistoryRequest {
	Str target, platform; /* see image/target.h */
	bool json;
	bool allow_unsandboxed;
	Progress progress;
} HistoryRequest;

/* The whole document, foreign bytes in it. */
Result image_history(const HistoryRequest *r, Arena *a, Str *out);
