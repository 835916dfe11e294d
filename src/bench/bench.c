/* bench.c - gathers the facts once, then asks every selected check. */
#include "bench/bench.h"

#include <stdlib.h>

#include "bench/registry.h"
#include "engine/api.h"

/* ---- what the checks share ---- */

static bool can_have_engine(Bench *b, Verdict *v)
{
	if (b->d.only_file)
		NOT_HERE(b, v, "only a configuration file is judged");
	else if (b->d.absent)
		NOT_HERE(b, v, "no engine is installed there");
	return !b->d.only_file && !b->d.absent;
}

bool bench_has_info(Bench *b, Verdict *v)
{
	if (b->d.info != NULL)
		return true;
	if (b->d.offline && can_have_engine(b, v))
		NOT_HERE(b, v, "no engine runs on an unpacked host");
	else if (!b->d.offline)
		ERROR(b, v, S("GET /info"), STR_FMT, STR_ARG(b->d.api_why));
	return false;
}

bool bench_is_near(Bench *b, Verdict *v)
{
	if (b->d.offline && !b->d.only_file)
		return true;
	if (b->d.only_file)
		NOT_HERE(b, v, "only a configuration file is judged");
	else if (!b->d.near)
		ERROR(b, v, S(""), STR_FMT, STR_ARG(b->d.far_why));
	return b->d.near;
}

bool bench_setting(Bench *b, Verdict *v, const char *key, const char *flag, Setting *out)
{
	if (b->d.podman) {
		NOT_HERE(b, v, "Podman runs no daemon that has this setting");
		return false;
	}
	if (b->d.absent && !can_have_engine(b, v))
		return false;
	*out = daemon_setting(&b->d, b->a, key, flag);
	if (out->unknown.n != 0)
		ERROR(b, v, b->d.config_path, STR_FMT, STR_ARG(out->unknown));
	return out->unknown.n == 0;
}

bool bench_by_setting(Bench *b, Verdict *v, const char *key, const char *flag, Setting *out,
		      bool *known)
{
	if (!b->d.offline)
		return false;
	*known = bench_setting(b, v, key, flag, out);
	return true;
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

static bool matches(const StrVec *patterns, Str text)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (str_glob(patterns->at[i], text))
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

static void conclude(Bench *b, Verdict *v, Outcome bad, Str source, size_t unknown)
{
	size_t found = v->items.n - unknown;
	v->unread = unknown;
	if (found != 0)
		verdict_is(v, b->a, bad, source, "%zu of %zu container%s", found, b->containers.n,
			   b->containers.n == 1 ? "" : "s");
	else if (unknown != 0)
		ERROR(b, v, source, "%zu of %zu containers could not be read", unknown,
		      b->containers.n);
	else if (v->subjects == 0)
		NOT_HERE(b, v, "no container that it applies to");
	else
		PASS(b, v, source, "%llu container%s", (unsigned long long)v->subjects,
		     v->subjects == 1 ? "" : "s");
}

static void judge_each(Bench *b, Verdict *v, Outcome bad, Str source,
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
	conclude(b, v, bad, source, unknown);
}

void bench_containers(Bench *b, Verdict *v, Outcome bad,
		      Judged (*one)(Bench *b, const Container *c, Buf *seen))
{
	judge_each(b, v, bad, S("GET /containers/ID/json"), one);
}

/* Of whom the kernel was asked, and why not of the others. */
static Str process_source(const Bench *b)
{
	size_t running = 0, known = 0;
	const char *why = "it runs on another machine";
	Buf source = buf_in(b->a, 1024);
	for (size_t i = 0; i < b->containers.n; i++) {
		const ProcFacts *f = &b->containers.at[i].proc;
		running += b->containers.at[i].pid != 0;
		known += f->known;
		if (!f->known && f->sys != 0)
			why = strerrordesc_np(f->sys);
	}
	buf_add(&source, known != 0 ? S("/proc/PID and GET /containers/ID/json")
				    : S("GET /containers/ID/json"));
	if (known != running)
		buf_fmt(&source, "; no /proc/PID of %zu that run: %s", running - known, why);
	return buf_str(&source);
}

void bench_processes(Bench *b, Verdict *v, Outcome bad,
		     Judged (*one)(Bench *b, const Container *c, Buf *seen))
{
	judge_each(b, v, bad, process_source(b), one);
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

/* Does anything that was chosen look at containers, or at images? Nobody waits for answers that
 * nobody needs. */
static bool needs(const Bench *b, const char *const *sections)
{
	for (size_t i = 0; bench_checks[i] != NULL; i++)
		for (size_t k = 0; sections[k] != NULL; k++)
			if (strcmp(bench_checks[i]->info.section, sections[k]) == 0 &&
			    check_is_selected(&bench_checks[i]->info, &b->o->selection))
				return true;
	return false;
}

static bool needs_image_details(const Bench *b)
{
	static const char *const ids[] = {"B406", "B407", "B409", "B441"};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (check_is_selected(bench_check_named(str_of(ids[i])), &b->o->selection))
			return true;
	return false;
}

/* The first process may be hidden even from root that lacks a capability; an engine that is root is
 * in the host's namespaces, too. */
static void look_at_host(Bench *b)
{
	Str engines[NAMESPACES];
	Buf pid = buf_in(b->a, 16);
	proc_namespaces(b->p, S("1"), b->a, b->host_ns);
	if (b->d.pid == 0 || b->d.rootless)
		return;
	buf_fmt(&pid, "%u", b->d.pid);
	proc_namespaces(b->p, buf_str(&pid), b->a, engines);
	for (size_t i = 0; i < NAMESPACES; i++)
		if (b->host_ns[i].n == 0)
			b->host_ns[i] = engines[i];
}

static void gather(Bench *b)
{
	static const char *const of_containers[] = {"daemon", "images", "runtime", "operations",
						    NULL};
	static const char *const of_images[] = {"images", "runtime", "operations", NULL};
	unsigned status;
	daemon_look(b->p, &b->o->daemon, b->a, &b->d);
	if (b->d.info == NULL)
		return;
	b->networks = api_list(b->p, S("/networks"), b->a, &b->networks_why);
	if (needs(b, of_containers)) {
		b->volumes = api_get(b->p, S("/volumes"), b->a, &status, &b->volumes_why);
		ContainerList list;
		containers_look(b->p, b->o->ended, b->d.near, b->a, &list);
		b->containers = list.containers;
		b->listed = list.listed;
		b->containers_why = list.why;
		choose_containers(b);
	}
	if (b->d.near)
		look_at_host(b);
	if (needs(b, of_images))
		bench_images(b, needs_image_details(b));
}

Result bench_judge(Probe *p, const BenchOptions *o, Arena *a, CheckReport *out)
{
	Bench b = {.p = p, .a = a, .o = o};
	gather(&b);
	if (b.d.info == NULL && !b.d.offline && probe_broken(p).n == 0)
		FAIL(ERR_NET, STR_FMT, STR_ARG(b.d.api_why));
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
