/* container.c - asks once a second about a process, and once about a container. */
#include "audit/container.h"

#include <stdlib.h>

#include "base/map.h"
#include "engine/api.h"

enum {
	SLOTS = 4096, /* processes remembered, each where its pid's low bits say */
	BELIEVED_MS = 1000,
	NAMES_MAX = 10000, /* containers remembered; then all are forgotten */
	ID_CHARS = 64,
};

typedef enum Known { UNKNOWN, GONE, ON_HOST, IN_CONTAINER } Known;

typedef struct Slot {
	uint32_t pid;
	Known known;
	int64_t at_ms;
	char id[ID_CHARS];
} Slot;

struct AuditWhere {
	Probe *p;
	Map names;
	Arena names_arena, arena;
	Slot slots[SLOTS];
};

AuditWhere *audit_where_create(Probe *p)
{
	AuditWhere *w = calloc(1, sizeof *w);
	if (w == NULL)
		die_oom();
	w->p = p;
	return w;
}

void audit_where_destroy(AuditWhere *w)
{
	if (w == NULL)
		return;
	arena_finish(&w->names_arena);
	arena_finish(&w->arena);
	free(w);
}

static const Slot *look(AuditWhere *w, uint32_t pid, int64_t now_ms)
{
	Slot *s = &w->slots[pid % SLOTS];
	Str text;
	if (s->pid == pid && s->known != UNKNOWN && now_ms - s->at_ms < BELIEVED_MS)
		return s;
	Buf path = buf_in(&w->arena, 64);
	buf_fmt(&path, "/proc/%u/cgroup", pid);
	*s = (Slot){.pid = pid, .known = GONE, .at_ms = now_ms};
	if (probe_read(w->p, buf_str(&path), &w->arena, &text) != 0)
		return s;
	Str id = audit_container_of(text);
	s->known = id.n == ID_CHARS ? IN_CONTAINER : ON_HOST;
	if (id.n == ID_CHARS)
		memcpy(s->id, id.p, ID_CHARS);
	return s;
}

static Str ask_name(AuditWhere *w, Str id)
{
	unsigned status;
	Str why;
	Buf path = buf_in(&w->arena, 128);
	buf_fmt(&path, "/containers/" STR_FMT "/json", STR_ARG(id));
	const Value *v = api_get(w->p, buf_str(&path), &w->arena, &status, &why);
	Str name = value_str(v, S("Name"));
	return str_starts(name, S("/")) ? str_skip(name, 1) : name;
}

static Str name_of(AuditWhere *w, Str id)
{
	const Str *known = map_get(&w->names, id);
	if (known != NULL)
		return *known;
	if (w->names.n >= NAMES_MAX) {
		arena_finish(&w->names_arena);
		w->names_arena = (Arena){0};
		w->names = (Map){0};
	}
	Str *name = arena_new(&w->names_arena, Str);
	*name = arena_str(&w->names_arena, ask_name(w, id));
	*map_at(&w->names, &w->names_arena, arena_str(&w->names_arena, id)) = name;
	return *name;
}

void audit_where(AuditWhere *w, AuditEvent *e, int64_t now_ms)
{
	arena_reset(&w->arena);
	if (e->pid == 0)
		return;
	const Slot *s = look(w, e->pid, now_ms);
	const char *by = "process";
	if (s->known == GONE && e->ppid != 0) {
		s = look(w, e->ppid, now_ms);
		by = "parent";
	}
	if (s->known == IN_CONTAINER) {
		e->container = (Str){s->id, ID_CHARS};
		e->container_name = name_of(w, e->container);
		e->container_by = by;
	} else if (s->pid != e->pid || s->known == GONE) {
		e->container_by = "the process is gone";
	}
}
