/* files.c - who can change what root runs, what runs with more rights than its user has, and whose
 * files volumes hold. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "host/accounts.h"
#include "host/private.h"

#define SECTION "files"

enum { IS_DIR = 0040000, IS_FILE = 0100000, IS_LINK = 0120000, TYPE = 0170000 };

/* ---- walks ---- */

typedef struct Walk {
	Host *h;
	Verdict *v;
	size_t left;   /* entries that may still be looked at */
	size_t unseen; /* places that were not: past a limit, or unreadable */
	size_t deeper; /* directories below `depth` */
	size_t files;
	unsigned depth; /* 0: the directory itself only */
	bool whole;     /* what is below `depth` was to be seen, too: containers may hide there */
	void (*see)(struct Walk *w, Str path, const ProbeEntry *e);
	void *ctx;
} Walk;

/* A cold inode takes 40 us of a disk: this many are the time that a person waits. */
enum { WALK_ENTRIES = 60000, WALK_DEPTH = 32 };

static void walk(Walk *w, Str dir, unsigned depth)
{
	ProbeEntryVec all;
	if (depth > w->depth) {
		w->deeper += !w->whole;
		w->unseen += w->whole;
		return;
	}
	int sys = w->left != 0 ? see_dir(w->h, dir, &all) : ELOOP;
	if (sys != 0) {
		w->unseen += !host_is_absent(sys);
		return;
	}
	for (size_t i = 0; i < all.n; i++) {
		const ProbeEntry *e = &all.at[i];
		if (w->left == 0) {
			w->unseen++;
			return;
		}
		w->left--;
		w->files++;
		bool is_dir = (e->mode & TYPE) == IS_DIR;
		bool special = (e->mode & 07022) != 0 || e->uid != 0 || e->capable;
		if (!is_dir && !special)
			continue; /* nothing of what is looked for: spares the path */
		Str path = host_path(w->h, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(e->name));
		if (path.n == 0) { /* too long to be asked about */
			w->unseen++;
			continue;
		}
		w->see(w, path, e);
		if (is_dir)
			walk(w, path, depth + 1);
	}
}

/* From a directory; a link to one is left out: it is met where it is. */
static void walk_from(Walk *w, Str dir)
{
	ProbeStat st;
	if (see_lstat(w->h, dir, &st) != 0 || (st.mode & TYPE) != IS_DIR)
		return;
	const ProbeEntry self = {.mode = st.mode, .uid = st.uid, .gid = st.gid};
	w->files++;
	w->see(w, dir, &self);
	walk(w, dir, 0);
}

static Walk walk_of(Host *h, Verdict *v, unsigned depth,
		    void (*see)(Walk *w, Str path, const ProbeEntry *e))
{
	return (Walk){.h = h, .v = v, .left = WALK_ENTRIES, .depth = depth, .see = see};
}

/* "; 3 directories were not looked at", or nothing */
static const char *rest_of(const Walk *w, char *buf, size_t n)
{
	buf[0] = '\0';
	if (w->unseen != 0)
		snprintf(buf, n, "; %zu place%s could not be looked at", w->unseen,
			 w->unseen == 1 ? "" : "s");
	else if (w->deeper != 0)
		snprintf(buf, n, "; %zu directories further down were not looked at", w->deeper);
	return buf;
}

static void conclude(Walk *w, const char *what)
{
	char rest[96];
	Host *h = w->h;
	w->v->subjects = w->files;
	if (w->files == 0)
		NOT_HERE(h, w->v, "there are none");
	else if (w->v->items.n != 0)
		WARN(h, w->v, S("stat"), "%zu %s, of %zu files%s", w->v->items.n, what, w->files,
		     rest_of(w, rest, sizeof rest));
	else if (w->unseen != 0)
		ERROR(h, w->v, S("stat"), "none in %zu files%s", w->files,
		      rest_of(w, rest, sizeof rest));
	else
		PASS(h, w->v, S("stat"), "%zu files%s", w->files, rest_of(w, rest, sizeof rest));
}

/* ---- what root runs ---- */

