/* accounts.c - reads the files of accounts. */
#include "host/accounts.h"

/* The next line as fields; false at the end. *n: how many there were. */
static bool next(Str *text, Str *field, size_t max, size_t *n)
{
	Str line;
	if (text->n == 0 || !str_cut(text, '\n', &line))
		return false;
	for (*n = 0; *n < max && str_cut(&line, ':', &field[*n]);)
		(*n)++;
	bool other = *n == 0 || field[0].n == 0 || field[0].p[0] == '#' || field[0].p[0] == '+' ||
		     field[0].p[0] == '-';
	if (other)
		*n = 0;
	return true;
}

void accounts_users(Str text, Arena *a, UserVec *out)
{
	enum { NAME, SECRET, UID, GID, GECOS, HOME, SHELL, FIELDS };
	Str f[FIELDS];
	size_t n;
	User u = {0};
	while (next(&text, f, FIELDS, &n) && out->n < LIMIT_ACCOUNTS) {
		if (n < HOME + 1 || !str_u64(f[UID], &u.uid) || !str_u64(f[GID], &u.gid))
			continue;
		u.name = f[NAME];
		u.secret = f[SECRET];
		u.home = f[HOME];
		u.shell = n == FIELDS ? f[SHELL] : (Str){0};
		vec_push(a, out, u);
	}
}

void accounts_groups(Str text, Arena *a, GroupVec *out)
{
	enum { NAME, SECRET, GID, MEMBERS, FIELDS };
	Str f[FIELDS];
	size_t n;
	Group g = {0};
	while (next(&text, f, FIELDS, &n) && out->n < LIMIT_ACCOUNTS) {
		if (n < MEMBERS || !str_u64(f[GID], &g.gid))
			continue;
		g.name = f[NAME];
		g.members = n == FIELDS ? f[MEMBERS] : (Str){0};
		vec_push(a, out, g);
	}
}

void accounts_shadow(Str text, Arena *a, ShadowVec *out)
{
	Str f[2];
	size_t n;
	while (next(&text, f, 2, &n) && out->n < LIMIT_ACCOUNTS)
		if (n == 2)
			vec_push(a, out, (Shadow){f[0], f[1]});
}

void accounts_ranges(Str text, Arena *a, SubRangeVec *out)
{
	Str f[3];
	size_t n;
	SubRange r = {0};
	while (next(&text, f, 3, &n) && out->n < LIMIT_ACCOUNTS) {
		if (n != 3 || !str_u64(f[1], &r.first) || !str_u64(f[2], &r.count))
			continue;
		r.owner = f[0];
		vec_push(a, out, r);
	}
}
