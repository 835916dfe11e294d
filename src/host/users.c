/* users.c - accounts: their files, who is root by whatever name, and ranges of user namespaces. */
#include <errno.h>
#include <stdlib.h>

#include "base/map.h"
#include "host/accounts.h"
#include "host/private.h"

#define SECTION "users"
#define PASSWD S("/etc/passwd")
#define GROUP S("/etc/group")
#define SHADOW S("/etc/shadow")

/* False, and the verdict says why, when it cannot be read. */
static bool text_of(Host *h, Verdict *v, Str path, Str *out)
{
	int sys = see_read(h, path, out);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "there is no " STR_FMT, STR_ARG(path));
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	return sys == 0;
}

static bool users_of(Host *h, Verdict *v, UserVec *out)
{
	Str text;
	*out = (UserVec){0};
	if (!text_of(h, v, PASSWD, &text))
		return false;
	accounts_users(text, h->a, out);
	return true;
}

static bool groups_of(Host *h, Verdict *v, GroupVec *out)
{
	Str text;
	*out = (GroupVec){0};
	if (!text_of(h, v, GROUP, &text))
		return false;
	accounts_groups(text, h->a, out);
	return true;
}

/* ---- the files ---- */

/* root's group, or that of the programs that check passwords. */
static bool may_read_hashes(Host *h, uint32_t gid)
{
	Str text;
	GroupVec groups = {0};
	if (gid == 0)
		return true;
	if (see_read(h, GROUP, &text) == 0)
		accounts_groups(text, h->a, &groups);
	for (size_t i = 0; i < groups.n; i++)
		if (groups.at[i].gid == gid && str_eq(groups.at[i].name, S("shadow")))
			return true;
	return false;
}

static void judge_account_file(Host *h, Verdict *v, Str path, uint32_t limit, const ProbeStat *st)
{
	enum { HASHES = 0640, BY_GROUP = 0040 };
	if (st->uid != 0)
		verdict_item(v, h->a, "file", path, "owner uid %u", st->uid);
	else if ((st->mode & 07777 & ~limit) != 0)
		verdict_item(v, h->a, "file", path, "mode %04o, not %04o or less",
			     st->mode & 07777u, limit);
	else if (limit == HASHES && (st->mode & BY_GROUP) != 0 && !may_read_hashes(h, st->gid))
		verdict_item(v, h->a, "file", path, "group %u reads it, which is not shadow",
			     st->gid);
}

CHECK(H53, "account-files", SECTION, SEV_HIGH, "FILE-7524, AUTH-9228",
      "The files of accounts are root's, and hashes are hidden",
      "passwd and group 0644 or less, shadow and gshadow 0640 or less, owner root",
      "Who can write them is root; who can read the hashes tries passwords at leisure.",
      "chown root:root FILE; chmod 0644 or 0640 FILE (group shadow where there is one)")
{
	static const struct {
		const char *path;
		uint32_t limit;
	} files[] = {{"/etc/passwd", 0644},  {"/etc/group", 0644},   {"/etc/shadow", 0640},
		     {"/etc/gshadow", 0640}, {"/etc/passwd-", 0644}, {"/etc/group-", 0644},
		     {"/etc/shadow-", 0640}, {"/etc/gshadow-", 0640}};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		ProbeStat st;
		Str path = str_of(files[i].path);
		int sys = see_stat(h, path, &st);
		if (host_is_absent(sys))
			continue;
		if (sys != 0) {
			verdict_unread(v, h->a, path, sys);
			return;
		}
		v->subjects++;
		judge_account_file(h, v, path, files[i].limit, &st);
	}
	if (v->subjects == 0)
		NOT_HERE(h, v, "there are no files of accounts");
	else if (v->items.n != 0)
		WARN(h, v, S("stat"), "%zu of %llu files", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, S("stat"), "%llu files", (unsigned long long)v->subjects);
}

/* ---- who is root, and who needs no password ---- */

