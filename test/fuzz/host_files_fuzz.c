/* The host's own files: sshd_config, sudoers, passwd and its kin, modprobe.d, mountinfo, listeners.
 * The first byte says which. */
#include <stdint.h>
#include <stdlib.h>

#include "host/accounts.h"
#include "host/listeners.h"
#include "host/modprobe.h"
#include "host/mountinfo.h"
#include "host/sshd_config.h"
#include "host/sudoers.h"

/* Includes itself, as a hostile file may. */
static bool include(void *ctx, Sshd *s, Str patterns)
{
	unsigned *depth = ctx;
	(void)patterns;
	if (++*depth > 8)
		return false;
	sshd_read(S("Match User a\nPermitRootLogin yes\nInclude b\n"), S("b"), s);
	return true;
}

static void read_sshd(Str text, Arena *a)
{
	unsigned depth = 0;
	Sshd s = {.arena = a, .include = include, .ctx = &depth};
	sshd_read(text, S("sshd_config"), &s);
	const SshdSetting *first = sshd_setting(&s, "PermitRootLogin");
	if (first != NULL && first->match.n != 0 && !str_eq(first->match, S("all")))
		abort(); /* of a block that is for somebody alone */
}

static void read_sudoers(Str text, Arena *a)
{
	Sudoers s = {.arena = a};
	SudoRuleVec rules = {0};
	sudoers_read(text, &s);
	sudoers_rules(&s, &rules);
	for (size_t i = 0; i < rules.n; i++)
		if (rules.at[i].who.n == 0 || (rules.at[i].all && !rules.at[i].nopasswd))
			abort();
}

static void read_accounts(Str text, Arena *a)
{
	UserVec users = {0};
	GroupVec groups = {0};
	ShadowVec shadow = {0};
	SubRangeVec ranges = {0};
	accounts_users(text, a, &users);
	accounts_groups(text, a, &groups);
	accounts_shadow(text, a, &shadow);
	accounts_ranges(text, a, &ranges);
	for (size_t i = 0; i < users.n; i++)
		if (users.at[i].name.n == 0)
			abort();
}

static void read_modprobe(Str text, Arena *a)
{
	ModRuleVec rules = {0};
	modprobe_read(text, a, &rules);
	for (size_t i = 0; i < rules.n; i++)
		if (rules.at[i].kind == MOD_BLACKLIST &&
		    !modprobe_forbids(&rules, rules.at[i].module))
			abort();
}

static void read_mounts(Str text, Arena *a)
{
	MountVec mounts = {0};
	Str value;
	mountinfo_read(text, a, &mounts);
	for (size_t i = 0; i < mounts.n; i++) {
		(void)mount_has(mounts.at[i].super, S("hidepid"), &value);
		if (mounts.at[i].at.n != 0 && mounts.at[i].at.p[0] == '/' &&
		    mount_of(&mounts, mounts.at[i].at) == NULL)
			abort();
	}
}

static void read_listeners(Str text, Arena *a)
{
	ListenerVec all = {0};
	listeners_read(text, false, a, &all);
	listeners_read(text, true, a, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].port > 65535)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const readers[])(Str, Arena *) = {
		read_sshd, read_sudoers, read_accounts, read_modprobe, read_mounts, read_listeners};
	Arena a = {0};
	if (n == 0)
		return 0;
	size_t which = data[0] - (size_t)'0';
	if (which < sizeof readers / sizeof readers[0])
		readers[which]((Str){(const char *)data + 1, n - 1}, &a);
	arena_finish(&a);
	return 0;
}
