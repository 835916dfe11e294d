/* compose_model.c - C001, C122 to C125: what Compose refuses, or no longer reads. */
#include "lint/compose_rule.h"

const LintRule lint_C001 = {
	.id = "C001",
	.name = "unused-ignore-in-compose",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "An ignore that accepts nothing hides the next finding of that rule.",
	.help = "remove the comment, or renew its date",
	.good = LIST("services:\n  # bulwark:ignore C102 -- a test\n  a:\n    image: a:1\n"
		     "    privileged: true\n"),
	.bad = LIST("# bulwark:ignore C102 -- gone since\nservices:\n  a:\n    image: a:1\n",
		    "services:\n  a:\n    image: a:1 # bulwark:ignore C104 until=2001-01-01\n"),
};

/* ---- C122 what Compose refuses ---- */

static void say_problems(const Compose *c, LintSink *to)
{
	for (size_t i = 0; i < c->problems.n; i++) {
		const NodeProblem *p = &c->problems.at[i];
		const Node at = {.file = p->file, .span = p->span};
		compose_say(to, &at, STR_FMT, STR_ARG(p->message));
	}
}

/* What could not be read may declare anything. */
static bool is_declared(const Compose *c, const char *section, Str name)
{
	return c->unread.n != 0 || node_get(node_get(c->root, str_of(section)), name) != NULL;
}

static bool has_value(const Node *n) { return n != NULL && !(n->vars & VARS_UNSET); }

/* Names in a list, keys of a map; of maps in a list their `source`. */
static void check_names(const Compose *c, const NodeEntry *service, const char *key,
			const char *section, LintSink *to)
{
	const Node *n = node_get(service->value, str_of(key));
	for (size_t i = 0; n != NULL && n->type != NODE_TEXT && i < n->n; i++) {
		const Node *item = n->type == NODE_MAP ? n->entries[i].key : n->items[i];
		const Node *name = item->type == NODE_MAP ? node_get(item, S("source")) : item;
		bool built_in = str_eq(node_text(name), S("default")) &&
				strcmp(section, "networks") == 0;
		if (!has_value(name) || built_in || is_declared(c, section, node_text(name)))
			continue;
		compose_say(to, name, "'" STR_FMT "' is not declared under '%s'",
			    STR_ARG(str_first(node_text(name), 60)), section);
	}
}

static void check_volumes(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposeMounts mounts = {0};
	compose_mounts(service->value, c->a, &mounts);
	for (size_t i = 0; i < mounts.n; i++) {
		const ComposeMount *m = &mounts.at[i];
		if (str_eq(m->type, S("volume")) && m->source.n != 0 && !str_has(m->source, '$') &&
		    !is_declared(c, "volumes", m->source))
			compose_say(to, m->node, "'" STR_FMT "' is not declared under 'volumes'",
				    STR_ARG(str_first(m->source, 60)));
	}
}

/* network_mode, pid and ipc may be those of another service. */
static void check_shared(const Compose *c, const NodeEntry *service, LintSink *to)
{
	static const char *const keys[] = {"network_mode", "pid", "ipc"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const Node *n = node_get(service->value, str_of(keys[i]));
		Str name = str_skip(node_text(n), strlen("service:"));
		if (has_value(n) && str_starts(node_text(n), S("service:")) &&
		    !is_declared(c, "services", name))
			compose_say(to, n, "there is no service '" STR_FMT "'",
				    STR_ARG(str_first(name, 60)));
	}
	const Node *mode = node_get(service->value, S("network_mode"));
	if (!node_is_null(mode) && !node_is_null(node_get(service->value, S("networks"))))
		compose_say(to, mode, "network_mode and networks exclude each other");
}

static void check_source(const Compose *c, const NodeEntry *service, LintSink *to)
{
	static const char *const keys[] = {"image", "build", "provider", "extends"};
	bool has = c->unread.n != 0;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		has = has || node_get(service->value, str_of(keys[i])) != NULL;
	if (!has)
		compose_say(to, service->key, "'" STR_FMT "' has neither an image nor a build",
			    STR_ARG(str_first(service->key->text, 60)));
}

static void check_service(const Compose *c, const NodeEntry *service, LintSink *to)
{
	check_source(c, service, to);
	check_names(c, service, "depends_on", "services", to);
	check_names(c, service, "networks", "networks", to);
	check_names(c, service, "secrets", "secrets", to);
	check_names(c, service, "configs", "configs", to);
	check_volumes(c, service, to);
	check_shared(c, service, to);
}

