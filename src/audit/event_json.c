/* event_json.c - an event as one line of JSON. */
#include "audit/event.h"
#include "base/time.h"
#include "io/json.h"

static void text(Buf *b, const char *key, Str value)
{
	if (value.n == 0)
		return;
	buf_fmt(b, ",\"%s\":", key);
	json_quote(b, value);
}

static void number(Buf *b, const char *key, Str value)
{
	uint64_t n;
	if (str_u64(value, &n))
		buf_fmt(b, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void list(Buf *b, const char *key, const StrVec *v)
{
	if (v->n == 0)
		return;
	buf_fmt(b, ",\"%s\":[", key);
	for (size_t i = 0; i < v->n; i++) {
		buf_add(b, i != 0 ? S(",") : S(""));
		json_quote(b, v->at[i]);
	}
	buf_char(b, ']');
}

static void paths(Buf *b, const AuditEvent *e)
{
	if (e->paths.n == 0)
		return;
	buf_add(b, S(",\"paths\":["));
	for (size_t i = 0; i < e->paths.n; i++) {
		const AuditPath *p = &e->paths.at[i];
		buf_add(b, i != 0 ? S(",{\"kind\":") : S("{\"kind\":"));
		json_quote(b, p->kind);
		text(b, "name", p->name);
		number(b, "inode", p->inode);
		text(b, "mode", p->mode);
		number(b, "uid", p->uid);
		number(b, "gid", p->gid);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void call(Buf *b, const AuditEvent *e)
{
	text(b, "syscall", e->call_name);
	text(b, "arch", e->arch);
	buf_fmt(b, ",\"success\":%s,\"exit\":%lld", e->success ? "true" : "false",
		(long long)e->exit);
	const char *error = e->exit < 0 && e->exit > -4096 ? strerrorname_np((int)-e->exit) : NULL;
	if (error != NULL)
		text(b, "error", str_of(error));
	number(b, "uid", e->uid);
	number(b, "euid", e->euid);
	number(b, "gid", e->gid);
	number(b, "auid", e->auid);
	number(b, "session", e->session);
	text(b, "tty", e->tty);
	text(b, "comm", e->comm);
	text(b, "exe", e->exe);
	text(b, "title", e->title);
	list(b, "argv", &e->argv);
	text(b, "cwd", e->cwd);
	text(b, "address", e->address);
	paths(b, e);
}

static void container(Buf *b, const AuditEvent *e)
{
	if (e->container.n != 0) {
		buf_add(b, S(",\"container\":{\"id\":"));
		json_quote(b, e->container);
		text(b, "name", e->container_name);
		buf_fmt(b, ",\"by\":\"%s\"}", e->container_by);
	} else if (e->container_by != NULL) {
		text(b, "container_unknown", str_of(e->container_by));
	}
}

/* Pairs in their order: a program's record may name a field twice. */
static void fields(Buf *b, const AuditRecord *r)
{
	Arena a = {0};
	Str rest = r->fields;
	AuditPair p;
	for (bool first = true; audit_pair_next(&rest, &p); first = false) {
		Str plain = audit_is_text(r->type, p.name) ? audit_pair_text(&p, &a) : (Str){0};
		buf_add(b, first ? S("[") : S(",["));
		json_quote(b, p.name);
		buf_char(b, ',');
		json_quote(b, plain.n != 0 ? plain : p.value);
		buf_char(b, ']');
	}
	arena_finish(&a);
}

static void all_records(Buf *b, const AuditJoined *j)
{
	buf_add(b, S(",\"records\":["));
	for (size_t i = 0; i < j->records.n; i++) {
		const AuditRecord *r = &j->records.at[i];
		const char *name = audit_type_name(r->type);
		buf_add(b, i != 0 ? S(",{\"type\":") : S("{\"type\":"));
		if (name != NULL)
			json_quote(b, str_of(name));
		else
			buf_fmt(b, "\"%u\"", r->type);
		buf_add(b, S(",\"fields\":["));
		fields(b, r);
		buf_add(b, S("]}"));
	}
	buf_char(b, ']');
}

void audit_event_json(const AuditEvent *e, const AuditJoined *j, bool records, Buf *to)
{
	Str when = time_format(to->arena, e->time_ms / 1000);
	buf_fmt(to, "{\"time\":\"" STR_FMT ".%03dZ\",\"serial\":%u,\"type\":", (int)when.n - 1,
		when.p, (int)(e->time_ms % 1000), e->serial);
	if (e->call || e->type != NULL)
		json_quote(to, e->call ? S("SYSCALL") : str_of(e->type));
	else
		buf_fmt(to, "\"%u\"", e->type_number);
	list(to, "keys", &e->keys);
	if (e->pid != 0)
		buf_fmt(to, ",\"pid\":%u", e->pid);
	if (e->ppid != 0)
		buf_fmt(to, ",\"ppid\":%u", e->ppid);
	if (e->call)
		call(to, e);
	else
		text(to, "fields", e->fields);
	container(to, e);
	if (!e->whole)
		buf_add(to, S(",\"incomplete\":true"));
	if (records)
		all_records(to, j);
	buf_add(to, S("}\n"));
}
