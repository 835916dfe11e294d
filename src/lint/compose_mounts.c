/* compose_mounts.c - C111, C112, C113, C121: the host's files and devices in a container. */
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n"

/* ---- C111 sensitive paths ---- */

typedef struct HostPath {
	const char *path;  /* "~" is a home, also one below /home, and /root */
	bool below;        /* also what is in it */
	Level write, read; /* 0: nothing to say */
	const char *what;
} HostPath;

/* The longest that fits counts. */
static const HostPath paths[] = {
	{"/", false, LEVEL_ERROR, LEVEL_WARNING, "is the whole host"},
	{"/bin", true, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/boot", true, LEVEL_ERROR, LEVEL_INFO, "holds the host's kernel"},
	{"/dev", false, LEVEL_ERROR, LEVEL_WARNING, "holds the host's disks and devices"},
	{"/etc", false, LEVEL_ERROR, LEVEL_WARNING,
	 "holds the host's settings, passwords and keys"},
	{"/etc/cron.d", true, LEVEL_ERROR, 0, "is what the host runs as root by the clock"},
	{"/etc/crontab", true, LEVEL_ERROR, 0, "is what the host runs as root by the clock"},
	{"/etc/docker", true, LEVEL_ERROR, LEVEL_WARNING, "holds the engine's settings and keys"},
	{"/etc/group", true, LEVEL_ERROR, 0, "tells who is who on the host"},
	{"/etc/kubernetes", true, LEVEL_ERROR, LEVEL_WARNING, "holds the cluster's keys"},
	{"/etc/ld.so.preload", true, LEVEL_ERROR, 0, "is loaded into every program of the host"},
	{"/etc/pam.d", true, LEVEL_ERROR, 0, "decides who may log in to the host"},
	{"/etc/passwd", true, LEVEL_ERROR, 0, "tells who is who on the host"},
	{"/etc/profile.d", true, LEVEL_ERROR, 0, "is run by every login on the host"},
	{"/etc/shadow", true, LEVEL_ERROR, LEVEL_WARNING, "holds the host's passwords"},
	{"/etc/ssh", true, LEVEL_ERROR, LEVEL_WARNING, "holds the host's keys"},
	{"/etc/ssl/private", true, LEVEL_ERROR, LEVEL_WARNING, "holds the host's keys"},
	{"/etc/sudoers", true, LEVEL_ERROR, LEVEL_WARNING, "decides who is root on the host"},
	{"/etc/sudoers.d", true, LEVEL_ERROR, LEVEL_WARNING, "decides who is root on the host"},
	{"/etc/systemd", true, LEVEL_ERROR, 0, "is what the host starts as root"},
	{"/home", false, LEVEL_WARNING, LEVEL_WARNING, "holds everybody's files and keys"},
	{"/lib", true, LEVEL_ERROR, 0, "holds the host's libraries"},
	{"/lib/modules", true, LEVEL_ERROR, 0, "holds the host's kernel modules"},
	{"/lib64", true, LEVEL_ERROR, 0, "holds the host's libraries"},
	{"/proc", true, LEVEL_ERROR, LEVEL_INFO, "is the host's kernel and its processes"},
	{"/run/dbus", true, LEVEL_WARNING, LEVEL_WARNING, "talks to the host's services"},
	{"/run/systemd", true, LEVEL_ERROR, LEVEL_INFO, "talks to the host's services"},
	{"/sbin", true, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/sys", true, LEVEL_ERROR, LEVEL_INFO, "is the host's kernel and devices"},
	{"/sys/fs/cgroup", true, LEVEL_WARNING, LEVEL_INFO,
	 "limits and holds the host's processes"},
	{"/usr", false, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/usr/bin", true, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/usr/lib", true, LEVEL_ERROR, 0, "holds the host's libraries"},
	{"/usr/local/bin", true, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/usr/sbin", true, LEVEL_ERROR, 0, "holds the host's programs"},
	{"/var", false, LEVEL_ERROR, LEVEL_WARNING, "holds the host's data and logs"},
	{"/var/lib", false, LEVEL_ERROR, LEVEL_WARNING, "holds the host's data"},
	{"/var/lib/containerd", true, LEVEL_ERROR, LEVEL_WARNING, "holds all containers' files"},
	{"/var/lib/containers", true, LEVEL_ERROR, LEVEL_WARNING, "holds all containers' files"},
	{"/var/lib/docker", true, LEVEL_ERROR, LEVEL_WARNING, "holds all containers' files"},
	{"/var/lib/docker/containers", true, LEVEL_ERROR, LEVEL_INFO,
	 "holds all containers' logs and settings"},
	{"/var/lib/kubelet", true, LEVEL_ERROR, LEVEL_WARNING, "holds the cluster's secrets"},
	{"/var/run/dbus", true, LEVEL_WARNING, LEVEL_WARNING, "talks to the host's services"},
	{"/var/spool/cron", true, LEVEL_ERROR, 0, "is what the host runs as root by the clock"},
	{"~", false, LEVEL_WARNING, LEVEL_WARNING, "is a home with all its keys"},
	{"~/.aws", true, LEVEL_ERROR, LEVEL_WARNING, "holds the keys of a cloud account"},
	{"~/.azure", true, LEVEL_ERROR, LEVEL_WARNING, "holds the keys of a cloud account"},
	{"~/.config/gcloud", true, LEVEL_ERROR, LEVEL_WARNING, "holds the keys of a cloud account"},
	{"~/.docker", true, LEVEL_ERROR, LEVEL_WARNING, "holds passwords of registries"},
	{"~/.gnupg", true, LEVEL_ERROR, LEVEL_WARNING, "holds somebody's keys"},
	{"~/.kube", true, LEVEL_ERROR, LEVEL_WARNING, "holds the keys of clusters"},
	{"~/.ssh", true, LEVEL_ERROR, LEVEL_WARNING, "holds somebody's keys"},
};

/* "/home/ann/.ssh" and "/root/.ssh" are "~/.ssh"; *rest lives in `a`. */
static Str home_path(Str path, Arena *a)
{
	Str rest = path, part;
	if (str_starts(path, S("/home/"))) {
		rest = str_skip(path, 6);
		str_cut(&rest, '/', &part);
	} else if (str_eq(path, S("/root")) || str_starts(path, S("/root/"))) {
		rest = str_skip(path, 6);
		rest = rest.n != 0 ? rest : (Str){NULL, 0};
	} else {
		return path;
	}
	char *p = arena_array(a, char, rest.n + 3);
	memcpy(p, "~/", 2);
	if (rest.n != 0)
		memcpy(p + 2, rest.p, rest.n);
	return (Str){p, rest.n != 0 ? rest.n + 2 : 1};
}

static bool fits(const HostPath *h, Str path)
{
	Str own = str_of(h->path);
	return str_eq(path, own) || (h->below && str_starts(path, own) && path.p[own.n] == '/');
}

static const HostPath *host_path_of(Str source, Arena *a)
{
	const HostPath *found = NULL;
	Str path = home_path(source, a);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (fits(&paths[i], path) &&
		    (found == NULL || strlen(paths[i].path) > strlen(found->path)))
			found = &paths[i];
	return found;
}

/* A named volume may be a bind in disguise: driver_opts {o: bind, device: /etc}. */
static Str real_source(const Compose *c, const ComposeMount *m)
{
	const Node *volume = node_get(node_get(c->root, S("volumes")), m->source);
	const Node *opts = node_get(volume, S("driver_opts"));
	size_t at;
	if (!str_eq(m->type, S("volume")) || !str_find(node_str(opts, S("o")), S("bind"), &at))
		return m->source;
	return compose_clean_path(node_str(opts, S("device")), c->a);
}

static void check_mount(const Compose *c, const ComposeMount *m, LintSink *to)
{
	Str source = real_source(c, m);
	const HostPath *h = source.n != 0 ? host_path_of(source, c->a) : NULL;
	Level level = h == NULL ? 0 : m->read_only ? h->read : h->write;
	if (level == 0)
		return;
	compose_say(to, m->node, "'" STR_FMT "' %s%s", STR_ARG(source), h->what,
		    m->read_only ? "" : ", and can be written here");
	lint_grade(to, level);
}

static void check_mounts(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposeMounts mounts = {0};
	compose_mounts(service->value, c->a, &mounts);
	for (size_t i = 0; i < mounts.n; i++) {
		const ComposeMount *m = &mounts.at[i];
		const Node *source = m->node->type == NODE_MAP ? node_get(m->node, S("source"))
							       : m->node;
		/* "${DATA}/x:/y" may be anything; "./x:${Y}" is told. */
		if (!str_has(m->source, '$') || compose_known(to, source))
			check_mount(c, m, to);
	}
}

static void check_all_mounts(const Compose *c, LintSink *to) { compose_each(c, to, check_mounts); }

const LintRule lint_C111 = {
	.id = "C111",
	.name = "sensitive-mount",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "What can write these files becomes root on the host: a line in cron.d, a key in "
	       ".ssh, a program replaced. What can read them has its passwords and keys.",
	.help = "mount the one file that is needed, read-only; data belongs in a named volume",
	.aliases = LIST("CL-0013", "CL-0025", "CIS-5.6"),
	.good = LIST(WEB "    volumes: [./site:/site, data:/data, /srv/x:/x, "
			 "/etc/localtime:/etc/localtime:ro, /etc/passwd:/etc/passwd:ro]\n"
			 "volumes: {data: }\n",
		     WEB "    volumes:\n    - type: tmpfs\n      target: /etc\n"),
	.bad = LIST(WEB "    volumes: ['/:/host']\n", WEB "    volumes: [/etc:/etc:ro]\n",
		    WEB "    volumes: ['~/.ssh:/root/.ssh:ro']\n",
		    WEB "    volumes: ['${HOME}/.aws:/a']\n",
		    WEB "    volumes: [/home/ann/.kube/config:/k:ro]\n",
		    WEB "    volumes: [/srv/../root:/r]\n",
		    WEB "    volumes:\n    - {type: bind, source: /var/lib/docker, target: /d}\n",
		    WEB
		    "    volumes: [vv:/v]\nvolumes:\n  vv:\n    driver_opts: {type: none, o: bind, "
		    "device: /etc}\n"),
	.check_compose = check_all_mounts,
};

/* ---- C112 devices ---- */

static bool is_raw(Str device)
{
	static const char *const starts[] = {
		"/dev/sd",      "/dev/hd",  "/dev/vd",    "/dev/xvd", "/dev/nvme", "/dev/mmcblk",
		"/dev/mapper/", "/dev/dm-", "/dev/disk/", "/dev/md",  "/dev/loop"};
	static const char *const exact[] = {"/dev",      "/dev/mem",  "/dev/kmem",
					    "/dev/port", "/dev/kmsg", "/dev/mapper"};
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts(device, str_of(starts[i])))
			return true;
	for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
		if (str_eq(device, str_of(exact[i])))
			return true;
	return false;
}

static void check_devices(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *list = node_get(service->value, S("devices"));
	const Node *rules = node_get(service->value, S("device_cgroup_rules"));
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		Str rest = item->type == NODE_MAP ? node_str(item, S("source")) : item->text, path;
		if (!compose_known(to, item) || !str_cut(&rest, ':', &path))
			continue;
		path = compose_clean_path(path, c->a);
		if (!str_starts(path, S("/dev")))
			continue;
		bool raw = is_raw(path);
		compose_say(to, item, "'" STR_FMT "' has the host's device " STR_FMT "%s",
			    STR_ARG(service->key->text), STR_ARG(path),
			    raw ? ", and with it its disk or memory" : "");
		lint_grade(to, raw ? LEVEL_ERROR : LEVEL_INFO);
	}
	for (size_t i = 0; i < node_count(rules); i++) {
		const Node *item = node_item(rules, i);
		size_t at;
		if (str_starts(node_text(item), S("a ")) ||
		    str_find(node_text(item), S("*:*"), &at)) {
			compose_say(to, item, "'" STR_FMT "' may make and use every device",
				    STR_ARG(service->key->text));
			lint_grade(to, LEVEL_ERROR);
		}
	}
}

static void check_all_devices(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_devices);
}

