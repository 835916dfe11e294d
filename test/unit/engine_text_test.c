/* Texts of /proc, units and command lines, as the engine's room reads them. */
#include "base/buf.h"
#include "engine/argv.h"
#include "engine/listen.h"
#include "engine/proc_text.h"
#include "engine/registries.h"
#include "engine/unit.h"
#include "tap.h"

static Setting flag(Arena *a, const char *line, const char *name)
{
	Daemon d = {.near = true, .argv_source = S("argv")};
	argv_split(str_of(line), a, &d.argv);
	return argv_setting(&d, a, name);
}

TEST(a_flags_value_is_never_a_flag)
{
	Arena a = {0};
	CHECK(!flag(&a, "--label --icc=false", "icc").set);
	CHECK_STR(flag(&a, "--label --icc=false", "label").text, S("--icc=false"));
	CHECK(!flag(&a, "-- --icc=false", "icc").set);
	CHECK(!flag(&a, "--iccx=false --no-icc", "icc").set);
	CHECK(!flag(&a, "x --log-level", "log-level").set);
	CHECK_STR(flag(&a, "--icc false", "icc").text, S("true")); /* a switch takes no word */
	CHECK_STR(flag(&a, "--icc=false --icc", "icc").text, S("true"));
	CHECK_STR(flag(&a, "--tlsverify --tls=0", "tls").text, S("0"));
	arena_finish(&a);
}

TEST(letters_may_stand_together)
{
	Arena a = {0};
	CHECK_STR(flag(&a, "-Dlwarn", "log-level").text, S("warn"));
	CHECK_STR(flag(&a, "-Dlwarn", "debug").text, S("true"));
	CHECK_STR(flag(&a, "-D=false", "debug").text, S("false"));
	CHECK_STR(flag(&a, "-l=info", "log-level").text, S("info"));
	CHECK_STR(flag(&a, "-DH tcp://:1", "host").text, S("tcp://:1"));
	CHECK(!flag(&a, "-H -D", "debug").set);
	arena_finish(&a);
}

TEST(switches_are_read_as_go_reads_them)
{
	static const char *const on[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const off[] = {"0", "f", "false", "FALSE", "no", "yes", ""};
	for (size_t i = 0; i < sizeof on / sizeof on[0]; i++)
		CHECK(setting_on(&(Setting){.set = true, .text = str_of(on[i])}, false));
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++)
		CHECK(!setting_on(&(Setting){.set = true, .text = str_of(off[i])}, true));
	CHECK(setting_on(&(Setting){0}, true) && !setting_on(&(Setting){0}, false));
}

TEST(an_engine_elsewhere_has_no_known_setting)
{
	Arena a = {0};
	Daemon d = {.far_why = S("elsewhere"), .argv_source = S("argv")};
	argv_split(S("--icc=false"), &a, &d.argv);
	CHECK(!daemon_setting(&d, &a, "icc", NULL).set);
	CHECK_STR(daemon_setting(&d, &a, "icc", NULL).unknown, S("elsewhere"));
	arena_finish(&a);
}

TEST(loopback_is_this_machine)
{
	CHECK(engine_local_port("https://127.0.0.1:2376") == 2376);
	CHECK(engine_local_port("http://127.8.9.1:2375/x") == 2375);
	CHECK(engine_local_port("http://localhost:1") == 1 &&
	      engine_local_port("http://[::1]:9") == 9);
	CHECK(engine_local_port("http://10.0.0.1:2375") == 0);
	CHECK(engine_local_port("http://127.example.org:2375") == 0);
	CHECK(engine_local_port("http://localhost.example.org:2375") == 0);
	CHECK(engine_local_port("http://127.0.0.1") == 0 && engine_local_port("127.0.0.1:1") == 0);
	CHECK(engine_local_port("http://127.0.0.1:70000") == 0);
}

/* ---- units ---- */