/* Who depends on itself in the end is never started. 0: not seen, 1: on the way, 2: done. */
static bool is_circular(const Compose *c, size_t service, uint8_t *seen, unsigned depth)
{
	const Node *n = node_get(c->services->entries[service].value, S("depends_on"));
	bool circular = false;
	seen[service] = 1;
	for (size_t i = 0; n != NULL && n->type != NODE_TEXT && i < n->n && depth < 500; i++) {
		Str name = node_text(n->type == NODE_MAP ? n->entries[i].key : n->items[i]);
		size_t k = 0;
		while (k < c->services->n && !str_eq(c->services->entries[k].key->text, name))
			k++;
		if (k < c->services->n && seen[k] == 1)
			circular = true;
		else if (k < c->services->n && seen[k] == 0)
			circular = is_circular(c, k, seen, depth + 1) || circular;
	}
	seen[service] = 2;
	return circular;
}

static void check_cycles(const Compose *c, LintSink *to)
{
	uint8_t *seen = arena_array(c->a, uint8_t, c->services->n + 1);
	for (size_t i = 0; i < c->services->n; i++)
		if (seen[i] == 0 && is_circular(c, i, seen, 0))
			compose_say(to, c->services->entries[i].key,
				    "'" STR_FMT "' depends on itself in the end",
				    STR_ARG(str_first(c->services->entries[i].key->text, 60)));
}

static void check_container_names(const Compose *c, LintSink *to)
{
	for (size_t i = 1; i < c->services->n; i++) {
		const Node *n = node_get(c->services->entries[i].value, S("container_name"));
		for (size_t k = 0; k < i && has_value(n) && !node_is_null(n); k++) {
			Str other = node_str(c->services->entries[k].value, S("container_name"));
			if (!str_eq(other, node_text(n)))
				continue;
			compose_say(to, n, "'" STR_FMT "' has the same container_name",
				    STR_ARG(c->services->entries[k].key->text));
			break;
		}
	}
}

static void check_shape(const Compose *c, LintSink *to)
{
	const Node *services = node_get(c->root, S("services"));
	if (services != NULL && services->type != NODE_MAP && !node_is_null(services))
		compose_say(to, services, "services is no mapping");
	for (size_t i = 0; c->services != NULL && i < c->services->n; i++) {
		const NodeEntry *e = &c->services->entries[i];
		if (e->value->type != NODE_MAP)
			compose_say(to, e->key, "service '" STR_FMT "' is no mapping",
				    STR_ARG(str_first(e->key->text, 60)));
	}
}

static void check_model(const Compose *c, LintSink *to)
{
	say_problems(c, to);
	check_shape(c, to);
	compose_each(c, to, check_service);
	if (c->services != NULL) {
		check_cycles(c, to);
		check_container_names(c, to);
	}
}

#define WEB "services:\n  web:\n    image: a:1\n"

const LintRule lint_C122 = {
	.id = "C122",
	.name = "invalid-compose",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Compose refuses the project, and starts nothing.",
	.help = "correct the file; 'docker compose config' shows what is read",
	.aliases = LIST("no-duplicate-container-names"),
	.good = LIST(WEB "    networks: [default, n]\n    volumes: [vv:/v, /anonymous, ./x:/x]\n"
			 "networks: {n: }\nvolumes: {vv: }\n",
		     "x-base: &b {image: a:1}\nservices:\n  a:\n    <<: *b\n    image: a:2\n",
		     WEB "  b:\n    image: b:1\n    depends_on: [web]\n    pid: service:web\n"),
	.bad = LIST(WEB "    image: b:1\n", "services: [\n", WEB "    user: ${X\n",
		    WEB "---\na: b\n", WEB "    init: *nothing\n", "services:\n  a: {init: true}\n",
		    WEB "    networks: [n]\n", WEB "    volumes: [vv:/v]\n",
		    WEB "    secrets:\n    - source: s\n", WEB "    depends_on: {db: {}}\n",
		    WEB "    network_mode: service:db\n", WEB "    depends_on: [web]\n",
		    WEB "    extends: {service: nobody}\n", "services: 7\n", "- a\n",
		    WEB "    container_name: x\n  b: {image: b:1, container_name: x}\n",
		    WEB "    network_mode: host\n    networks: [default]\n"),
	.check_compose = check_model,
};
