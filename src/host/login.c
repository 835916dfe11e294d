/* login.c - how people come in: sudo, passwords, PAM, and what new files are open to. */
#include <errno.h>

#include "base/map.h"
#include "host/accounts.h"
#include "host/private.h"
#include "host/sudoers.h"

#define SECTION "users"

/* ---- sudo ---- */

enum { SUDO_FILES = 256, SUDO_DEPTH = 8 };

/* 0 or errno of the first file that is there and cannot be read. */
static int read_sudoers(Host *h, Sudoers *s, Str path, size_t *files, unsigned depth)
{
	Str text;
	StrVec names;
	if (depth > SUDO_DEPTH || *files >= SUDO_FILES)
		return ELOOP;
	if (str_ends(path, S("/"))) {
		int sys = see_list(h, path, &names);
		for (size_t i = 0; sys == 0 && i < names.n; i++) /* as sudo: no dot, no '~' */
			if (!str_has(names.at[i], '.') && !str_ends(names.at[i], S("~")))
				sys = read_sudoers(h, s,
						   host_path(h, STR_FMT STR_FMT, STR_ARG(path),
							     STR_ARG(names.at[i])),
						   files, depth + 1);
		return host_is_absent(sys) ? 0 : sys;
	}
	int sys = see_read(h, path, &text);
	if (sys != 0)
		return depth != 0 && host_is_absent(sys) ? 0 : sys;
	(*files)++;
	sudoers_read(text, s);
	StrVec includes = s->includes;
	for (size_t i = 0; sys == 0 && i < includes.n; i++)
		sys = read_sudoers(h, s, includes.at[i], files, depth + 1);
	return sys;
}

static bool names_engine(Str commands, Str *which)
{
	Str one;
	while (commands.n != 0 && str_cut(&commands, ',', &one)) {
		*which = str_trim(one);
		if (sudo_is_engine(*which))
			return true;
	}
	return false;
}

CHECK(H57, "sudo", SECTION, SEV_HIGH, "AUTH-9250, AUTH-9252",
      "sudo asks for a password, and does not hand out the engine",
      "no NOPASSWD: ALL, no docker or the like without a password, no Defaults !authenticate",
      "One stolen session of such a user is root at once, and so is one command of an engine.",
      "take NOPASSWD out with visudo, or name who is trusted with --trusted-users")
{
	Sudoers s = {.arena = h->a};
	SudoRuleVec rules = {0};
	size_t files = 0;
	Str which, source = S("/etc/sudoers and what it includes");
	int sys = read_sudoers(h, &s, S("/etc/sudoers"), &files, 0);
	if (sys != 0 && files == 0 && host_is_absent(sys)) {
		NOT_HERE(h, v, "there is no sudo");
		return;
	}
	if (sys == ELOOP)
		ERROR(h, v, source, "its includes go in a circle, or are more than %d files",
		      SUDO_FILES);
	else if (sys != 0)
		verdict_unread(v, h->a, source, sys);
	if (sys != 0)
		return;
	sudoers_rules(&s, &rules);
	v->subjects = rules.n;
	for (size_t i = 0; i < s.unauthenticated.n; i++)
		verdict_item(v, h->a, "rule", s.unauthenticated.at[i],
			     "!authenticate: nobody is asked for a password");
	for (size_t i = 0; i < rules.n; i++) {
		const SudoRule *r = &rules.at[i];
		if (host_is_trusted(h, r->who))
			continue;
		if (r->all)
			verdict_item(v, h->a, "rule", r->who, "everything, without a password");
		else if (names_engine(r->commands, &which))
			verdict_item(v, h->a, "rule", r->who, STR_FMT "%s", STR_ARG(which),
				     r->nopasswd ? ", without a password" : ", which is root");
	}
	if (v->items.n != 0)
		WARN(h, v, source, "%zu of %zu rules", v->items.n, rules.n);
	else
		PASS(h, v, source, "%zu rules in %zu files", rules.n, files);
}

/* ---- passwords ---- */

/* The last word of a key in login.defs; empty: it is not set. */
static Str login_def(Str text, const char *key)
{
	Str line, found = {0};
	while (host_line(&text, &line))
		if (str_eq(host_word(&line), str_of(key)))
			found = host_word(&line);
	return found;
}

static bool is_weak(Str hash)
{
	static const char *const good[] = {"$y$",  "$gy$", "$7$",  "$6$",    "$5$",
					   "$2a$", "$2b$", "$2y$", "$argon2"};
	if (hash.n == 0 || hash.p[0] == '!' || hash.p[0] == '*' || str_eq(hash, S("x")))
		return false;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (str_starts(hash, str_of(good[i])))
			return false;
	return true;
}

