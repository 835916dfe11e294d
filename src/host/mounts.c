/* mounts.c - what is mounted where, with which options, and how full it is. */
#include <errno.h>

#include "host/mountinfo.h"
#include "host/private.h"

#define SECTION "mounts"
#define SOURCE S("/proc/1/mountinfo")

/* Of the machine's first process: the judge's own view may be another. */
static bool mounts(Host *h, Verdict *v, MountVec *out)
{
	Str text;
	*out = (MountVec){0};
	if (!host_is_live(h, v))
		return false;
	int sys = see_read(h, SOURCE, &text);
	if (sys != 0)
		verdict_unread(v, h->a, SOURCE, sys);
	else
		mountinfo_read(text, h->a, out);
	return sys == 0;
}

/* False, and the verdict says so, where nothing keeps images and containers. */
static bool has_data_root(Host *h, Verdict *v, ProbeStat *st)
{
	int sys = see_stat(h, h->d.root_dir, st);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "there is no " STR_FMT, STR_ARG(h->d.root_dir));
	else if (sys != 0)
		verdict_unread(v, h->a, h->d.root_dir, sys);
	return sys == 0;
}

CHECK(H46, "data-filesystem", SECTION, SEV_MEDIUM, "CIS 1.1.1, FILE-6310",
      "Images and containers have a file system of their own", "another device than /",
      "A container or an image that fills the disk stops the whole host, its logs first.",
      "mount a volume at the engine's data root before it starts")
{
	ProbeStat root, data;
	Str path = h->d.root_dir;
	if (!host_is_live(h, v) || !has_data_root(h, v, &data))
		return;
	int sys = see_stat(h, S("/"), &root);
	if (sys != 0)
		verdict_unread(v, h->a, S("/"), sys);
	else if (root.device == data.device)
		WARN(h, v, S("stat"), STR_FMT " is on the root file system", STR_ARG(path));
	else
		PASS(h, v, S("stat"), STR_FMT " has a file system of its own", STR_ARG(path));
}

CHECK(H47, "data-mount-options", SECTION, SEV_LOW, "FILE-6374",
      "Devices in images and volumes are no devices to the host",
      "nodev on the file system of the data root; not noexec, which breaks containers",
      "A device file in a volume opens the disk to any user of the host who gets at the path.",
      "add nodev to the mount of the data root in /etc/fstab, and take out noexec")
{
	MountVec all;
	ProbeStat st;
	if (!mounts(h, v, &all) || !has_data_root(h, v, &st))
		return;
	const Mount *m = mount_of(&all, h->d.root_dir), *root = mount_at(&all, S("/"));
	bool same = m == NULL || m == root ||
		    (root != NULL && str_eq(m->source, root->source) &&
		     str_eq(m->type, root->type));
	if (same) { /* an engine mounts its own directory over itself */
		NOT_HERE(h, v, STR_FMT " is on the root file system", STR_ARG(h->d.root_dir));
		return;
	}
	if (!mount_has(m->options, S("nodev"), NULL))
		verdict_item(v, h->a, "mount", m->at, "without nodev");
	if (mount_has(m->options, S("noexec"), NULL))
		verdict_item(v, h->a, "mount", m->at,
			     "noexec: programs of containers do not start");
	if (v->items.n != 0)
		WARN(h, v, SOURCE, STR_FMT ": " STR_FMT, STR_ARG(m->at), STR_ARG(m->options));
	else
		PASS(h, v, SOURCE, STR_FMT ": " STR_FMT, STR_ARG(m->at), STR_ARG(m->options));
}

static void judge_shared(Host *h, Verdict *v, const MountVec *all, Str path)
{
	static const char *const wanted[] = {"nodev", "nosuid", "noexec"};
	const Mount *m = mount_at(all, path);
	Str missing = {0};
	if (!host_is_there(h, path))
		return;
	v->subjects++;
	if (m == NULL) {
		verdict_item(v, h->a, "directory", path, "no mount of its own");
		return;
	}
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (!mount_has(m->options, str_of(wanted[i]), NULL))
			missing = host_path(h, STR_FMT "%s%s", STR_ARG(missing),
					    missing.n != 0 ? ", " : "", wanted[i]);
	if (missing.n != 0 && !str_eq(missing, S("noexec")))
		verdict_item(v, h->a, "directory", path, "without " STR_FMT, STR_ARG(missing));
}