const LintRule lint_C112 = {
	.id = "C112",
	.name = "host-device",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A device goes past the file system's permissions: who has the disk has every file, "
	       "who has memory every secret. Others are as safe as their driver.",
	.help = "give the one device that is needed, and of its rights rwm only those",
	.aliases = LIST("CL-0016", "CIS-5.18"),
	.good = LIST(WEB "    devices: [vendor.com/gpu=all]\n"),
	.bad = LIST(WEB "    devices: ['/dev/sda:/dev/xvda:r']\n",
		    WEB "    devices: [/dev/ttyUSB0]\n",
		    WEB "    device_cgroup_rules: ['a *:* rwm']\n",
		    WEB "    devices:\n    - {source: /dev/mem, target: /m}\n"),
	.check_compose = check_all_devices,
};

/* ---- C113 propagation ---- */

static void check_propagation(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposeMounts mounts = {0};
	compose_mounts(service->value, c->a, &mounts);
	for (size_t i = 0; i < mounts.n; i++)
		if (str_eq(mounts.at[i].propagation, S("shared")) ||
		    str_eq(mounts.at[i].propagation, S("rshared")))
			compose_say(to, mounts.at[i].node,
				    "what '" STR_FMT "' mounts below '" STR_FMT
				    "' appears on the host",
				    STR_ARG(service->key->text), STR_ARG(mounts.at[i].source));
}

