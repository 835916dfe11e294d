/* merge.c - one tree over another, each attribute by the rule it has.
 *
 * Maps merge by key, lists grow, the rest is replaced; but some lists have keys of their own
 * (ports, volumes), some maps may be written as lists (environment), and some lists are replaced
 * (command). As compose-go's override package has it. */
#include "base/buf.h"
#include "compose/limits.h"
#include "compose/private.h"

typedef enum How {
	HOW_TYPE,    /* as the type has it */
	HOW_REPLACE, /* the override alone */
	HOW_PAIRS,   /* NAME=value, as a list or a map */
	HOW_LIST,    /* one, or a list of them */
	HOW_NAMES,   /* a list of names, or a map by name */
	HOW_BUILD,   /* a context, or a map */
	HOW_LOGGING,
} How;

static const struct {
	const char *path;
	How how;
} rules[] = {
	{"networks.*.ipam.config", HOW_REPLACE},
	{"networks.*.labels", HOW_PAIRS},
	{"volumes.*.labels", HOW_PAIRS},
	{"secrets.*.labels", HOW_PAIRS},
	{"configs.*.labels", HOW_PAIRS},
	{"services.*.annotations", HOW_PAIRS},
	{"services.*.build", HOW_BUILD},
	{"services.*.build.args", HOW_PAIRS},
	{"services.*.build.additional_contexts", HOW_PAIRS},
	{"services.*.build.extra_hosts", HOW_LIST},
	{"services.*.build.labels", HOW_PAIRS},
	{"services.*.command", HOW_REPLACE},
	{"services.*.depends_on", HOW_NAMES},
	{"services.*.deploy.labels", HOW_PAIRS},
	{"services.*.dns", HOW_LIST},
	{"services.*.dns_opt", HOW_LIST},
	{"services.*.dns_search", HOW_LIST},
	{"services.*.entrypoint", HOW_REPLACE},
	{"services.*.env_file", HOW_LIST},
	{"services.*.environment", HOW_PAIRS},
	{"services.*.extra_hosts", HOW_LIST},
	{"services.*.healthcheck.test", HOW_REPLACE},
	{"services.*.label_file", HOW_LIST},
	{"services.*.labels", HOW_PAIRS},
	{"services.*.logging", HOW_LOGGING},
	{"services.*.models", HOW_NAMES},
	{"services.*.networks", HOW_NAMES},
	{"services.*.sysctls", HOW_PAIRS},
	{"services.*.tmpfs", HOW_LIST},
};

static How how_at(Str path)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (str_eq(path, str_of(rules[i].path)))
			return rules[i].how;
	return HOW_TYPE;
}

/* ---- making nodes ---- */

typedef struct MapMaking {
	Node *node;
	NodeEntries entries;
	Map at; /* key: index, plus 1 */
} MapMaking;

static Result spend(Merging *m, size_t nodes)
{
	if (nodes > *m->budget)
		FAIL(ERR_LIMIT, "merged files have more than %u values", LIMIT_COMPOSE_MERGED);
	*m->budget -= nodes;
	return OK;
}

static Node *node_like(Merging *m, NodeType type, const Node *like)
{
	Node *n = arena_new(m->a, Node);
	*n = (Node){.type = type, .file = like->file, .span = like->span, .weight = 1};
	n->anchored = like->anchored;
	return n;
}

static void put(Merging *m, MapMaking *to, NodeEntry e)
{
	void **at = map_at(&to->at, m->a, e.key->text);
	if (*at != NULL) {
		to->entries.at[(uintptr_t)*at - 1] = e;
		return;
	}
	vec_push(m->a, &to->entries, e);
	*at = (void *)(uintptr_t)to->entries.n;
}

static const Node *finish(MapMaking *to)
{
	to->node->entries = to->entries.at;
	to->node->n = to->entries.n;
	return to->node;
}

/* ---- forms of one thing ---- */

static const Node *text_node(Merging *m, const Node *like, Str text)
{
	Node *n = node_like(m, NODE_TEXT, like);
	n->text = text;
	n->vars = like->vars;
	return n;
}

