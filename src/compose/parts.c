/* parts.c - ports and mounts of a service, from short and long syntax to one form. */
#include "base/buf.h"
#include "compose/limits.h"
#include "compose/private.h"

/* ---- ports: [[ip:]published:]target[/protocol] ---- */

/* "[::1]:80:80": the address may have colons of its own. */
static Str take_address(Str *s)
{
	size_t end;
	Str ip;
	if (!str_starts(*s, S("[")) || !str_find(*s, S("]"), &end))
		return (Str){NULL, 0};
	ip = str_skip(str_first(*s, end), 1);
	*s = str_skip(*s, end + 1);
	if (str_starts(*s, S(":")))
		*s = str_skip(*s, 1);
	return ip;
}

/* What follows the last ':' that is not within ${...}; the rest stays. */
static Str take_last(Str *s)
{
	unsigned open = 0;
	for (size_t i = s->n; i > 0; i--) {
		char c = s->p[i - 1];
		open += c == '}';
		open -= c == '{' && open > 0;
		if (c == ':' && open == 0) {
			Str last = str_skip(*s, i);
			*s = str_first(*s, i - 1);
			return last;
		}
	}
	Str all = *s;
	*s = (Str){NULL, 0};
	return all;
}

static void short_port(const Node *n, ComposePort *out)
{
	Str rest = n->text, ip = take_address(&rest);
	Str target = take_last(&rest);
	out->published = take_last(&rest);
	out->ip = ip.n != 0 ? ip : rest;
	str_cut(&target, '/', &out->target);
	out->protocol = target;
}

static void long_port(const Node *n, ComposePort *out)
{
	out->ip = node_str(n, S("host_ip"));
	out->published = node_str(n, S("published"));
	out->target = node_str(n, S("target"));
	out->protocol = node_str(n, S("protocol"));
}

void compose_ports(const Node *service, Arena *a, ComposePorts *out)
{
	const Node *list = node_get(service, S("ports"));
	for (size_t i = 0; list != NULL && list->type == NODE_LIST && i < list->n; i++) {
		ComposePort p = {.node = list->items[i]};
		if (p.node->type == NODE_TEXT)
			short_port(p.node, &p);
		else if (p.node->type == NODE_MAP)
			long_port(p.node, &p);
		vec_push(a, out, p);
	}
}

/* ---- paths ---- */

bool compose_is_path(Str s)
{
	bool drive = s.n > 2 && s.p[1] == ':' && (s.p[2] == '\\' || s.p[2] == '/');
	return drive || (s.n != 0 && strchr("./~\\", s.p[0]) != NULL);
}

Str compose_clean_path(Str path, Arena *a)
{
	StrVec parts = {0};
	Str rest = path, part;
	bool rooted = str_starts(path, S("/"));
	while (str_cut(&rest, '/', &part)) {
		bool up = str_eq(part, S(".."));
		if (part.n == 0 || str_eq(part, S(".")))
			continue;
		if (up && parts.n != 0 && !str_eq(parts.at[parts.n - 1], S("..")))
			parts.n--;
		else if (!up || !rooted)
			vec_push(a, &parts, part);
	}
	Buf b = buf_in(a, path.n + 2);
	for (size_t i = 0; i < parts.n; i++) {
		if (i != 0 || rooted)
			buf_char(&b, '/');
		buf_add(&b, parts.at[i]);
	}
	if (parts.n == 0)
		buf_char(&b, rooted ? '/' : '.');
	return buf_str(&b);
}

/* ---- mounts: [source:]target[:options] ---- */

static bool is_propagation(Str word)
{
	if (str_starts(word, S("r")) && !str_eq(word, S("ro")) && !str_eq(word, S("rw")))
		word = str_skip(word, 1);
	return str_eq(word, S("shared")) || str_eq(word, S("slave")) || str_eq(word, S("private"));
}

static void take_options(ComposeMount *out)
{
	Str rest = out->options, word;
	while (str_cut(&rest, ',', &word)) {
		if (str_eq(word, S("ro")) || str_eq(word, S("readonly")))
			out->read_only = true;
		if (is_propagation(word))
			out->propagation = word;
	}
}

/* The next part; a drive letter's colon, and those within ${...}, do not part. */
static Str take_part(Str *s)
{
	unsigned open = 0;
	bool drive = s->n > 2 && s->p[1] == ':' && (s->p[2] == '\\' || s->p[2] == '/') &&
		     s->p[0] != '.' && s->p[0] != '~' && s->p[0] != '/';
	for (size_t i = 0; i < s->n; i++) {
		open += s->p[i] == '{';
		open -= s->p[i] == '}' && open > 0;
		if (s->p[i] == ':' && open == 0 && !(drive && i == 1)) {
			Str part = str_first(*s, i);
			*s = str_skip(*s, i + 1);
			return part;
		}
	}
	Str all = *s;
	*s = (Str){NULL, 0};
	return all;
}

static void short_mount(const Node *n, ComposeMount *out)
{
	Str rest = n->text;
	Str first = take_part(&rest);
	if (rest.p == NULL) {
		out->target = first;
	} else {
		out->source = first;
		out->target = take_part(&rest);
		out->options = rest;
	}
	out->type = compose_is_path(out->source) ? S("bind") : S("volume");
	take_options(out);
}

static void long_mount(const Node *n, ComposeMount *out)
{
	out->type = node_str(n, S("type"));
	out->source = node_str(n, S("source"));
	out->target = node_str(n, S("target"));
	out->read_only = node_is_true(node_get(n, S("read_only")));
	out->propagation = node_str(node_get(n, S("bind")), S("propagation"));
}

static bool mount_as_written(const Node *n, ComposeMount *out)
{
	*out = (ComposeMount){.node = n};
	if (n->type == NODE_TEXT)
		short_mount(n, out);
	else if (n->type == NODE_MAP)
		long_mount(n, out);
	return n->type != NODE_LIST;
}

Str mount_target(const Node *n)
{
	ComposeMount m;
	return mount_as_written(n, &m) ? m.target : (Str){NULL, 0};
}

static bool mount_of(const Node *n, Arena *a, ComposeMount *out)
{
	if (!mount_as_written(n, out))
		return false;
	if (str_eq(out->type, S("bind")) && !str_has(out->source, '\\'))
		out->source = compose_clean_path(out->source, a);
	if (out->target.n != 0)
		out->target = compose_clean_path(out->target, a);
	return true;
}

void compose_mounts(const Node *service, Arena *a, ComposeMounts *out)
{
	const Node *list = node_get(service, S("volumes"));
	ComposeMount m;
	for (size_t i = 0; list != NULL && list->type == NODE_LIST && i < list->n; i++)
		if (mount_of(list->items[i], a, &m))
			vec_push(a, out, m);
}

void compose_pairs(const Node *n, Arena *a, NodeEntries *out)
{
	for (size_t i = 0; n != NULL && n->type == NODE_MAP && i < n->n; i++)
		vec_push(a, out, n->entries[i]);
	for (size_t i = 0; n != NULL && n->type == NODE_LIST && i < n->n; i++) {
		const Node *item = n->items[i];
		Str rest = node_text(item), name;
		if (item->type != NODE_TEXT || !str_cut(&rest, '=', &name))
			continue;
		Node *key = arena_new(a, Node), *value = arena_new(a, Node);
		*key = *value = *item;
		key->text = name;
		value->text = rest;
		value->plain = rest.p == NULL;
		vec_push(a, out, (NodeEntry){key, value});
	}
}
