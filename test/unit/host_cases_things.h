/* host_cases_things.h - made machines for files, listeners, software and runtimes. */
#pragma once
#include "host_case.h"

#define TEN_DEEP "a/a/a/a/a/a/a/a/a/a/"

#define TCP "proc/1/net/tcp=  sl  local_address rem_address   st\n"
#define LINE(port, address, state)                        \
	"   0: " address ":" port " 00000000:0000 " state \
	" 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0\n"
#define ALL4 "00000000"
#define LOCAL4 "0100007F"
#define ONE4 "0A00000A"

static const HostCase file_cases[] = {
	{"H65",
	 OUTCOME_PASS,
	 NULL,
	 {"etc/crontab=x", "etc/cron.d/a=x", "etc/systemd/system/a.service=x"}},
	{"H65", OUTCOME_WARN, "/etc/cron.d/a", {"etc/cron.d/a@666=x"}},
	{"H65", OUTCOME_WARN, "uid 5", {"usr/lib/systemd/system/a.service@644:5=x"}},
	{"H65", OUTCOME_WARN, "group 5", {"etc/crontab@664:0:5=x"}},
	{"H65", OUTCOME_PASS, NULL, {"etc/systemd/system/a.service=->/dev/null"}},
	{"H65", OUTCOME_NA, NULL, {"etc/="}},
	{"H66", OUTCOME_PASS, NULL, {"usr/bin/a@755=x", "bin=->usr/bin"}},
	{"H66", OUTCOME_WARN, "/usr/bin/a", {"usr/bin/a@777=x"}},
	{"H66", OUTCOME_WARN, "/usr/local/bin", {"usr/local/bin/a@755=x", "usr/local/bin/@777="}},
	{"H66", OUTCOME_NA, NULL, {"etc/="}},
	{"H67", OUTCOME_PASS, "1 known", {"usr/bin/su@4755=x", "usr/bin/a@755=x"}},
	{"H67", OUTCOME_WARN, "/usr/bin/shell", {"usr/bin/su@4755=x", "usr/bin/shell@4755=x"}},
	{"H67", OUTCOME_WARN, "others may write", {"usr/bin/su@4777=x"}},
	{"H67", OUTCOME_WARN, "/volumes/v/_data/su", {"var/lib/docker/volumes/v/_data/su@4755=x"}},
	{"H67", OUTCOME_WARN, "setgid", {"opt/x/a@2755=x"}},
	{"H67",
	 OUTCOME_ERROR,
	 "1 place could not be looked at",
	 {"var/lib/docker/volumes/v/" TEN_DEEP TEN_DEEP TEN_DEEP "a/b/su@4755=x"}},
	{"H67", OUTCOME_PASS, "further down", {"usr/lib/a/b/c/d/e@4755=x"}},
	{"H67", OUTCOME_NA, NULL, {"etc/="}},
	{"H68",
	 OUTCOME_INFO,
	 "2 files, the first is /var/lib/docker/volumes/v/a",
	 {"etc/passwd=root:x:0:0::/:/bin/sh\n", "var/lib/docker/volumes/v/a@600:999=x",
	  "var/lib/docker/volumes/v/b@600:999=x"}},
	{"H68",
	 OUTCOME_PASS,
	 NULL,
	 {"etc/passwd=root:x:0:0::/:/bin/sh\nsql:x:999:999::/:/bin/sh\n",
	  "var/lib/docker/volumes/v/a@600:999=x"}},
	{"H68",
	 OUTCOME_PASS,
	 NULL,
	 {"etc/passwd=root:x:0:0::/:/bin/sh\n", "etc/subuid=a:100000:65536\n",
	  "var/lib/docker/volumes/v/a@600:100999=x"}},
	{"H68",
	 OUTCOME_PASS,
	 NULL,
	 {"etc/passwd=root:x:0:0::/:/bin/sh\n", "etc/subuid=b:100005:100\na:100000:10\nc:5:0\n",
	  "var/lib/docker/volumes/v/a@600:100104=x", "var/lib/docker/volumes/v/b@600:100000=x"}},
	{"H68",
	 OUTCOME_INFO,
	 "100105",
	 {"etc/passwd=z:x:200000:0::/:/bin/sh\n", "etc/subuid=b:100005:100\na:100000:10\n",
	  "var/lib/docker/volumes/v/a@600:100105=x", "var/lib/docker/volumes/v/b@600:200000=x"}},
	{"H68", OUTCOME_NA, NULL, {"etc/="}},
};

