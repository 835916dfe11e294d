/* What is known of an engine from its arguments and its file, without one. */
#include "engine/daemon.h"

#include "engine/argv.h"
#include "tap.h"

static Daemon of(Arena *a, const char *line, const char *json)
{
	Daemon d = {.near = true,
		    .config_path = S("/etc/docker/daemon.json"),
		    .argv_source = S("argv")};
	Value *v = NULL;
	argv_split(str_of(line), a, &d.argv);
	if (json != NULL)
		CHECK_OK(value_from_json(str_of(json), a, &v));
	d.config = v;
	return d;
}

TEST(arguments_are_read_in_all_their_forms)
{
	Arena a = {0};
	Daemon d = of(&a,
		      "--icc=false -H tcp://1.2.3.4:2376 -H=unix:///x --log-level debug -lwarn "
		      "--userland-proxy --tlsverify=true --label 'a b'",
		      NULL);
	CHECK_STR(daemon_setting(&d, &a, "icc", NULL).text, S("false"));
	CHECK(daemon_setting(&d, &a, "hosts", "host").all.n == 2);
	CHECK_STR(daemon_setting(&d, &a, "hosts", "host").all.at[1], S("unix:///x"));
	CHECK_STR(daemon_setting(&d, &a, "log-level", NULL).text, S("warn"));
	CHECK_STR(daemon_setting(&d, &a, "userland-proxy", NULL).text, S("true"));
	CHECK_STR(daemon_setting(&d, &a, "labels", "label").text, S("a b"));
	CHECK(!daemon_setting(&d, &a, "tls", NULL).set);
	arena_finish(&a);
}

TEST(what_the_arguments_do_not_say_the_file_says)
{
	Arena a = {0};
	Daemon d = of(&a, "--icc=false",
		      "{\"icc\":true,\"hosts\":[\"fd://\",\"tcp://0.0.0.0:1\"],"
		      "\"live-restore\":true,\"log-opts\":{\"max-size\":\"1m\"}}");
	Setting icc = daemon_setting(&d, &a, "icc", NULL),
		hosts = daemon_setting(&d, &a, "hosts", "host");
	Setting live = daemon_setting(&d, &a, "live-restore", NULL);
	Setting opts = daemon_setting(&d, &a, "log-opts", "log-opt");
	CHECK(!setting_on(&icc, true) && str_eq(icc.source, S("argv")));
	CHECK(hosts.all.n == 2 && str_eq(hosts.source, S("/etc/docker/daemon.json")));
	CHECK(setting_on(&live, false));
	CHECK(opts.all.n == 1);
	CHECK_STR(opts.text, S("max-size=1m"));
	arena_finish(&a);
}

TEST(what_could_not_be_read_is_not_taken_for_the_default)
{
	Arena a = {0};
	Daemon d = of(&a, "", NULL);
	CHECK(daemon_setting(&d, &a, "icc", NULL).unknown.n == 0);
	d.config_why = S("daemon.json: does not parse");
	CHECK_STR(daemon_setting(&d, &a, "icc", NULL).unknown, S("daemon.json: does not parse"));
	d.config_why = S("");
	d.argv_source = S("");
	d.pid_why = S("hidden");
	CHECK(daemon_setting(&d, &a, "icc", NULL).unknown.n != 0);
	arena_finish(&a);
}
