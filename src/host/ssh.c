/* ssh.c - the ssh daemon's configuration, and keys of the host and of its users. */
#include <errno.h>

#include "host/accounts.h"
#include "host/private.h"
#include "host/sshd_config.h"

#define SECTION "ssh"
#define CONFIG S("/etc/ssh/sshd_config")

enum { FILES_MAX = 256, DEPTH_MAX = 16, HOMES_MAX = 10000 };

typedef struct Includes {
	Host *h;
	unsigned files, depth;
} Includes;

static bool is_pattern(Str s) { return str_has(s, '*') || str_has(s, '?'); }

static bool read_one(Includes *in, Sshd *s, Str path)
{
	Str text;
	int sys = see_read(in->h, path, &text);
	if (sys == 0)
		sshd_read(text, path, s);
	return sys == 0 || host_is_absent(sys);
}

/* A pattern has its stars in the last component, as sshd's own and every distribution's. */
static bool include_pattern(Includes *in, Sshd *s, Str pattern)
{
	Host *h = in->h;
	StrVec names;
	bool good = true;
	Str path = pattern;
	if (path.n != 0 && path.p[0] != '/')
		path = host_path(h, "/etc/ssh/" STR_FMT, STR_ARG(pattern));
	if (!is_pattern(path))
		return read_one(in, s, path);
	Str dir = str_dir(path), base = str_base(path);
	if (is_pattern(dir))
		return false;
	int sys = see_list(h, dir, &names);
	for (size_t i = 0; sys == 0 && i < names.n; i++) {
		if (names.at[i].p[0] == '.' || !str_glob(base, names.at[i]))
			continue;
		if (in->files++ >= FILES_MAX)
			return false;
		good = read_one(in, s,
				host_path(h, STR_FMT "/" STR_FMT, STR_ARG(dir),
					  STR_ARG(names.at[i]))) &&
		       good;
	}
	return good && (sys == 0 || host_is_absent(sys));
}

static bool include(void *ctx, Sshd *s, Str patterns)
{
	Includes *in = ctx;
	bool good = true;
	if (in->depth >= DEPTH_MAX || in->files++ >= FILES_MAX)
		return false;
	in->depth++;
	for (Str one; (one = host_word(&patterns)).n != 0;)
		good = include_pattern(in, s, one) && good;
	in->depth--;
	return good;
}

/* False, and the verdict says why, when there is no sshd or its configuration cannot be read. */
static bool sshd_of(Host *h, Verdict *v, Includes *in, Sshd *s)
{
	Str text;
	*in = (Includes){.h = h};
	*s = (Sshd){.arena = h->a, .include = include, .ctx = in};
	int sys = see_read(h, CONFIG, &text);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "there is no ssh daemon's configuration");
		return false;
	}
	if (sys == 0)
		sshd_read(text, CONFIG, s);
	if (sys != 0)
		verdict_unread(v, h->a, CONFIG, sys);
	else if (s->unread)
		ERROR(h, v, CONFIG,
		      "a file that it includes cannot be read, or there are too many");
	return sys == 0 && !s->unread;
}

typedef struct SshdRule {
	const char *key, *otherwise; /* what it is when nobody sets it */
	const char *good;            /* comma separated values */
	const char *wanted;          /* what is said instead; NULL: `good` */
} SshdRule;

static bool is_one_of(Str value, const char *list)
{
	Str rest = str_of(list), one;
	while (rest.n != 0 && str_cut(&rest, ',', &one))
		if (str_eq_nocase(value, one))
			return true;
	return false;
}

static void judge_rule(Host *h, Verdict *v, const Sshd *s, const SshdRule *r)
{
	const SshdSetting *global = sshd_setting(s, r->key);
	const char *wanted = r->wanted != NULL ? r->wanted : r->good;
	Str value = global != NULL ? global->value : str_of(r->otherwise);
	v->subjects++;
	if (!is_one_of(value, r->good))
		verdict_item(v, h->a, "setting", str_of(r->key), STR_FMT "%s, not %s",
			     STR_ARG(value), global != NULL ? "" : " (the default)", wanted);
	for (size_t i = 0; i < s->settings.n; i++) {
		const SshdSetting *set = &s->settings.at[i];
		if (set->match.n != 0 && !str_eq(set->match, S("all")) &&
		    str_eq_nocase(set->key, str_of(r->key)) && !is_one_of(set->value, r->good))
			verdict_item(v, h->a, "setting", str_of(r->key),
				     STR_FMT " for Match " STR_FMT, STR_ARG(set->value),
				     STR_ARG(set->match));
	}
}

