/* secret_crew.c - threads over a list, and one report of what they found. */
#include "flow/secret_crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "flow/secret_told.h"
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

SecretCrew *secret_crew_create(const SecretSet *set, Confidence least, Str help)
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
					   .help = help,
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

static int by_what(const void *a, const void *b)
{
	const Unread *x = a, *y = b;
	int order = str_cmp(x->what, y->what);
	return order != 0 ? order : str_cmp(x->why, y->why);
}

static void take(SecretTold *told, const SecretReader *r, Arena *a, RemarkReport *out)
{
	for (size_t i = 0; i < r->report.remarks.n; i++)
		secret_told_add(told, &r->report.remarks.at[i], &r->marks.at[i]);
	out->suppressed += r->report.suppressed;
	out->read += r->report.read;
	for (size_t i = 0; i < r->report.not_evaluated.n; i++) {
		Unread u = r->report.not_evaluated.at[i];
		vec_push(a, &out->not_evaluated,
			 (Unread){arena_str(a, u.what), arena_str(a, u.why)});
	}
}

void secret_crew_tell(SecretCrew *c, bool once, Arena *a, RemarkReport *out)
{
	SecretTold told = {0};
	for (unsigned i = 0; i < c->n; i++)
		take(&told, &c->hands[i].reader, a, out);
	secret_told_report(&told, once, a, out);
	if (out->not_evaluated.n > 1)
		qsort(out->not_evaluated.at, out->not_evaluated.n, sizeof out->not_evaluated.at[0],
		      by_what);
}