static const HostCase listener_cases[] = {
	{"H44", OUTCOME_PASS, "1 listeners", {TCP LINE("0016", ALL4, "0A")}},
	{"H44", OUTCOME_WARN, "every address", {TCP LINE("0947", ALL4, "0A")}},
	{"H44", OUTCOME_WARN, "one address", {TCP LINE("0947", ONE4, "0A")}},
	{"H44", OUTCOME_PASS, NULL, {TCP LINE("0947", LOCAL4, "0A")}},
	{"H44", OUTCOME_PASS, NULL, {TCP LINE("0947", ALL4, "01")}},
	{"H44",
	 OUTCOME_WARN,
	 "tlsverify",
	 {TCP LINE("0948", ALL4, "0A"), "etc/docker/daemon.json={}"}},
	{"H44",
	 OUTCOME_PASS,
	 NULL,
	 {TCP LINE("0948", ALL4, "0A"), "etc/docker/daemon.json={\"tlsverify\":true}"}},
	{"H44", OUTCOME_WARN, "in no swarm", {TCP LINE("0949", ALL4, "0A")}},
	{"H44",
	 OUTCOME_WARN,
	 "every address",
	 {TCP, "proc/1/net/tcp6=" LINE("0947", "00000000000000000000000000000000", "0A")}},
	{"H44",
	 OUTCOME_PASS,
	 NULL,
	 {TCP, "proc/1/net/tcp6=" LINE("0947", "00000000000000000000000001000000", "0A")}},
	{"H44",
	 OUTCOME_PASS,
	 NULL,
	 {TCP, "proc/1/net/tcp6=" LINE("0947", "0000000000000000FFFF00000100007F", "0A")}},
	{"H44", OUTCOME_ERROR, NULL, {"proc/="}},
	{"H44", OUTCOME_NA, NULL, {TCP LINE("0947", ALL4, "0A")}, .unpacked = true},
	{"H45",
	 OUTCOME_WARN,
	 "dockerd, every address",
	 {TCP LINE("2444", ALL4, "0A"), "proc/12/exe=->/usr/bin/dockerd",
	  "proc/12/fd/3=->socket:[4711]"}},
	{"H45",
	 OUTCOME_PASS,
	 NULL,
	 {TCP LINE("2444", LOCAL4, "0A"), "proc/12/exe=->/usr/bin/dockerd",
	  "proc/12/fd/3=->socket:[4711]"}},
	{"H45",
	 OUTCOME_PASS,
	 NULL,
	 {TCP LINE("2444", ALL4, "0A"), "proc/12/exe=->/usr/bin/dockerd",
	  "proc/12/fd/3=->socket:[4712]"}},
	{"H45",
	 OUTCOME_NA,
	 "no engine",
	 {TCP LINE("2444", ALL4, "0A"), "proc/12/exe=->/usr/bin/nginx",
	  "proc/12/fd/3=->socket:[4711]"}},
	{"H80", OUTCOME_PASS, NULL, {TCP LINE("0016", ALL4, "0A")}},
	{"H80", OUTCOME_WARN, "telnet", {TCP LINE("0017", ALL4, "0A")}},
	{"H80",
	 OUTCOME_WARN,
	 "rpcbind.service",
	 {TCP, "etc/systemd/system/multi-user.target.wants/rpcbind.service=->/x"}},
	{"H80", OUTCOME_WARN, "tftp", {TCP, "proc/1/net/udp=" LINE("0045", ALL4, "07")}},
	{"H80", OUTCOME_PASS, NULL, {"etc/="}, .unpacked = true},
};

static void flaws(HostOptions *o)
{
	static HostFlaw all[] = {{.package = {"runc", 4},
				  .version = {"1.0", 3},
				  .fixed = {"1.1", 3},
				  .n = 2,
				  .ids = {"CVE-1, CVE-2", 12},
				  .severity = SEV_HIGH}};
	static Str judged[] = {{"runc", 4}, {"openssl", 7}};
	o->packages.flaws.at = all;
	o->packages.flaws.n = 1;
	o->packages.judged.at = judged;
	o->packages.judged.n = 2;
}

static void no_flaws(HostOptions *o)
{
	flaws(o);
	o->packages.flaws.n = 0;
	o->packages.open = 3;
}

