/* compose_rights.c - C103, C106, C107, C108, C114: what a service's process may do. */
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n"

/* What is privileged lacks the rest in any case; one finding is enough. */
static bool is_privileged(const NodeEntry *service)
{
	return node_is_true(node_get(service->value, S("privileged")));
}

/* ---- C103 no-new-privileges ---- */

static void check_new_privileges(const Compose *c, const NodeEntry *service, LintSink *to)
{
	Str value;
	(void)c;
	if (!is_privileged(service) &&
	    compose_security(service->value, S("no-new-privileges"), &value) == NULL)
		compose_lacks(to, service);
}

static void check_all_new_privileges(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_new_privileges);
}

const LintRule lint_C103 = {
	.id = "C103",
	.name = "new-privileges",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A setuid program in the image makes root of any user who finds it. The option "
	       "stops that; few services need it.",
	.help = "add security_opt: [no-new-privileges:true]",
	.aliases = LIST("CL-0003", "CIS-5.26"),
	.absent = "no no-new-privileges",
	.good = LIST(WEB "    security_opt: [no-new-privileges:true]\n",
		     WEB "    security_opt: ['no-new-privileges=true']\n"),
	.bad = LIST(WEB, WEB "    security_opt: [label=level:s0]\n"),
	.check_compose = check_all_new_privileges,
};

/* ---- C106 capabilities dropped ---- */

static void check_dropped(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	if (!is_privileged(service) &&
	    !compose_has_capability(service->value, S("cap_drop"), S("ALL")))
		compose_lacks(to, service);
}

static void check_all_dropped(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_dropped);
}

const LintRule lint_C106 = {
	.id = "C106",
	.name = "capabilities-kept",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "The engine gives root in a container fourteen capabilities, among them raw sockets "
	       "and any owner for any file. Most services need none, or one.",
	.help = "add cap_drop: [ALL], and cap_add for what is then missing",
	.aliases = LIST("CL-0006", "CIS-5.3"),
	.absent = "no cap_drop: [ALL]",
	.good = LIST(WEB "    cap_drop: [ALL]\n", WEB "    cap_drop: [all]\n"),
	.bad = LIST(WEB, WEB "    cap_drop: [NET_RAW]\n"),
	.check_compose = check_all_dropped,
};

/* ---- C107 capabilities added ---- */

static const struct {
	const char *name;
	Level level; /* 0: the engine gives it anyway */
	const char *what;
} capabilities[] = {
	{"ALL", LEVEL_ERROR, "is root on the host, nearly"},
	{"AUDIT_CONTROL", LEVEL_WARNING, "can switch off the kernel's audit"},
	{"AUDIT_READ", LEVEL_INFO, "reads the kernel's audit log"},
	{"AUDIT_WRITE", 0, NULL},
	{"BLOCK_SUSPEND", LEVEL_INFO, "keeps the host awake"},
	{"BPF", LEVEL_ERROR, "loads programs into the host's kernel"},
	{"CHECKPOINT_RESTORE", LEVEL_WARNING, "reads and writes the state of processes"},
	{"CHOWN", 0, NULL},
	{"DAC_OVERRIDE", 0, NULL},
	{"DAC_READ_SEARCH", LEVEL_ERROR, "opens any file of the host's disk by its number"},
	{"FOWNER", 0, NULL},
	{"FSETID", 0, NULL},
	{"IPC_LOCK", LEVEL_INFO, "locks memory, which the limit of memory bounds"},
	{"IPC_OWNER", LEVEL_INFO, "opens other users' shared memory"},
	{"KILL", 0, NULL},
	{"LEASE", LEVEL_INFO, "holds leases on files"},
	{"LINUX_IMMUTABLE", LEVEL_WARNING, "changes files that are marked immutable"},
	{"MAC_ADMIN", LEVEL_ERROR, "can switch off AppArmor or SELinux"},
	{"MAC_OVERRIDE", LEVEL_ERROR, "goes past AppArmor or SELinux"},
	{"MKNOD", 0, NULL},
	{"NET_ADMIN", LEVEL_WARNING, "changes addresses, routes and firewall of its network"},
	{"NET_BIND_SERVICE", 0, NULL},
	{"NET_BROADCAST", LEVEL_INFO, "sends to everybody on its network"},
	{"NET_RAW", 0, NULL},
	{"PERFMON", LEVEL_WARNING, "watches the kernel and other programs at work"},
	{"SETFCAP", 0, NULL},
	{"SETGID", 0, NULL},
	{"SETPCAP", 0, NULL},
	{"SETUID", 0, NULL},
	{"SYSLOG", LEVEL_WARNING, "reads the kernel's log and its addresses"},
	{"SYS_ADMIN", LEVEL_ERROR, "mounts file systems, which is a known way out to the host"},
	{"SYS_BOOT", LEVEL_ERROR, "reboots the host, and loads another kernel"},
	{"SYS_CHROOT", 0, NULL},
	{"SYS_MODULE", LEVEL_ERROR, "loads code into the host's kernel"},
	{"SYS_NICE", LEVEL_INFO, "takes processor time from others"},
	{"SYS_PACCT", LEVEL_INFO, "switches process accounting"},
	{"SYS_PTRACE", LEVEL_WARNING, "reads and changes other processes, also past seccomp"},
	{"SYS_RAWIO", LEVEL_ERROR, "reads and writes the host's memory and disks"},
	{"SYS_RESOURCE", LEVEL_WARNING, "goes past limits"},
	{"SYS_TIME", LEVEL_WARNING, "sets the host's clock"},
	{"SYS_TTY_CONFIG", LEVEL_INFO, "changes terminals"},
	{"WAKE_ALARM", LEVEL_INFO, "wakes the host"},
};

