/* Records of the kernel's audit: read, joined into events, accounted for, and what they say. The
 * lines were captured from a kernel 6.18, and shortened. */
#include "audit/event.h"

#include <linux/audit.h>
#include <stdio.h>

#include "tap.h"

#define CALL(serial, rest)                                                                 \
	"audit(1795801813.044:" #serial "): arch=c000003e syscall=257 success=yes exit=3 " \
	"items=2 ppid=24707 pid=24899 auid=4294967295 uid=0 gid=0 euid=0 tty=(none) "      \
	"ses=4294967295 comm=\"touch\" exe=\"/usr/bin/touch\" key=" rest

static void put(AuditJoiner *j, uint16_t type, const char *line)
{
	audit_join(j, type, str_of(line), 0);
}

static void put_event(AuditJoiner *j, const char *serial)
{
	char line[512];
	snprintf(line, sizeof line,
		 "audit(1795801813.044:%s): arch=c000003e syscall=90 items=0 key=(null)", serial);
	put(j, AUDIT_SYSCALL, line);
	snprintf(line, sizeof line, "audit(1795801813.044:%s): ", serial);
	put(j, AUDIT_EOE, line);
}

static size_t drain(AuditJoiner *j)
{
	size_t n = 0;
	while (audit_joined(j, 0) != NULL)
		n++;
	return n;
}

TEST(a_record_has_a_time_and_a_serial)
{
	AuditRecord r;
	CHECK(audit_record_read(1300, S("audit(1795801813.044:9): a=1 b=2\n"), &r));
	CHECK(r.time_ms == 1795801813044 && r.serial == 9);
	CHECK_STR(r.fields, S("a=1 b=2"));
	CHECK(audit_record_read(1320, S("audit(1.000:4294967295): "), &r) && r.fields.n == 0);
	CHECK(audit_record_read(1320, S("audit(1.000:1):"), &r));
	const char *const bad[] = {"",
				   "audit(",
				   "audit(1.2:3",
				   "audit(1:3): ",
				   "audit(1.1000:3): ",
				   "audit(x.1:3): ",
				   "audit(1.1:4294967296): ",
				   "audit(1.1:): ",
				   "audit(-1.1:1): ",
				   "audit(99999999999999999999.1:1): "};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!audit_record_read(1300, str_of(bad[i]), &r));
}

TEST(what_somebody_chose_is_quoted_or_hexadecimal)
{
	Arena a = {0};
	AuditPair p;
	Str rest = S("comm=\"a b\" name=2F746D702F6120620A tty=(none) key=(null) odd=2F7 bare word "
		     "=x a==b msg='op=login res=1' last=\"open");
	const char *const want[][2] = {
		{"comm", "a b"}, {"name", "/tmp/a b\n"}, {"tty", ""}, {"key", ""},
		{"odd", ""},     {"bare", NULL},         {"a", NULL}};
	CHECK(audit_pair_next(&rest, &p) && p.quoted);
	CHECK_STR(audit_pair_text(&p, &a), S("a b"));
	for (size_t i = 1; i < 5; i++) {
		CHECK(audit_pair_next(&rest, &p) && !p.quoted);
		CHECK_STR(p.name, str_of(want[i][0]));
		CHECK_STR(audit_pair_text(&p, &a), str_of(want[i][1]));
	}
	CHECK(audit_pair_next(&rest, &p) && str_eq(p.name, S("x")) == false);
	CHECK_STR(p.name, S("a"));
	CHECK_STR(p.value, S("=b"));
	CHECK(audit_pair_next(&rest, &p) && str_eq(p.name, S("msg")));
	CHECK_STR(p.value, S("op=login res=1"));
	CHECK(audit_pair_next(&rest, &p) && !p.quoted);
	CHECK_STR(p.value, S("\"open"));
	CHECK(!audit_pair_next(&rest, &p));
	/* A name that looks like hexadecimal is quoted, so it is not taken for such. */
	rest = S("comm=\"deadbeef\"");
	CHECK(audit_pair_next(&rest, &p));
	CHECK_STR(audit_pair_text(&p, &a), S("deadbeef"));
	arena_finish(&a);
}

