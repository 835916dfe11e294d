/* node.c - questions to a tree. */
#include "compose/node.h"

const NodeEntry *node_entry(const Node *map, Str key)
{
	for (size_t i = 0; map != NULL && map->type == NODE_MAP && i < map->n; i++)
		if (map->entries[i].key->type == NODE_TEXT &&
		    str_eq(map->entries[i].key->text, key))
			return &map->entries[i];
	return NULL;
}

const Node *node_get(const Node *map, Str key)
{
	const NodeEntry *e = node_entry(map, key);
	return e != NULL ? e->value : NULL;
}

Str node_text(const Node *n)
{
	return n != NULL && n->type == NODE_TEXT ? n->text : (Str){NULL, 0};
}

Str node_str(const Node *map, Str key) { return node_text(node_get(map, key)); }

bool node_is_null(const Node *n)
{
	if (n == NULL)
		return true;
	if (n->type != NODE_TEXT || !n->plain)
		return false;
	return n->text.n == 0 || str_eq(n->text, S("~")) || str_eq_nocase(n->text, S("null"));
}

bool node_is_true(const Node *n)
{
	static const char *const words[] = {"true", "1", "t", "y", "yes", "on"};
	Str text = node_text(n);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_nocase(text, str_of(words[i])))
			return true;
	return false;
}

size_t node_count(const Node *n)
{
	if (n == NULL || n->type == NODE_MAP)
		return 0;
	return n->type == NODE_LIST ? n->n : !node_is_null(n);
}

const Node *node_item(const Node *n, size_t i) { return n->type == NODE_LIST ? n->items[i] : n; }
