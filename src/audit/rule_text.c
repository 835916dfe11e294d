/* rule_text.c - a rule as auditctl(8) writes it. */
#include <sys/stat.h>

#include "audit/arch.h"
#include "audit/rule.h"

typedef enum FieldKind { NUMBER, TEXT, ARCH, PERM, ERRNO, FILETYPE } FieldKind;

typedef struct FieldName {
	uint32_t field;
	const char *name;
	FieldKind kind;
} FieldName;

static const FieldName field_names[] = {
#define FIELD(number, name, kind) {number, name, kind},
#include "audit/fields.def"
#undef FIELD
};

static const FieldName *named(uint32_t field)
{
	for (size_t i = 0; i < sizeof field_names / sizeof field_names[0]; i++)
		if (field_names[i].field == field)
			return &field_names[i];
	return NULL;
}

static const char *operator_of(uint32_t op)
{
	static const struct {
		uint32_t op;
		const char *text;
	} all[] = {
		{AUDIT_EQUAL, "="},        {AUDIT_NOT_EQUAL, "!="},
		{AUDIT_GREATER_THAN, ">"}, {AUDIT_GREATER_THAN_OR_EQUAL, ">="},
		{AUDIT_LESS_THAN, "<"},    {AUDIT_LESS_THAN_OR_EQUAL, "<="},
		{AUDIT_BIT_MASK, "&"},     {AUDIT_BIT_TEST, "&="},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].op == op)
			return all[i].text;
	return "?";
}

static const char *list_name(uint32_t list)
{
	static const char *const names[] = {"user", "task",    "entry",      "watch",
					    "exit", "exclude", "filesystem", "io_uring"};
	return list < sizeof names / sizeof names[0] ? names[list] : "?";
}

static const char *action_name(uint32_t action)
{
	return action == AUDIT_NEVER ? "never" : action == AUDIT_ALWAYS ? "always" : "possible";
}

static void put_perm(uint32_t perm, Buf *to)
{
	static const struct {
		uint32_t bit;
		char letter;
	} all[] = {{AUDIT_PERM_READ, 'r'},
		   {AUDIT_PERM_WRITE, 'w'},
		   {AUDIT_PERM_EXEC, 'x'},
		   {AUDIT_PERM_ATTR, 'a'}};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if ((perm & all[i].bit) != 0)
			buf_char(to, all[i].letter);
}

static const char *file_type_name(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFSOCK: return "socket";
	case S_IFLNK: return "link";
	case S_IFREG: return "file";
	case S_IFBLK: return "block";
	case S_IFDIR: return "dir";
	case S_IFCHR: return "character";
	case S_IFIFO: return "fifo";
	default: return "?";
	}
}

static void put_value(const AuditField *f, FieldKind kind, Buf *to)
{
	int32_t number = (int32_t)f->value;
	const char *error = kind == ERRNO && number < 0 ? strerrorname_np(-number) : NULL;
	switch (kind) {
	case TEXT: buf_add(to, f->text); return;
	case ARCH: buf_add(to, audit_arch_name(f->value, to->arena)); return;
	case PERM: put_perm(f->value, to); return;
	case FILETYPE: buf_fmt(to, "%s", file_type_name(f->value)); return;
	case ERRNO:
	case NUMBER: break;
	}
	if (error != NULL)
		buf_fmt(to, "-%s", error);
	else
		buf_fmt(to, "%d", number);
}

/* What `-w` can say, and nothing else. */
static bool is_watch(const AuditRule *r)
{
	bool perm = false;
	for (size_t i = 0; i < r->fields.n; i++) {
		const AuditField *f = &r->fields.at[i];
		perm = perm || f->field == AUDIT_PERM;
		if (f->op != AUDIT_EQUAL ||
		    (f->field != AUDIT_PERM && f->field != AUDIT_FILTERKEY &&
		     f->field != AUDIT_DIR && f->field != AUDIT_WATCH))
			return false;
	}
	return perm && r->list == AUDIT_FILTER_EXIT && r->action == AUDIT_ALWAYS &&
	       audit_rule_all_calls(r) && audit_rule_path(r).n != 0;
}

static void put_keys(const AuditRule *r, const char *before, Buf *to)
{
	Str keys = audit_rule_key(r), key;
	while (keys.n != 0 && str_cut(&keys, '\1', &key))
		buf_fmt(to, " %s" STR_FMT, before, STR_ARG(key));
}

static void watch_text(const AuditRule *r, Buf *to)
{
	const AuditField *perm = audit_rule_field(r, AUDIT_PERM);
	Str path = audit_rule_path(r);
	buf_fmt(to, "-w " STR_FMT " -p ", STR_ARG(path));
	put_perm(perm != NULL ? perm->value : 0, to);
	put_keys(r, "-k ", to);
}

static void put_calls(const AuditRule *r, Buf *to)
{
	enum { NUMBERS = (AUDIT_BITMASK_SIZE - 1) * 32 };
	const AuditField *arch = audit_rule_field(r, AUDIT_ARCH);
	uint32_t of = arch != NULL ? arch->value : audit_arch_of(AUDIT_B64);
	const char *before = " -S ";
	if (r->list != AUDIT_FILTER_EXIT && r->list != AUDIT_FILTER_URING_EXIT)
		return;
	if (audit_rule_all_calls(r)) {
		buf_add(to, S(" -S all"));
		return;
	}
	for (uint32_t i = 0; i < NUMBERS; i++) {
		if (!audit_rule_has_call(r, i))
			continue;
		buf_fmt(to, "%s", before);
		buf_add(to, audit_call_name(of, i, to->arena));
		before = ",";
	}
}

static void put_field(const AuditField *f, Buf *to)
{
	const FieldName *name = named(f->field);
	if (name != NULL)
		buf_fmt(to, " -F %s%s", name->name, operator_of(f->op));
	else
		buf_fmt(to, " -F f%u%s", f->field, operator_of(f->op));
	put_value(f, name != NULL ? name->kind : NUMBER, to);
}

void audit_rule_text(const AuditRule *r, Buf *to)
{
	const AuditField *arch = audit_rule_field(r, AUDIT_ARCH);
	if (is_watch(r)) {
		watch_text(r, to);
		return;
	}
	buf_fmt(to, "-%c %s,%s", r->first ? 'A' : 'a', action_name(r->action), list_name(r->list));
	if (arch != NULL)
		put_field(arch, to);
	put_calls(r, to);
	for (size_t i = 0; i < r->fields.n; i++)
		if (&r->fields.at[i] != arch && r->fields.at[i].field != AUDIT_FILTERKEY)
			put_field(&r->fields.at[i], to);
	put_keys(r, "-F key=", to);
}

bool audit_rule_writable(const AuditRule *r)
{
	for (size_t i = 0; i < r->fields.n; i++) {
		Str text = r->fields.at[i].text;
		for (size_t k = 0; k < text.n; k++)
			if ((unsigned char)text.p[k] <= ' ' &&
			    r->fields.at[i].field != AUDIT_FILTERKEY)
				return false;
	}
	return true;
}
