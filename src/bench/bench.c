/* bench.c - gathers the facts once, then asks every selected check. */
#include "bench/bench.h"

#include <stdlib.h>

#include "bench/registry.h"
#include "engine/api.h"

/* ---- what the checks share ---- */

bool bench_has_info(Bench *b, Verdict *v)
{
	if (b->d.info != NULL)
		return true;
	if (b->d.offline)
		NOT_HERE(b, v, "no engine runs on an unpacked host");
	else
		ERROR(b, v, S("GET /info"), STR_FMT, STR_ARG(b->d.api_why));
	return false;
}

bool bench_is_near(Bench *b, Verdict *v)
{
	bool near = b->o->daemon.near || b->d.offline;
	if (!near)
		NOT_HERE(b, v, "the engine is on another machine; run this there");
	return near;
}

bool bench_setting(Bench *b, Verdict *v, const char *key, const char *flag, Setting *out)
{
	if (b->d.podman) {
		NOT_HERE(b, v, "Podman runs no daemon that has this setting");
		return false;
	}
	*out = daemon_setting(&b->d, b->a, key, flag);
	if (out->unknown.n != 0)
		ERROR(b, v, b->d.config_path, STR_FMT, STR_ARG(out->unknown));
	return out->unknown.n == 0;
}

bool bench_security_option(const Bench *b, Str what, Str *rest)
{
	const Value *list = value_items(b->d.info, S("SecurityOptions"));
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Str text = list->items[i]->text;
		if (!str_starts(text, S("name=")) ||
		    !str_starts(str_skip(text, strlen("name=")), what))
			continue;
		*rest = str_skip(text, strlen("name=") + what.n);
		if (rest->n == 0 || rest->p[0] == ',')
			return true;
	}
	*rest = (Str){0};
	return false;
}

bool bench_true(const Value *object, Str key)
{
	const Value *v = value_get(object, key);
	return v != NULL && v->type == JSON_BOOL && v->truth;
}

int64_t bench_number(const Value *object, Str key)
{
	char text[32] = "";
	Str said = value_str(object, key);
	if (said.n != 0 && said.n < sizeof text)
		memcpy(text, said.p, said.n);
	return strtoll(text, NULL, 10);
}

/* Backtracks to the last star only, so that it takes time n x m at most. */
bool bench_glob(Str pattern, Str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
	while (t < text.n) {
		if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == text.p[t]) &&
		    pattern.p[p] != '*') {
			p++;
			t++;
		} else if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = t;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static bool matches(const StrVec *patterns, Str text)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (bench_glob(patterns->at[i], text))
			return true;
	return patterns->n == 0;
}

/* ---- containers ---- */

static bool has_labels(const Container *c, const StrVec *wanted)
{
	const Value *labels = value_get(c->config, S("Labels"));
	for (size_t i = 0; i < wanted->n; i++) {
		Str value = wanted->at[i], key;
		(void)str_cut(&value, '=', &key);
		const Value *said = value_get(labels, key);
		if (said == NULL || (key.n != wanted->at[i].n && !str_eq(said->text, value)))
			return false;
	}
	return true;
}

static void choose_containers(Bench *b)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->containers.n; i++) {
		const Container *c = &b->containers.at[i];
		if (!c->gone && matches(&b->o->containers, c->name) && has_labels(c, &b->o->labels))
			b->containers.at[kept++] = *c;
	}
	b->containers.n = kept;
}

static bool can_ask(Bench *b, Verdict *v)
{
	if (!bench_has_info(b, v))
		return false;
	if (b->containers_why.n != 0)
		ERROR(b, v, S("GET /containers/json"), STR_FMT, STR_ARG(b->containers_why));
	else if (b->containers.n == 0)
		NOT_HERE(b, v, "there are no containers");
	return b->containers_why.n == 0 && b->containers.n != 0;
}

void bench_containers(Bench *b, Verdict *v, Outcome bad,
		      Judged (*one)(Bench *b, const Container *c, Buf *seen))
{
	size_t unknown = 0;
	if (!can_ask(b, v))
		return;
	for (size_t i = 0; i < b->containers.n; i++) {
		const Container *c = &b->containers.at[i];
		Buf seen = buf_in(b->a, 4096);
		if (c->inspect == NULL) {
			verdict_item(v, b->a, "container", c->name, "cannot be judged: " STR_FMT,
				     STR_ARG(c->why));
			unknown++;
			continue;
		}
		Judged j = one(b, c, &seen);
		v->subjects += j != JUDGED_NOT;
		if (j == JUDGED_BAD)
			verdict_item(v, b->a, "container", c->name, STR_FMT,
				     STR_ARG(buf_str(&seen)));
	}
	Str source = S("GET /containers/ID/json and /proc/PID");
	size_t found = v->items.n - unknown;
	if (found != 0)
		verdict_is(v, b->a, bad, source, "%zu of %zu containers", found, b->containers.n);
	else if (unknown != 0)
		ERROR(b, v, source, "%zu of %zu containers could not be read", unknown,
		      b->containers.n);
	else if (v->subjects == 0)
		NOT_HERE(b, v, "no container that it applies to");
	else
		PASS(b, v, source, "%zu container%s", b->containers.n,
		     b->containers.n == 1 ? "" : "s");
}

/* ---- the run ---- */

static Str engine_name(Arena *a, const Daemon *d)
{
	Buf b = buf_in(a, 1024);
	if (d->info == NULL)
		return (Str){0};
	buf_fmt(&b, "%s " STR_FMT, d->podman ? "Podman" : "Docker",
		STR_ARG(value_str(d->info, S("ServerVersion"))));
	Str api = value_str(d->version, S("ApiVersion"));
	if (api.n != 0)
		buf_fmt(&b, " (API " STR_FMT ")", STR_ARG(api));
	if (d->rootless)
		buf_add(&b, S(", rootless"));
	return buf_str(&b);
}

static void gather(Bench *b)
{
	unsigned status;
	daemon_look(b->p, &b->o->daemon, b->a, &b->d);
	if (b->d.info == NULL)
		return;
	containers_look(b->p, b->o->ended, b->o->daemon.near, b->a, &b->containers,
			&b->containers_why);
	choose_containers(b);
	b->networks = api_get(b->p, S("/networks"), b->a, &status, &b->networks_why);
	if (b->o->daemon.near)
		proc_namespaces(b->p, S("1"), b->a, b->host_ns);
	bench_images(b, &b->images, &b->images_why);
}

Result bench_judge(Probe *p, const BenchOptions *o, Arena *a, CheckReport *out)
{
	Bench b = {.p = p, .a = a, .o = o};
	gather(&b);
	*out = (CheckReport){.host = o->host,
			     .engine = engine_name(a, &b.d),
			     .benchmark = o->selection.benchmark};
	for (size_t i = 0; bench_checks[i] != NULL; i++) {
		const BenchCheck *c = bench_checks[i];
		Verdict v = {.check = &c->info};
		if (!check_is_selected(&c->info, &o->selection))
			continue;
		c->judge(&b, &v);
		verdict_sort(&v);
		vec_push(a, &out->verdicts, v);
	}
	if (probe_broken(p).n != 0)
		FAIL(ERR_BUG, "looking at the machine: " STR_FMT, STR_ARG(probe_broken(p)));
	return OK;
}
