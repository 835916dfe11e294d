/* yaml.c - libyaml's events become a tree of nodes with places. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/map.h"
#include "compose/limits.h"
#include "compose/private.h"

typedef struct Open { /* a container being filled */
	Node *node;
	VEC(const Node *) items;
	VEC(NodeEntry) entries;
	Map at; /* key: index of its entry, plus 1 */
	const Node *key;
} Open;

typedef struct Building {
	Arena *a;
	Document *out;
	Open stack[LIMIT_COMPOSE_DEPTH];
	unsigned depth;
	size_t nodes;
	size_t chars, bytes; /* a place in the text, counted both ways */
	Map anchors;
	NodeVec roots;
	bool over; /* no YAML, or an alias that leads nowhere: no trees */
} Building;

/* ---- places ---- */

static bool goes_on(const Building *b, size_t byte)
{
	Str text = b->out->places.text;
	return byte < text.n && (text.p[byte] & 0xc0) == 0x80;
}

/* libyaml counts characters; its marks come nearly in order. */
static uint32_t byte_of(Building *b, size_t chars)
{
	while (b->chars < chars && b->bytes < b->out->places.text.n) {
		do
			b->bytes++;
		while (goes_on(b, b->bytes));
		b->chars++;
	}
	while (b->chars > chars && b->bytes > 0) {
		do
			b->bytes--;
		while (b->bytes > 0 && goes_on(b, b->bytes));
		b->chars--;
	}
	return (uint32_t)b->bytes;
}

static Span span_of(Building *b, const yaml_event_t *e)
{
	uint32_t at = byte_of(b, e->start_mark.index);
	uint32_t end = byte_of(b, e->end_mark.index);
	return (Span){at, end > at ? end : at};
}

void node_problem(NodeProblems *to, Arena *a, uint16_t file, Span span, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	if (to->n >= LIMIT_COMPOSE_PROBLEMS)
		return;
	va_start(args, fmt);
	int n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		die_oom();
	vec_push(a, to, (NodeProblem){file, span, arena_str(a, str_of(text))});
	free(text);
}

static void wrong(Building *b, Span span, const char *what)
{
	node_problem(&b->out->problems, b->a, b->out->file, span, "%s", what);
}

/* ---- the tree ---- */

static Node *new_node(Building *b, NodeType type, Span span)
{
	Node *n = arena_new(b->a, Node);
	*n = (Node){.type = type, .file = b->out->file, .span = span};
	return n;
}

static Result count(Building *b, size_t nodes, size_t depth)
{
	b->nodes += nodes;
	if (b->nodes > LIMIT_COMPOSE_NODES)
		FAIL(ERR_LIMIT, "more than %u values, aliases followed", LIMIT_COMPOSE_NODES);
	if (b->depth + depth > LIMIT_COMPOSE_DEPTH)
		FAIL(ERR_LIMIT, "nested deeper than %u", LIMIT_COMPOSE_DEPTH);
	return OK;
}

static void put_entry(Building *b, Open *o, const Node *key, const Node *value)
{
	void **at = map_at(&o->at, b->a, key->text);
	size_t index = (size_t)(uintptr_t)*at;
	if (index != 0 && key->type == NODE_TEXT) {
		node_problem(&b->out->problems, b->a, b->out->file, key->span,
			     "key '" STR_FMT "' stands twice in one mapping",
			     STR_ARG(str_first(key->text, 60)));
		o->entries.at[index - 1] = (NodeEntry){key, value};
		return;
	}
	vec_push(b->a, &o->entries, (NodeEntry){key, value});
	*at = (void *)(uintptr_t)o->entries.n;
}

static bool is_merge_key(const Node *key)
{
	return key->type == NODE_TEXT && key->plain && str_eq(key->text, S("<<"));
}