TEST(records_of_several_processors_are_told_apart)
{
	Arena a = {0};
	AuditEvent e;
	AuditJoiner *j = audit_joiner_create(0);
	put(j, AUDIT_SYSCALL, CALL(69, "\"tt\""));
	put(j, AUDIT_SYSCALL, CALL(70, "6F6E650174776F"));
	put(j, AUDIT_CWD, "audit(1795801813.044:69): cwd=\"/srv\"");
	put(j, AUDIT_PATH,
	    "audit(1795801813.044:69): item=0 name=\"/w/\" inode=7 mode=040755 ouid=0 ogid=5 "
	    "nametype=PARENT");
	put(j, AUDIT_CWD, "audit(1795801813.044:70): cwd=\"/other\"");
	CHECK(audit_joined(j, 0) == NULL);
	put(j, AUDIT_PATH,
	    "audit(1795801813.044:69): item=1 name=2F772F6120620A inode=8 mode=0100644 ouid=0 "
	    "ogid=0 nametype=CREATE");
	put(j, AUDIT_PROCTITLE, "audit(1795801813.044:69): proctitle=746F756368002F772F6120620A");
	put(j, AUDIT_EOE, "audit(1795801813.044:69): ");
	const AuditJoined *one = audit_joined(j, 0);
	CHECK(one != NULL && one->whole && one->records.n == 5);
	audit_event_read(one, &a, &e);
	CHECK(e.call && e.success && e.exit == 3 && e.pid == 24899 && e.ppid == 24707);
	CHECK_STR(e.call_name, S("openat"));
	CHECK_STR(e.comm, S("touch"));
	CHECK_STR(e.cwd, S("/srv"));
	CHECK_STR(e.title, S("touch /w/a b\n"));
	CHECK(e.auid.n == 0 && e.tty.n == 0 && e.keys.n == 1);
	CHECK(e.paths.n == 2);
	CHECK_STR(e.paths.at[1].name, S("/w/a b\n"));
	CHECK_STR(e.paths.at[1].kind, S("CREATE"));
	CHECK(audit_joined(j, 0) == NULL);
	put(j, AUDIT_EOE, "audit(1795801813.044:70): ");
	const AuditJoined *two = audit_joined(j, 0);
	CHECK(two != NULL && !two->whole && two->serial == 70); /* its paths did not come */
	audit_event_read(two, &a, &e);
	CHECK(e.keys.n == 2);
	CHECK_STR(e.keys.at[1], S("two"));
	audit_joiner_destroy(j);
	arena_finish(&a);
}

TEST(every_serial_that_never_came_is_counted_once)
{
	AuditJoiner *j = audit_joiner_create(0);
	put_event(j, "100");
	put_event(j, "103"); /* out of order */
	put_event(j, "101");
	put_event(j, "106"); /* 102, 104 and 105 are lost */
	CHECK(drain(j) == 4);
	CHECK(audit_join_counts(j).missing == 0);
	audit_join_end(j);
	CHECK(audit_join_counts(j).missing == 3);
	CHECK(audit_join_counts(j).events == 4 && audit_join_counts(j).incomplete == 0);
	audit_joiner_destroy(j);

	j = audit_joiner_create(0); /* serials wrap */
	put_event(j, "4294967294");
	put_event(j, "2");
	drain(j);
	audit_join_end(j);
	CHECK(audit_join_counts(j).missing == 3);
	audit_joiner_destroy(j);

	j = audit_joiner_create(0); /* gaps wider than what is remembered */
	put_event(j, "1");
	put_event(j, "1500000");
	put_event(j, "9000000");
	drain(j);
	audit_join_end(j);
	CHECK(audit_join_counts(j).missing == 9000000 - 3);
	audit_joiner_destroy(j);
}

