/* members.h - the members of one object while it is read: no key stands twice. */
#pragma once
#include "base/map.h"
#include "base/vec.h"
#include "io/json.h"

typedef struct Members {
	VEC(Member) list;
	Map index; /* of the keys, once there are more than a few */
} Members;

bool members_has(Members *m, Arena *a, Str key);
