/* audit_line.c - an event of the kernel's audit as a line for a person. */
#include "base/time.h"
#include "flow/audit_watch.h"
#include "report/text.h"

enum { PATHS_SHOWN = 4, TEXT_SHOWN = 400 };

static void clean(Buf *to, Str s)
{
	text_clean(to, str_first(s, TEXT_SHOWN));
	if (s.n > TEXT_SHOWN)
		buf_add(to, S("..."));
}

static void who(const AuditEvent *e, Buf *to)
{
	clean(to, e->comm.n != 0 ? e->comm : S("?"));
	buf_fmt(to, "[%u] uid %.*s", e->pid, STR_ARG(e->uid));
	if (e->auid.n != 0 && !str_eq(e->auid, e->uid))
		buf_fmt(to, " (login %.*s)", STR_ARG(e->auid));
	if (e->container.n == 0)
		return;
	buf_add(to, S(" in "));
	if (e->container_name.n != 0)
		clean(to, e->container_name);
	else
		buf_add(to, str_first(e->container, 12));
}

/* Not the folder of what is made or removed: that follows from its name. */
static bool is_told(const AuditPath *p) { return !str_eq(p->kind, S("PARENT")) && p->name.n != 0; }

static void files(const AuditEvent *e, Buf *to)
{
	size_t n = 0;
	for (size_t i = 0; i < e->paths.n; i++) {
		const AuditPath *p = &e->paths.at[i];
		if (!is_told(p))
			continue;
		if (++n > PATHS_SHOWN)
			break;
		buf_char(to, ' ');
		if (p->name.p[0] != '/' && e->cwd.n != 0) {
			clean(to, e->cwd);
			buf_add(to, str_ends(e->cwd, S("/")) ? S("") : S("/"));
		}
		clean(to, p->name);
		if (str_eq(p->kind, S("CREATE")))
			buf_add(to, S(" (made)"));
		else if (str_eq(p->kind, S("DELETE")))
			buf_add(to, S(" (removed)"));
	}
}

static void what(const AuditEvent *e, Buf *to)
{
	buf_add(to, e->call_name);
	for (size_t i = 0; i < e->argv.n && i < 16; i++) {
		buf_char(to, ' ');
		clean(to, e->argv.at[i]);
	}
	if (e->address.n != 0) {
		buf_char(to, ' ');
		clean(to, e->address);
	} else if (e->argv.n == 0) {
		files(e, to);
	}
	const char *error = e->exit < 0 && e->exit > -4096 ? strerrorname_np((int)-e->exit) : NULL;
	if (!e->success)
		buf_fmt(to, ": %s", error != NULL ? error : "failed");
}

void audit_event_text(const AuditEvent *e, Buf *to)
{
	Str when = time_format(to->arena, e->time_ms / 1000);
	buf_fmt(to, STR_FMT ".%03dZ ", (int)when.n - 1, when.p, (int)(e->time_ms % 1000));
	for (size_t i = 0; i < e->keys.n; i++) {
		buf_add(to, i != 0 ? S(",") : S(""));
		clean(to, e->keys.at[i]);
	}
	buf_add(to, e->keys.n != 0 ? S(" ") : S("- "));
	if (e->call) {
		who(e, to);
		buf_add(to, S(": "));
		what(e, to);
	} else {
		if (e->type != NULL)
			buf_fmt(to, "%s ", e->type);
		else
			buf_fmt(to, "%u ", e->type_number);
		clean(to, e->fields);
	}
	buf_add(to, e->whole ? S("\n") : S(" (incomplete)\n"));
}