CHECK(H54, "root-accounts", SECTION, SEV_CRITICAL, "AUTH-9204, AUTH-9283",
      "Only root has uid 0, and every account needs a password",
      "one uid 0; no empty second field in passwd and shadow",
      "A second root is a back door; an empty password opens an account to whoever knows its name.",
      "'passwd -l NAME' for an account without a password, 'userdel NAME' for one of uid 0")
{
	UserVec users;
	ShadowVec shadow = {0};
	Str text;
	if (!users_of(h, v, &users))
		return;
	v->subjects = users.n;
	for (size_t i = 0; i < users.n; i++) {
		const User *u = &users.at[i];
		if (u->uid == 0 && !str_eq(u->name, S("root")))
			verdict_item(v, h->a, "user", u->name, "uid 0");
		if (u->secret.n == 0)
			verdict_item(v, h->a, "user", u->name, "no password in /etc/passwd");
		else if (u->secret.n > 1 && u->secret.p[0] != '!' && u->secret.p[0] != '*')
			verdict_item(v, h->a, "user", u->name,
				     "a hash in /etc/passwd, for everybody to read");
	}
	int sys = see_read(h, SHADOW, &text);
	if (sys == 0)
		accounts_shadow(text, h->a, &shadow);
	else if (!host_is_absent(sys)) {
		verdict_unread(v, h->a, SHADOW, sys);
		return;
	}
	for (size_t i = 0; i < shadow.n; i++)
		if (shadow.at[i].hash.n == 0)
			verdict_item(v, h->a, "user", shadow.at[i].name, "no password is asked");
	if (v->items.n != 0)
		WARN(h, v, S("/etc/passwd and /etc/shadow"), "%zu found", v->items.n);
	else
		PASS(h, v, S("/etc/passwd and /etc/shadow"), "%zu accounts", users.n);
}

static Str number_text(Host *h, uint64_t n) { return host_path(h, "%llu", (unsigned long long)n); }

/* The second and later of a number or name. */
static void add_again(Host *h, Verdict *v, Map *seen, const char *kind, Str key, Str name)
{
	void **at = map_at(seen, h->a, key);
	if (*at == NULL) {
		Str *first = arena_new(h->a, Str);
		*first = name;
		*at = first;
		return;
	}
	const Str *first = *at;
	verdict_item(v, h->a, kind, name, "%s " STR_FMT " is that of " STR_FMT,
		     str_eq(key, name) ? "its name" : "its number", STR_ARG(key), STR_ARG(*first));
}

CHECK(H55, "duplicate-accounts", SECTION, SEV_MEDIUM, "AUTH-9208, AUTH-9222, AUTH-9226",
      "Every account has a name and a number of its own", "no uid, gid or name twice",
      "Two names of one number are one account: files, logs and quotas take them for each other.",
      "usermod -u or groupmod -g a free number, and chown what it owns")
{
	UserVec users;
	GroupVec groups;
	Map uids = {0}, gids = {0}, names = {0}, group_names = {0};
	if (!users_of(h, v, &users) || !groups_of(h, v, &groups))
		return;
	v->subjects = users.n + groups.n;
	for (size_t i = 0; i < users.n; i++) {
		const User *u = &users.at[i];
		add_again(h, v, &uids, "user", number_text(h, u->uid), u->name);
		add_again(h, v, &names, "user", u->name, u->name);
	}
	for (size_t i = 0; i < groups.n; i++) {
		const Group *g = &groups.at[i];
		add_again(h, v, &gids, "group", number_text(h, g->gid), g->name);
		add_again(h, v, &group_names, "group", g->name, g->name);
	}
	Str source = S("/etc/passwd and /etc/group");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu are there twice", v->items.n);
	else
		PASS(h, v, source, "%zu users, %zu groups", users.n, groups.n);
}

/* ---- root by another name ---- */

