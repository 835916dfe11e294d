/* join.c - events that have begun, found by serial; and a bit for each serial of late. */
#include "audit/join.h"

#include <linux/audit.h>
#include <stdlib.h>

enum {
	BITS = 64,
	BUCKETS = 4096,
	/* A record without an end. */
	PATIENCE_MS = 1000,
	/* A system call: the kernel may hold it up between two records (backlog_wait_time, 15 s).
	 */
	CALL_PATIENCE_MS = 20000,
};

typedef struct Pending Pending;
struct Pending {
	AuditJoined event;
	Arena arena;
	size_t bytes;
	int64_t began_ms;
	bool call;              /* it is a system call's: an end will come */
	Pending *chain;         /* of its bucket; of the free ones */
	Pending *older, *newer; /* among those that have begun */
};

struct AuditJoiner {
	Pending *buckets[BUCKETS];
	Pending *oldest, *newest;
	Pending *ready, *ready_last; /* by `newer` */
	Pending *unused, *given;
	size_t pending, bytes;
	bool over;
	int64_t since_ms;
	AuditCounts counts;

	bool counting;
	uint32_t first;  /* serials from here on are in the window */
	uint32_t beyond; /* one more than the greatest that came */
	uint64_t seen[LIMIT_AUDIT_WINDOW / BITS];
};

AuditJoiner *audit_joiner_create(int64_t since_ms)
{
	AuditJoiner *j = calloc(1, sizeof *j);
	if (j == NULL)
		die_oom();
	j->since_ms = since_ms;
	return j;
}

static void destroy_all(Pending *p, bool by_chain)
{
	while (p != NULL) {
		Pending *next = by_chain ? p->chain : p->newer;
		arena_finish(&p->arena);
		free(p);
		p = next;
	}
}

void audit_joiner_destroy(AuditJoiner *j)
{
	if (j == NULL)
		return;
	destroy_all(j->oldest, false);
	destroy_all(j->ready, false);
	destroy_all(j->unused, true);
	if (j->given != NULL)
		arena_finish(&j->given->arena);
	free(j->given);
	free(j);
}

/* ---- serials ---- */

static void leave_window(AuditJoiner *j, uint32_t serial)
{
	uint64_t bit = 1ull << serial % BITS, *word = &j->seen[serial % LIMIT_AUDIT_WINDOW / BITS];
	j->counts.missing += (*word & bit) == 0;
	*word &= ~bit;
}

static void leave_until(AuditJoiner *j, uint32_t serial)
{
	while (j->first != serial)
		leave_window(j, j->first++);
}

static void note(AuditJoiner *j, const AuditRecord *r)
{
	if (r->time_ms < j->since_ms)
		return;
	if (!j->counting)
		j->first = j->beyond = r->serial;
	j->counting = true;
	if ((int32_t)(r->serial - j->first) < 0)
		return; /* it overtook the first one, or comes too late */
	if (r->serial - j->first >= 2 * LIMIT_AUDIT_WINDOW) {
		leave_until(j, j->beyond);
		j->counts.missing += r->serial - j->first;
		j->first = j->beyond = r->serial;
	}
	if (r->serial - j->first >= LIMIT_AUDIT_WINDOW)
		leave_until(j, r->serial - LIMIT_AUDIT_WINDOW + 1);
	j->seen[r->serial % LIMIT_AUDIT_WINDOW / BITS] |= 1ull << r->serial % BITS;
	if ((int32_t)(r->serial + 1 - j->beyond) > 0)
		j->beyond = r->serial + 1;
}

/* ---- lists ---- */

static Pending **bucket_of(AuditJoiner *j, uint32_t serial)
{
	return &j->buckets[serial % BUCKETS];
}

static Pending *find(AuditJoiner *j, const AuditRecord *r)
{
	Pending *p = *bucket_of(j, r->serial);
	while (p != NULL && (p->event.serial != r->serial || p->event.time_ms != r->time_ms))
		p = p->chain;
	return p;
}

static Pending *begin(AuditJoiner *j, const AuditRecord *r, int64_t now_ms)
{
	Pending *p = j->unused, **bucket = bucket_of(j, r->serial);
	if (p != NULL)
		j->unused = p->chain;
	else if ((p = calloc(1, sizeof *p)) == NULL)
		die_oom();
	p->event = (AuditJoined){.serial = r->serial, .time_ms = r->time_ms};
	p->began_ms = now_ms;
	p->call = false;
	p->bytes = 0;
	p->chain = *bucket;
	*bucket = p;
	p->newer = NULL;
	p->older = j->newest;
	*(j->newest != NULL ? &j->newest->newer : &j->oldest) = p;
	j->newest = p;
	j->pending++;
	return p;
}

