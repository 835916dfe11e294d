/* accounts.h - passwd(5), group(5), shadow(5), subuid(5): who there is. Lines that are not of
 * their kind are passed over; NIS lines ("+...") too. Strings are borrowed from the text. */
#pragma once
#include "base/vec.h"

/* Lines of one file. */
#define LIMIT_ACCOUNTS 1000000u

typedef struct User {
	Str name, secret, home, shell; /* secret: "x" when it is in shadow */
	uint64_t uid, gid;
} User;
typedef VEC(User) UserVec;

typedef struct Group {
	Str name, members; /* members: comma separated */
	uint64_t gid;
} Group;
typedef VEC(Group) GroupVec;

typedef struct Shadow {
	Str name, hash; /* hash: empty: no password is asked; "!..." or "*": none fits */
} Shadow;
typedef VEC(Shadow) ShadowVec;

typedef struct SubRange {
	Str owner;
	uint64_t first, count;
} SubRange;
typedef VEC(SubRange) SubRangeVec;

void accounts_users(Str text, Arena *a, UserVec *out);
void accounts_groups(Str text, Arena *a, GroupVec *out);
void accounts_shadow(Str text, Arena *a, ShadowVec *out);
void accounts_ranges(Str text, Arena *a, SubRangeVec *out);