/* Groups whose members reach an engine, or the disk itself. */
static bool is_roots_group(Str name)
{
	static const char *const names[] = {"docker", "podman",      "containerd", "lxd",
					    "incus",  "incus-admin", "libvirt",    "disk",
					    "k3s",    "microk8s",    "buildkit"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

static void add_members(Host *h, Verdict *v, const Group *g)
{
	Str rest = g->members, user;
	while (rest.n != 0 && str_cut(&rest, ',', &user))
		if (user.n != 0 && !host_is_trusted(h, user))
			verdict_item(v, h->a, "user", user, "a member of " STR_FMT,
				     STR_ARG(g->name));
}

/* `roots`: number -> Group. */
static void add_by_first_group(Host *h, Verdict *v, const UserVec *users, const Map *roots)
{
	for (size_t i = 0; i < users->n; i++) {
		const User *u = &users->at[i];
		const Group *g = map_get(roots, number_text(h, u->gid));
		if (g != NULL && !host_is_trusted(h, u->name) && !str_eq(u->name, g->name))
			verdict_item(v, h->a, "user", u->name, STR_FMT " is the first group",
				     STR_ARG(g->name));
	}
}

CHECK(H56, "engine-groups", SECTION, SEV_HIGH, "CIS 1.1.2",
      "Only trusted users are in groups that are root by another name",
      "nobody but trusted users in docker, lxd, incus, libvirt, disk",
      "Who may talk to the engine starts a container with the host's disk in it.",
      "gpasswd -d USER GROUP, or name who is trusted with --trusted-users")
{
	UserVec users;
	GroupVec groups;
	Map roots = {0};
	Str source = S("/etc/group and /etc/passwd");
	if (!users_of(h, v, &users) || !groups_of(h, v, &groups))
		return;
	for (size_t i = 0; i < groups.n; i++) {
		if (!is_roots_group(groups.at[i].name))
			continue;
		*map_at(&roots, h->a, number_text(h, groups.at[i].gid)) = &groups.at[i];
		add_members(h, v, &groups.at[i]);
	}
	add_by_first_group(h, v, &users, &roots);
	if (roots.n == 0)
		NOT_HERE(h, v, "there is no such group");
	else if (v->items.n == 0)
		PASS(h, v, source, "nobody but those who are trusted");
	else if (h->o->trusted_said)
		WARN(h, v, source, "%zu who are not on the list of trusted users", v->items.n);
	else
		INFO(h, v, source, "%zu member%s; name those who may be with --trusted-users",
		     v->items.n, v->items.n == 1 ? "" : "s");
}

/* ---- user namespaces ---- */

static int by_first(const void *a, const void *b)
{
	const SubRange *x = a, *y = b;
	return (x->first > y->first) - (x->first < y->first);
}

static void judge_range(Host *h, Verdict *v, const char *file, const SubRange *r,
			const SubRange *before)
{
	enum { ENOUGH = 65536, SYSTEM = 65536 };
	unsigned long long first = r->first, count = r->count;
	if (r->count < ENOUGH)
		verdict_item(v, h->a, "range", r->owner,
			     "%s: %llu numbers, too few for a container", file, count);
	if (r->first < SYSTEM)
		verdict_item(v, h->a, "range", r->owner,
			     "%s: from %llu on, among the host's own accounts", file, first);
	if (r->first > UINT32_MAX || r->count > UINT32_MAX - r->first)
		verdict_item(v, h->a, "range", r->owner, "%s: %llu from %llu on goes past the last",
			     file, count, first);
	if (before != NULL && r->first - before->first < before->count)
		verdict_item(v, h->a, "range", r->owner, "%s: from %llu on, shared with " STR_FMT,
			     file, first, STR_ARG(before->owner));
}

/* False, and the verdict says why, when it cannot be read. */
static bool judge_ranges(Host *h, Verdict *v, const char *file)
{
	Str text;
	SubRangeVec all = {0};
	int sys = see_read(h, str_of(file), &text);
	if (sys != 0 && !host_is_absent(sys))
		verdict_unread(v, h->a, str_of(file), sys);
	if (sys != 0)
		return host_is_absent(sys);
	accounts_ranges(text, h->a, &all);
	if (all.n > 1)
		qsort(all.at, all.n, sizeof all.at[0], by_first);
	const SubRange *widest = NULL; /* the one before that reaches furthest */
	for (size_t i = 0; i < all.n; i++) {
		judge_range(h, v, file, &all.at[i], widest);
		if (widest == NULL ||
		    all.at[i].first + all.at[i].count > widest->first + widest->count)
			widest = &all.at[i];
	}
	v->subjects += all.n;
	return true;
}

CHECK(H58, "subordinate-ids", SECTION, SEV_MEDIUM, "CIS 2.10",
      "Ranges for user namespaces are apart, large enough, and not the host's",
      "no overlap in /etc/subuid and /etc/subgid, 65536 each, above the host's own accounts",
      "Two that share a range are one user to the kernel: the container of one owns the files of "
      "the other.",
      "usermod --del-subuids and --add-subuids with a range of its own")
{
	if (!judge_ranges(h, v, "/etc/subuid") || !judge_ranges(h, v, "/etc/subgid"))
		return;
	Str source = S("/etc/subuid and /etc/subgid");
	if (v->subjects == 0)
		NOT_HERE(h, v, "there are no ranges");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu found in %llu ranges", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu ranges", (unsigned long long)v->subjects);
}