TEST(random_losses_are_counted_exactly)
{
	enum { EVENTS = 20000 };
	AuditJoiner *j = audit_joiner_create(0);
	uint64_t lost = 0, state = 88172645463325252ull;
	for (unsigned i = 0; i < EVENTS; i++) {
		char serial[16];
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		if (i != 0 && i != EVENTS - 1 && state % 3 == 0) {
			lost++;
			continue;
		}
		snprintf(serial, sizeof serial, "%u", i + 7);
		put_event(j, serial);
		drain(j);
	}
	audit_join_end(j);
	AuditCounts c = audit_join_counts(j);
	CHECK(c.missing == lost && c.events + c.missing == EVENTS);
	audit_joiner_destroy(j);
}

TEST(an_event_without_an_end_is_given_after_a_while)
{
	AuditJoiner *j = audit_joiner_create(0);
	put(j, AUDIT_CONFIG_CHANGE, "audit(1.000:5): op=set audit_enabled=1 res=1");
	CHECK(audit_joined(j, 900) == NULL);
	const AuditJoined *e = audit_joined(j, 1100);
	CHECK(e != NULL && e->whole && e->serial == 5);
	put(j, 1112, "audit(1.000:6): pid=1 uid=0 msg='op=login res=success'");
	e = audit_joined(j, 0); /* a program's word is an event by itself */
	CHECK(e != NULL && e->whole);
	put(j, AUDIT_USER, "audit(1.000:6): pid=1 uid=0 msg='text=hello'");
	e = audit_joined(j, 0);
	CHECK(e != NULL && e->whole && audit_type_name(AUDIT_USER) != NULL);
	put(j, AUDIT_SYSCALL, CALL(7, "(null)"));
	CHECK(audit_joined(j, 5000) == NULL); /* the kernel may hold a call up */
	e = audit_joined(j, 30000);
	CHECK(e != NULL && !e->whole);
	put(j, AUDIT_EOE, "audit(1795801813.044:8): "); /* all else was lost */
	e = audit_joined(j, 0);
	CHECK(e != NULL && !e->whole);
	CHECK(audit_join_counts(j).events == 5 && audit_join_counts(j).incomplete == 2);
	put(j, AUDIT_SYSCALL, "audit(");
	CHECK(audit_join_counts(j).unread == 1);
	audit_joiner_destroy(j);
}

TEST(limits_end_the_oldest_event_and_cut_the_longest)
{
	AuditJoiner *j = audit_joiner_create(0);
	char line[64];
	for (unsigned i = 0; i < LIMIT_AUDIT_PENDING + 9; i++) {
		snprintf(line, sizeof line, "audit(1.000:%u): syscall=1 items=0", i);
		put(j, AUDIT_SYSCALL, line);
	}
	const AuditJoined *e = audit_joined(j, 0);
	CHECK(e != NULL && e->serial == 0 && !e->whole);
	audit_joiner_destroy(j);
	j = audit_joiner_create(0);
	for (unsigned i = 0; i < LIMIT_AUDIT_EVENT_RECORDS + 1; i++)
		put(j, AUDIT_EXECVE, "audit(1.000:1): a0=\"x\"");
	put(j, AUDIT_EOE, "audit(1.000:1): ");
	e = audit_joined(j, 0);
	CHECK(e != NULL && e->cut && !e->whole && e->records.n == LIMIT_AUDIT_EVENT_RECORDS);
	audit_joiner_destroy(j);
}

static AuditEvent event_of(AuditJoiner *j, Arena *a, uint16_t type, const char *fields)
{
	char line[1024];
	AuditEvent e = {0};
	put(j, AUDIT_SYSCALL, "audit(1.000:1): arch=c000003e syscall=59 items=0");
	snprintf(line, sizeof line, "audit(1.000:1): %s", fields);
	put(j, type, line);
	put(j, AUDIT_EOE, "audit(1.000:1): ");
	const AuditJoined *joined = audit_joined(j, 0);
	if (joined != NULL)
		audit_event_read(joined, a, &e);
	return e;
}