static void a_question(HostOptions *o)
{
	static CheckItem all[] = {{{"package", 7}, {"docker-ce", 9}, {"no feed has it", 14}}};
	no_flaws(o);
	o->packages.not_evaluated.at = all;
	o->packages.not_evaluated.n = 1;
}

static void no_database(HostOptions *o)
{
	o->packages.why = S("no database; run: bulwark db update");
}

static HostComponent component[] = {{.name = {"docker", 6}, .version = {"20.10.24", 8}}};

static void has_component(HostOptions *o, int64_t ends, bool distribution, const char *why)
{
	component[0].ends = ends;
	component[0].by_distribution = distribution;
	component[0].why = str_of(why);
	o->packages.components.at = component;
	o->packages.components.n = 1;
}

static void ended(HostOptions *o) { has_component(o, 1700000000, false, ""); }
static void lives(HostOptions *o) { has_component(o, 1900000000, false, ""); }
static void lives_on(HostOptions *o) { has_component(o, 1700000000, true, ""); }
static void lives_on_nowhere(HostOptions *o)
{
	lives_on(o);
	o->packages.os_end_of_life = true;
}
static void unknown_end(HostOptions *o) { has_component(o, 0, false, "no feed"); }

static HostDigest recorded[] = {
	{{"usr/sbin/runc", 13}, {"runc", 4}, HOST_MD5, {"5d41402abc4b2a76b9719d911017c592", 32}}};

static void has_digest(HostOptions *o, HostSum sum, const char *hex)
{
	recorded[0].sum = sum;
	recorded[0].hex = str_of(hex);
	o->digests.at = recorded;
	o->digests.n = 1;
}

