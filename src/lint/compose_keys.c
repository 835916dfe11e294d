/* compose_keys.c - C123, C125: attributes that Compose does not know, or no longer reads. */
#include "lint/compose_rule.h"

/* ---- C123 version ---- */

/* The whole line, when nothing else stands in it. */
static void fix_version(const Compose *c, const NodeEntry *e, LintSink *to)
{
	Str text = c->files.at[e->key->file]->document.places.text;
	uint32_t from = e->key->span.at, end = e->value->span.end;
	while (end < text.n && text.p[end] != '\n') {
		if (text.p[end] != ' ' && text.p[end] != '\t' && text.p[end] != '\r')
			return;
		end++;
	}
	if (from != 0 && text.p[from - 1] != '\n')
		return;
	lint_fix(to, (Span){from, end < text.n ? end + 1 : end}, S(""), true);
}

static void check_version(const Compose *c, LintSink *to)
{
	for (size_t i = 0; i < c->files.n; i++) {
		const NodeVec *roots = &c->files.at[i]->document.roots;
		for (size_t k = 0; k < roots->n; k++) {
			const NodeEntry *e = node_entry(roots->at[k], S("version"));
			if (e == NULL || e->value->type != NODE_TEXT)
				continue;
			compose_say(to, e->key, "'version' is not read any more");
			fix_version(c, e, to);
		}
	}
}

const LintRule lint_C123 = {
	.id = "C123",
	.name = "obsolete-version",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Compose 2 ignores it, and warns on every call.",
	.help = "remove the line",
	.aliases = LIST("no-version-field"),
	.good = LIST("services:\n  a:\n    image: a:1\n"),
	.bad = LIST("version: \"3.8\"\nservices:\n  a:\n    image: a:1\n",
		    "services: {}\nversion: '2'"),
	.check_compose = check_version,
};

/* ---- C125 unknown ---- */

/* Words of compose-spec.json, blank separated. */
static const struct {
	const char *path, *keys;
} known[] = {
	{"", "configs include jobs models name networks secrets services version volumes"},
	{"service",
	 "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command "
	 "configs container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period "
	 "cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop "
	 "device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file "
	 "environment expose extends external_links extra_hosts gpus group_add healthcheck "
	 "hostname image init ipc isolation label_file labels links logging mac_address mem_limit "
	 "mem_reservation mem_swappiness memswap_limit models network_mode networks "
	 "oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start "
	 "pre_stop privileged profiles provider pull_policy pull_refresh_after read_only restart "
	 "runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal "
	 "storage_opt sysctls tmpfs tty ulimits umask use_api_socket user userns_mode uts volumes "
	 "volumes_from working_dir"},
	{"deploy",
	 "endpoint_mode labels mode placement replicas resources restart_policy rollback_config "
	 "update_config"},
	{"healthcheck", "disable interval retries start_interval start_period test timeout"},
	{"volume", "driver driver_opts external labels name"},
	{"network", "attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam "
		    "labels name"},
};

static bool is_word_of(Str word, const char *words)
{
	Str rest = str_of(words), w;
	while (str_cut(&rest, ' ', &w))
		if (str_eq(w, word))
			return true;
	return false;
}

/* Letters to add, remove, change or swap, up to 2; 3 is more. */
static unsigned distance(Str x, Str y)
{
	unsigned row[64], last[64];
	if (x.n >= 64 || y.n >= 64 || x.n > y.n + 2 || y.n > x.n + 2)
		return 3;
	for (unsigned k = 0; k <= y.n; k++)
		row[k] = k;
	for (size_t i = 1; i <= x.n; i++) {
		memcpy(last, row, sizeof row);
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= y.n; k++) {
			unsigned change = last[k - 1] + (x.p[i - 1] != y.p[k - 1]);
			unsigned add = row[k - 1] + 1, remove = last[k] + 1;
			row[k] = change < add ? change : add;
			row[k] = row[k] < remove ? row[k] : remove;
		}
	}
	return row[y.n];
}

static Str nearest(Str word, const char *words)
{
	Str rest = str_of(words), w, best = {NULL, 0};
	unsigned least = word.n < 5 ? 2 : 3;
	while (str_cut(&rest, ' ', &w)) {
		unsigned d = distance(word, w);
		if (d < least) {
			least = d;
			best = w;
		}
	}
	return best;
}

static void check_map(const Node *map, const char *path, const char *what, LintSink *to)
{
	const char *words = "";
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].path, path) == 0)
			words = known[i].keys;
	for (size_t i = 0; map != NULL && map->type == NODE_MAP && i < map->n; i++) {
		Str key = map->entries[i].key->text;
		if (str_starts(key, S("x-")) || is_word_of(key, words))
			continue;
		Str near = nearest(key, words);
		compose_say(to, map->entries[i].key,
			    "%s has no attribute '" STR_FMT "'%s" STR_FMT "%s", what,
			    STR_ARG(str_first(key, 60)), near.n != 0 ? "; is '" : "", STR_ARG(near),
			    near.n != 0 ? "' meant?" : "");
	}
}

static void check_service(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	check_map(service->value, "service", "a service", to);
	check_map(node_get(service->value, S("deploy")), "deploy", "deploy", to);
	check_map(node_get(service->value, S("healthcheck")), "healthcheck", "healthcheck", to);
}

static void check_keys(const Compose *c, LintSink *to)
{
	const Node *volumes = node_get(c->root, S("volumes"));
	const Node *networks = node_get(c->root, S("networks"));
	check_map(c->root, "", "a project", to);
	compose_each(c, to, check_service);
	for (size_t i = 0; volumes != NULL && volumes->type == NODE_MAP && i < volumes->n; i++)
		check_map(volumes->entries[i].value, "volume", "a volume", to);
	for (size_t i = 0; networks != NULL && networks->type == NODE_MAP && i < networks->n; i++)
		check_map(networks->entries[i].value, "network", "a network", to);
}

const LintRule lint_C125 = {
	.id = "C125",
	.name = "unknown-attribute",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "Compose refuses the project: a limit or an option that is misspelled would else "
	       "not "
	       "be there, and nobody would know.",
	.help = "correct the name; what is for other tools is called x-...",
	.good = LIST("x-common: {}\nservices:\n  a:\n    image: a:1\n    x-mine: 1\n"),
	.bad = LIST("services:\n  a:\n    image: a:1\n    privilegd: true\n",
		    "service:\n  a: {image: a:1}\n",
		    "services:\n  a:\n    image: a:1\n    healthcheck: {cmd: x}\n"),
	.check_compose = check_keys,
};