/* "NAME=value" of a list becomes an entry; a name alone has no value. */
static void put_pair(Merging *m, MapMaking *to, const Node *item)
{
	Str rest = node_text(item), name;
	if (item->type != NODE_TEXT || !str_cut(&rest, '=', &name))
		return;
	Node *value = node_like(m, NODE_TEXT, item);
	value->text = rest;
	value->vars = item->vars;
	value->plain = rest.p == NULL; /* null */
	put(m, to, (NodeEntry){text_node(m, item, name), value});
}

static const Node *as_pairs(Merging *m, const Node *n)
{
	if (n->type == NODE_MAP)
		return n;
	MapMaking to = {.node = node_like(m, NODE_MAP, n)};
	for (size_t i = 0; i < node_count(n); i++)
		put_pair(m, &to, node_item(n, i));
	return finish(&to);
}

static const Node *as_names(Merging *m, const Node *n)
{
	if (n->type != NODE_LIST)
		return n;
	MapMaking to = {.node = node_like(m, NODE_MAP, n)};
	for (size_t i = 0; i < n->n; i++) {
		Node *nothing = node_like(m, NODE_TEXT, n->items[i]);
		nothing->plain = true;
		if (n->items[i]->type == NODE_TEXT)
			put(m, &to, (NodeEntry){n->items[i], nothing});
	}
	return finish(&to);
}

static const Node *as_build(Merging *m, const Node *n)
{
	if (n->type != NODE_TEXT || node_is_null(n))
		return n;
	MapMaking to = {.node = node_like(m, NODE_MAP, n)};
	put(m, &to, (NodeEntry){text_node(m, n, S("context")), n});
	return finish(&to);
}

/* A map as "name=value" items, where a list stands on the other side. */
static const Node *as_list(Merging *m, const Node *n)
{
	if (n->type == NODE_LIST)
		return n;
	Node *list = node_like(m, NODE_LIST, n);
	list->items = arena_array(m->a, const Node *, n->n + 1);
	if (n->type == NODE_TEXT)
		list->items[list->n++] = n;
	for (size_t i = 0; n->type == NODE_MAP && i < n->n; i++) {
		const NodeEntry *e = &n->entries[i];
		Buf b = buf_in(m->a, LIMIT_COMPOSE_VALUE_BYTES);
		buf_fmt(&b, STR_FMT "=" STR_FMT, STR_ARG(e->key->text),
			STR_ARG(node_text(e->value)));
		Node *item = node_like(m, NODE_TEXT, e->key);
		item->text = buf_str(&b);
		item->vars = e->value->vars;
		list->items[list->n++] = item;
	}
	return list;
}

/* ---- lists whose items have keys ---- */

static void write_whole(Buf *to, const Node *n)
{
	buf_fmt(to, "%d:%zu:", (int)n->type, n->type == NODE_TEXT ? n->text.n : n->n);
	if (n->type == NODE_TEXT)
		buf_add(to, n->text);
	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++)
		write_whole(to, n->items[i]);
	for (size_t i = 0; n->type == NODE_MAP && i < n->n; i++) {
		buf_add(to, n->entries[i].key->text);
		write_whole(to, n->entries[i].value);
	}
}

static void write_port(Buf *to, const Node *n)
{
	Str ip = node_str(n, S("host_ip")), protocol = node_str(n, S("protocol"));
	buf_add(to, ip.n != 0 ? ip : S("0.0.0.0"));
	buf_char(to, ' ');
	buf_add(to, node_str(n, S("published")));
	buf_char(to, ' ');
	buf_add(to, node_str(n, S("target")));
	buf_char(to, '/');
	buf_add(to, protocol.n != 0 ? protocol : S("tcp"));
}

static bool is_one_of(Str word, const char *words)
{
	Str rest = str_of(words), w;
	while (str_cut(&rest, ' ', &w))
		if (str_eq(w, word))
			return true;
	return false;
}