static void conclude(Host *h, Verdict *v)
{
	Str source = S("/etc/ssh/sshd_config and what it includes");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu found", v->items.n);
	else
		PASS(h, v, source, "%llu settings", (unsigned long long)v->subjects);
}

/* PAM asks for the password by another name. */
static void judge_keyboard(Host *h, Verdict *v, const Sshd *s)
{
	const SshdSetting *pam = sshd_setting(s, "UsePAM");
	const SshdSetting *kbd = sshd_setting(s, "KbdInteractiveAuthentication");
	if (kbd == NULL)
		kbd = sshd_setting(s, "ChallengeResponseAuthentication"); /* its older name */
	v->subjects++;
	if (pam != NULL && str_eq_nocase(pam->value, S("yes")) &&
	    (kbd == NULL || !str_eq_nocase(kbd->value, S("no"))))
		verdict_item(v, h->a, "setting", S("KbdInteractiveAuthentication"),
			     "yes%s, and UsePAM: that asks for passwords, too",
			     kbd != NULL ? "" : " (the default)");
}

CHECK(H62, "ssh-login", SECTION, SEV_HIGH, "SSH-7408",
      "Nobody comes in by ssh as root, or with a password",
      "PermitRootLogin no, PasswordAuthentication no, PermitEmptyPasswords no, with UsePAM "
      "KbdInteractiveAuthentication no",
      "Passwords of every host on the Internet are tried all day; root's is the one known name.",
      "set them in /etc/ssh/sshd_config, before any Include, and reload the daemon")
{
	static const SshdRule rules[] = {
		{"PermitRootLogin", "prohibit-password", "no", NULL},
		{"PasswordAuthentication", "yes", "no", NULL},
		{"PermitEmptyPasswords", "no", "no", NULL},
	};
	Includes in;
	Sshd s;
	if (!sshd_of(h, v, &in, &s))
		return;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		judge_rule(h, v, &s, &rules[i]);
	judge_keyboard(h, v, &s);
	conclude(h, v);
}

static void judge_least(Host *h, Verdict *v, const Sshd *s)
{
	enum { TRIES = 4, SIX = 6 };
	const SshdSetting *tries = sshd_setting(s, "MaxAuthTries");
	const SshdSetting *alive = sshd_setting(s, "ClientAliveInterval");
	uint64_t n = SIX;
	v->subjects += 3;
	if ((tries != NULL && !str_u64(tries->value, &n)) || n > TRIES)
		verdict_item(v, h->a, "setting", S("MaxAuthTries"), "%llu%s, not %d or less",
			     (unsigned long long)n, tries != NULL ? "" : " (the default)", TRIES);
	if (alive == NULL || str_eq(alive->value, S("0")))
		verdict_item(v, h->a, "setting", S("ClientAliveInterval"),
			     "0%s: sessions that are forgotten stay",
			     alive != NULL ? "" : " (the default)");
	if (sshd_setting(s, "AllowUsers") == NULL && sshd_setting(s, "AllowGroups") == NULL)
		verdict_item(v, h->a, "setting", S("AllowGroups"),
			     "neither it nor AllowUsers says who may come in");
}

