/* compose_model.c - C001, C122 to C125: what Compose refuses, or no longer reads. */
#include "base/map.h"
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

typedef struct Model {
	const Compose *c;
	LintSink *to;
	Map declared[5]; /* by name, of each section */
} Model;

static const char *const sections[] = {"services", "networks", "volumes", "secrets", "configs"};

static void take_declared(Model *m)
{
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
		const Node *n = node_get(m->c->root, str_of(sections[i]));
		for (size_t k = 0; n != NULL && n->type == NODE_MAP && k < n->n; k++)
			*map_at(&m->declared[i], m->c->a,
				n->entries[k].key->text) = (void *)(uintptr_t)&n->entries[k];
	}
}

/* What could not be read may declare anything. */
static bool is_declared(const Model *m, const char *section, Str name)
{
	size_t i = 0;
	while (strcmp(sections[i], section) != 0)
		i++;
	return m->c->unread.n != 0 || map_get(&m->declared[i], name) != NULL;
}

static bool has_value(const Node *n) { return n != NULL && !(n->vars & VARS_UNSET); }

/* Names in a list, keys of a map; of maps in a list their `source`. */
static void check_names(const Model *m, const NodeEntry *service, const char *key,
			const char *section)
{
	const Node *n = node_get(service->value, str_of(key));
	for (size_t i = 0; n != NULL && n->type != NODE_TEXT && i < n->n; i++) {
		const Node *item = n->type == NODE_MAP ? n->entries[i].key : n->items[i];
		const Node *name = item->type == NODE_MAP ? node_get(item, S("source")) : item;
		bool built_in = str_eq(node_text(name), S("default")) &&
				strcmp(section, "networks") == 0;
		if (!has_value(name) || built_in || is_declared(m, section, node_text(name)))
			continue;
		compose_say(m->to, name, "'" STR_FMT "' is not declared under '%s'",
			    STR_ARG(str_first(node_text(name), 60)), section);
	}
}

static void check_volumes(const Model *m, const NodeEntry *service)
{
	ComposeMounts mounts = {0};
	compose_mounts(service->value, m->c->a, &mounts);
	for (size_t i = 0; i < mounts.n; i++) {
		const ComposeMount *v = &mounts.at[i];
		if (str_eq(v->type, S("volume")) && v->source.n != 0 && !str_has(v->source, '$') &&
		    !is_declared(m, "volumes", v->source))
			compose_say(m->to, v->node, "'" STR_FMT "' is not declared under 'volumes'",
				    STR_ARG(str_first(v->source, 60)));
	}
}

/* network_mode, pid and ipc may be those of another service. */
static void check_shared(const Model *m, const NodeEntry *service)
{
	static const char *const keys[] = {"network_mode", "pid", "ipc"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const Node *n = node_get(service->value, str_of(keys[i]));
		Str name = str_skip(node_text(n), strlen("service:"));
		if (has_value(n) && str_starts(node_text(n), S("service:")) &&
		    !is_declared(m, "services", name))
			compose_say(m->to, n, "there is no service '" STR_FMT "'",
				    STR_ARG(str_first(name, 60)));
	}
	const Node *mode = node_get(service->value, S("network_mode"));
	if (!node_is_null(mode) && !node_is_null(node_get(service->value, S("networks"))))
		compose_say(m->to, mode, "network_mode and networks exclude each other");
}

static void check_source(const Model *m, const NodeEntry *service)
{
	static const char *const keys[] = {"image", "build", "provider", "extends"};
	bool has = m->c->unread.n != 0;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		has = has || node_get(service->value, str_of(keys[i])) != NULL;
	if (!has)
		compose_say(m->to, service->key, "'" STR_FMT "' has neither an image nor a build",
			    STR_ARG(str_first(service->key->text, 60)));
}

static void check_service(const Model *m, const NodeEntry *service)
{
	check_source(m, service);
	check_names(m, service, "depends_on", "services");
	check_names(m, service, "networks", "networks");
	check_names(m, service, "secrets", "secrets");
	check_names(m, service, "configs", "configs");
	check_volumes(m, service);
	check_shared(m, service);
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
	Model m = {.c = c, .to = to};
	take_declared(&m);
	say_problems(c, to);
	check_shape(c, to);
	if (c->services != NULL) {
		for (size_t i = 0; i < c->services->n; i++)
			if (c->services->entries[i].value->type == NODE_MAP)
				check_service(&m, &c->services->entries[i]);
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
		    WEB "---\n- b\n", WEB "    init: *nothing\n", "services:\n  a: {init: true}\n",
		    WEB "    networks: [n]\n", WEB "    volumes: [vv:/v]\n",
		    WEB "    secrets:\n    - source: s\n", WEB "    depends_on: {db: {}}\n",
		    WEB "    network_mode: service:db\n", WEB "    depends_on: [web]\n",
		    WEB "    extends: {service: nobody}\n", "services: 7\n", "- a\n",
		    WEB "    container_name: x\n  b: {image: b:1, container_name: x}\n",
		    WEB "    network_mode: host\n    networks: [default]\n"),
	.check_compose = check_model,
};
