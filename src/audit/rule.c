/* rule.c - rules made, asked, and in the kernel's bytes. */
#include "audit/rule.h"

enum { BITS = 32, RULE_HEAD = sizeof(struct audit_rule_data) };

AuditRule audit_rule_of(uint32_t action)
{
	AuditRule r = {.list = AUDIT_FILTER_EXIT, .action = action};
	for (size_t i = 0; i < AUDIT_BITMASK_SIZE; i++)
		r.calls[i] = ~0u;
	return r;
}

void audit_rule_number(AuditRule *r, Arena *a, uint32_t field, uint32_t value)
{
	vec_push(a, &r->fields, (AuditField){field, AUDIT_EQUAL, value, {0}});
}

void audit_rule_string(AuditRule *r, Arena *a, uint32_t field, Str text)
{
	vec_push(a, &r->fields, (AuditField){field, AUDIT_EQUAL, 0, text});
}

void audit_rule_no_calls(AuditRule *r) { memset(r->calls, 0, sizeof r->calls); }

void audit_rule_call(AuditRule *r, uint32_t number)
{
	if (number / BITS < AUDIT_BITMASK_SIZE)
		r->calls[number / BITS] |= 1u << number % BITS;
}

bool audit_rule_has_call(const AuditRule *r, uint32_t number)
{
	return number / BITS < AUDIT_BITMASK_SIZE &&
	       (r->calls[number / BITS] & 1u << number % BITS) != 0;
}

/* The last word stands for classes of calls, which the kernel has replaced by calls. */
bool audit_rule_all_calls(const AuditRule *r)
{
	for (size_t i = 0; i < AUDIT_BITMASK_SIZE - 1; i++)
		if (r->calls[i] != ~0u)
			return false;
	return true;
}

const AuditField *audit_rule_field(const AuditRule *r, uint32_t field)
{
	for (size_t i = 0; i < r->fields.n; i++)
		if (r->fields.at[i].field == field)
			return &r->fields.at[i];
	return NULL;
}

Str audit_rule_path(const AuditRule *r)
{
	const AuditField *f = audit_rule_field(r, AUDIT_WATCH);
	if (f == NULL)
		f = audit_rule_field(r, AUDIT_DIR);
	return f != NULL ? f->text : (Str){0};
}

Str audit_rule_key(const AuditRule *r)
{
	const AuditField *f = audit_rule_field(r, AUDIT_FILTERKEY);
	return f != NULL ? f->text : (Str){0};
}

static bool has_field(const AuditRule *r, const AuditField *want)
{
	for (size_t i = 0; i < r->fields.n; i++) {
		const AuditField *f = &r->fields.at[i];
		if (f->field == want->field && f->op == want->op && f->value == want->value &&
		    str_eq(f->text, want->text))
			return true;
	}
	return false;
}

bool audit_rule_same(const AuditRule *x, const AuditRule *y)
{
	if (x->list != y->list || x->action != y->action || x->fields.n != y->fields.n ||
	    memcmp(x->calls, y->calls, sizeof x->calls - sizeof x->calls[0]) != 0)
		return false;
	for (size_t i = 0; i < x->fields.n; i++)
		if (!has_field(y, &x->fields.at[i]) || !has_field(x, &y->fields.at[i]))
			return false;
	return true;
}

/* ---- bytes ---- */

static bool is_text(uint32_t field)
{
	return (field >= AUDIT_SUBJ_USER && field <= AUDIT_SUBJ_CLR) ||
	       (field >= AUDIT_OBJ_USER && field <= AUDIT_OBJ_LEV_HIGH) || field == AUDIT_WATCH ||
	       field == AUDIT_DIR || field == AUDIT_FILTERKEY || field == AUDIT_EXE;
}

Result audit_rule_encode(const AuditRule *r, Buf *to)
{
	struct audit_rule_data d = {.flags = r->list | (r->first ? AUDIT_FILTER_PREPEND : 0),
				    .action = r->action,
				    .field_count = (uint32_t)r->fields.n};
	size_t text = 0;
	if (r->fields.n > AUDIT_MAX_FIELDS)
		FAIL(ERR_LIMIT, "an audit rule with %zu fields; the kernel takes %d", r->fields.n,
		     AUDIT_MAX_FIELDS);
	memcpy(d.mask, r->calls, sizeof d.mask);
	for (size_t i = 0; i < r->fields.n; i++) {
		const AuditField *f = &r->fields.at[i];
		d.fields[i] = f->field;
		d.fieldflags[i] = f->op;
		d.values[i] = is_text(f->field) ? (uint32_t)f->text.n : f->value;
		text += f->text.n;
	}
	if (text > LIMIT_AUDIT_RULE_TEXT)
		FAIL(ERR_LIMIT, "an audit rule with %zu bytes of text; at most %u", text,
		     LIMIT_AUDIT_RULE_TEXT);
	d.buflen = (uint32_t)text;
	buf_add(to, (Str){(const char *)&d, RULE_HEAD});
	for (size_t i = 0; i < r->fields.n; i++)
		buf_add(to, r->fields.at[i].text);
	return OK;
}

Result audit_rule_decode(Str bytes, Arena *a, AuditRule *out)
{
	struct audit_rule_data d;
	AuditRule r = {0};
	if (bytes.n < RULE_HEAD)
		FAIL(ERR_INPUT, "an audit rule of %zu bytes", bytes.n);
	memcpy(&d, bytes.p, RULE_HEAD);
	Str text = str_skip(bytes, RULE_HEAD);
	if (d.field_count > AUDIT_MAX_FIELDS || d.buflen > text.n)
		FAIL(ERR_INPUT, "an audit rule that is longer than its message");
	text = str_first(text, d.buflen);
	r.list = d.flags & ~(uint32_t)AUDIT_FILTER_PREPEND;
	r.first = (d.flags & AUDIT_FILTER_PREPEND) != 0;
	r.action = d.action;
	memcpy(r.calls, d.mask, sizeof r.calls);
	for (size_t i = 0; i < d.field_count; i++) {
		AuditField f = {d.fields[i], d.fieldflags[i], d.values[i], {0}};
		if (is_text(f.field)) {
			if (d.values[i] > text.n)
				FAIL(ERR_INPUT, "an audit rule whose text is cut off");
			f.text = str_first(text, d.values[i]);
			f.value = 0;
			text = str_skip(text, d.values[i]);
		}
		vec_push(a, &r.fields, f);
	}
	*out = r;
	return OK;
}