static void see_writable(Walk *w, Str path, const ProbeEntry *e)
{
	if ((e->mode & TYPE) == IS_LINK)
		return;
	if (e->uid != 0)
		verdict_item(w->v, w->h->a, "file", path, "owner uid %u", e->uid);
	else if ((e->mode & 0002) != 0 || ((e->mode & 0020) != 0 && e->gid != 0))
		verdict_item(w->v, w->h->a, "file", path, "mode %04o, group %u", e->mode & 07777u,
			     e->gid);
}

static void walk_file(Walk *w, Str path)
{
	ProbeStat st;
	if (see_stat(w->h, path, &st) != 0)
		return;
	const ProbeEntry self = {.mode = st.mode, .uid = st.uid, .gid = st.gid};
	w->files++;
	w->see(w, path, &self);
}

static const char *const unit_dirs[] = {"/etc/systemd/system", "/run/systemd/system",
					"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
					"/lib/systemd/system"};

CHECK(H65, "timed-jobs", SECTION, SEV_MEDIUM, "SCHD-7704, BOOT-5184",
      "What cron and systemd start can be changed by root only",
      "root owns /etc/cron*, /var/spool/cron and unit files; nobody else may write",
      "Who writes there has root run it within minutes, or with the next start.",
      "chown root:root FILE; chmod go-w FILE")
{
	static const char *const cron[] = {"/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily",
					   "/etc/cron.weekly", "/etc/cron.monthly"};
	Walk w = walk_of(h, v, 4, see_writable);
	walk_file(&w, S("/etc/crontab"));
	walk_file(&w, S("/var/spool/cron"));
	for (size_t i = 0; i < sizeof cron / sizeof cron[0]; i++)
		walk_from(&w, str_of(cron[i]));
	for (size_t i = 0; i < sizeof unit_dirs / sizeof unit_dirs[0]; i++)
		walk_from(&w, str_of(unit_dirs[i]));
	conclude(&w, "that others can change");
}

static const char *const program_dirs[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",    "/usr/bin",
	"/sbin",           "/bin",           "/usr/libexec", "/usr/libexec/docker"};

static void see_world_writable(Walk *w, Str path, const ProbeEntry *e)
{
	bool sticky_dir = (e->mode & TYPE) == IS_DIR && (e->mode & 01000) != 0;
	if ((e->mode & TYPE) != IS_LINK && (e->mode & 0002) != 0 && !sticky_dir)
		verdict_item(w->v, w->h->a, "file", path, "mode %04o", e->mode & 07777u);
}

CHECK(H66, "writable-programs", SECTION, SEV_HIGH, "FILE-7524",
      "Nobody but its owner changes a program or a unit",
      "no file that everybody may write where programs and units lie",
      "The next one who runs it, root in most cases, runs what an intruder wrote.",
      "chmod o-w FILE; then install its package anew")
{
	Walk w = walk_of(h, v, 4, see_world_writable);
	for (size_t i = 0; i < sizeof program_dirs / sizeof program_dirs[0]; i++)
		walk_from(&w, str_of(program_dirs[i]));
	for (size_t i = 0; i < sizeof unit_dirs / sizeof unit_dirs[0]; i++)
		walk_from(&w, str_of(unit_dirs[i]));
	conclude(&w, "that everybody can change");
}

/* ---- more rights than its user ---- */

/* What distributions ship setuid, setgid or with capabilities. */
static bool is_known(Str name)
{
	static const char known[] =
		"at arping bwrap chage chfn chrome-sandbox chsh clockdiff crontab "
		"dbus-daemon-launch-helper doas dotlockfile dumpcap exim4 expiry fping "
		"fusermount fusermount3 gpasswd grub2-set-bootflag gst-ptp-helper "
		"lockdev locate mail-lock mail-touchlock mail-unlock mlocate mount "
		"mount.cifs mount.ecryptfs_private mount.nfs mount.nfs4 mtr-packet "
		"newgidmap newgrp newuidmap ntfs-3g pam_extrausers_chkpwd "
		"pam_timestamp_check passwd ping ping4 ping6 pkexec plocate "
		"polkit-agent-helper-1 postdrop postqueue pppd screen sg snap-confine "
		"ssh-agent ssh-keysign su sudo sudo.ws sudoedit traceroute6 "
		"traceroute6.iputils umount umount.nfs unix_chkpwd usernetctl userhelper "
		"utempter vmware-user-suid-wrapper wall write write.ul Xorg.wrap "
		"cockpit-session sssd_pam ldap_child krb5_child proxy_child p11_child "
		"selinux_child slirp4netns ";
	return host_has_word(str_of(known), name);
}