static void by_md5(HostOptions *o) { has_digest(o, HOST_MD5, "5d41402abc4b2a76b9719d911017c592"); }
static void by_sha1(HostOptions *o)
{
	has_digest(o, HOST_SHA1, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
}
static void by_sha256(HostOptions *o)
{
	has_digest(o, HOST_SHA256,
		   "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
}

static const HostCase software_cases[] = {
	{"H76",
	 OUTCOME_PASS,
	 NULL,
	 {"usr/bin/apt-get=x", "usr/bin/unattended-upgrade=x",
	  "etc/apt/apt.conf.d/20auto=// x\nAPT::Periodic::Unattended-Upgrade \"1\";\n"}},
	{"H76",
	 OUTCOME_WARN,
	 "is 0",
	 {"usr/bin/apt-get=x", "usr/bin/unattended-upgrade=x",
	  "etc/apt/apt.conf.d/20auto=APT::Periodic::Unattended-Upgrade \"1\";\n",
	  "etc/apt/apt.conf.d/30=APT::Periodic::Unattended-Upgrade \"0\";\n"}},
	{"H76",
	 OUTCOME_WARN,
	 "is 0",
	 {"usr/bin/apt-get=x", "usr/bin/unattended-upgrade=x",
	  "etc/apt/apt.conf.d/20auto=APT::Periodic::Unattended-Upgrade \"0\";\n",
	  "etc/apt/apt.conf.d/20auto.ucf-dist=APT::Periodic::Unattended-Upgrade \"1\";\n"}},
	{"H76", OUTCOME_WARN, "not set", {"usr/bin/apt-get=x", "usr/bin/unattended-upgrade=x"}},
	{"H76", OUTCOME_WARN, "not installed", {"usr/bin/apt-get=x"}},
	{"H76",
	 OUTCOME_PASS,
	 NULL,
	 {"usr/bin/dnf=x", "etc/dnf/automatic.conf=[commands]\napply_updates = yes\n",
	  "etc/systemd/system/timers.target.wants/dnf-automatic.timer=->/x"}},
	{"H76",
	 OUTCOME_WARN,
	 "applies nothing",
	 {"usr/bin/dnf=x", "etc/dnf/automatic.conf=apply_updates = no\n",
	  "etc/systemd/system/timers.target.wants/dnf-automatic.timer=->/x"}},
	{"H76", OUTCOME_WARN, "timer", {"usr/bin/dnf=x"}},
	{"H76", OUTCOME_NA, NULL, {"etc/="}},
	{"H77", OUTCOME_WARN, "2 fixed in 1.1, high at worst: CVE-1", {"etc/="}, flaws},
	{"H77", OUTCOME_PASS, "3 flaws", {"etc/="}, no_flaws},
	{"H77", OUTCOME_ERROR, "docker-ce", {"etc/="}, a_question},
	{"H77", OUTCOME_ERROR, "db update", {"etc/="}, no_database},
	{"H77", OUTCOME_NA, NULL, {"etc/="}},
	{"H78", OUTCOME_WARN, "ended by its makers on 2023-11-14", {"etc/="}, ended},
	{"H78", OUTCOME_PASS, NULL, {"etc/="}, lives},
	{"H78", OUTCOME_INFO, "distribution", {"etc/="}, lives_on},
	{"H78", OUTCOME_WARN, "ended by its makers", {"etc/="}, lives_on_nowhere},
	{"H78", OUTCOME_ERROR, "no feed", {"etc/="}, unknown_end},
	{"H78", OUTCOME_ERROR, "db update", {"etc/="}, no_database},
	{"H78", OUTCOME_NA, NULL, {"etc/="}},
	{"H79", OUTCOME_PASS, NULL, {"usr/bin/ls@755=x", "usr/bin/gcc@750=x"}},
	{"H79", OUTCOME_WARN, "/usr/bin/gcc", {"usr/bin/gcc@755=x"}},
	{"H79", OUTCOME_NA, NULL, {"etc/="}},
	{"H31", OUTCOME_NA, NULL, {"sys/="}},
	{"H32",
	 OUTCOME_PASS,
	 NULL,
	 {"sys/fs/cgroup/cgroup.controllers=cpuset cpu io memory pids\n"}},
	{"H32", OUTCOME_WARN, "memory", {"sys/fs/cgroup/cgroup.controllers=cpuset cpu io pids\n"}},
	{"H32",
	 OUTCOME_PASS,
	 NULL,
	 {"proc/"
	  "cgroups=#subsys_name\thierarchy\tnum_"
	  "cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t2\t1\t1\npids\t3\t1\t1\n"}},
	{"H32",
	 OUTCOME_WARN,
	 "memory",
	 {"proc/cgroups=cpu\t1\t1\t1\nmemory\t2\t1\t0\npids\t3\t1\t1\n"}},
	{"H32", OUTCOME_NA, NULL, {"sys/="}},
	{"H82", OUTCOME_PASS, "1 programs", {"usr/sbin/runc=hello"}, by_md5},
	{"H82", OUTCOME_PASS, NULL, {"usr/sbin/runc=hello"}, by_sha1},
	{"H82", OUTCOME_PASS, NULL, {"usr/sbin/runc=hello"}, by_sha256},
	{"H82", OUTCOME_WARN, "not what runc brought", {"usr/sbin/runc=other"}, by_md5},
	{"H82", OUTCOME_WARN, NULL, {"usr/sbin/runc=other"}, by_sha1},
	{"H82", OUTCOME_WARN, "gone, of runc", {"usr/sbin/="}, by_md5},
	{"H82", OUTCOME_ERROR, NULL, {"usr/sbin/runc/="}, by_md5},
	{"H82", OUTCOME_NOTE, "no package's", {"usr/bin/runc=x"}},
	{"H82", OUTCOME_PASS, NULL, {"usr/sbin/runc=hello", "usr/bin/docker-init=->tini"}, by_md5},
	{"H82", OUTCOME_NA, NULL, {"etc/="}},
	{"H83",
	 OUTCOME_PASS,
	 "/run/docker.sock, /run/containerd",
	 {"run/docker.sock@660=<socket>", "run/containerd/containerd.sock@600=<socket>"}},
	{"H83", OUTCOME_WARN, "everybody", {"run/docker.sock@666=<socket>"}},
	{"H83",
	 OUTCOME_WARN,
	 "group 55, which has no name",
	 {"etc/group=docker:x:54:\n", "run/docker.sock@660:0:55=<socket>"}},
	{"H83",
	 OUTCOME_PASS,
	 NULL,
	 {"etc/group=docker:x:55:\n", "run/docker.sock@660:0:55=<socket>"}},
	{"H83", OUTCOME_PASS, NULL, {"run/user/7/docker.sock@660:7=<socket>"}},
	{"H83", OUTCOME_WARN, "uid 8", {"run/user/7/podman/podman.sock@660:8=<socket>"}},
	{"H83", OUTCOME_NA, NULL, {"run/docker.sock=a file"}},
};
