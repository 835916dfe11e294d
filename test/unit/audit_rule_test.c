/* Rules of the kernel's audit: their bytes, their text, and what they record together. */
#include "audit/rule.h"

#include "audit/arch.h"
#include "audit/cover.h"
#include "tap.h"

static AuditRule watch(Arena *a, uint32_t kind, const char *path, uint32_t perms)
{
	AuditRule r = audit_rule_of(AUDIT_ALWAYS);
	audit_rule_string(&r, a, kind, str_of(path));
	if (perms != 0)
		audit_rule_number(&r, a, AUDIT_PERM, perms);
	audit_rule_string(&r, a, AUDIT_FILTERKEY, S("k"));
	return r;
}

static AuditRule calls(Arena *a, AuditWidth w, const char *one, const char *other)
{
	AuditRule r = audit_rule_of(AUDIT_ALWAYS);
	audit_rule_number(&r, a, AUDIT_ARCH, audit_arch_of(w));
	audit_rule_no_calls(&r);
	audit_rule_call(&r, (uint32_t)audit_call_number(audit_arch_of(w), one));
	if (other != NULL)
		audit_rule_call(&r, (uint32_t)audit_call_number(audit_arch_of(w), other));
	audit_rule_string(&r, a, AUDIT_FILTERKEY, S("ns"));
	return r;
}

static Str text_of(Arena *a, const AuditRule *r)
{
	Buf b = buf_in(a, 65536);
	audit_rule_text(r, &b);
	return buf_str(&b);
}

static Str bytes_of(Arena *a, const AuditRule *r)
{
	Buf b = buf_in(a, 65536);
	CHECK_OK(audit_rule_encode(r, &b));
	return buf_str(&b);
}

#define WA (AUDIT_PERM_WRITE | AUDIT_PERM_ATTR)

TEST(a_rule_reads_as_auditctl_lists_it)
{
	Arena a = {0};
	AuditRule dir = watch(&a, AUDIT_DIR, "/etc/docker", WA);
	AuditRule file = watch(&a, AUDIT_WATCH, "/usr/sbin/dockerd", 15);
	AuditRule ns = calls(&a, AUDIT_B64, "setns", "unshare");
	AuditRule never = audit_rule_of(AUDIT_NEVER);
	audit_rule_string(&never, &a, AUDIT_DIR, S("/x"));
	audit_rule_string(&never, &a, AUDIT_FILTERKEY, S("one\1two"));
	CHECK_STR(text_of(&a, &dir), S("-w /etc/docker -p wa -k k"));
	CHECK_STR(text_of(&a, &file), S("-w /usr/sbin/dockerd -p rwxa -k k"));
	CHECK_STR(text_of(&a, &ns), S("-a always,exit -F arch=b64 -S unshare,setns -F key=ns"));
	CHECK_STR(text_of(&a, &never), S("-a never,exit -S all -F dir=/x -F key=one -F key=two"));
	never.first = true;
	CHECK(str_starts(text_of(&a, &never), S("-A never,exit ")));
	AuditField odd = {AUDIT_EXIT, AUDIT_NOT_EQUAL, (uint32_t)-EACCES, {0}};
	vec_push(&a, &dir.fields, odd);
	vec_push(&a, &dir.fields, (AuditField){AUDIT_LOGINUID, AUDIT_GREATER_THAN_OR_EQUAL, 1000});
	vec_push(&a, &dir.fields, (AuditField){999, AUDIT_EQUAL, 7});
	CHECK_STR(text_of(&a, &dir), S("-a always,exit -S all -F dir=/etc/docker -F perm=wa -F "
				       "exit!=-EACCES -F auid>=1000 -F f999=7 -F key=k"));
	arena_finish(&a);
}

