/* osv_range.c - events of a range as pairs: as they were written, else by their versions. */
#include "advisory/osv.h"
#include "base/limits.h"
#include "version/scheme.h"

typedef enum EventKind {
	EVENT_INTRODUCED,
	EVENT_FIXED,
	EVENT_LAST_AFFECTED,
	EVENT_LIMIT, /* exclusive, like a fix */
} EventKind;

typedef struct Event {
	EventKind kind;
	Str version; /* empty: before every version */
} Event;

typedef VEC(Event) EventVec;

static void add_event(Arena *a, const Value *event, const char *name, EventKind kind, EventVec *to)
{
	Str version = value_str(event, str_of(name));
	if (version.n == 0 || (kind == EVENT_LIMIT && str_eq(version, S("*"))))
		return;
	if (kind == EVENT_INTRODUCED && str_eq(version, S("0")))
		version = S("");
	vec_push(a, to, (Event){kind, version});
}

/* One object may hold two events; the schema's first drafts allowed it. */
static EventVec collect(Arena *a, const Value *events)
{
	EventVec out = {0};
	for (size_t i = 0; events != NULL && i < events->n; i++) {
		add_event(a, events->items[i], "introduced", EVENT_INTRODUCED, &out);
		add_event(a, events->items[i], "fixed", EVENT_FIXED, &out);
		add_event(a, events->items[i], "last_affected", EVENT_LAST_AFFECTED, &out);
		add_event(a, events->items[i], "limit", EVENT_LIMIT, &out);
	}
	return out;
}

static bool before(const Scheme *s, Str a, Str b, bool *comparable)
{
	int order = 0;
	if (a.n == 0 || b.n == 0)
		return a.n == 0 && b.n != 0;
	if (!s->compare(a, b, &order))
		*comparable = false;
	return order < 0;
}

/* Insertion sort: stable, and nearly every record is sorted. False: a version is not one. */
static bool sort(const Scheme *s, EventVec *v)
{
	bool comparable = true;
	for (size_t i = 1; comparable && i < v->n; i++) {
		Event e = v->at[i];
		size_t k = i;
		for (; k > 0 && before(s, e.version, v->at[k - 1].version, &comparable); k--)
			v->at[k] = v->at[k - 1];
		v->at[k] = e;
	}
	return comparable;
}

/* Introduced and closed in turns, none closed before it was introduced? Then every pair counts
 * as it was written: real records hold pairs that overlap, or that follow each other in any
 * order, and a walk in the order of versions would lose some of what they say. */
static bool in_pairs(const Scheme *s, const EventVec *v)
{
	for (size_t i = 0; i < v->n; i++) {
		int order;
		if ((v->at[i].kind == EVENT_INTRODUCED) != (i % 2 == 0))
			return false;
		if (i % 2 == 1 && v->at[i - 1].version.n != 0 &&
		    s->compare(v->at[i].version, v->at[i - 1].version, &order) && order < 0)
			return false;
	}
	return true;
}

static bool introduces(const EventVec *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->at[i].kind == EVENT_INTRODUCED)
			return true;
	return false;
}

static void close_range(Arena *a, const Event *e, Range *r, Advisory *row)
{
	if (e->kind == EVENT_LAST_AFFECTED)
		r->last_affected = e->version;
	else
		r->fixed = e->version;
	if (e->kind == EVENT_FIXED)
		row->status = STATUS_FIXED;
	vec_push(a, &row->ranges, *r);
	*r = (Range){0};
}

Result osv_range(Arena *a, const Value *range, Advisory *row)
{
	EventVec events = collect(a, value_items(range, S("events")));
	if (events.n > LIMIT_OSV_EVENTS)
		FAIL(ERR_LIMIT, "a range of more than %u events", LIMIT_OSV_EVENTS);
	const Scheme *scheme = scheme_get(row->scheme);
	EventVec sorted = {0};
	for (size_t i = 0; i < events.n; i++)
		vec_push(a, &sorted, events.at[i]);
	if (!in_pairs(scheme, &events) && sort(scheme, &sorted))
		events = sorted;

	Range r = {0};
	bool open = events.n != 0 && !introduces(&events);
	for (size_t i = 0; i < events.n; i++) {
		const Event *e = &events.at[i];
		if (e->kind == EVENT_INTRODUCED && !open) {
			r.introduced = e->version;
			open = true;
		} else if (e->kind != EVENT_INTRODUCED && open) {
			close_range(a, e, &r, row);
			open = false;
		}
	}
	if (open)
		vec_push(a, &row->ranges, r);
	return OK;
}
