/* layers.c - as many threads as processors, each taking the largest layer that is left. */
#include "image/layers.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/buf.h"

/* Each may hold a zstd window of 128 MiB, and has a helper thread. */
enum { THREADS_MAX = 16 };

typedef struct Task {
	struct Pool *pool;
	uint32_t layer; /* the first with this name */
	uint64_t size;  /* stored */
	uint64_t done;
	LayerIndex index;
	Arena arena;
	Err *err;
} Task;

typedef struct Pool {
	const LayersJob *job;
	Task *tasks;
	size_t n, next;
	pthread_mutex_t lock;
	bool stop; /* one failed: the rest would be for nothing */
	unsigned layers_done;
	uint64_t done, total;
} Pool;

static void tell(Pool *p)
{
	const LayersJob *j = p->job;
	if (j->progress != NULL)
		j->progress(j->progress_ctx, p->layers_done, p->done, p->total);
}

static void on_progress(void *ctx, uint64_t stored)
{
	enum { STEP = 4 << 20 };
	Task *t = ctx;
	if (stored - t->done < STEP)
		return;
	pthread_mutex_lock(&t->pool->lock);
	t->pool->done += stored - t->done;
	t->done = stored;
	tell(t->pool);
	pthread_mutex_unlock(&t->pool->lock);
}

static LayerTask task_of(const ImagePlan *plan, uint32_t layer)
{
	const PlanLayer *l = &plan->layers.at[layer];
	return (LayerTask){
		.name = l->name,
		.expect = {.name = l->digest.n != 0 ? l->digest : str_first(l->name, 200),
			   .digest = l->digest,
			   .diff_id = l->diff_id}};
}

static void read_task(Pool *p, Task *t)
{
	const LayersJob *j = p->job;
	LayerTask task = task_of(j->plan, t->layer);
	task.expect.progress = on_progress;
	task.expect.progress_ctx = t;
	task.want = j->want;
	task.out = &t->index;
	t->index.arena = &t->arena;
	t->err = j->shelf->ops->layer(j->shelf, &task);
	pthread_mutex_lock(&p->lock);
	p->stop = p->stop || t->err != OK;
	p->layers_done++;
	p->done += t->size - t->done;
	tell(p);
	pthread_mutex_unlock(&p->lock);
}

static void *work(void *from)
{
	Pool *p = from;
	for (;;) {
		pthread_mutex_lock(&p->lock);
		Task *t = p->next < p->n && !p->stop ? &p->tasks[p->next++] : NULL;
		pthread_mutex_unlock(&p->lock);
		if (t == NULL)
			return NULL;
		read_task(p, t);
	}
}

static unsigned processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

static void run(Pool *p)
{
	pthread_t threads[THREADS_MAX];
	size_t n = processors();
	n = n < p->n ? n : p->n;
	for (size_t i = 1; i < n; i++)
		if (pthread_create(&threads[i], NULL, work, p) != 0)
			die_oom();
	work(p);
	for (size_t i = 1; i < n; i++)
		pthread_join(threads[i], NULL);
}

static int larger_first(const void *a, const void *b)
{
	const Task *x = a, *y = b;
	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->layer > y->layer) - (x->layer < y->layer);
}

static Result check_same(const ImagePlan *plan, uint32_t a, uint32_t b)
{
	const PlanLayer *x = &plan->layers.at[a], *y = &plan->layers.at[b];
	if (!str_eq(x->diff_id, y->diff_id))
		FAIL(ERR_TRUST,
		     "layer " STR_FMT ": diffID differs: as layer %u " STR_FMT
		     ", as layer %u " STR_FMT,
		     STR_ARG(str_first(x->name, 200)), a + 1, STR_ARG(x->diff_id), b + 1,
		     STR_ARG(y->diff_id));
	return OK;
}

/* One task a name: docker save has a layer that comes twice once. */
static Result plan_tasks(Pool *p, Arena *a, Map *by_name)
{
	const ImagePlan *plan = p->job->plan;
	Shelf *s = p->job->shelf;
	p->tasks = arena_array(a, Task, plan->layers.n);
	for (uint32_t i = 0; i < plan->layers.n; i++) {
		Str key = plan->layers.at[i].name;
		void **at = map_at(by_name, a, key);
		if (*at != NULL) {
			TRY(check_same(plan, ((const Task *)*at)->layer, i));
			continue;
		}
		Task *t = &p->tasks[p->n++];
		bool found;
		*t = (Task){.pool = p, .layer = i};
		TRY(s->ops->size(s, key, &t->size, &found));
		p->total += t->size;
		*at = t;
	}
	qsort(p->tasks, p->n, sizeof *p->tasks, larger_first);
	for (size_t i = 0; i < p->n; i++)
		*map_at(by_name, a, plan->layers.at[p->tasks[i].layer].name) = &p->tasks[i];
	return OK;
}

static Result first_error(Pool *p)
{
	Err *first = OK;
	uint32_t layer = UINT32_MAX;
	for (size_t i = 0; i < p->n; i++) {
		Task *t = &p->tasks[i];
		bool lower = t->err != OK && t->layer < layer;
		err_free(lower ? first : t->err);
		if (lower) {
			first = t->err;
			layer = t->layer;
		}
		t->err = OK;
	}
	return first;
}

Result layers_read(const LayersJob *job, Arena *a, LayerIndex **out)
{
	Pool p = {.job = job, .lock = PTHREAD_MUTEX_INITIALIZER};
	Map by_name = {0};
	TRY(plan_tasks(&p, a, &by_name));
	run(&p);
	Err *e = first_error(&p);
	for (size_t i = 0; e != OK && i < p.n; i++)
		arena_finish(&p.tasks[i].arena);
	TRY(e);
	for (size_t i = 0; i < job->plan->layers.n; i++) {
		Task *t = map_get(&by_name, job->plan->layers.at[i].name);
		out[i] = &t->index;
	}
	return OK;
}

void layers_finish(LayerIndex **layers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		arena_finish(layers[i]->arena);
}

Result layers_reread(const LayersJob *job, LayerAgain *again, size_t n)
{
	Shelf *s = job->shelf;
	AUTO_ARENA Arena a = {0};
	LayerTask *tasks = arena_array(&a, LayerTask, n);
	for (size_t i = 0; i < n; i++) {
		tasks[i] = task_of(job->plan, again[i].layer);
		tasks[i].want = &again[i].want;
		tasks[i].out = &again[i].out;
	}
	if (s->ops->again != NULL)
		return s->ops->again(s, tasks, n);
	for (size_t i = 0; i < n; i++)
		TRY(s->ops->layer(s, &tasks[i]));
	return OK;
}