typedef struct Raised {
	size_t known;
	Str volumes; /* where no such file has a reason to be */
} Raised;

static void see_raised(Walk *w, Str path, const ProbeEntry *e)
{
	Raised *r = w->ctx;
	bool sets = (e->mode & 06000) != 0 && (e->mode & 0111) != 0;
	if ((e->mode & TYPE) != IS_FILE || (!sets && !e->capable))
		return;
	bool in_volume = r->volumes.n != 0 && str_starts(path, r->volumes);
	bool other = (e->mode & 0022) != 0;
	if (is_known(str_base(path)) && !in_volume && !other) {
		r->known++;
		return;
	}
	verdict_item(w->v, w->h->a, "file", path, "%s%s%s, owner %u%s",
		     (e->mode & 04000) != 0 ? "setuid" : "",
		     (e->mode & 02000) != 0 ? " setgid" : "", e->capable ? " capabilities" : "",
		     e->uid, other ? ", and others may write it" : "");
}

CHECK(H67, "raised-programs", SECTION, SEV_MEDIUM, NULL,
      "Programs with more rights than their user are known ones",
      "no setuid, setgid or capabilities but of programs that distributions ship so; none in "
      "volumes",
      "Each is a door to root. One in a volume was put there by a container, for somebody on the "
      "host.",
      "chmod u-s FILE, setcap -r FILE; accept with --baseline what has to be")
{
	static const struct {
		const char *path;
		unsigned depth;
	} places[] = {{"/usr/bin", WALK_DEPTH},
		      {"/usr/sbin", WALK_DEPTH},
		      {"/usr/libexec", WALK_DEPTH},
		      {"/bin", WALK_DEPTH},
		      {"/sbin", WALK_DEPTH},
		      {"/usr/local/bin", WALK_DEPTH},
		      {"/usr/local/sbin", WALK_DEPTH},
		      {"/usr/lib", 2},
		      {"/opt", 2},
		      {"/srv", 1},
		      {"/home", 2},
		      {"/root", 1},
		      {"/tmp", 1},
		      {"/var/tmp", 1},
		      {"/dev/shm", 1}};
	Raised r = {0};
	Walk w = walk_of(h, v, WALK_DEPTH, see_raised);
	char rest[96];
	w.ctx = &r;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		w.depth = places[i].depth;
		walk_from(&w, str_of(places[i].path));
	}
	w.depth = WALK_DEPTH;
	w.whole = true;
	r.volumes = host_path(h, STR_FMT "/volumes", STR_ARG(h->d.root_dir));
	walk_from(&w, r.volumes);
	if (w.files == 0)
		NOT_HERE(h, v, "there are no programs");
	else if (v->items.n != 0)
		WARN(h, v, S("stat"), "%zu that are not known, and %zu that are, in %zu files%s",
		     v->items.n, r.known, w.files, rest_of(&w, rest, sizeof rest));
	else if (w.unseen != 0)
		ERROR(h, v, S("stat"), "%zu known ones in %zu files%s", r.known, w.files,
		      rest_of(&w, rest, sizeof rest));
	else
		PASS(h, v, S("stat"), "%zu known ones, in %zu files%s", r.known, w.files,
		     rest_of(&w, rest, sizeof rest));
	v->subjects = v->items.n + r.known;
}

/* ---- whose files ---- */

typedef struct Owner {
	uint32_t uid;
	size_t files;
	Str first;
} Owner;

typedef struct Ids { /* numbers that are somebody's, both included */
	uint64_t first, last;
} Ids;

typedef struct Owners {
	VEC(Ids) known; /* in order, apart */
	VEC(Owner) unknown;
} Owners;

static int by_first(const void *a, const void *b)
{
	const Ids *x = a, *y = b;
	return (x->first > y->first) - (x->first < y->first);
}