CHECK(H63, "ssh-settings", SECTION, SEV_MEDIUM, "SSH-7408, SSH-7440",
      "The ssh daemon allows no more than a shell",
      "no forwarding, no user environment, few tries, AllowUsers or AllowGroups, LogLevel VERBOSE",
      "Forwarding makes the host a way around the firewall; logs without keys do not tell who it "
      "was.",
      "set what is named in /etc/ssh/sshd_config, and reload the daemon")
{
	static const SshdRule rules[] = {
		{"X11Forwarding", "no", "no", NULL},
		{"AllowTcpForwarding", "yes", "no", NULL},
		{"AllowAgentForwarding", "yes", "no", NULL},
		{"LogLevel", "INFO", "VERBOSE,DEBUG,DEBUG1", "VERBOSE"},
		{"StrictModes", "yes", "yes", NULL},
		{"PermitUserEnvironment", "no", "no", NULL},
		{"HostbasedAuthentication", "no", "no", NULL},
		{"IgnoreRhosts", "yes", "yes,shosts-only", "yes"},
		{"PermitTunnel", "no", "no", NULL},
		{"GatewayPorts", "no", "no", NULL},
	};
	Includes in;
	Sshd s;
	if (!sshd_of(h, v, &in, &s))
		return;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		judge_rule(h, v, &s, &rules[i]);
	judge_least(h, v, &s);
	conclude(h, v);
}

/* ---- keys ---- */

/* `limit`: the bits it may have. Absent files do not count. */
static void judge_mode(Host *h, Verdict *v, Str path, uint64_t owner, uint32_t limit)
{
	ProbeStat st;
	int sys = see_stat(h, path, &st);
	if (host_is_absent(sys))
		return;
	v->subjects++;
	if (sys != 0)
		verdict_item(v, h->a, "file", path, "cannot be looked at: %s",
			     strerrordesc_np(sys));
	else if (st.uid != owner && st.uid != 0)
		verdict_item(v, h->a, "file", path, "owner uid %u", st.uid);
	else if ((st.mode & 07777 & ~limit) != 0)
		verdict_item(v, h->a, "file", path, "mode %04o, not %04o or less", st.mode & 07777u,
			     limit);
}

/* Of Red Hat's family: 0640, group ssh_keys. */
static void judge_host_keys(Host *h, Verdict *v)
{
	StrVec names;
	if (see_list(h, S("/etc/ssh"), &names) != 0)
		return;
	judge_mode(h, v, CONFIG, 0, 0644);
	for (size_t i = 0; i < names.n; i++) {
		Str path = host_path(h, "/etc/ssh/" STR_FMT, STR_ARG(names.at[i]));
		if (!str_starts(names.at[i], S("ssh_host_")))
			continue;
		judge_mode(h, v, path, 0, str_ends(names.at[i], S(".pub")) ? 0644 : 0640);
	}
}

static void judge_home(Host *h, Verdict *v, const User *u)
{
	StrVec names;
	Str dir = host_path(h, STR_FMT "/.ssh", STR_ARG(u->home));
	if (u->home.n < 2 || see_list(h, dir, &names) != 0)
		return;
	judge_mode(h, v, dir, u->uid, 0755);
	for (size_t i = 0; i < names.n; i++) {
		Str path = host_path(h, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names.at[i]));
		if (str_starts(names.at[i], S("authorized_keys")))
			judge_mode(h, v, path, u->uid, 0644);
		else if (str_starts(names.at[i], S("id_")) && !str_ends(names.at[i], S(".pub")))
			judge_mode(h, v, path, u->uid, 0600);
	}
}

CHECK(H64, "ssh-keys", SECTION, SEV_MEDIUM, NULL, "Keys are readable for their owner only",
      "host keys 0600 (0640 with a group of their own), users' keys 0600, authorized_keys not "
      "writable for others",
      "Who reads the host's key plays the host; who writes authorized_keys is that user.",
      "chmod 0600 FILE; chown USER FILE")
{
	Str text;
	UserVec users = {0};
	judge_host_keys(h, v);
	int sys = see_read(h, S("/etc/passwd"), &text);
	if (sys == 0)
		accounts_users(text, h->a, &users);
	for (size_t i = 0; i < users.n && i < HOMES_MAX; i++)
		judge_home(h, v, &users.at[i]);
	Str source = S("stat in /etc/ssh and .ssh of each home");
	if (users.n > HOMES_MAX && v->items.n == 0)
		ERROR(h, v, source, "only %d homes of %zu were looked at", HOMES_MAX, users.n);
	else if (sys != 0 && !host_is_absent(sys))
		verdict_unread(v, h->a, S("/etc/passwd"), sys);
	else if (v->subjects == 0)
		NOT_HERE(h, v, "there are no keys");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu of %llu files", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu files", (unsigned long long)v->subjects);
}
