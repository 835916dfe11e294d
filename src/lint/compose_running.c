/* compose_running.c - C116 to C118, C120, C126, C127: limits, logs, health, restarts. */
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n"

/* ---- limits ---- */

/* 0 and -1 are none. */
static bool is_limit(const Node *n)
{
	return !node_is_null(n) && !str_eq(node_text(n), S("0")) && !str_eq(node_text(n), S("-1"));
}

static bool has_limit(const NodeEntry *service, Str own, Str deployed)
{
	const Node *resources = node_get(node_get(service->value, S("deploy")), S("resources"));
	return is_limit(node_get(service->value, own)) ||
	       is_limit(node_get(node_get(resources, S("limits")), deployed));
}

static void check_memory(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	if (!has_limit(service, S("mem_limit"), S("memory")))
		compose_lacks(to, service);
}

static void check_all_memory(const Compose *c, LintSink *to) { compose_each(c, to, check_memory); }

const LintRule lint_C116 = {
	.id = "C116",
	.name = "memory-unlimited",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "One service that leaks or is flooded takes all memory, and the kernel ends what it "
	       "likes to, on the whole host.",
	.help = "add mem_limit: 512m, or deploy.resources.limits.memory",
	.aliases = LIST("CL-0026", "CIS-5.11"),
	.absent = "no memory limit",
	.good = LIST(WEB "    mem_limit: 1g\n",
		     WEB "    deploy:\n      resources: {limits: {memory: 64M}}\n"),
	.bad = LIST(WEB "    mem_limit: 0\n", WEB,
		    WEB "    deploy:\n      resources: {reservations: {memory: 64M}}\n"),
	.check_compose = check_all_memory,
};

static void check_pids(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	if (!has_limit(service, S("pids_limit"), S("pids")))
		compose_lacks(to, service);
}

static void check_all_pids(const Compose *c, LintSink *to) { compose_each(c, to, check_pids); }

const LintRule lint_C126 = {
	.id = "C126",
	.name = "processes-unlimited",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.off = true,
	.why = "A program that forks without end fills the host's table of processes, and nobody "
	       "can log in any more.",
	.help = "add pids_limit: 200",
	.aliases = LIST("CIS-5.29"),
	.absent = "no limit of processes",
	.good = LIST(WEB "    pids_limit: 100\n",
		     WEB "    deploy: {resources: {limits: {pids: 9}}}\n"),
	.bad = LIST(WEB),
	.check_compose = check_all_pids,
};

static void check_cpu(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	if (!has_limit(service, S("cpus"), S("cpus")) &&
	    !has_limit(service, S("cpu_quota"), S("cpus")) &&
	    !has_limit(service, S("cpu_shares"), S("cpus")))
		compose_lacks(to, service);
}

static void check_all_cpu(const Compose *c, LintSink *to) { compose_each(c, to, check_cpu); }

const LintRule lint_C127 = {
	.id = "C127",
	.name = "processor-unlimited",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.off = true,
	.why = "One busy service takes the processors from all others, and from those who come to "
	       "stop it.",
	.help = "add cpus: 1.5, or cpu_shares for a part of what is there",
	.aliases = LIST("CIS-5.12"),
	.absent = "no limit of processor time",
	.good = LIST(WEB "    cpus: 0.5\n", WEB "    cpu_shares: 512\n"),
	.bad = LIST(WEB),
	.check_compose = check_all_cpu,
};

/* ---- C117 logging ---- */

static void check_logging(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *n = node_get(node_get(service->value, S("logging")), S("driver"));
	(void)c;
	if (compose_known(to, n) && str_eq(node_text(n), S("none")))
		compose_say(to, n, "'" STR_FMT "' leaves no log", STR_ARG(service->key->text));
}

static void check_all_logging(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_logging);
}

const LintRule lint_C117 = {
	.id = "C117",
	.name = "no-logging",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "After a break-in or a failure there is nothing to read.",
	.help = "use the local driver, which rotates, or one that sends the log elsewhere",
	.aliases = LIST("CL-0014"),
	.good = LIST(WEB "    logging: {driver: local}\n"),
	.bad = LIST(WEB "    logging:\n      driver: none\n",
		    WEB "    logging:\n      driver: \"none\"\n"),
	.check_compose = check_all_logging,
};

/* ---- C118 health ---- */

static void check_health(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *health = node_get(service->value, S("healthcheck"));
	(void)c;
	if (node_get(health, S("test")) == NULL && !node_is_true(node_get(health, S("disable"))))
		compose_lacks(to, service);
}

static void check_all_health(const Compose *c, LintSink *to) { compose_each(c, to, check_health); }

const LintRule lint_C118 = {
	.id = "C118",
	.name = "no-service-healthcheck",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_LOW,
	.off = true,
	.why = "Without one, what hangs counts as running, and depends_on waits for the start "
	       "only. "
	       "The image may bring its own.",
	.help = "add healthcheck: {test: [...]}, or disable: true for a job",
	.aliases = LIST("CIS-5.27"),
	.absent = "no health check",
	.good = LIST(WEB "    healthcheck: {test: [CMD, x]}\n",
		     WEB "    healthcheck: {disable: true}\n"),
	.bad = LIST(WEB, WEB "    healthcheck: {interval: 9s}\n"),
	.check_compose = check_all_health,
};

/* ---- C120 restarts ---- */

static void check_restart(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *n = node_get(service->value, S("restart"));
	(void)c;
	if (compose_known(to, n) &&
	    (str_eq(node_text(n), S("always")) || str_eq(node_text(n), S("on-failure")) ||
	     str_eq(node_text(n), S("unless-stopped"))))
		compose_say(to, n, "'" STR_FMT "' is started again without end",
			    STR_ARG(service->key->text));
}

static void check_all_restart(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_restart);
}

const LintRule lint_C120 = {
	.id = "C120",
	.name = "endless-restart",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_LOW,
	.off = true,
	.why = "A service that fails at once is started over and over: it fills the log, and gives "
	       "an attacker any number of tries.",
	.help = "write on-failure:5",
	.aliases = LIST("CIS-5.15"),
	.good = LIST(WEB "    restart: on-failure:5\n", WEB "    restart: \"no\"\n"),
	.bad = LIST(WEB "    restart: always\n", WEB "    restart: on-failure\n"),
	.check_compose = check_all_restart,
};
