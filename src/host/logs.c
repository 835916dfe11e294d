/* logs.c - logs that stay, leave the host, and do not fill it; and the clock that dates them. */
#include <errno.h>

#include "host/private.h"

#define SECTION "logging"

/* ---- journal and syslog ---- */

/* The last value of a key in [Journal] of journald.conf and its .d files; empty: not set. */
static void take_key(Str text, const char *key, Str *out)
{
	Str line, name;
	while (host_line(&text, &line)) {
		Str value = line;
		if (str_cut(&value, '=', &name) && str_eq_nocase(str_trim(name), str_of(key)))
			*out = str_trim(value);
	}
}

static Str journald(Host *h, const char *key)
{
	static const char *const dirs[] = {"/usr/lib/systemd/journald.conf.d",
					   "/run/systemd/journald.conf.d",
					   "/etc/systemd/journald.conf.d"};
	Str text, found = {0};
	if (see_read(h, S("/etc/systemd/journald.conf"), &text) == 0)
		take_key(text, key, &found);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		StrVec names;
		if (see_list(h, str_of(dirs[i]), &names) != 0)
			continue;
		for (size_t k = 0; k < names.n; k++) {
			Str path = host_path(h, "%s/" STR_FMT, dirs[i], STR_ARG(names.at[k]));
			if (str_ends(names.at[k], S(".conf")) && see_read(h, path, &text) == 0)
				take_key(text, key, &found);
		}
	}
	return found;
}

/* "*.* @@host", "@host", or omfwd, omrelp with a target. */
static bool sends(Str text)
{
	Str line;
	size_t at;
	while (host_line(&text, &line)) {
		if (str_find(line, S("omfwd"), &at) || str_find(line, S("omrelp"), &at))
			return true;
		Str selector = host_word(&line);
		if (str_has(selector, '.') && str_starts(line, S("@")))
			return true;
		if (str_starts(selector, S("*.*@")))
			return true;
	}
	return false;
}

static bool rsyslog_sends(Host *h)
{
	StrVec names;
	Str text;
	if (see_read(h, S("/etc/rsyslog.conf"), &text) == 0 && sends(text))
		return true;
	if (see_list(h, S("/etc/rsyslog.d"), &names) != 0)
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (see_read(h, host_path(h, "/etc/rsyslog.d/" STR_FMT, STR_ARG(names.at[i])),
			     &text) == 0 &&
		    sends(text))
			return true;
	return false;
}

static bool leaves_the_host(Host *h)
{
#define UPLOAD "/etc/systemd/system/multi-user.target.wants/systemd-journal-upload.service"
	static const char *const senders[] = {UPLOAD,
					      "/etc/systemd/journal-upload.conf.d",
					      "/etc/fluent-bit/fluent-bit.conf",
					      "/etc/promtail",
					      "/etc/vector/vector.yaml",
					      "/etc/filebeat/filebeat.yml",
					      "/etc/td-agent/td-agent.conf"};
	for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
		if (host_is_there(h, str_of(senders[i])))
			return true;
	return rsyslog_sends(h);
}

CHECK(H73, "system-log", SECTION, SEV_MEDIUM, "LOGG-2130, LOGG-2154",
      "The system's log outlives a restart, and leaves the host",
      "journald with Storage=persistent or rsyslog, and a target elsewhere",
      "An intruder erases what is on the host; what left it stays.",
      "mkdir /var/log/journal, and a remote target in rsyslog or systemd-journal-upload")
{
	bool journal = host_is_there(h, S("/etc/systemd/journald.conf")) ||
		       host_is_there(h, S("/usr/lib/systemd/systemd-journald")) ||
		       host_is_there(h, S("/lib/systemd/systemd-journald"));
	bool syslog = host_is_there(h, S("/etc/rsyslog.conf"));
	Str source = S("journald.conf, rsyslog.conf");
	if (!journal && !syslog) {
		NOT_HERE(h, v, "neither journald nor rsyslog is installed");
		return;
	}
	Str storage = journald(h, "Storage");
	bool kept = syslog || str_eq_nocase(storage, S("persistent")) ||
		    ((storage.n == 0 || str_eq_nocase(storage, S("auto"))) &&
		     host_is_there(h, S("/var/log/journal")));
	v->subjects = 2;
	if (!kept)
		verdict_item(v, h->a, "setting", S("Storage"),
			     "the journal is gone with a restart");
	if (!leaves_the_host(h))
		verdict_item(v, h->a, "setting", S("target"), "nothing sends the log elsewhere");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu of 2 are missing", v->items.n);
	else
		PASS(h, v, source, "it is kept, and sent");
}

/* ---- containers ---- */

static bool is_unbounded(const Host *h, Setting *driver, Str *why)
{
	Setting opts = daemon_setting(&h->d, h->a, "log-opts", "log-opt");
	*driver = daemon_setting(&h->d, h->a, "log-driver", NULL);
	*why = driver->unknown.n != 0 ? driver->unknown : opts.unknown;
	if (driver->set && !str_eq(driver->text, S("json-file")))
		return false;
	for (size_t i = 0; i < opts.all.n; i++)
		if (str_starts(opts.all.at[i], S("max-size=")))
			return false;
	return true;
}