static void check_all_propagation(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_propagation);
}

const LintRule lint_C113 = {
	.id = "C113",
	.name = "shared-propagation",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A mount made in the container then covers the host's files, and those of all other "
	       "containers that have the folder.",
	.help = "use rslave, which shows the host's mounts in the container and not the other way",
	.aliases = LIST("CL-0017", "CIS-5.20"),
	.good = LIST(WEB "    volumes: ['/mnt:/mnt:ro,rslave']\n"),
	.bad = LIST(WEB "    volumes: ['/mnt:/mnt:rshared']\n",
		    WEB "    volumes:\n    - type: bind\n      source: /mnt\n      target: /mnt\n"
			"      bind: {propagation: shared}\n"),
	.check_compose = check_all_propagation,
};

/* ---- C121 tmpfs ---- */

static bool has_option(Str options, Str word)
{
	Str rest = options, o;
	while (str_cut(&rest, ',', &o))
		if (str_eq(o, word))
			return true;
	return false;
}

static void check_tmpfs(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *list = node_get(service->value, S("tmpfs"));
	(void)c;
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		Str options = node_text(item), path;
		if (!str_cut(&options, ':', &path))
			continue;
		if (has_option(options, S("exec")) || has_option(options, S("suid")))
			compose_say(to, item, "programs may be written to '" STR_FMT "' and run",
				    STR_ARG(path));
	}
}

static void check_all_tmpfs(const Compose *c, LintSink *to) { compose_each(c, to, check_tmpfs); }

const LintRule lint_C121 = {
	.id = "C121",
	.name = "executable-tmpfs",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "The engine mounts tmpfs noexec and nosuid, so that what an attacker drops there "
	       "cannot be started. These options take that away.",
	.help = "leave exec and suid out, unless the program loads code from there",
	.aliases = LIST("CL-0022"),
	.good = LIST(WEB "    tmpfs: /tmp\n", WEB "    tmpfs: ['/tmp:size=64m,noexec']\n"),
	.bad = LIST(WEB "    tmpfs: ['/tmp:size=64m,exec']\n", WEB "    tmpfs: /run:suid\n"),
	.check_compose = check_all_tmpfs,
};