TEST(bytes_come_back_as_the_rule_they_were)
{
	Arena a = {0};
	AuditRule all[] = {watch(&a, AUDIT_DIR, "/etc/docker", WA),
			   watch(&a, AUDIT_WATCH, "/a b", 1), calls(&a, AUDIT_B32, "mount", NULL),
			   audit_rule_of(AUDIT_NEVER)};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		AuditRule back;
		Str bytes = bytes_of(&a, &all[i]);
		CHECK_OK(audit_rule_decode(bytes, &a, &back));
		CHECK(audit_rule_same(&all[i], &back));
		CHECK_STR(text_of(&a, &back), text_of(&a, &all[i]));
		for (size_t n = 0; n < bytes.n; n++)
			CHECK_ERR(audit_rule_decode(str_first(bytes, n), &a, &back), ERR_INPUT);
	}
	CHECK(!audit_rule_same(&all[0], &all[1]));
	CHECK(audit_rule_writable(&all[0]) && !audit_rule_writable(&all[1]));
	arena_finish(&a);
}

TEST(a_rule_the_kernel_would_not_take_is_not_made)
{
	Arena a = {0};
	AuditRule r = audit_rule_of(AUDIT_ALWAYS);
	Buf b = buf_in(&a, 65536);
	char *path = arena_array(&a, char, 9000);
	memset(path, 'x', 9000);
	audit_rule_string(&r, &a, AUDIT_WATCH, (Str){path, 9000});
	CHECK_ERR(audit_rule_encode(&r, &b), ERR_LIMIT);
	r = audit_rule_of(AUDIT_ALWAYS);
	for (unsigned i = 0; i <= AUDIT_MAX_FIELDS; i++)
		audit_rule_number(&r, &a, AUDIT_UID, i);
	CHECK_ERR(audit_rule_encode(&r, &b), ERR_LIMIT);
	arena_finish(&a);
}

static AuditCovered covered(Arena *a, const AuditRule *have, size_t n, AuditRule want, Str *why)
{
	AuditRuleVec loaded = {0};
	for (size_t i = 0; i < n; i++)
		vec_push(a, &loaded, have[i]);
	return audit_cover(&loaded, &want, a, why);
}

TEST(rules_are_compared_field_by_field)
{
	Arena a = {0};
	Str why;
	AuditRule dir = watch(&a, AUDIT_DIR, "/etc/docker", WA);
	AuditRule file = watch(&a, AUDIT_WATCH, "/etc/docker/key.json", WA);
	AuditRule more = watch(&a, AUDIT_DIR, "/etc", 15);
	AuditRule less = watch(&a, AUDIT_DIR, "/etc/docker", AUDIT_PERM_WRITE);
	AuditRule near = watch(&a, AUDIT_DIR, "/etc/dock", WA);
	AuditRule flat = watch(&a, AUDIT_WATCH, "/etc/docker", WA);
	CHECK(covered(&a, &dir, 1, dir, &why) == AUDIT_PRESENT && why.n == 0);
	CHECK(covered(&a, &dir, 1, file, &why) == AUDIT_PRESENT);
	CHECK(covered(&a, &more, 1, dir, &why) == AUDIT_PRESENT);
	CHECK(covered(&a, &file, 1, dir, &why) == AUDIT_MISSING);
	CHECK(covered(&a, &near, 1, dir, &why) == AUDIT_MISSING);
	CHECK(covered(&a, NULL, 0, dir, &why) == AUDIT_MISSING);
	CHECK(covered(&a, &less, 1, dir, &why) == AUDIT_WEAKER);
	CHECK_STR(why, S("changing attributes not recorded of b64 calls; changing attributes not "
			 "recorded of b32 calls"));
	CHECK(covered(&a, &flat, 1, dir, &why) == AUDIT_WEAKER);
	AuditRule two[] = {less, watch(&a, AUDIT_DIR, "/etc/docker", AUDIT_PERM_ATTR)};
	CHECK(covered(&a, two, 2, dir, &why) == AUDIT_PRESENT);
	AuditRule bound = dir;
	bound.fields = (AuditFieldVec){0};
	audit_rule_string(&bound, &a, AUDIT_DIR, S("/etc/docker"));
	audit_rule_number(&bound, &a, AUDIT_PERM, WA);
	audit_rule_number(&bound, &a, AUDIT_UID, 1000);
	CHECK(covered(&a, &bound, 1, dir, &why) == AUDIT_WEAKER);
	arena_finish(&a);
}