static void place_node(Building *b, const Node *n)
{
	if (b->depth == 0) {
		vec_push(b->a, &b->roots, n);
		return;
	}
	Open *o = &b->stack[b->depth - 1];
	if (o->node->type == NODE_LIST) {
		vec_push(b->a, &o->items, n);
	} else if (o->key == NULL) {
		o->key = n;
		if (n->type != NODE_TEXT)
			wrong(b, n->span, "a key that is not a scalar");
	} else {
		if (is_merge_key(o->key)) /* there may be several: they are no key */
			vec_push(b->a, &o->entries, (NodeEntry){o->key, n});
		else
			put_entry(b, o, o->key, n);
		o->key = NULL;
	}
}

/* ---- merge keys ---- */

static void merge_from(Building *b, Open *into, const Node *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const NodeEntry *e = &from->entries[i];
		if (map_get(&into->at, e->key->text) == NULL)
			put_entry(b, into, e->key, e->value);
	}
}

static void merge_value(Building *b, Open *into, const Node *value)
{
	if (value->type == NODE_MAP) {
		merge_from(b, into, value);
		return;
	}
	for (size_t i = 0; value->type == NODE_LIST && i < value->n; i++)
		if (value->items[i]->type == NODE_MAP)
			merge_from(b, into, value->items[i]);
	if (value->type == NODE_TEXT)
		wrong(b, value->span, "'<<' takes a mapping, or a list of them");
}

/* What the mapping has itself counts before what it merges. */
static void carry_out_merges(Building *b, Open *o)
{
	VEC(const Node *) sources = {0};
	size_t kept = 0;
	for (size_t i = 0; i < o->entries.n; i++) {
		if (is_merge_key(o->entries.at[i].key)) {
			vec_push(b->a, &sources, o->entries.at[i].value);
			continue;
		}
		*map_at(&o->at, b->a, o->entries.at[i].key->text) = (void *)(uintptr_t)(kept + 1);
		o->entries.at[kept++] = o->entries.at[i];
	}
	o->entries.n = kept;
	for (size_t i = 0; i < sources.n; i++)
		merge_value(b, o, sources.at[i]);
}

/* ---- events ---- */

static void weigh(Node *n)
{
	n->weight = 1;
	for (size_t i = 0; i < n->n; i++) {
		const Node *in = n->type == NODE_LIST ? n->items[i] : n->entries[i].value;
		n->weight += in->weight + (n->type == NODE_MAP);
		n->depth = in->depth >= n->depth ? in->depth + 1 : n->depth;
	}
	n->depth = n->depth != 0 ? n->depth : 1;
}

static void name_node(Building *b, Node *n, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (tag != NULL)
		n->tag = arena_str(b->a, str_of((const char *)tag));
	if (anchor == NULL)
		return;
	n->anchored = true;
	*map_at(&b->anchors, b->a, arena_str(b->a, str_of((const char *)anchor))) = n;
}

static Result take_scalar(Building *b, const yaml_event_t *e)
{
	Node *n = new_node(b, NODE_TEXT, span_of(b, e));
	n->text = arena_str(b->a, (Str){(const char *)e->data.scalar.value, e->data.scalar.length});
	n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n->weight = 1;
	name_node(b, n, e->data.scalar.anchor, e->data.scalar.tag);
	vec_push(b->a, &b->out->scalars, n->span);
	TRY(count(b, 1, 0));
	place_node(b, n);
	return OK;
}

static Result take_alias(Building *b, const yaml_event_t *e)
{
	const Node *n = map_get(&b->anchors, str_of((const char *)e->data.alias.anchor));
	if (n == NULL || n->weight == 0) {
		node_problem(&b->out->problems, b->a, b->out->file, span_of(b, e),
			     n == NULL ? "no anchor &%s stands before this alias"
				       : "alias *%s lies within its own anchor",
			     (const char *)e->data.alias.anchor);
		b->over = true;
		return OK;
	}
	TRY(count(b, n->weight, n->depth));
	place_node(b, n);
	return OK;
}