static Str unit_line(Arena *a, const char *text, const char *environment)
{
	UnitText u = {0};
	StrVec words = {0};
	Buf line = buf_in(a, 4096);
	unit_text(str_of(text), a, &u);
	unit_environment(str_of(environment), a, &u.environment);
	unit_words(&u, a, &words);
	for (size_t i = 0; i < words.n; i++)
		buf_fmt(&line, "[" STR_FMT "]", STR_ARG(words.at[i]));
	return buf_str(&line);
}

TEST(a_unit_becomes_a_command_line)
{
	Arena a = {0};
	CHECK_STR(
		unit_line(&a, "[Unit]\nExecStart=no\n[Service]\nExecStart=-@d \"a b\" 'c'd\n", ""),
		S("[d][a b][cd]"));
	CHECK_STR(unit_line(&a, "[Service]\nExecStart=a\nExecStart=\n  ExecStart = b c\n", ""),
		  S("[b][c]"));
	CHECK_STR(unit_line(&a, "[Service]\nExecStart=a \\\n  b \\\n c\n", ""), S("[a][b][c]"));
	CHECK_STR(unit_line(&a, "[Service]\nExecStart=a \\\n # b \\\n;c\n d\n# x \\\nExecStart=\n",
			    ""),
		  S(""));
	CHECK_STR(
		unit_line(&a, "[Service]\nExecStart=a \\\n # b \\\n;c\n -H tcp://0.0.0.0:1\n", ""),
		S("[a][-H][tcp://0.0.0.0:1]"));
	CHECK_STR(unit_line(&a, "[Service]\n#ExecStart=x\n;ExecStart=x\nExecStart=y", ""),
		  S("[y]"));
	CHECK_STR(unit_line(&a, "[Service]\nExecReload=x\n[Install]\nExecStart=y", ""), S(""));
	arena_finish(&a);
}

TEST(variables_of_a_unit)
{
	Arena a = {0};
	const char *unit =
		"[Service]\nEnvironment=\"A=1 2\" B=x\nExecStart=d $A ${A} -${B}- $N ${N} "
		"$$HOME $B/y\n";
	CHECK_STR(unit_line(&a, unit, ""), S("[d][1][2][1 2][-x-][][$HOME][$B/y]"));
	CHECK_STR(unit_line(&a, unit, "B=z\n# A=3\nA='--icc=false --tls' # not a comment\n"),
		  S("[d][--icc=false][--tls][--icc=false --tls][-z-][][$HOME][$B/y]"));
	CHECK_STR(
		unit_line(&a, "[Service]\nEnvironment=A=1\nEnvironment=\nExecStart=d ${A}x\n", ""),
		S("[d][x]"));
	arena_finish(&a);
}

/* ---- registries.conf ---- */

static Str insecure(Arena *a, const char *text)
{
	StrVec names = {0};
	Buf line = buf_in(a, 4096);
	registries_insecure(str_of(text), a, &names);
	for (size_t i = 0; i < names.n; i++)
		buf_fmt(&line, "[" STR_FMT "]", STR_ARG(names.at[i]));
	return buf_str(&line);
}

TEST(registries_without_a_certificate)
{
	Arena a = {0};
	CHECK_STR(insecure(&a,
			   "unqualified-search-registries = ['a']\n[[registry]]\nlocation = "
			   "\"r:5000\"\n"
			   "insecure = true # yes\n[[registry]]\nlocation='s'\ninsecure=false\n"
			   "# insecure = true\n[[registry]]\ninsecure = true\nprefix = \"p#q\"\n"),
		  S("[r:5000][p#q]"));
	CHECK_STR(insecure(&a,
			   "[registries.search]\nregistries = ['x']\n[registries.insecure]\n"
			   "registries = ['a', \"b\"]\n[registries.block]\nregistries = ['c']\n"),
		  S("[a][b]"));
	CHECK_STR(insecure(&a, "[registries.insecure]\nregistries = [\n  'a',\n  'b'\n]\n"),
		  S("[a][b]"));
	CHECK_STR(insecure(&a, "[registries.insecure]\nregistries = []\n"), S(""));
	CHECK_STR(insecure(&a, "insecure = true"), S("[a registry without a name]"));
	CHECK_STR(insecure(&a, ""), S(""));
	arena_finish(&a);
}

/* ---- /proc ---- */

