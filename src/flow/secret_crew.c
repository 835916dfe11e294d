/* secret_crew.c - threads over a list, and one report of what they found. */
#include "flow/secret_crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/map.h"
#include "secrets/limits.h"

enum { THREADS_MAX = 16 };

typedef struct Hand {
	SecretCrew *crew;
	pthread_t thread;
	Arena arena;
	SecretReader reader;
	bool started;
} Hand;

struct SecretCrew {
	Hand hands[THREADS_MAX];
	unsigned n;
	const SecretCrewWork *work;
	atomic_size_t next;
};

static unsigned processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

SecretCrew *secret_crew_create(const SecretSet *set, Confidence least)
{
	SecretCrew *c = calloc(1, sizeof *c);
	if (c == NULL)
		die_oom();
	c->n = processors();
	for (unsigned i = 0; i < c->n; i++) {
		Hand *h = &c->hands[i];
		h->crew = c;
		h->reader = (SecretReader){.scan = secret_scan_create(set),
					   .arena = &h->arena,
					   .least = least,
					   .left = LIMIT_SECRET_REMARKS};
	}
	return c;
}

void secret_crew_destroy(SecretCrew *c)
{
	for (unsigned i = 0; c != NULL && i < c->n; i++) {
		secret_scan_destroy(c->hands[i].reader.scan);
		arena_finish(&c->hands[i].arena);
	}
	free(c);
}

static void *hand_run(void *ctx)
{
	Hand *h = ctx;
	const SecretCrewWork *w = h->crew->work;
	for (;;) {
		size_t i = atomic_fetch_add(&h->crew->next, 1);
		if (i >= w->n)
			return NULL;
		w->read(w->ctx, &h->reader, i);
	}
}

void secret_crew_run(SecretCrew *c, const SecretCrewWork *work)
{
	c->work = work;
	atomic_store(&c->next, 0);
	for (unsigned i = 1; i < c->n; i++)
		c->hands[i].started = pthread_create(&c->hands[i].thread, NULL, hand_run,
						     &c->hands[i]) == 0;
	hand_run(&c->hands[0]);
	for (unsigned i = 1; i < c->n; i++)
		if (c->hands[i].started)
			pthread_join(c->hands[i].thread, NULL);
}

/* ---- one report ---- */

typedef struct Told { /* a remark and what is known of its value */
	const Remark *remark;
	const SecretMark *mark;
} Told;

typedef struct Gathering {
	VEC(Told) all;
	Map owned; /* of values that a package brought */
	Arena scratch;
	Arena *arena;
	RemarkReport *out;
} Gathering;

static Str key_of(const SecretMark *m) { return (Str){(const char *)m->value, sizeof m->value}; }

/* The same value in the same file, the earliest first. */
static int by_value(const void *a, const void *b)
{
	const Told *x = a, *y = b;
	int order = memcmp(x->mark->value, y->mark->value, sizeof x->mark->value);
	order = order != 0 ? order : str_cmp(x->remark->file, y->remark->file);
	if (order == 0)
		order = (x->mark->round > y->mark->round) - (x->mark->round < y->mark->round);
	if (order == 0)
		order = (x->remark->line > y->remark->line) - (x->remark->line < y->remark->line);
	return order;
}

static void gather(Gathering *g, const SecretReader *r)
{
	for (size_t i = 0; i < r->report.remarks.n; i++) {
		const SecretMark *m = &r->marks.at[i];
		vec_push(&g->scratch, &g->all, (Told){&r->report.remarks.at[i], m});
		if (m->owned)
			*map_at(&g->owned, &g->scratch, key_of(m)) = &g->owned;
	}
	g->out->suppressed += r->report.suppressed;
	g->out->read += r->report.read;
	for (size_t i = 0; i < r->report.not_evaluated.n; i++) {
		Unread u = r->report.not_evaluated.at[i];
		vec_push(g->arena, &g->out->not_evaluated,
			 (Unread){arena_str(g->arena, u.what), arena_str(g->arena, u.why)});
	}
}

/* Copies: the threads' arenas end before the report does. */
static void keep(Gathering *g, const Remark *from)
{
	Remark r = *from;
	Str *const texts[] = {&r.file,  &r.message, &r.masked, &r.fingerprint,
			      &r.layer, &r.commit,  &r.date};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = arena_str(g->arena, *texts[i]);
	vec_push(g->arena, &g->out->remarks, r);
}

static int by_what(const void *a, const void *b)
{
	const Unread *x = a, *y = b;
	int order = str_cmp(x->what, y->what);
	return order != 0 ? order : str_cmp(x->why, y->why);
}

void secret_crew_tell(SecretCrew *c, bool once, Arena *a, RemarkReport *out)
{
	Gathering g = {.arena = a, .out = out};
	for (unsigned i = 0; i < c->n; i++)
		gather(&g, &c->hands[i].reader);
	if (g.all.n > 1)
		qsort(g.all.at, g.all.n, sizeof g.all.at[0], by_value);
	for (size_t i = 0; i < g.all.n; i++) {
		const Told *t = &g.all.at[i], *before = i != 0 ? t - 1 : NULL;
		bool again = once && before != NULL &&
			     memcmp(t->mark->value, before->mark->value, sizeof t->mark->value) ==
				     0 &&
			     str_eq(t->remark->file, before->remark->file);
		if (again || map_get(&g.owned, key_of(t->mark)) != NULL)
			out->suppressed += !again;
		else
			keep(&g, t->remark);
	}
	remarks_sort(&out->remarks);
	if (out->not_evaluated.n > 1)
		qsort(out->not_evaluated.at, out->not_evaluated.n, sizeof out->not_evaluated.at[0],
		      by_what);
	arena_finish(&g.scratch);
}
