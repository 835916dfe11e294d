/* host_cases_confine.h - made machines for security modules, kernel modules, mounts, audit, logs,
 * the clock and the packet filter. */
#pragma once
#include "host_case.h"

#define SEC "sys/kernel/security/"
#define MODDEP "lib/modules/6.1/modules.dep="
#define OSREL "proc/sys/kernel/osrelease=6.1\n"

static const HostCase lsm_cases[] = {
	{"H21",
	 OUTCOME_PASS,
	 "sig_enforce",
	 {"proc/modules=", "sys/module/module/parameters/sig_enforce=Y\n"}},
	{"H21",
	 OUTCOME_PASS,
	 "lockdown is integrity",
	 {"proc/modules=", SEC "lockdown=none [integrity] confidentiality\n"}},
	{"H21", OUTCOME_PASS, "no more", {"proc/modules=", "proc/sys/kernel/modules_disabled=1\n"}},
	{"H21",
	 OUTCOME_WARN,
	 NULL,
	 {"proc/modules=", "sys/module/module/parameters/sig_enforce=N\n",
	  SEC "lockdown=[none] integrity\n"}},
	{"H21", OUTCOME_NA, NULL, {"proc/="}},
	{"H22",
	 OUTCOME_PASS,
	 "confidentiality",
	 {SEC "lockdown=none integrity [confidentiality]\n"}},
	{"H22", OUTCOME_WARN, NULL, {SEC "lockdown=[none] integrity confidentiality\n"}},
	{"H22", OUTCOME_NA, NULL, {"sys/="}},
	{"H23", OUTCOME_PASS, "AppArmor", {SEC "lsm=lockdown,capability,apparmor\n"}},
	{"H23", OUTCOME_PASS, "SELinux", {SEC "lsm=capability,selinux"}},
	{"H23", OUTCOME_WARN, "landlock", {SEC "lsm=lockdown,capability,landlock,bpf"}},
	{"H23", OUTCOME_NA, NULL, {"sys/="}},
	{"H24",
	 OUTCOME_PASS,
	 "docker-default is enforced; 2 profiles",
	 {SEC "lsm=apparmor", SEC
	  "apparmor/profiles=docker-default (enforce)\nsnap.x (y) (complain)\nman (enforce)\n"}},
	{"H24",
	 OUTCOME_WARN,
	 "complain",
	 {SEC "lsm=apparmor", SEC "apparmor/profiles=docker-default (complain)\n"}},
	{"H24",
	 OUTCOME_WARN,
	 "not loaded",
	 {SEC "lsm=apparmor", "run/docker.sock=", SEC "apparmor/profiles=man (enforce)\n"}},
	{"H24",
	 OUTCOME_PASS,
	 "no Docker",
	 {SEC "lsm=apparmor", SEC "apparmor/profiles=man (enforce)\n"}},
	{"H24",
	 OUTCOME_NA,
	 NULL,
	 {SEC "lsm=selinux", SEC "apparmor/profiles=docker-default (complain)\n"}},
	{"H25", OUTCOME_PASS, NULL, {"sys/fs/selinux/enforce=1"}},
	{"H25", OUTCOME_WARN, "permissive", {"sys/fs/selinux/enforce=0"}},
	{"H25", OUTCOME_WARN, "is off", {"etc/os-release=ID=rocky\nID_LIKE=\"rhel fedora\"\n"}},
	{"H25", OUTCOME_NA, NULL, {"etc/os-release=ID=debian\n"}},
	{"H26", OUTCOME_PASS, "errno", {"proc/sys/kernel/seccomp/actions_avail=kill errno\n"}},
	{"H26", OUTCOME_PASS, "older", {"proc/1/status=Name: init\nSeccomp:\t0\n"}},
	{"H26", OUTCOME_WARN, NULL, {"proc/1/status=Name: init\n"}},
	{"H26", OUTCOME_ERROR, NULL, {"proc/="}},
};

