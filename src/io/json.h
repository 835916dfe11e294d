/* json.h - a strict pull reader of JSON (RFC 8259) over bytes in memory.
 *
 * Strict: one document, UTF-8 checked, no comments, no trailing commas, depth
 * at most LIMIT_VALUE_DEPTH. Strings without escapes are borrowed from the
 * input; with escapes they are decoded into the arena. A key met twice in one
 * object is ERR_INPUT in json_tree(); a pull caller sees both.
 *
 *     Json j = json_over(text, arena);
 *     TRY(json_enter(&j, JSON_OBJECT));
 *     while (json_key(&j, &key))            // false at the end, or on an error
 *             if (str_eq(key, S("id"))) TRY(json_str(&j, &id));
 *             else TRY(json_skip(&j));
 *     TRY(json_leave(&j));                  // the error, if there was one
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

typedef enum JsonType {
	JSON_NULL = 1,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
} JsonType;

typedef struct Json {
	Str rest; /* not yet read */
	Str whole;
	Arena *arena;
	unsigned depth;
	uint8_t kind[65]; /* of each open container */
	bool first;       /* nothing read yet in the innermost container */
	Err *err;         /* met by json_key() or json_more(); given by json_leave() */
	size_t nodes;     /* of trees read so far; at most LIMIT_VALUE_NODES */
} Json;

Json json_over(Str text, Arena *a);
Result json_peek(Json *j, JsonType *out);
Result json_enter(Json *j, JsonType container);
bool json_key(Json *j, Str *key); /* in an object: the next member's key */
bool json_more(Json *j);          /* in an array: is there another element? */
Result json_leave(Json *j);       /* after json_key() or json_more() said false */
Result json_str(Json *j, Str *out);
Result json_number(Json *j, Str *out); /* its text, checked against the grammar */
Result json_bool(Json *j, bool *out);
Result json_skip(Json *j); /* the next value, whole, checked */
Result json_end(Json *j);  /* nothing but blanks may follow */

/* ---- trees, for small documents ---- */

typedef struct Value Value;
typedef struct Member {
	Str key;
	Value *value;
} Member;
struct Value {
	JsonType type;
	bool truth;
	Str text;        /* string, or a number's text */
	Value **items;   /* array */
	Member *members; /* object, in the document's order */
	size_t n;
};

Result json_tree(Json *j, Value **out);                  /* the next value */
Result value_from_json(Str text, Arena *a, Value **out); /* one document */
/* One document of YAML 1.1 as libyaml reads it: scalars stay text (JSON_STRING). Anchors and
 * keys that stand twice are ERR_INPUT; past LIMIT_YAML_BYTES it is ERR_LIMIT. */
Result value_from_yaml(Str text, Arena *a, Value **out);

typedef struct YamlPlace { /* where a key or a value begins; both from 1, columns in characters */
	const void *what;  /* the value, or a key's text.p */
	uint32_t line, column;
} YamlPlace;
typedef VEC(YamlPlace) YamlPlaces;
/* The same, and where everything stands: for small documents. */
Result value_from_yaml_at(Str text, Arena *a, Value **out, YamlPlaces *places);

/* All are fine with NULL or a value of another type: they answer NULL, S("") or 0. */
const Value *value_get(const Value *object, Str key);
Str value_str(const Value *object, Str key);            /* text of a string or number member */
const Value *value_items(const Value *object, Str key); /* an array member, or NULL */

/* ---- writing ---- */

struct Buf;
void json_quote(struct Buf *b, Str s); /* with its quotes; bytes that are not UTF-8 become U+FFFD */
/* ,"key":"value", or null when it is empty. */
void json_member(struct Buf *b, const char *key, Str value);
