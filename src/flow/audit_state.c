/* audit_state.c - asks the kernel's audit once. */
#include "flow/audit_state.h"

#include "audit/cover.h"

static Result look(Arena *a, AuditState *s)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	TRY(audit_open(&link));
	TRY(audit_status(&link, &s->status));
	return audit_rules(&link, a, &s->rules);
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