static void add_large_logs(Host *h, Verdict *v)
{
	enum { LARGE_MB = 1024 };
	StrVec ids;
	Str dir = host_path(h, STR_FMT "/containers", STR_ARG(h->d.root_dir));
	if (see_list(h, dir, &ids) != 0)
		return;
	for (size_t i = 0; i < ids.n; i++) {
		ProbeStat st;
		Str path = host_path(h, STR_FMT "/" STR_FMT "/" STR_FMT "-json.log", STR_ARG(dir),
				     STR_ARG(ids.at[i]), STR_ARG(ids.at[i]));
		if (see_stat(h, path, &st) == 0 && st.size >> 20 >= LARGE_MB)
			verdict_item(v, h->a, "log", path, "%llu MB",
				     (unsigned long long)(st.size >> 20));
	}
}

/* "journald" of log_driver = "journald"; empty: not set. /etc counts before /usr. */
static Str podman_setting(Host *h, const char *key)
{
	static const char *const files[] = {"/usr/share/containers/containers.conf",
					    "/etc/containers/containers.conf"};
	Str text, found = {0};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (see_read(h, str_of(files[i]), &text) == 0)
			take_key(text, key, &found);
	if (found.n > 1 && found.p[0] == '"')
		found = str_first(str_skip(found, 1), found.n - 2);
	return found;
}

static void judge_podman_logs(Host *h, Verdict *v)
{
	uint64_t limit = 0;
	Str source = S("/etc/containers/containers.conf");
	if (!h->d.podman && host_program(h, "podman").n == 0) {
		NOT_HERE(h, v, "there is no engine");
		return;
	}
	Str driver = podman_setting(h, "log_driver"), most = podman_setting(h, "log_size_max");
	if (str_u64(most, &limit) && limit != 0)
		PASS(h, v, source, "log_size_max is " STR_FMT, STR_ARG(most));
	else if (str_eq(driver, S("journald")) || str_eq(driver, S("none")) ||
		 str_eq(driver, S("passthrough")))
		PASS(h, v, source, "log_driver is " STR_FMT, STR_ARG(driver));
	else if (driver.n != 0)
		WARN(h, v, source, STR_FMT " without log_size_max", STR_ARG(driver));
	else
		NOTE(h, v, source,
		     "neither log_driver nor log_size_max is set: by the way Podman was built, "
		     "journald, or files without end");
}

CHECK(H74, "container-logs", SECTION, SEV_MEDIUM, "LOGG-2146",
      "Logs of containers do not grow without end",
      "another driver than json-file, or max-size in log-opts",
      "One container that writes without pause fills the disk of all others.",
      "\"log-opts\": {\"max-size\": \"10m\", \"max-file\": \"3\"} or \"log-driver\": \"local\" in "
      "daemon.json; it counts for new containers")
{
	Setting driver;
	Str why, source = h->d.config_path;
	bool docker = h->d.config != NULL || h->d.config_why.n != 0 || h->d.argv_source.n != 0 ||
		      h->d.info != NULL || host_is_there(h, h->d.root_dir);
	if (h->d.podman || !docker) {
		judge_podman_logs(h, v);
		return;
	}
	bool unbounded = is_unbounded(h, &driver, &why);
	add_large_logs(h, v);
	if (why.n != 0)
		ERROR(h, v, source, STR_FMT, STR_ARG(why));
	else if (unbounded)
		WARN(h, v, source, "json-file without max-size");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu are large already", v->items.n);
	else
		PASS(h, v, source, STR_FMT, STR_ARG(driver.set ? driver.text : S("json-file")));
}

/* ---- the clock ---- */

CHECK(H75, "clock", "time", SEV_MEDIUM, "TIME-3104, TIME-3185", "The clock is right",
      "synchronised by NTP or PTP, less than a second off",
      "Logs of hosts whose clocks differ cannot be put in order, and certificates fail.",
      "enable systemd-timesyncd or chrony")
{
	enum { SECOND_US = 1000000 };
	const HostClock *c = &h->o->clock;
	Str source = S("adjtimex");
	int64_t off = c->offset_us < 0 ? -c->offset_us : c->offset_us;
	if (!host_is_live(h, v))
		return;
	if (c->why.n != 0)
		ERROR(h, v, source, STR_FMT, STR_ARG(c->why));
	else if (!c->synced)
		WARN(h, v, source, "the kernel knows of nobody who sets it");
	else if (off >= SECOND_US)
		WARN(h, v, source, "it is %lld ms off", (long long)(off / 1000));
	else
		PASS(h, v, source, "synchronised, %lld us off, %lld ms at most", (long long)off,
		     (long long)(c->error_us / 1000));
}