CHECK(H48, "shared-directories", SECTION, SEV_MEDIUM, "FILE-6374, FILE-6362, FILE-6363",
      "Directories that everybody writes to hold no devices and no setuid programs",
      "nodev and nosuid on /tmp, /var/tmp and /dev/shm (noexec is better still)",
      "They are the first stop of every attack: a place to put a program and to keep it.",
      "mount them with nodev,nosuid,noexec in /etc/fstab, or enable tmp.mount")
{
	static const char *const paths[] = {"/tmp", "/var/tmp", "/dev/shm"};
	MountVec all;
	if (!mounts(h, v, &all))
		return;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		judge_shared(h, v, &all, str_of(paths[i]));
	if (v->items.n != 0)
		WARN(h, v, SOURCE, "%zu of %llu directories", v->items.n,
		     (unsigned long long)v->subjects);
	else if (v->subjects == 0)
		NOT_HERE(h, v, "there are none");
	else
		PASS(h, v, SOURCE, "%llu directories", (unsigned long long)v->subjects);
}

CHECK(H49, "hidepid", SECTION, SEV_LOW, "FILE-6344", "Users see their own processes only",
      "/proc with hidepid=2, or a reason against it",
      "Command lines of others tell passwords and what runs where. systemd's own services may need "
      "an exception.",
      "mount /proc with hidepid=2,gid=GROUP, and put who has to see all into the group")
{
	MountVec all;
	Str value = {0};
	if (!mounts(h, v, &all))
		return;
	const Mount *m = mount_at(&all, S("/proc"));
	if (m == NULL)
		NOT_HERE(h, v, "/proc is not mounted");
	else if (mount_has(m->super, S("hidepid"), &value) && !str_eq(value, S("0")) &&
		 !str_eq(value, S("off")))
		PASS(h, v, SOURCE, "hidepid=" STR_FMT, STR_ARG(value));
	else
		INFO(h, v, SOURCE, "everybody sees all processes");
}

/* ---- how full ---- */

enum { WANTED_FREE = 15 }; /* percent */

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 100 : (unsigned)((double)part * 100 / (double)whole);
}

/* `seen` keeps devices that were looked at. */
static void judge_space(Host *h, Verdict *v, Str path, ProbeStat *seen, size_t *n)
{
	ProbeStat st;
	if (see_stat(h, path, &st) != 0 || st.fs_bytes == 0)
		return;
	for (size_t i = 0; i < *n; i++)
		if (seen[i].device == st.device)
			return;
	seen[(*n)++] = st;
	v->subjects++;
	unsigned bytes = percent(st.fs_free_bytes, st.fs_bytes);
	unsigned nodes = percent(st.fs_free_nodes, st.fs_nodes);
	if (bytes < WANTED_FREE)
		verdict_item(v, h->a, "directory", path, "%u%% of its space is free", bytes);
	else if (nodes < WANTED_FREE)
		verdict_item(v, h->a, "directory", path, "%u%% of its inodes are free", nodes);
}

CHECK(H50, "disk-space", SECTION, SEV_MEDIUM, NULL, "There is room left",
      "15% of space and inodes free on /, /var/log and the engine's data root",
      "On a full disk containers stop, logs end, and nobody can tell afterwards what happened.",
      "'docker system prune', rotate logs, or a larger disk")
{
	const Str paths[] = {S("/"), S("/var/log"), S("/var/log/audit"), h->d.root_dir};
	ProbeStat seen[sizeof paths / sizeof paths[0]];
	size_t n = 0;
	if (!host_is_live(h, v))
		return;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		judge_space(h, v, paths[i], seen, &n);
	if (v->subjects == 0)
		ERROR(h, v, S("statfs"), "no file system tells its size");
	else if (v->items.n != 0)
		WARN(h, v, S("statfs"), "%zu of %llu file systems", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, S("statfs"), "%llu file system%s", (unsigned long long)v->subjects,
		     v->subjects == 1 ? "" : "s");
}