static Result open_container(Building *b, const yaml_event_t *e, NodeType type)
{
	Node *n = new_node(b, type, span_of(b, e));
	if (type == NODE_LIST)
		name_node(b, n, e->data.sequence_start.anchor, e->data.sequence_start.tag);
	else
		name_node(b, n, e->data.mapping_start.anchor, e->data.mapping_start.tag);
	TRY(count(b, 1, 1));
	b->stack[b->depth++] = (Open){.node = n};
	return OK;
}

/* A block ends where its last child does; the event stands where the next thing begins. */
static uint32_t end_of(Building *b, const Open *o, const yaml_event_t *e)
{
	uint32_t end = span_of(b, e).end, last = o->node->span.at;
	bool flow = e->end_mark.index > e->start_mark.index;
	for (size_t i = 0; i < o->items.n; i++)
		last = o->items.at[i]->span.end > last ? o->items.at[i]->span.end : last;
	for (size_t i = 0; i < o->entries.n; i++) {
		Span key = o->entries.at[i].key->span, value = o->entries.at[i].value->span;
		last = key.end > last && key.end <= end ? key.end : last;
		last = value.end > last && value.end <= end ? value.end : last;
	}
	return flow || last > end ? end : last;
}

static Result close_container(Building *b, const yaml_event_t *e)
{
	Open *o = &b->stack[b->depth - 1];
	Node *n = o->node;
	n->span.end = end_of(b, o, e);
	size_t own = o->entries.n;
	carry_out_merges(b, o);
	n->items = o->items.at;
	n->entries = o->entries.at;
	n->n = n->type == NODE_LIST ? o->items.n : o->entries.n;
	weigh(n);
	b->depth--;
	if (o->entries.n != own)
		TRY(count(b, n->weight, n->depth));
	place_node(b, n);
	return OK;
}

static Result take_event(Building *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT: return take_scalar(b, e);
	case YAML_ALIAS_EVENT: return take_alias(b, e);
	case YAML_SEQUENCE_START_EVENT: return open_container(b, e, NODE_LIST);
	case YAML_MAPPING_START_EVENT: return open_container(b, e, NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: return close_container(b, e);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT: return OK;
	}
	FAIL(ERR_BUG, "an unknown event");
}

static void not_yaml(Building *b, const yaml_parser_t *p)
{
	Span at = {0, 0};
	bool reader = p->error == YAML_READER_ERROR;
	size_t index = reader ? p->mark.index : p->problem_mark.index;
	at.at = at.end = byte_of(b, index);
	node_problem(&b->out->problems, b->a, b->out->file, at, "not YAML: %s",
		     p->problem != NULL ? p->problem : "it cannot be read");
	b->over = true;
}

static Result read_events(yaml_parser_t *p, Building *b)
{
	for (bool end = false; !end && !b->over;) {
		yaml_event_t e;
		if (!yaml_parser_parse(p, &e)) {
			not_yaml(b, p);
			return OK;
		}
		end = e.type == YAML_STREAM_END_EVENT;
		Err *err = take_event(b, &e);
		yaml_event_delete(&e);
		TRY(err);
	}
	return OK;
}

Result document_read(Str text, uint16_t file, Arena *a, Document *out)
{
	yaml_parser_t p;
	if (text.n > LIMIT_COMPOSE_BYTES)
		FAIL(ERR_LIMIT, "larger than %u bytes", LIMIT_COMPOSE_BYTES);
	*out = (Document){.file = file, .places = places_of(text, a)};
	Building *b = arena_new(a, Building);
	b->a = a;
	b->out = out;
	if (str_starts(text, S("\xff\xfe")) || str_starts(text, S("\xfe\xff"))) {
		wrong(b, (Span){0, 0}, "not UTF-8");
		return OK;
	}
	if (!yaml_parser_initialize(&p))
		die_oom();
	yaml_parser_set_input_string(&p, (const unsigned char *)text.p, text.n);
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	Err *e = read_events(&p, b);
	yaml_parser_delete(&p);
	TRY(e);
	if (!b->over)
		out->roots = b->roots;
	return OK;
}