CHECK(H59, "password-hashes", SECTION, SEV_LOW, "AUTH-9229, AUTH-9230",
      "Passwords are kept as slow hashes", "yescrypt or SHA512 in login.defs, and no older hash",
      "MD5 and DES hashes of a stolen shadow file are tried by the billion each second.",
      "ENCRYPT_METHOD YESCRYPT in /etc/login.defs; have the users who are named change their "
      "password")
{
	Str defs, text = {0};
	ShadowVec shadow = {0};
	int sys = see_read(h, S("/etc/login.defs"), &defs);
	int sys_shadow = see_read(h, S("/etc/shadow"), &text);
	Str source = S("/etc/login.defs and /etc/shadow");
	if (host_is_absent(sys) && host_is_absent(sys_shadow)) {
		NOT_HERE(h, v, "there are no passwords");
		return;
	}
	if ((sys != 0 && !host_is_absent(sys)) ||
	    (sys_shadow != 0 && !host_is_absent(sys_shadow))) {
		verdict_unread(v, h->a, source, sys_shadow != 0 ? sys_shadow : sys);
		return;
	}
	Str method = login_def(defs, "ENCRYPT_METHOD");
	bool weak = method.n != 0 && !str_eq_nocase(method, S("YESCRYPT")) &&
		    !str_eq_nocase(method, S("SHA512")) && !str_eq_nocase(method, S("BCRYPT"));
	if (weak)
		verdict_item(v, h->a, "setting", S("ENCRYPT_METHOD"), STR_FMT, STR_ARG(method));
	accounts_shadow(text, h->a, &shadow);
	for (size_t i = 0; i < shadow.n; i++)
		if (is_weak(shadow.at[i].hash))
			verdict_item(v, h->a, "user", shadow.at[i].name, "an old kind of hash");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu found", v->items.n);
	else
		PASS(h, v, source, "new ones are made by %.*s", method.n != 0 ? (int)method.n : 3,
		     method.n != 0 ? method.p : "PAM");
}

static bool pam_has(Host *h, const StrVec *files, const char *const *modules)
{
	for (size_t i = 0; i < files->n; i++) {
		Str text, line;
		Str path = host_path(h, "/etc/pam.d/" STR_FMT, STR_ARG(files->at[i]));
		if (see_read(h, path, &text) != 0)
			continue;
		while (host_line(&text, &line))
			for (size_t k = 0; modules[k] != NULL; k++) {
				size_t at;
				if (str_find(line, str_of(modules[k]), &at))
					return true;
			}
	}
	return false;
}

CHECK(H60, "pam", SECTION, SEV_LOW, "AUTH-9262",
      "Weak passwords are refused, and guessing is slowed down",
      "pam_pwquality or pam_passwdqc, and pam_faillock, in /etc/pam.d",
      "Without both, passwords are short, and somebody has all the time to try them.",
      "install libpam-pwquality, and enable pwquality and faillock with pam-auth-update or "
      "authselect")
{
	static const char *const quality[] = {"pam_pwquality", "pam_passwdqc", "pam_cracklib",
					      NULL};
	static const char *const lockout[] = {"pam_faillock", "pam_tally2", "pam_fail2ban", NULL};
	StrVec files;
	Str dir = S("/etc/pam.d");
	int sys = see_list(h, dir, &files);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "there is no PAM");
		return;
	}
	if (sys != 0) {
		verdict_unread(v, h->a, dir, sys);
		return;
	}
	v->subjects = 2;
	if (!pam_has(h, &files, quality))
		verdict_item(v, h->a, "setting", S("quality"), "nothing looks at new passwords");
	if (!pam_has(h, &files, lockout))
		verdict_item(v, h->a, "setting", S("lockout"), "nothing slows guessing down");
	if (v->items.n != 0)
		WARN(h, v, dir, "%zu of 2 are missing", v->items.n);
	else
		PASS(h, v, dir, "both are there");
}

/* ---- umask ---- */

static bool read_octal(Str text, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '7' || i > 4)
			return false;
		*out = *out * 8 + (unsigned)(text.p[i] - '0');
	}
	return text.n != 0;
}

enum { WANTED_UMASK = 027 };

static void judge_umask(Host *h, Verdict *v, Str path, Str word)
{
	unsigned is;
	if (!read_octal(word, &is))
		return;
	v->subjects++;
	if ((is & WANTED_UMASK) != WANTED_UMASK)
		verdict_item(v, h->a, "file", path, "umask " STR_FMT, STR_ARG(word));
}

CHECK(H61, "umask", SECTION, SEV_LOW, "AUTH-9328", "New files are not open to everybody",
      "umask 027 or stricter in login.defs and the shells' profiles",
      "What a user writes, keys of a deployment too, is readable for every other account.",
      "UMASK 027 in /etc/login.defs, and 'umask 027' in /etc/profile")
{
	static const char *const profiles[] = {"/etc/profile", "/etc/bash.bashrc", "/etc/bashrc",
					       "/etc/profile.d/umask.sh"};
	Str text, line, path = S("/etc/login.defs");
	int sys = see_read(h, path, &text);
	if (sys != 0 && !host_is_absent(sys)) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	if (sys == 0)
		judge_umask(h, v, path, login_def(text, "UMASK"));
	for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
		if (see_read(h, str_of(profiles[i]), &text) != 0)
			continue;
		while (host_line(&text, &line))
			if (str_eq(host_word(&line), S("umask")))
				judge_umask(h, v, str_of(profiles[i]), host_word(&line));
	}
	Str source = S("/etc/login.defs and profiles");
	if (v->subjects == 0)
		NOT_HERE(h, v, "no umask is set in these files");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu of %llu settings", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu settings", (unsigned long long)v->subjects);
}