/* From those that have begun to those that can be fetched. */
static void end(AuditJoiner *j, Pending *p)
{
	Pending **at = bucket_of(j, p->event.serial);
	while (*at != p)
		at = &(*at)->chain;
	*at = p->chain;
	*(p->older != NULL ? &p->older->newer : &j->oldest) = p->newer;
	*(p->newer != NULL ? &p->newer->older : &j->newest) = p->older;
	p->newer = NULL;
	*(j->ready != NULL ? &j->ready_last->newer : &j->ready) = p;
	j->ready_last = p;
	j->pending--;
}

static void take_back_given(AuditJoiner *j)
{
	Pending *p = j->given;
	if (p == NULL)
		return;
	j->bytes -= p->bytes;
	arena_reset(&p->arena);
	p->chain = j->unused;
	j->unused = p;
	j->given = NULL;
}

/* ---- records ---- */

/* What programs report is an event by itself, and has no end. */
static bool stands_alone(uint16_t type)
{
	return type == AUDIT_USER ||
	       (type >= AUDIT_FIRST_USER_MSG && type <= AUDIT_LAST_USER_MSG) ||
	       type >= AUDIT_KERNEL;
}

static bool is_part_of_call(uint16_t type)
{
	return (type >= AUDIT_SYSCALL && type <= AUDIT_EXECVE && type != AUDIT_CONFIG_CHANGE) ||
	       type == AUDIT_PROCTITLE;
}

static void keep(AuditJoiner *j, Pending *p, const AuditRecord *r)
{
	if (p->event.records.n >= LIMIT_AUDIT_EVENT_RECORDS ||
	    p->bytes + r->fields.n > LIMIT_AUDIT_EVENT_BYTES) {
		p->event.cut = true;
		return;
	}
	AuditRecord copy = *r;
	copy.fields = arena_str(&p->arena, r->fields);
	vec_push(&p->arena, &p->event.records, copy);
	p->bytes += r->fields.n;
	p->call = p->call || is_part_of_call(r->type);
	j->bytes += r->fields.n;
}

void audit_join(AuditJoiner *j, uint16_t type, Str line, int64_t now_ms)
{
	AuditRecord r;
	take_back_given(j);
	if (!audit_record_read(type, line, &r)) {
		j->counts.unread++;
		return;
	}
	j->counts.records++;
	note(j, &r);
	Pending *p = find(j, &r);
	bool alone = p == NULL && stands_alone(type);
	if (p == NULL)
		p = begin(j, &r, now_ms);
	if (type != AUDIT_EOE)
		keep(j, p, &r);
	if (type == AUDIT_EOE || alone) {
		p->event.whole = true;
		end(j, p);
	}
	if (j->pending >= LIMIT_AUDIT_PENDING ||
	    (j->bytes > LIMIT_AUDIT_PENDING_BYTES && j->oldest != NULL))
		end(j, j->oldest);
}

/* ---- events ---- */

static uint64_t items_of(Str fields)
{
	AuditPair p;
	uint64_t n = 0;
	while (audit_pair_next(&fields, &p))
		if (str_eq(p.name, S("items")))
			return str_u64(p.value, &n) ? n : 0;
	return 0;
}

/* A system call has its end, its own record, and as many paths as that says. */
static bool is_whole(const AuditJoined *e)
{
	uint64_t paths = 0, items = 0;
	bool call = false, part = false;
	for (size_t i = 0; i < e->records.n; i++) {
		const AuditRecord *r = &e->records.at[i];
		paths += r->type == AUDIT_PATH;
		part = part || is_part_of_call(r->type);
		if (r->type == AUDIT_SYSCALL) {
			call = true;
			items = items_of(r->fields);
		}
	}
	if (e->cut || e->records.n == 0)
		return false;
	return call ? e->whole && paths == items : !part;
}

static void end_late(AuditJoiner *j, int64_t now_ms)
{
	Pending *p = j->oldest;
	while (p != NULL && (j->over || now_ms - p->began_ms > PATIENCE_MS)) {
		Pending *newer = p->newer;
		if (j->over || !p->call || now_ms - p->began_ms > CALL_PATIENCE_MS)
			end(j, p);
		p = newer;
	}
}

const AuditJoined *audit_joined(AuditJoiner *j, int64_t now_ms)
{
	take_back_given(j);
	if (j->ready == NULL)
		end_late(j, now_ms);
	Pending *p = j->ready;
	if (p == NULL)
		return NULL;
	j->ready = p->newer;
	j->given = p;
	p->event.whole = is_whole(&p->event);
	j->counts.events++;
	j->counts.incomplete += !p->event.whole;
	return &p->event;
}

void audit_join_end(AuditJoiner *j)
{
	j->over = true;
	if (j->counting)
		leave_until(j, j->beyond);
}

AuditCounts audit_join_counts(const AuditJoiner *j) { return j->counts; }
