/* api.h - one question to the engine's API, read as JSON. */
#pragma once
#include "io/json.h"
#include "io/probe.h"

/* NULL when it did not answer 200 with JSON; *why says what came instead, *status is the HTTP
 * status or 0. */
const Value *api_get(Probe *p, Str path, Arena *a, unsigned *status, Str *why);
/* The same, when it is a list. */
const Value *api_list(Probe *p, Str path, Arena *a, Str *why);