TEST(what_a_process_may_do)
{
	ProcStatus s;
	Str whole = S("Name:\tx\nUid:\t1\t2\t3\t4\nCapEff:\t0\nCapBnd:"
		      "\t00000000a80425fb\nNoNewPrivs:\t1\n"
		      "Seccomp:\t2\n");
	CHECK(proc_status(whole, &s) && s.uid == 2 && s.cap_bounding == 0xa80425fbu);
	CHECK(s.cap_effective == 0 && s.seccomp == 2 && s.no_new_privs);
	/* What a line does not say is not taken for nothing. */
	CHECK(!proc_status(S("Uid:\t1\t2\t3\t4\nCapEff:\t0\n"), &s));
	CHECK(!proc_status(S("Uid:\t1\nCapEff:\t0\nCapBnd:\t0\n"), &s));
	CHECK(!proc_status(S("Uid:\t0\t0\t0\t0\nCapEff:\t0\nCapBnd:\tzz\n"), &s));
	CHECK(!proc_status(S(""), &s));
}

TEST(who_root_is_outside)
{
	CHECK(proc_uid_of_root(S("         0          0 4294967295\n")) == 0);
	CHECK(proc_uid_of_root(S("1 5 1\n0 100000 65536\n")) == 100000);
	CHECK(proc_uid_of_root(S("1000 0 1\n")) == UINT32_MAX);
	CHECK(proc_uid_of_root(S("0 0\n")) == UINT32_MAX && proc_uid_of_root(S("")) == UINT32_MAX);
	CHECK(proc_uid_of_root(S("0 7 0\n")) == UINT32_MAX);
}

TEST(sockets_that_listen)
{
	Str path;
	uint64_t inode = 0;
	CHECK(proc_unix_listener(S("0: 00000002 00000000 00010000 0001 01 77 /run/a b.sock"), &path,
				 &inode));
	CHECK_STR(path, S("/run/a b.sock"));
	CHECK(inode == 77);
	CHECK(!proc_unix_listener(S("0: 00000003 00000000 00000000 0001 03 78 /run/a"), &path,
				  &inode));
	CHECK(!proc_unix_listener(S("0: 00000002 00000000 00010000 0001 01 79"), &path, &inode));
	CHECK(!proc_unix_listener(S("0: 00000002 00000000 00010000 0001 01 79 @a"), &path, &inode));
	CHECK(proc_socket(S("socket:[12]"), &inode) && inode == 12);
	CHECK(!proc_socket(S("socket:[]"), &inode) && !proc_socket(S("pipe:[1]"), &inode));
	CHECK(!proc_socket(S("socket:["), &inode));
}

static bool tcp(const char *local, TcpListener *l)
{
	char line[256];
	snprintf(line, sizeof line, "  0: %s 00000000:0000 0A 0:0 00:0 0 0 0 99 1 0", local);
	return proc_tcp_listener(str_of(line), l) && l->inode == 99;
}

TEST(addresses_that_listen)
{
	TcpListener l;
	CHECK(tcp("00000000:0947", &l) && l.any && !l.loopback && l.port == 2375);
	CHECK(tcp("0100007F:0948", &l) && !l.any && l.loopback && l.port == 2376);
	CHECK(tcp("0A00000A:0948", &l) && !l.any && !l.loopback);
	CHECK(tcp("00000000000000000000000000000000:0947", &l) && l.any);
	CHECK(tcp("00000000000000000000000001000000:0947", &l) && l.loopback && !l.any);
	CHECK(tcp("0000000000000000FFFF00000100007F:0947", &l) && l.loopback);
	CHECK(tcp("0000000000000000FFFF00000A00000A:0947", &l) && !l.loopback && !l.any);
	CHECK(tcp("B80D0120000000000000000001000000:0947", &l) && !l.loopback && !l.any);
	CHECK(!tcp("00000000", &l) && !tcp("00:01", &l) && !tcp("00000000:10000", &l));
	CHECK(!proc_tcp_listener(S("0: 0100007F:0947 0:0 01 0:0 00:0 0 0 0 99"), &l));
}
