/* cover.c - adds up what rules record. */
#include "audit/cover.h"

enum {
	PERM_ALL = AUDIT_PERM_READ | AUDIT_PERM_WRITE | AUDIT_PERM_EXEC | AUDIT_PERM_ATTR,
	CALL_WORDS = AUDIT_BITMASK_SIZE - 1,
};

typedef struct Want {
	Str path;
	bool tree;
	uint32_t perms; /* 0: it asks for calls */
	uint32_t calls[CALL_WORDS];
} Want;

typedef struct Tally {
	uint32_t perms, perms_never;
	uint32_t calls[CALL_WORDS], calls_never[CALL_WORDS];
	bool touched; /* a rule is about it, if not enough */
	bool never;   /* one that says never is */
} Tally;

static bool is_beneath(Str path, Str dir)
{
	if (str_ends(dir, S("/")))
		dir.n--;
	return str_starts(path, dir) && (path.n == dir.n || path.p[dir.n] == '/');
}

static bool reaches(const AuditRule *r, Str path, bool tree)
{
	const AuditField *dir = audit_rule_field(r, AUDIT_DIR);
	const AuditField *file = audit_rule_field(r, AUDIT_WATCH);
	if (dir == NULL && file == NULL)
		return true;
	if (dir != NULL)
		return path.n != 0 && is_beneath(path, dir->text);
	return !tree && str_eq(path, file->text);
}

/* About that very path, perhaps as a file instead of a directory. */
static bool names(const AuditRule *r, Str path)
{
	return path.n != 0 && str_eq(audit_rule_path(r), path);
}

static bool is_bound(const AuditRule *r)
{
	for (size_t i = 0; i < r->fields.n; i++) {
		const AuditField *f = &r->fields.at[i];
		if (f->field != AUDIT_ARCH && f->field != AUDIT_PERM && f->field != AUDIT_WATCH &&
		    f->field != AUDIT_DIR && f->field != AUDIT_FILTERKEY)
			return true;
		if (f->op != AUDIT_EQUAL)
			return true;
	}
	return false;
}

static bool is_of_width(const AuditRule *r, uint32_t arch)
{
	const AuditField *f = audit_rule_field(r, AUDIT_ARCH);
	return f == NULL || f->value == arch;
}

static void add_calls(const AuditRule *r, const Want *w, Tally *t)
{
	if (audit_rule_field(r, AUDIT_PERM) != NULL)
		return; /* it looks at calls that open and change files only */
	for (size_t i = 0; i < CALL_WORDS; i++) {
		t->touched = t->touched || (r->calls[i] & w->calls[i]) != 0;
		if (r->action == AUDIT_NEVER)
			t->calls_never[i] |= r->calls[i];
		else
			t->calls[i] |= r->calls[i] & ~t->calls_never[i];
	}
}

static void add_perms(const AuditRule *r, Tally *t)
{
	const AuditField *f = audit_rule_field(r, AUDIT_PERM);
	uint32_t perms = f != NULL ? f->value : PERM_ALL;
	if (!audit_rule_all_calls(r))
		return;
	if (r->action == AUDIT_NEVER)
		t->perms_never |= perms;
	else
		t->perms |= perms & ~t->perms_never;
}

static bool shares_calls(const AuditRule *r, const Want *w)
{
	for (size_t i = 0; i < CALL_WORDS; i++)
		if (!audit_rule_all_calls(r) && (r->calls[i] & w->calls[i]) != 0)
			return true;
	return false;
}

static void add_up(const AuditRuleVec *loaded, const Want *w, uint32_t arch, Tally *t)
{
	for (size_t i = 0; i < loaded->n; i++) {
		const AuditRule *r = &loaded->at[i];
		if (r->list != AUDIT_FILTER_EXIT || !is_of_width(r, arch))
			continue;
		bool about = names(r, w->path) || (w->perms == 0 && w->path.n == 0 &&
						   audit_rule_path(r).n == 0 && shares_calls(r, w));
		t->touched = t->touched || (about && r->action == AUDIT_ALWAYS);
		if (is_bound(r) || !reaches(r, w->path, w->tree))
			continue;
		t->never = t->never || r->action == AUDIT_NEVER;
		if (w->perms != 0)
			add_perms(r, t);
		else
			add_calls(r, w, t);
	}
	t->touched = t->touched || (t->perms & w->perms) != 0;
}

static Want want_of(const AuditRule *r)
{
	const AuditField *perm = audit_rule_field(r, AUDIT_PERM);
	Want w = {.path = audit_rule_path(r),
		  .tree = audit_rule_field(r, AUDIT_DIR) != NULL,
		  .perms = perm != NULL              ? perm->value
			   : audit_rule_all_calls(r) ? PERM_ALL
						     : 0};
	memcpy(w.calls, r->calls, sizeof w.calls);
	return w;
}

