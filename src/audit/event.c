/* event.c - takes an event's meaning out of its records. */
#include "audit/event.h"

#include <linux/audit.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "audit/arch.h"

enum { ARGS_MAX = 65536, UNSET = 0 };

/* ---- system calls ---- */

static bool is_unset(Str number)
{
	return str_eq(number, S("4294967295")) || str_eq(number, S("-1"));
}

static uint64_t from_hex(Str s)
{
	uint64_t v = 0;
	for (size_t i = 0; i < s.n && i < 16; i++) {
		char c = s.p[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
							: 0;
		v = v << 4 | digit;
	}
	return v;
}

static uint32_t small(Str s)
{
	uint64_t n;
	return str_u64(s, &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static int64_t with_sign(Str s)
{
	uint64_t n = 0;
	bool minus = str_starts(s, S("-"));
	if (!str_u64(minus ? str_skip(s, 1) : s, &n) || n > INT64_MAX)
		return 0;
	return minus ? -(int64_t)n : (int64_t)n;
}

static void take_keys(const AuditPair *p, Arena *a, AuditEvent *e)
{
	Str all = audit_pair_text(p, a), key;
	while (all.n != 0 && str_cut(&all, '\1', &key))
		vec_push(a, &e->keys, key);
}

static void call_field(const AuditPair *p, Arena *a, AuditEvent *e)
{
	const struct {
		const char *name;
		Str *to;
	} numbers[] = {{"uid", &e->uid},   {"euid", &e->euid},   {"gid", &e->gid},
		       {"auid", &e->auid}, {"ses", &e->session}, {"tty", &e->tty}};
	if (str_eq(p->name, S("pid")))
		e->pid = small(p->value);
	else if (str_eq(p->name, S("ppid")))
		e->ppid = small(p->value);
	else if (str_eq(p->name, S("success")))
		e->success = str_eq(p->value, S("yes"));
	else if (str_eq(p->name, S("exit")))
		e->exit = with_sign(p->value);
	else if (str_eq(p->name, S("comm")))
		e->comm = audit_pair_text(p, a);
	else if (str_eq(p->name, S("exe")))
		e->exe = audit_pair_text(p, a);
	else if (str_eq(p->name, S("key")))
		take_keys(p, a, e);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (str_eq(p->name, str_of(numbers[i].name)) && !is_unset(p->value) &&
		    !str_starts(p->value, S("(")))
			*numbers[i].to = p->value;
}

static void take_call(const AuditRecord *r, Arena *a, AuditEvent *e)
{
	Str rest = r->fields;
	AuditPair p;
	uint32_t arch = 0, number = 0;
	e->call = true;
	while (audit_pair_next(&rest, &p)) {
		if (str_eq(p.name, S("arch")))
			arch = (uint32_t)from_hex(p.value);
		else if (str_eq(p.name, S("syscall")))
			number = small(p.value);
		else
			call_field(&p, a, e);
	}
	e->arch = audit_arch_name(arch, a);
	e->call_name = audit_call_name(arch, number, a);
}

/* ---- files, arguments, addresses ---- */

static void take_path(const AuditRecord *r, Arena *a, AuditEvent *e)
{
	Str rest = r->fields;
	AuditPair p;
	AuditPath path = {0};
	while (audit_pair_next(&rest, &p)) {
		if (str_eq(p.name, S("name")))
			path.name = audit_pair_text(&p, a);
		else if (str_eq(p.name, S("nametype")))
			path.kind = p.value;
		else if (str_eq(p.name, S("inode")))
			path.inode = p.value;
		else if (str_eq(p.name, S("mode")))
			path.mode = p.value;
		else if (str_eq(p.name, S("ouid")))
			path.uid = p.value;
		else if (str_eq(p.name, S("ogid")))
			path.gid = p.value;
	}
	vec_push(a, &e->paths, path);
}

static void join_text(Str *to, Str more, Arena *a)
{
	Buf b = buf_in(a, LIMIT_AUDIT_EVENT_BYTES);
	buf_add(&b, *to);
	buf_add(&b, more);
	*to = buf_str(&b);
}

/* "a0", or "a0[3]" of one that did not fit into a record: pieces come in order. */
static void take_argument(const AuditPair *p, Arena *a, AuditEvent *e)
{
	Str number = str_skip(p->name, 1), piece = number;
	uint64_t at;
	bool pieces = str_cut(&piece, '[', &number) && piece.n != 0;
	if (!str_u64(number, &at) || at >= ARGS_MAX || at > e->argv.n)
		return;
	Str text = audit_pair_text(p, a);
	if (at == e->argv.n)
		vec_push(a, &e->argv, text);
	else if (pieces && at + 1 == e->argv.n)
		join_text(&e->argv.at[at], text, a);
}

static void take_arguments(const AuditRecord *r, Arena *a, AuditEvent *e)
{
	Str rest = r->fields;
	AuditPair p;
	while (audit_pair_next(&rest, &p))
		if (audit_is_text(AUDIT_EXECVE, p.name))
			take_argument(&p, a, e);
}

static void put_port(Buf *b, const uint8_t *at) { buf_fmt(b, ":%u", (unsigned)at[0] << 8 | at[1]); }

/* sockaddr_un, _in, _in6 as they lie in memory. */
static Str address_of(Str bytes, Arena *a)
{
	const uint8_t *p = (const uint8_t *)bytes.p;
	Buf b = buf_in(a, 1024);
	sa_family_t family;
	if (bytes.n < sizeof family)
		return (Str){0};
	memcpy(&family, p, sizeof family);
	if (family == AF_UNIX) {
		Str path = str_skip(bytes, sizeof family);
		bool abstract = path.n != 0 && path.p[0] == '\0';
		path = abstract ? str_skip(path, 1) : path;
		buf_fmt(&b, "unix:%s", abstract ? "@" : "");
		if (!abstract && memchr(path.p, '\0', path.n) != NULL)
			path.n = strnlen(path.p, path.n);
		buf_add(&b, path);
	} else if (family == AF_INET && bytes.n >= 8) {
		buf_fmt(&b, "%u.%u.%u.%u", p[4], p[5], p[6], p[7]);
		put_port(&b, p + 2);
	} else if (family == AF_INET6 && bytes.n >= 24) {
		for (size_t i = 0; i < 8; i++)
			buf_fmt(&b, "%s%x", i == 0 ? "[" : ":",
				(unsigned)p[8 + 2 * i] << 8 | p[9 + 2 * i]);
		buf_char(&b, ']');
		put_port(&b, p + 2);
	} else {
		buf_fmt(&b, "family %u", family);
	}
	return buf_str(&b);
}

static Str one_text(const AuditRecord *r, const char *name, Arena *a)
{
	Str rest = r->fields;
	AuditPair p;
	while (audit_pair_next(&rest, &p))
		if (str_eq(p.name, str_of(name)))
			return audit_pair_text(&p, a);
	return (Str){0};
}

/* Arguments end in a zero byte each; the kernel keeps the first 128 bytes. */
static Str title_of(Str bytes, Arena *a)
{
	Str text = arena_str(a, bytes);
	char *at = arena_array(a, char, text.n + 1);
	while (text.n != 0 && text.p[text.n - 1] == '\0')
		text.n--;
	for (size_t i = 0; i < text.n; i++)
		at[i] = text.p[i] != '\0' ? text.p[i] : ' ';
	return (Str){at, text.n};
}

static void take(const AuditRecord *r, Arena *a, AuditEvent *e)
{
	switch (r->type) {
	case AUDIT_SYSCALL: take_call(r, a, e); break;
	case AUDIT_PATH: take_path(r, a, e); break;
	case AUDIT_EXECVE: take_arguments(r, a, e); break;
	case AUDIT_CWD: e->cwd = one_text(r, "cwd", a); break;
	case AUDIT_PROCTITLE: e->title = title_of(one_text(r, "proctitle", a), a); break;
	case AUDIT_SOCKADDR: e->address = address_of(one_text(r, "saddr", a), a); break;
	default: break;
	}
}

static void take_first(const AuditRecord *r, Arena *a, AuditEvent *e)
{
	Str rest = r->fields;
	AuditPair p;
	e->type_number = r->type;
	e->type = audit_type_name(r->type);
	e->fields = r->fields;
	while (audit_pair_next(&rest, &p)) {
		if (str_eq(p.name, S("pid")) && e->pid == 0)
			e->pid = small(p.value);
		if (str_eq(p.name, S("key")) && e->keys.n == 0)
			take_keys(&p, a, e);
	}
}

void audit_event_read(const AuditJoined *j, Arena *a, AuditEvent *out)
{
	AuditEvent e = {.serial = j->serial, .time_ms = j->time_ms, .whole = j->whole};
	for (size_t i = 0; i < j->records.n; i++)
		take(&j->records.at[i], a, &e);
	if (j->records.n != 0)
		take_first(&j->records.at[0], a, &e);
	*out = e;
}

bool audit_event_has_key(const AuditEvent *e, const StrVec *keys)
{
	for (size_t i = 0; i < e->keys.n; i++)
		for (size_t k = 0; k < keys->n; k++)
			if (str_eq(e->keys.at[i], keys->at[k]))
				return true;
	return keys->n == 0;
}

/* ---- containers ---- */

enum { ID_CHARS = 64 };

static bool is_id(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == ID_CHARS;
}

/* "docker-ID.scope", "libpod-ID.scope", "cri-containerd-ID.scope", "ID"; conmon watches from
 * outside. */
static Str id_in(Str part)
{
	if (str_ends(part, S(".scope")))
		part.n -= strlen(".scope");
	if (part.n < ID_CHARS || str_starts(part, S("libpod-conmon-")))
		return (Str){0};
	Str tail = str_skip(part, part.n - ID_CHARS);
	if (tail.p == NULL || (part.n != ID_CHARS && tail.p[-1] != '-'))
		return (Str){0};
	return is_id(tail) ? tail : (Str){0};
}

Str audit_container_of(Str cgroup)
{
	Str line, part;
	while (cgroup.n != 0 && str_cut(&cgroup, '\n', &line)) {
		while (line.n != 0 && str_cut(&line, '/', &part)) {
			Str id = id_in(part);
			if (id.n != 0)
				return id;
		}
	}
	return (Str){0};
}