TEST(a_rule_that_says_never_counts_when_it_comes_first)
{
	Arena a = {0};
	Str why;
	AuditRule dir = watch(&a, AUDIT_DIR, "/etc/docker", WA), never = audit_rule_of(AUDIT_NEVER);
	audit_rule_string(&never, &a, AUDIT_DIR, S("/etc"));
	AuditRule before[] = {never, dir}, after[] = {dir, never};
	CHECK(covered(&a, before, 2, dir, &why) == AUDIT_WEAKER);
	CHECK(covered(&a, after, 2, dir, &why) == AUDIT_PRESENT);
	CHECK(covered(&a, after, 2, never, &why) == AUDIT_PRESENT);
	CHECK(covered(&a, &dir, 1, never, &why) == AUDIT_MISSING);
	AuditRuleVec loaded = {0};
	AuditRule task = audit_rule_of(AUDIT_NEVER);
	task.list = AUDIT_FILTER_TASK;
	CHECK(!audit_is_muted(&loaded));
	vec_push(&a, &loaded, task);
	CHECK(audit_is_muted(&loaded));
	AuditRule no_calls = audit_rule_of(AUDIT_ALWAYS), few;
	no_calls.list = AUDIT_FILTER_EXCLUDE;
	AuditRuleVec one = {.at = &no_calls, .n = 1};
	CHECK(!audit_is_muted(&one));
	audit_rule_number(&no_calls, &a, AUDIT_MSGTYPE, AUDIT_SYSCALL);
	CHECK(audit_is_muted(&one));
	no_calls.fields.at[0].value = AUDIT_CWD;
	CHECK(!audit_is_muted(&one));
	no_calls.fields.at[0].op = AUDIT_LESS_THAN_OR_EQUAL;
	CHECK(audit_is_muted(&one));
	few = no_calls;
	one.at = &few;
	audit_rule_number(&few, &a, AUDIT_UID, 5);
	CHECK(!audit_is_muted(&one));
	arena_finish(&a);
}

TEST(a_width_that_nobody_records_is_said)
{
	Arena a = {0};
	Str why;
	AuditRule narrow = watch(&a, AUDIT_DIR, "/etc/docker", WA);
	audit_rule_number(&narrow, &a, AUDIT_ARCH, audit_arch_of(AUDIT_B64));
	AuditRule want = watch(&a, AUDIT_DIR, "/etc/docker", WA);
	CHECK(covered(&a, &narrow, 1, want, &why) == AUDIT_WEAKER);
	CHECK_STR(why, S("writing, changing attributes not recorded of b32 calls"));
	AuditRule both[] = {narrow, want};
	both[1].fields = (AuditFieldVec){0};
	audit_rule_string(&both[1], &a, AUDIT_DIR, S("/etc/docker"));
	audit_rule_number(&both[1], &a, AUDIT_ARCH, audit_arch_of(AUDIT_B32));
	CHECK(covered(&a, both, 2, want, &why) == AUDIT_PRESENT);
	AuditRule ns = calls(&a, AUDIT_B64, "setns", "unshare");
	AuditRule one = calls(&a, AUDIT_B64, "setns", NULL);
	AuditRule old = calls(&a, AUDIT_B32, "setns", "unshare");
	CHECK(covered(&a, &ns, 1, one, &why) == AUDIT_PRESENT);
	CHECK(covered(&a, &old, 1, ns, &why) == AUDIT_MISSING);
	CHECK(covered(&a, &one, 1, ns, &why) == AUDIT_WEAKER);
	CHECK_STR(why, S("unshare not recorded of b64 calls"));
	arena_finish(&a);
}