static Str item_key(Merging *m, Str path, const Node *n)
{
	Buf b = buf_in(m->a, LIMIT_COMPOSE_VALUE_BYTES);
	Str attribute = str_skip(path, strlen("services.*."));
	bool map = n->type == NODE_MAP;
	if (str_eq(attribute, S("volumes"))) {
		Str target = mount_target(n);
		if (target.n != 0)
			return target;
	}
	if (str_eq(attribute, S("devices")) && !map) {
		Str rest = node_text(n), source, target;
		str_cut(&rest, ':', &source);
		return str_cut(&rest, ':', &target) ? target : source;
	}
	if (map && str_eq(attribute, S("ports"))) {
		write_port(&b, n);
	} else if (map && is_one_of(attribute, "secrets configs devices")) {
		Str target = node_str(n, S("target"));
		return target.n != 0 ? target : node_str(n, S("source"));
	} else if (map && str_eq(attribute, S("env_file"))) {
		return node_str(n, S("path"));
	} else if (!map && n->type == NODE_TEXT) {
		return n->text;
	} else {
		write_whole(&b, n);
	}
	return buf_str(&b);
}

/* One item per key: the last, where the first stood. */
static Result keep_unique(Merging *m, Str path, const Node *n, const Node **out)
{
	Node *list = node_like(m, NODE_LIST, n);
	Map seen = {0};
	TRY(spend(m, n->weight));
	list->weight = n->weight;
	list->items = arena_array(m->a, const Node *, n->n + 1);
	for (size_t i = 0; i < n->n; i++) {
		void **at = map_at(&seen, m->a, item_key(m, path, n->items[i]));
		if (*at != NULL) {
			list->items[(uintptr_t)*at - 1] = n->items[i];
			continue;
		}
		list->items[list->n++] = n->items[i];
		*at = (void *)(uintptr_t)list->n;
	}
	*out = list;
	return OK;
}

/* What stands in `base` as it is, is not added again. Items that have a long form are brought to
 * it by Compose after each file, and then are the same only when they come from one place. */
static Result append(Merging *m, Str path, const Node *base, const Node *over, const Node **out)
{
	Str attribute = str_skip(path, strlen("services.*."));
	bool has_long = is_one_of(attribute, "configs devices env_file ports secrets volumes");
	Node *list = node_like(m, NODE_LIST, base);
	Map seen = {0};
	TRY(spend(m, base->weight + over->weight));
	list->weight = base->weight + over->weight;
	list->items = arena_array(m->a, const Node *, base->n + over->n + 1);
	for (size_t i = 0; i < base->n + over->n; i++) {
		const Node *item = i < base->n ? base->items[i] : over->items[i - base->n];
		Buf b = buf_in(m->a, LIMIT_COMPOSE_VALUE_BYTES);
		if (has_long)
			buf_fmt(&b, "%u %u ", item->file, item->span.at);
		write_whole(&b, item);
		void **at = map_at(&seen, m->a, buf_str(&b));
		if (*at == NULL || i < base->n)
			list->items[list->n++] = item;
		*at = list;
	}
	*out = list;
	return OK;
}

/* ---- maps ---- */

/* Names of services and the like are "*". */
static Str path_below(Merging *m, Str path, Str key)
{
	static const char *const named[] = {"services", "networks", "volumes", "secrets",
					    "configs"};
	Buf b = buf_in(m->a, 256);
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (str_eq(path, str_of(named[i])))
			key = S("*");
	buf_add(&b, path);
	if (path.n != 0)
		buf_char(&b, '.');
	buf_add(&b, key);
	return b.full ? S("deeper") : buf_str(&b);
}

static Result merge_maps(Merging *m, Str path, const Node *base, const Node *over, const Node **out)
{
	MapMaking to = {.node = node_like(m, NODE_MAP, base)};
	TRY(spend(m, base->n + over->n));
	for (size_t i = 0; i < base->n; i++)
		put(m, &to, base->entries[i]);
	for (size_t i = 0; i < over->n; i++) {
		NodeEntry e = over->entries[i];
		size_t at = (uintptr_t)map_get(&to.at, e.key->text);
		if (at != 0) {
			NodeEntry was = to.entries.at[at - 1];
			const Node *value = NULL;
			TRY(merge_nodes(m, path_below(m, path, e.key->text), was.value, e.value,
					&value));
			e = (NodeEntry){value == e.value ? e.key : was.key, value};
		}
		put(m, &to, e);
	}
	*out = finish(&to);
	return OK;
}