static Str capability_name(Str text)
{
	bool prefix = text.n > 4 && str_eq_nocase(str_first(text, 4), S("CAP_"));
	return prefix ? str_skip(text, 4) : text;
}

static void check_capability(const NodeEntry *service, const Node *item, LintSink *to)
{
	Str name = capability_name(node_text(item)), who = service->key->text;
	if (!compose_known(to, item))
		return;
	for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
		if (!str_eq_nocase(name, str_of(capabilities[i].name)))
			continue;
		if (capabilities[i].level != 0) {
			compose_say(to, item, "'" STR_FMT "' with %s %s", STR_ARG(who),
				    capabilities[i].name, capabilities[i].what);
			lint_grade(to, capabilities[i].level);
		}
		return;
	}
	compose_say(to, item, "there is no capability '" STR_FMT "'", STR_ARG(str_first(name, 60)));
}

static void check_added(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *list = node_get(service->value, S("cap_add"));
	(void)c;
	for (size_t i = 0; i < node_count(list); i++)
		check_capability(service, node_item(list, i), to);
}

static void check_all_added(const Compose *c, LintSink *to) { compose_each(c, to, check_added); }

const LintRule lint_C107 = {
	.id = "C107",
	.name = "capability-added",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Some capabilities run code on the host, some reach what is next to it, some are "
	       "bounded by the container. The finding says which, and its level follows.",
	.help = "leave it out, or find the smaller one that is needed",
	.aliases = LIST("CL-0011", "CL-0024", "CL-0027", "CL-0028", "CL-0029", "CL-0030"),
	.good = LIST(WEB "    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE, cap_chown]\n"),
	.bad = LIST(WEB "    cap_add: [SYS_ADMIN]\n", WEB "    cap_add: [cap_net_admin]\n",
		    WEB "    cap_add: [ALL]\n", WEB "    cap_add: [SYS_NICE]\n",
		    WEB "    cap_add: [NET_ADMN]\n"),
	.check_compose = check_all_added,
};

/* ---- C108 read-only ---- */

static void check_read_only(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *n = node_get(service->value, S("read_only"));
	(void)c;
	if (compose_known(to, n) && !node_is_true(n))
		compose_lacks(to, service);
}

static void check_all_read_only(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_read_only);
}

const LintRule lint_C108 = {
	.id = "C108",
	.name = "writable-root",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.off = true,
	.why = "What can be written can be replaced: an attacker keeps tools and back doors in the "
	       "container's own files.",
	.help = "add read_only: true, tmpfs for /tmp and /run, and volumes for data",
	.aliases = LIST("CL-0007", "CIS-5.13"),
	.absent = "no read_only: true",
	.good = LIST(WEB "    read_only: true\n    tmpfs: [/tmp]\n"),
	.bad = LIST(WEB, WEB "    read_only: false\n"),
	.check_compose = check_all_read_only,
};

/* ---- C114 root ---- */

static void check_user(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *n = node_get(service->value, S("user"));
	Str rest = node_text(n), name;
	(void)c;
	if (!compose_known(to, n) || !str_cut(&rest, ':', &name))
		return;
	if (str_eq(name, S("root")) || str_eq(name, S("0")))
		compose_say(to, n, "'" STR_FMT "' runs as root, whatever its image says",
			    STR_ARG(service->key->text));
}

static void check_users(const Compose *c, LintSink *to) { compose_each(c, to, check_user); }

const LintRule lint_C114 = {
	.id = "C114",
	.name = "root-service",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A process that is root in the container is root on the host once it gets out, and "
	       "may do anything to the files it can reach.",
	.help = "name a user above 0, and give it the folders it writes",
	.aliases = LIST("CL-0018"),
	.good = LIST(WEB "    user: \"1000:1000\"\n", WEB "    user: ${U:-app}\n"),
	.bad = LIST(WEB "    user: root\n", WEB "    user: 0:1000\n", WEB "    user: \"0\"\n"),
	.check_compose = check_users,
};
