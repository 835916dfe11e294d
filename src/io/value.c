/* value.c - small documents as trees. */
#include "base/limits.h"
#include "io/members.h"

typedef VEC(Value *) ValueVec;

static Result tree_array(Json *j, Value *v)
{
	ValueVec items = {0};
	TRY(json_enter(j, JSON_ARRAY));
	while (json_more(j)) {
		Value *item;
		TRY(json_tree(j, &item));
		vec_push(j->arena, &items, item);
	}
	v->items = items.at;
	v->n = items.n;
	return json_leave(j);
}

bool members_has(Members *m, Arena *a, Str key)
{
	enum { FEW = 16 };
	if (m->list.n < FEW) {
		for (size_t i = 0; i < m->list.n; i++)
			if (str_eq(m->list.at[i].key, key))
				return true;
		return false;
	}
	for (size_t i = m->index.n; i < m->list.n; i++)
		*map_at(&m->index, a, m->list.at[i].key) = m;
	return map_get(&m->index, key) != NULL;
}

static Result tree_object(Json *j, Value *v)
{
	Members members = {0};
	Str key;
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &key)) {
		Member m = {.key = key};
		if (members_has(&members, j->arena, key))
			FAIL(ERR_INPUT,
			     "json: byte %zu: key '" STR_FMT "' stands twice in one object",
			     j->whole.n - j->rest.n, STR_ARG(str_first(key, 60)));
		TRY(json_tree(j, &m.value));
		vec_push(j->arena, &members.list, m);
	}
	v->members = members.list.at;
	v->n = members.list.n;
	return json_leave(j);
}

Result json_tree(Json *j, Value **out)
{
	if (++j->nodes > LIMIT_VALUE_NODES)
		FAIL(ERR_LIMIT, "json: byte %zu: more than %u values", j->whole.n - j->rest.n,
		     LIMIT_VALUE_NODES);
	Value *v = arena_new(j->arena, Value);
	TRY(json_peek(j, &v->type));
	switch (v->type) {
	case JSON_ARRAY: TRY(tree_array(j, v)); break;
	case JSON_OBJECT: TRY(tree_object(j, v)); break;
	case JSON_STRING: TRY(json_str(j, &v->text)); break;
	case JSON_NUMBER: TRY(json_number(j, &v->text)); break;
	case JSON_BOOL: TRY(json_bool(j, &v->truth)); break;
	case JSON_NULL: TRY(json_skip(j)); break;
	}
	*out = v;
	return OK;
}

Result value_from_json(Str text, Arena *a, Value **out)
{
	Json j = json_over(text, a);
	Value *v;
	TRY(json_tree(&j, &v));
	TRY(json_end(&j));
	*out = v;
	return OK;
}

const Value *value_get(const Value *object, Str key)
{
	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->n; i++)
		if (str_eq(object->members[i].key, key))
			return object->members[i].value;
	return NULL;
}

Str value_str(const Value *object, Str key)
{
	const Value *v = value_get(object, key);
	return v != NULL && (v->type == JSON_STRING || v->type == JSON_NUMBER) ? v->text : S("");
}

const Value *value_items(const Value *object, Str key)
{
	const Value *v = value_get(object, key);
	return v != NULL && v->type == JSON_ARRAY ? v : NULL;
}