TEST(arguments_that_came_in_pieces_are_put_together)
{
	Arena a = {0};
	AuditJoiner *j = audit_joiner_create(0);
	AuditEvent e = event_of(
		j, &a, AUDIT_EXECVE,
		"argc=3 a0=\"sh\" a1_len=12 a1[0]=6120 a1[1]=62 a2=\"-c\" a9=\"x\"");
	CHECK_STR(e.call_name, S("execve"));
	CHECK(e.argv.n == 3);
	CHECK_STR(e.argv.at[0], S("sh"));
	CHECK_STR(e.argv.at[1], S("a b"));
	CHECK_STR(e.argv.at[2], S("-c"));
	audit_joiner_destroy(j);
	arena_finish(&a);
}

TEST(addresses_are_read)
{
	Arena a = {0};
	AuditJoiner *j = audit_joiner_create(0);
	const char *const all[][2] = {
		{"saddr=01002F72756E2F646F636B65722E736F636B00", "unix:/run/docker.sock"},
		{"saddr=0100006162", "unix:@ab"},
		{"saddr=0200005016212C010000000000000000", "22.33.44.1:80"},
		{"saddr=0A0001BB0000000000000000000000000000000000000001", "[0:0:0:0:0:0:0:1]:443"},
		{"saddr=1000", "family 16"},
		{"saddr=02", ""},
		{"saddr=020000", "family 2"},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		CHECK_STR(event_of(j, &a, AUDIT_SOCKADDR, all[i][0]).address, str_of(all[i][1]));
	audit_joiner_destroy(j);
	arena_finish(&a);
}

#define ID "6024bee39ca6ee8db9f0f95b30384ee8a03083c7adb3534f7cdbcb9605150e27"

TEST(a_container_is_told_by_its_cgroup)
{
	const char *const in[] = {
		"0::/docker/" ID "\n",
		"12:pids:/\n9:name=systemd:/system.slice/docker-" ID ".scope\n",
		"0::/kubepods.slice/pod1.slice/cri-containerd-" ID ".scope\n",
		"0::/machine.slice/libpod-" ID ".scope/container\n",
		"0::/docker/" ID
		"/docker/0000000000000000000000000000000000000000000000000000000000000000",
	};
	const char *const out[] = {"",
				   "0::/user.slice/user-0.slice\n",
				   "0::/machine.slice/libpod-conmon-" ID ".scope\n",
				   "0::/docker/" ID "0\n",
				   "0::/x" ID "\n",
				   "0::/docker/6024BEE3"};
	for (size_t i = 0; i < sizeof in / sizeof in[0]; i++)
		CHECK_STR(audit_container_of(str_of(in[i])), S(ID));
	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
		CHECK(audit_container_of(str_of(out[i])).n == 0);
}

TEST(an_event_is_one_line_of_json)
{
	Arena a = {0};
	AuditJoiner *j = audit_joiner_create(0);
	put(j, AUDIT_SYSCALL,
	    "audit(1795801813.044:9): arch=c000003e syscall=42 success=no exit=-13 items=0 "
	    "ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 ses=3 comm=\"x\" exe=\"/x\" key=\"k\"");
	put(j, AUDIT_EOE, "audit(1795801813.044:9): ");
	const AuditJoined *joined = audit_joined(j, 0);
	AuditEvent e = {0};
	Buf b = buf_in(&a, 65536);
	CHECK(joined != NULL);
	if (joined != NULL) {
		audit_event_read(joined, &a, &e);
		e.container = S(ID);
		e.container_name = S("web");
		e.container_by = "process";
		audit_event_json(&e, joined, false, &b);
	}
	CHECK_STR(
		buf_str(&b),
		S("{\"time\":\"2026-11-27T17:50:13.044Z\",\"serial\":9,\"type\":\"SYSCALL\","
		  "\"keys\":[\"k\"],\"pid\":2,\"ppid\":1,\"syscall\":\"connect\",\"arch\":\"b64\","
		  "\"success\":false,\"exit\":-13,\"error\":\"EACCES\",\"uid\":0,\"euid\":0,"
		  "\"gid\":0,\"auid\":1000,\"session\":3,\"comm\":\"x\",\"exe\":\"/x\","
		  "\"container\":{\"id\":\"" ID "\",\"name\":\"web\",\"by\":\"process\"}}\n"));
	audit_joiner_destroy(j);
	arena_finish(&a);
}