static bool same_driver(const Node *base, const Node *over)
{
	Str was = node_str(base, S("driver")), is = node_str(over, S("driver"));
	return was.n == 0 || is.n == 0 || str_eq(was, is);
}

static Result merge_types(Merging *m, Str path, const Node *base, const Node *over,
			  const Node **out)
{
	if (base->type == NODE_MAP && over->type == NODE_MAP)
		return merge_maps(m, path, base, over, out);
	if (base->type == NODE_LIST && over->type == NODE_LIST)
		return append(m, path, base, over, out);
	if (base->type != over->type && !node_is_null(base) &&
	    !str_starts(path, S("services.*.ulimits")))
		node_problem(m->problems, m->a, over->file, over->span,
			     "cannot override " STR_FMT ", which is another kind of thing",
			     STR_ARG(path));
	*out = over;
	return OK;
}

Result merge_nodes(Merging *m, Str path, const Node *base, const Node *over, const Node **out)
{
	How how = how_at(path);
	*out = base != NULL ? base : over;
	if (base == NULL || over == NULL)
		return OK;
	if (str_eq(base->tag, S("!reset"))) {
		*out = over;
		return OK;
	}
	if (str_eq(over->tag, S("!reset")) || str_eq(over->tag, S("!override")) ||
	    how == HOW_REPLACE) {
		*out = over;
		return OK;
	}
	if (node_is_null(over) && how != HOW_NAMES)
		return OK;
	switch (how) {
	case HOW_PAIRS: return merge_maps(m, path, as_pairs(m, base), as_pairs(m, over), out);
	case HOW_LIST: return append(m, path, as_list(m, base), as_list(m, over), out);
	case HOW_NAMES: return merge_types(m, path, as_names(m, base), as_names(m, over), out);
	case HOW_BUILD: return merge_types(m, path, as_build(m, base), as_build(m, over), out);
	case HOW_LOGGING:
		*out = over;
		return same_driver(base, over) ? merge_types(m, path, base, over, out) : OK;
	case HOW_TYPE:
	case HOW_REPLACE: break;
	}
	return merge_types(m, path, base, over, out);
}

/* Lists of which each item has a key of its own, also when nothing is merged into them. */
static bool has_keys(Str path)
{
	static const char keyed[] =
		"cap_add cap_drop configs devices dns dns_opt dns_search env_file expose links "
		"ports profiles secrets tmpfs volumes";
	Str prefix = S("services.*.");
	return str_starts(path, prefix) && is_one_of(str_skip(path, prefix.n), keyed);
}

static Result settle_map(Merging *m, Str path, const Node *n, const Node **out)
{
	Node *kept = arena_new(m->a, Node);
	*kept = *n;
	TRY(spend(m, n->n));
	kept->entries = arena_array(m->a, NodeEntry, n->n + 1);
	kept->n = 0;
	for (size_t i = 0; i < n->n; i++) {
		NodeEntry e = n->entries[i];
		if (str_eq(e.value->tag, S("!reset")))
			continue;
		TRY(settle_nodes(m, path_below(m, path, e.key->text), e.value, &e.value));
		kept->entries[kept->n++] = e;
	}
	*out = kept;
	return OK;
}

Result settle_nodes(Merging *m, Str path, const Node *n, const Node **out)
{
	*out = n;
	if (n->type == NODE_LIST && how_at(path) == HOW_PAIRS)
		*out = as_pairs(m, n);
	else if (n->type == NODE_LIST && has_keys(path))
		return keep_unique(m, path, n, out);
	else if (n->type == NODE_MAP && !str_eq(path, S("deeper")))
		return settle_map(m, path, n, out);
	return OK;
}