static const HostCase module_cases[] = {
	{"H51",
	 OUTCOME_PASS,
	 NULL,
	 {OSREL, MODDEP "kernel/fs/ext4/ext4.ko: a\n", "proc/modules=ext4 1 0 - Live 0x0\n"}},
	{"H51", OUTCOME_WARN, "loaded", {OSREL, MODDEP "\n", "proc/modules=udf 1 0 - Live 0x0\n"}},
	{"H51", OUTCOME_WARN, "loaded when", {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n"}},
	{"H51",
	 OUTCOME_PASS,
	 NULL,
	 {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n",
	  "etc/modprobe.d/x.conf=# no\nblacklist sctp\n"}},
	{"H51",
	 OUTCOME_PASS,
	 NULL,
	 {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n",
	  "etc/modprobe.d/x.conf=install \\\nsctp /bin/true\n"}},
	{"H51",
	 OUTCOME_WARN,
	 "sctp",
	 {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n",
	  "etc/modprobe.d/x.conf=install sctp /sbin/modprobe -i sctp\n"}},
	{"H51",
	 OUTCOME_WARN,
	 "sctp",
	 {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n", "etc/modprobe.d/x=blacklist sctp\n"}},
	{"H51",
	 OUTCOME_WARN,
	 "sctp",
	 {OSREL, MODDEP "kernel/net/sctp/sctp.ko.xz: a\n", "etc/modprobe.d/x.conf=\n",
	  "usr/lib/modprobe.d/x.conf=blacklist sctp\n"}},
	{"H51",
	 OUTCOME_WARN,
	 "built into",
	 {OSREL, MODDEP "\n", "lib/modules/6.1/modules.builtin=kernel/fs/cramfs/cramfs.ko\n"}},
	{"H51", OUTCOME_NA, NULL, {OSREL}},
	{"H51", OUTCOME_WARN, "udf", {MODDEP "kernel/fs/udf/udf.ko: a\n"}, .unpacked = true},
	{"H52",
	 OUTCOME_PASS,
	 NULL,
	 {OSREL,
	  MODDEP
	  "kernel/drivers/usb/storage/usb-storage.ko: a\nkernel/drivers/usb/storage/uas.ko: a\n",
	  "etc/modprobe.d/a.conf=blacklist usb-storage\nblacklist uas\n"}},
	{"H52",
	 OUTCOME_WARN,
	 "usb_storage",
	 {OSREL, MODDEP "kernel/drivers/usb/storage/usb-storage.ko: a\n"}},
};

#define MOUNTS "proc/1/mountinfo="
#define ROOT_MOUNT "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
#define PROC_MOUNT "22 27 0:21 / /proc rw - proc proc rw"

static const HostCase mount_cases[] = {
	{"H46", OUTCOME_WARN, NULL, {"var/lib/docker/x="}},
	{"H46", OUTCOME_WARN, "/var/lib/containers", {"var/lib/containers/storage/x="}},
	{"H46", OUTCOME_NA, "no /var/lib/docker", {"var/="}},
	{"H46", OUTCOME_NA, "running", {"var/lib/docker/x="}, .unpacked = true},
	{"H47",
	 OUTCOME_PASS,
	 "nodev",
	 {"var/lib/docker/x=", MOUNTS ROOT_MOUNT
	  "28 27 254:1 / /var/lib/docker rw,nodev shared:1 - ext4 /dev/vdb rw\n"}},
	{"H47",
	 OUTCOME_WARN,
	 "without nodev",
	 {"var/lib/docker/x=",
	  MOUNTS ROOT_MOUNT "28 27 254:1 / /var/lib rw shared:1 - ext4 /dev/vdb rw\n"}},
	{"H47",
	 OUTCOME_WARN,
	 "do not start",
	 {"var/lib/docker/x=",
	  MOUNTS ROOT_MOUNT "28 27 254:1 / /var/lib rw,nodev,noexec - ext4 /dev/vdb rw\n"}},
	{"H47", OUTCOME_NA, NULL, {"var/lib/docker/x=", MOUNTS ROOT_MOUNT}},
	{"H47",
	 OUTCOME_NA,
	 "on the root file system",
	 {"var/lib/docker/x=",
	  MOUNTS ROOT_MOUNT "28 27 254:0 /var/lib/docker /var/lib/docker rw - ext4 /dev/vda rw\n"}},
	{"H48",
	 OUTCOME_PASS,
	 NULL,
	 {"tmp/x=", MOUNTS ROOT_MOUNT "28 27 0:9 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw\n"}},
	{"H48",
	 OUTCOME_WARN,
	 "without nosuid, noexec",
	 {"tmp/x=", MOUNTS ROOT_MOUNT "28 27 0:9 / /tmp rw,nodev - tmpfs tmpfs rw\n"}},
	{"H48", OUTCOME_WARN, "mount of its own", {"tmp/x=", MOUNTS ROOT_MOUNT}},
	{"H48",
	 OUTCOME_WARN,
	 "without nodev",
	 {"tmp/x=", MOUNTS ROOT_MOUNT "28 27 0:9 / /tmp rw,nodev,nosuid - tmpfs tmpfs rw\n29 28 "
				      "0:10 / /tmp rw - tmpfs tmpfs rw\n"}},
	{"H48", OUTCOME_NA, NULL, {MOUNTS ROOT_MOUNT}},
	{"H48", OUTCOME_ERROR, "No such file", {"tmp/x="}},
	{"H49", OUTCOME_PASS, "hidepid=2", {MOUNTS PROC_MOUNT ",hidepid=2\n"}},
	{"H49", OUTCOME_PASS, "invisible", {MOUNTS PROC_MOUNT ",gid=4,hidepid=invisible\n"}},
	{"H49", OUTCOME_INFO, NULL, {MOUNTS PROC_MOUNT "\n"}},
	{"H49", OUTCOME_INFO, NULL, {MOUNTS PROC_MOUNT ",hidepid=0\n"}},
};

static void audit_off(HostOptions *o) { o->audit.backlog_limit = 64; }

static void audit_good(HostOptions *o)
{
	static HostWatch all[] = {{{"/etc", 4}, true, true}, {{"/usr/sbin/runc", 14}, false, true}};
	o->audit = (HostAudit){.enabled = 1, .failure = 1, .pid = 77, .backlog_limit = 8192};
	o->audit.watches.at = all;
	o->audit.watches.n = 2;
}

static void audit_reads_only(HostOptions *o)
{
	static HostWatch all[] = {{{"/etc", 4}, true, false}};
	audit_good(o);
	o->audit.watches.at = all;
	o->audit.watches.n = 1;
}

static void audit_idle(HostOptions *o)
{
	audit_good(o);
	o->audit.enabled = 0;
}

static void audit_alone(HostOptions *o)
{
	audit_good(o);
	o->audit.pid = 0;
}

static void audit_loses(HostOptions *o)
{
	audit_good(o);
	o->audit.lost = 5;
}

static void audit_silent(HostOptions *o)
{
	audit_good(o);
	o->audit.failure = 0;
}

static void audit_unread(HostOptions *o) { o->audit.why = S("Operation not permitted"); }

static const HostCase audit_cases[] = {
	{"H69", OUTCOME_PASS, "pid 77", {"etc/="}, audit_good},
	{"H69", OUTCOME_WARN, "off", {"etc/="}, audit_off},
	{"H69", OUTCOME_WARN, "no daemon", {"etc/="}, audit_alone},
	{"H69", OUTCOME_WARN, "5 records", {"etc/="}, audit_loses},
	{"H69", OUTCOME_ERROR, "not permitted", {"etc/="}, audit_unread},
	{"H69", OUTCOME_NA, NULL, {"etc/="}, audit_good, .unpacked = true},
	{"H70",
	 OUTCOME_PASS,
	 "2 files",
	 {"etc/docker/x=", "usr/bin/runc=->../sbin/runc", "usr/sbin/runc=x"},
	 audit_good},
	{"H70", OUTCOME_WARN, "/etc/docker", {"etc/docker/x="}, audit_reads_only},
	{"H70", OUTCOME_WARN, "/usr/bin/crun", {"etc/docker/x=", "usr/bin/crun=x"}, audit_good},
	{"H70", OUTCOME_WARN, "auditing is off", {"etc/docker/x="}, audit_idle},
	{"H70", OUTCOME_NA, NULL, {"etc/="}, audit_good},
	{"H70", OUTCOME_ERROR, NULL, {"etc/docker/x="}, audit_unread},
	{"H71", OUTCOME_PASS, NULL, {"etc/="}, audit_good},
	{"H71", OUTCOME_WARN, "64", {"etc/="}, audit_off},
	{"H71", OUTCOME_WARN, "failure is 0", {"etc/="}, audit_silent},
	{"H71", OUTCOME_ERROR, NULL, {"etc/="}, audit_unread},
	{"H72", OUTCOME_PASS, NULL, {"var/log/audit/@750=", "var/log/audit/audit.log@640=x"}},
	{"H72",
	 OUTCOME_WARN,
	 "mode 0644",
	 {"var/log/audit/@750=", "var/log/audit/audit.log@644=x"}},
	{"H72", OUTCOME_WARN, "uid 7", {"var/log/audit/@750=", "var/log/audit/audit.log@600:7=x"}},
	{"H72", OUTCOME_WARN, "/var/log/audit", {"var/log/audit/@755="}},
	{"H72", OUTCOME_NA, NULL, {"var/log/="}},
	{"H84", OUTCOME_PASS, NULL, {"proc/cmdline=quiet audit=1 audit_backlog_limit=8192\n"}},
	{"H84",
	 OUTCOME_WARN,
	 "without audit_backlog_limit",
	 {"proc/cmdline=audit=1 audit_backlog_limit=64\n"}},
	{"H84", OUTCOME_WARN, "not there", {"proc/cmdline=quiet\n"}},
	{"H84", OUTCOME_ERROR, NULL, {"proc/="}},
};

static void clock_good(HostOptions *o)
{
	o->clock = (HostClock){.synced = true, .offset_us = -120, .error_us = 9000};
}
static void clock_free(HostOptions *o) { o->clock = (HostClock){.synced = false}; }
static void clock_off(HostOptions *o)
{
	o->clock = (HostClock){.synced = true, .offset_us = -2500000};
}
static void clock_unread(HostOptions *o) { o->clock.why = S("Operation not permitted"); }

#define DAEMON "etc/docker/daemon.json="
#define JOURNALD "etc/systemd/journald.conf="

static const HostCase log_cases[] = {
	{"H73",
	 OUTCOME_PASS,
	 NULL,
	 {JOURNALD "[Journal]\n#Storage=volatile\nStorage=persistent\n",
	  "etc/rsyslog.d/a.conf=*.* @@logs.example:514\n"}},
	{"H73",
	 OUTCOME_WARN,
	 "gone with a restart",
	 {JOURNALD "[Journal]\nStorage=auto\n", "etc/rsyslog.d/a.conf=*.* @logs\n"}},
	{"H73", OUTCOME_WARN, "1 of 2", {JOURNALD "[Journal]\n", "var/log/journal/x="}},
	{"H73",
	 OUTCOME_WARN,
	 "gone",
	 {JOURNALD "[Journal]\nStorage=persistent\n",
	  "etc/systemd/journald.conf.d/z.conf=[Journal]\nStorage=volatile\n"}},
	{"H73", OUTCOME_PASS, NULL, {"etc/rsyslog.conf=action(type=\"omfwd\" target=\"x\")\n"}},
	{"H73", OUTCOME_WARN, "sends", {"etc/rsyslog.conf=# *.* @@x\nmail.* -/var/log/mail\n"}},
	{"H73", OUTCOME_NA, NULL, {"etc/="}},
	{"H74", OUTCOME_PASS, "local", {DAEMON "{\"log-driver\":\"local\"}"}},
	{"H74", OUTCOME_PASS, "json-file", {DAEMON "{\"log-opts\":{\"max-size\":\"10m\"}}"}},
	{"H74", OUTCOME_WARN, "without max-size", {DAEMON "{\"log-opts\":{\"max-file\":\"3\"}}"}},
	{"H74", OUTCOME_WARN, NULL, {DAEMON "{\"log-driver\":\"json-file\"}"}},
	{"H74", OUTCOME_ERROR, "daemon.json", {DAEMON "{\"log-driver\":"}, .unpacked = true},
	{"H74", OUTCOME_NA, NULL, {"etc/="}},
	{"H74",
	 OUTCOME_PASS,
	 "journald",
	 {"usr/bin/podman=x",
	  "etc/containers/containers.conf=[containers]\nlog_driver = \"journald\"\n"}},
	{"H74",
	 OUTCOME_WARN,
	 "k8s-file without",
	 {"usr/bin/podman=x",
	  "usr/share/containers/containers.conf=log_driver = \"k8s-file\"\nlog_size_max = -1\n"}},
	{"H74",
	 OUTCOME_PASS,
	 "1048576",
	 {"usr/bin/podman=x", "usr/share/containers/containers.conf=log_driver = \"k8s-file\"\n",
	  "etc/containers/containers.conf=log_size_max = 1048576\n"}},
	{"H74", OUTCOME_NOTE, "neither", {"usr/bin/podman=x"}},
	{"H75", OUTCOME_PASS, "120 us", {"etc/="}, clock_good},
	{"H75", OUTCOME_WARN, "nobody", {"etc/="}, clock_free},
	{"H75", OUTCOME_WARN, "2500 ms", {"etc/="}, clock_off},
	{"H75", OUTCOME_ERROR, NULL, {"etc/="}, clock_unread},
	{"H75", OUTCOME_NA, NULL, {"etc/="}, clock_good, .unpacked = true},
};

static void forward_drop(HostOptions *o)
{
	o->forward = (HostForward){.backend = S("nf_tables"),
				   .drops = true,
				   .docker_user = true,
				   .docker_user_rules = 3};
}
static void forward_accept(HostOptions *o)
{
	o->forward = (HostForward){.backend = S("nf_tables"), .docker_user = true};
}
static void forward_none(HostOptions *o) { o->forward = (HostForward){0}; }
static void forward_unread(HostOptions *o) { o->forward.why = S("Operation not permitted"); }

static const HostCase forward_cases[] = {
	{"H34", OUTCOME_PASS, "policy drop", {"etc/="}, forward_drop},
	{"H34", OUTCOME_WARN, "policy accept", {"etc/="}, forward_accept},
	{"H34", OUTCOME_WARN, "no forward chain", {"etc/="}, forward_none},
	{"H34",
	 OUTCOME_NA,
	 "nothing is forwarded",
	 {"proc/sys/net/ipv4/ip_forward=0\n"},
	 forward_none},
	{"H34", OUTCOME_ERROR, "not permitted", {"etc/="}, forward_unread},
	{"H35", OUTCOME_PASS, "3 rules", {"etc/="}, forward_drop},
	{"H35", OUTCOME_WARN, "lets everything pass", {"etc/="}, forward_accept},
	{"H35",
	 OUTCOME_PASS,
	 "127.0.0.1",
	 {"etc/docker/daemon.json={\"ip\":\"127.0.0.1\"}"},
	 forward_accept},
	{"H35", OUTCOME_NA, NULL, {"etc/="}, forward_none},
	{"H35", OUTCOME_ERROR, NULL, {"etc/="}, forward_unread},
	{"H35", OUTCOME_NA, NULL, {"etc/="}, forward_drop, .unpacked = true},
};
