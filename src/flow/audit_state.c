/* audit_state.c - asks the kernel's audit once. */
#include "flow/audit_state.h"

#include <stdlib.h>

#include "audit/cover.h"

/* The path itself where its folder is gone. */
static Str as_kernel_took(Str path, Arena *a)
{
	Str dir = str_dir(path), base = str_base(path);
	char *real = dir.n != 0 && base.n != 0 ? realpath(arena_cstr(a, dir), NULL) : NULL;
	if (real == NULL)
		return path;
	Buf b = buf_in(a, strlen(real) + base.n + 2);
	buf_fmt(&b, "%s/" STR_FMT, strcmp(real, "/") != 0 ? real : "", STR_ARG(base));
	free(real);
	return buf_str(&b);
}

void audit_rules_resolve(const AuditRuleVec *loaded, Arena *a, AuditRuleVec *out)
{
	AuditRuleVec all = {0};
	for (size_t i = 0; i < loaded->n; i++) {
		AuditRule r = loaded->at[i];
		r.fields = (__typeof__(r.fields)){0};
		for (size_t k = 0; k < loaded->at[i].fields.n; k++) {
			AuditField f = loaded->at[i].fields.at[k];
			if (f.field == AUDIT_WATCH || f.field == AUDIT_DIR)
				f.text = as_kernel_took(f.text, a);
			vec_push(a, &r.fields, f);
		}
		vec_push(a, &all, r);
	}
	*out = all;
}

static Result look(Arena *a, AuditState *s)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	TRY(audit_open(&link));
	TRY(audit_status(&link, &s->status));
	TRY(audit_rules(&link, a, &s->rules));
	audit_rules_resolve(&s->rules, a, &s->rules);
	return OK;
}

void audit_state_read(Arena *a, AuditState *out)
{
	AuditState s = {0};
	Err *e = look(a, &s);
	if (e != OK) {
		s = (AuditState){.why = arena_str(a, str_of(e->text))};
		err_free(e);
	}
	s.off = s.status.enabled == 0 || audit_is_muted(&s.rules);
	*out = s;
}

void audit_state_paths(const AuditState *s, Arena *a, AuditedPathVec *out)
{
	const uint32_t writes = AUDIT_PERM_WRITE | AUDIT_PERM_ATTR;
	*out = (AuditedPathVec){0};
	for (size_t i = 0; i < s->rules.n; i++) {
		const AuditRule *r = &s->rules.at[i];
		Str path = audit_rule_path(r);
		bool tree = audit_rule_field(r, AUDIT_DIR) != NULL;
		if (r->action != AUDIT_ALWAYS || path.n == 0)
			continue;
		uint32_t seen = audit_watched(&s->rules, path, tree);
		vec_push(a, out, (AuditedPath){path, tree, (seen & writes) == writes});
	}
}