static void put_missing(const Want *w, const Tally *t, uint32_t arch, Buf *to)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} perms[] = {{AUDIT_PERM_READ, "reading"},
		     {AUDIT_PERM_WRITE, "writing"},
		     {AUDIT_PERM_EXEC, "running"},
		     {AUDIT_PERM_ATTR, "changing attributes"}};
	const char *before = "";
	for (size_t i = 0; i < sizeof perms / sizeof perms[0]; i++) {
		if ((w->perms & ~t->perms & perms[i].bit) == 0)
			continue;
		buf_fmt(to, "%s%s", before, perms[i].name);
		before = ", ";
	}
	for (uint32_t nr = 0; w->perms == 0 && nr < CALL_WORDS * 32; nr++) {
		if ((w->calls[nr / 32] & ~t->calls[nr / 32] & 1u << nr % 32) == 0)
			continue;
		buf_fmt(to, "%s", before);
		buf_add(to, audit_call_name(arch, nr, to->arena));
		before = ", ";
	}
}

static bool is_whole(const Want *w, const Tally *t)
{
	for (size_t i = 0; w->perms == 0 && i < CALL_WORDS; i++)
		if ((w->calls[i] & ~t->calls[i]) != 0)
			return false;
	return (w->perms & ~t->perms) == 0;
}

static bool is_there(const AuditRuleVec *loaded, const AuditRule *wanted)
{
	for (size_t i = 0; i < loaded->n; i++) {
		const AuditRule *r = &loaded->at[i];
		if (r->list == wanted->list && r->action == wanted->action && !is_bound(r) &&
		    audit_rule_all_calls(r) &&
		    reaches(r, audit_rule_path(wanted),
			    audit_rule_field(wanted, AUDIT_DIR) != NULL))
			return true;
	}
	return false;
}

AuditCovered audit_cover(const AuditRuleVec *loaded, const AuditRule *wanted, Arena *a, Str *why)
{
	Want w = want_of(wanted);
	bool touched = false, whole = true;
	Buf text = buf_in(a, 4096);
	*why = (Str){0};
	if (wanted->action == AUDIT_NEVER)
		return is_there(loaded, wanted) ? AUDIT_PRESENT : AUDIT_MISSING;
	for (AuditWidth width = AUDIT_B64; width < AUDIT_WIDTHS; width++) {
		Tally t = {0};
		uint32_t arch = audit_arch_of(width);
		if (arch == 0 || !is_of_width(wanted, arch))
			continue;
		add_up(loaded, &w, arch, &t);
		touched = touched || t.touched;
		if (is_whole(&w, &t))
			continue;
		whole = false;
		buf_add(&text, text.n != 0 ? S("; ") : S(""));
		put_missing(&w, &t, arch, &text);
		buf_fmt(&text, " not recorded of " STR_FMT " calls%s",
			STR_ARG(audit_arch_name(arch, a)),
			t.never ? ", a rule before says never" : "");
	}
	*why = whole ? (Str){0} : buf_str(&text);
	return whole ? AUDIT_PRESENT : touched ? AUDIT_WEAKER : AUDIT_MISSING;
}

uint32_t audit_watched(const AuditRuleVec *loaded, Str path, bool tree)
{
	Want w = {.path = path, .tree = tree, .perms = PERM_ALL};
	uint32_t perms = PERM_ALL;
	for (AuditWidth width = AUDIT_B64; width < AUDIT_WIDTHS; width++) {
		Tally t = {0};
		if (audit_arch_of(width) == 0)
			continue;
		add_up(loaded, &w, audit_arch_of(width), &t);
		perms &= t.perms;
	}
	return perms;
}

static bool holds(uint32_t number, uint32_t op, uint32_t than)
{
	switch (op) {
	case AUDIT_EQUAL: return number == than;
	case AUDIT_NOT_EQUAL: return number != than;
	case AUDIT_LESS_THAN: return number < than;
	case AUDIT_LESS_THAN_OR_EQUAL: return number <= than;
	case AUDIT_GREATER_THAN: return number > than;
	case AUDIT_GREATER_THAN_OR_EQUAL: return number >= than;
	default: return false;
	}
}

/* `-a always,exclude -F msgtype=SYSCALL`, whatever its action; without it nobody knows of an event
 * who did it. */
static bool drops_calls(const AuditRule *r)
{
	bool any = false;
	if (r->list != AUDIT_FILTER_EXCLUDE)
		return false;
	for (size_t i = 0; i < r->fields.n; i++) {
		const AuditField *f = &r->fields.at[i];
		if (f->field == AUDIT_FILTERKEY)
			continue;
		if (f->field != AUDIT_MSGTYPE || !holds(AUDIT_SYSCALL, f->op, f->value))
			return false;
		any = true;
	}
	return any;
}

bool audit_is_muted(const AuditRuleVec *loaded)
{
	for (size_t i = 0; i < loaded->n; i++) {
		const AuditRule *r = &loaded->at[i];
		bool task = r->list == AUDIT_FILTER_TASK && r->action == AUDIT_NEVER;
		if (drops_calls(r) || (task && !is_bound(r)))
			return true;
	}
	return false;
}
