/* yaml.c - one YAML document as a Value tree, by libyaml's events. */
#include <yaml.h>

#include "base/limits.h"
#include "io/members.h"

typedef struct Open { /* a container being filled */
	Value *value;
	VEC(Value *) items;
	Members members;
	Str key;
	bool has_key;
} Open;

typedef struct Builder {
	Arena *arena;
	Open stack[LIMIT_VALUE_DEPTH];
	unsigned depth;
	size_t nodes;
	Value *root;
	YamlPlaces *places; /* NULL: nobody asks */
	yaml_mark_t mark;   /* of the event */
} Builder;

static void note_place(Builder *b, const void *what)
{
	if (b->places != NULL)
		vec_push(b->arena, b->places,
			 (YamlPlace){what, (uint32_t)b->mark.line + 1,
				     (uint32_t)b->mark.column + 1});
}

static Result place(Builder *b, Value *v)
{
	note_place(b, v);
	if (++b->nodes > LIMIT_VALUE_NODES)
		FAIL(ERR_LIMIT, "more than %u values", LIMIT_VALUE_NODES);
	if (b->depth == 0) {
		if (b->root != NULL)
			FAIL(ERR_INPUT, "more than one document");
		b->root = v;
		return OK;
	}
	Open *o = &b->stack[b->depth - 1];
	if (o->value->type == JSON_ARRAY) {
		vec_push(b->arena, &o->items, v);
	} else if (!o->has_key) {
		if (v->type != JSON_STRING)
			FAIL(ERR_INPUT, "a key that is not a scalar");
		if (members_has(&o->members, b->arena, v->text))
			FAIL(ERR_INPUT, "key '" STR_FMT "' stands twice in one mapping",
			     STR_ARG(str_first(v->text, 60)));
		o->key = v->text;
		o->has_key = true;
		note_place(b, v->text.p);
	} else {
		vec_push(b->arena, &o->members.list, (Member){o->key, v});
		o->has_key = false;
	}
	return OK;
}

static Result open_container(Builder *b, JsonType type)
{
	Value *v = arena_new(b->arena, Value);
	v->type = type;
	TRY(place(b, v));
	if (b->depth > 0 && b->stack[b->depth - 1].value->type == JSON_OBJECT &&
	    b->stack[b->depth - 1].has_key)
		FAIL(ERR_INPUT, "a key that is not a scalar");
	if (b->depth == LIMIT_VALUE_DEPTH)
		FAIL(ERR_LIMIT, "nested deeper than %u", LIMIT_VALUE_DEPTH);
	b->stack[b->depth++] = (Open){.value = v};
	return OK;
}

static void close_container(Builder *b)
{
	Open *o = &b->stack[--b->depth];
	o->value->items = o->items.at;
	o->value->members = o->members.list.at;
	o->value->n = o->value->type == JSON_ARRAY ? o->items.n : o->members.list.n;
}

static Result refuse_anchor(const unsigned char *anchor)
{
	if (anchor != NULL)
		FAIL(ERR_INPUT, "anchors (&name) are not accepted");
	return OK;
}

static Result take_event(Builder *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT: {
		TRY(refuse_anchor(e->data.scalar.anchor));
		Value *v = arena_new(b->arena, Value);
		v->type = JSON_STRING;
		v->text = arena_str(
			b->arena, (Str){(const char *)e->data.scalar.value, e->data.scalar.length});
		return place(b, v);
	}
	case YAML_SEQUENCE_START_EVENT:
		TRY(refuse_anchor(e->data.sequence_start.anchor));
		return open_container(b, JSON_ARRAY);
	case YAML_MAPPING_START_EVENT:
		TRY(refuse_anchor(e->data.mapping_start.anchor));
		return open_container(b, JSON_OBJECT);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: close_container(b); return OK;
	case YAML_ALIAS_EVENT: FAIL(ERR_INPUT, "aliases (*name) are not accepted");
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT: return OK;
	}
	FAIL(ERR_BUG, "an unknown event");
}

static Result read_events(yaml_parser_t *p, Builder *b)
{
	for (bool end = false; !end;) {
		yaml_event_t e;
		if (!yaml_parser_parse(p, &e))
			FAIL(ERR_INPUT, "yaml: line %zu: %s", p->problem_mark.line + 1,
			     p->problem != NULL ? p->problem : "not YAML");
		end = e.type == YAML_STREAM_END_EVENT;
		b->mark = e.start_mark;
		Err *err = take_event(b, &e);
		size_t line = e.start_mark.line + 1;
		yaml_event_delete(&e);
		if (err != OK)
			return err_in(err, "yaml: line %zu", line);
	}
	return OK;
}

Result value_from_yaml_at(Str text, Arena *a, Value **out, YamlPlaces *places)
{
	yaml_parser_t p;
	if (text.n > LIMIT_YAML_BYTES)
		FAIL(ERR_LIMIT, "yaml: a document larger than %u bytes", LIMIT_YAML_BYTES);
	if (!yaml_parser_initialize(&p))
		die_oom();
	yaml_parser_set_input_string(&p, (const unsigned char *)text.p, text.n);
	Builder *b = arena_new(a, Builder);
	b->arena = a;
	b->places = places;
	Err *e = read_events(&p, b);
	yaml_parser_delete(&p);
	TRY(e);
	if (b->root == NULL)
		FAIL(ERR_INPUT, "yaml: the document is empty");
	*out = b->root;
	return OK;
}

Result value_from_yaml(Str text, Arena *a, Value **out)
{
	return value_from_yaml_at(text, a, out, NULL);
}