/* Of accounts and ranges: an unpacked host may have a million of each. */
static void know(Host *h, Owners *o, const UserVec *users, const SubRangeVec *ranges)
{
	size_t n = 0;
	vec_push(h->a, &o->known, (Ids){0, 0}); /* root */
	for (size_t i = 0; i < users->n; i++)
		vec_push(h->a, &o->known, (Ids){users->at[i].uid, users->at[i].uid});
	for (size_t i = 0; i < ranges->n; i++) {
		const SubRange *r = &ranges->at[i];
		if (r->count != 0 && r->first <= UINT32_MAX)
			vec_push(h->a, &o->known,
				 (Ids){r->first, r->count > UINT32_MAX ? UINT32_MAX
								       : r->first + r->count - 1});
	}
	qsort(o->known.at, o->known.n, sizeof o->known.at[0], by_first);
	for (size_t i = 1; i < o->known.n; i++) {
		Ids *before = &o->known.at[n], one = o->known.at[i];
		if (one.first > before->last)
			o->known.at[++n] = one;
		else if (one.last > before->last)
			before->last = one.last;
	}
	o->known.n = n + 1;
}

static bool is_somebody(const Owners *o, uint32_t uid)
{
	size_t low = 0, high = o->known.n; /* the last that begins at or before it */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (o->known.at[middle].first <= uid)
			low = middle;
		else
			high = middle;
	}
	return uid <= o->known.at[low].last;
}

static void see_owner(Walk *w, Str path, const ProbeEntry *e)
{
	enum { UIDS_MAX = 1000 };
	Owners *o = w->ctx;
	for (size_t i = 0; i < o->unknown.n; i++)
		if (o->unknown.at[i].uid == e->uid) {
			o->unknown.at[i].files++;
			return;
		}
	if (o->unknown.n < UIDS_MAX && !is_somebody(o, e->uid))
		vec_push(w->h->a, &o->unknown, (Owner){e->uid, 1, path});
}

CHECK(H68, "unknown-owners", SECTION, SEV_LOW, NULL, "Files in volumes belong to somebody",
      "every owner is in /etc/passwd or a range of /etc/subuid",
      "Files of nobody wait for the next account of that number, which then owns a container's "
      "data.",
      "reserve the number: useradd --system --uid N NAME, or use user namespaces")
{
	Owners o = {0};
	UserVec users = {0};
	SubRangeVec ranges = {0};
	Str text;
	char rest[96];
	Walk w = walk_of(h, v, WALK_DEPTH, see_owner);
	w.ctx = &o;
	w.whole = true;
	int sys = see_read(h, S("/etc/passwd"), &text);
	if (sys == 0)
		accounts_users(text, h->a, &users);
	if (see_read(h, S("/etc/subuid"), &text) == 0)
		accounts_ranges(text, h->a, &ranges);
	know(h, &o, &users, &ranges);
	Str volumes = host_path(h, STR_FMT "/volumes", STR_ARG(h->d.root_dir));
	walk_from(&w, volumes);
	for (size_t i = 0; i < o.unknown.n; i++) {
		const Owner *u = &o.unknown.at[i];
		verdict_item(v, h->a, "uid", host_path(h, "%u", u->uid),
			     "%zu file%s, the first is " STR_FMT, u->files,
			     u->files == 1 ? "" : "s", STR_ARG(u->first));
	}
	v->subjects = w.files;
	if (w.files == 0)
		NOT_HERE(h, v, "there are no volumes in " STR_FMT, STR_ARG(h->d.root_dir));
	else if (sys != 0)
		verdict_unread(v, h->a, S("/etc/passwd"), sys);
	else if (v->items.n != 0)
		INFO(h, v, volumes, "%zu owners without an account, in %zu files%s", v->items.n,
		     w.files, rest_of(&w, rest, sizeof rest));
	else if (w.unseen != 0)
		ERROR(h, v, volumes, "none in %zu files%s", w.files,
		      rest_of(&w, rest, sizeof rest));
	else
		PASS(h, v, volumes, "%zu files%s", w.files, rest_of(&w, rest, sizeof rest));
}
