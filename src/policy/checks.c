/* checks.c - a baseline: what of a benchmark is accepted, and when the rest fails. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "policy/policy.h"

enum { DAY = 86400 };

static bool is_expired(const IgnoreEntry *e, int64_t now)
{
	return e->expires != 0 && now >= e->expires + DAY;
}

static Str reason_of(const IgnoreEntry *e)
{
	return e->reason.n != 0 ? e->reason : S("without a reason");
}

/* Takes the items it names out of the verdict; true when nothing is left of it. */
static bool accept_items(const IgnoreEntry *e, Arena *a, Verdict *v, uint64_t *taken)
{
	size_t kept = 0;
	for (size_t i = 0; i < v->items.n; i++) {
		CheckItem item = v->items.at[i];
		if (!str_eq(item.name, e->package)) {
			v->items.at[kept++] = item;
			continue;
		}
		item.accepted = reason_of(e);
		vec_push(a, &v->accepted_items, item);
		*taken += 1;
	}
	bool any = kept != v->items.n;
	v->items.n = kept;
	v->taken += any; /* it counts as it is */
	return any && kept == 0;
}

static bool counts(const Verdict *v)
{
	return v->outcome == OUTCOME_WARN || v->outcome == OUTCOME_INFO ||
	       v->outcome == OUTCOME_NOTE;
}

/* *met: there was a verdict that it could speak of. */
static bool apply_one(const IgnoreEntry *e, Arena *a, CheckReport *r, bool *met)
{
	uint64_t before = r->accepted;
	*met = false;
	for (size_t i = 0; i < r->verdicts.n; i++) {
		Verdict *v = &r->verdicts.at[i];
		if (!check_is_called(v->check, e->id, r->benchmark))
			continue;
		*met = true;
		if (!counts(v) || v->accepted.n != 0)
			continue;
		if (e->package.n != 0 && !accept_items(e, a, v, &r->accepted))
			continue;
		v->accepted = reason_of(e);
		r->accepted += e->package.n == 0;
	}
	return r->accepted != before;
}

static void warn(const Policy *p, const IgnoreEntry *e, const char *what, Arena *a, CheckReport *r)
{
	Buf b = buf_in(a, LIMIT_IGNORE_BYTES);
	buf_fmt(&b, STR_FMT ":%u: " STR_FMT "%s" STR_FMT " %s", STR_ARG(p->ignore_name), e->line,
		STR_ARG(e->id), e->package.n != 0 ? " of " : "", STR_ARG(e->package), what);
	vec_push(a, &r->warnings, buf_str(&b));
}

void policy_apply_checks(const Policy *p, int64_t now, Arena *a, CheckReport *r)
{
	for (size_t i = 0; i < p->ignore.n; i++) {
		const IgnoreEntry *e = &p->ignore.at[i];
		bool met;
		if (is_expired(e, now))
			warn(p, e,
			     "was accepted until a day that is over; decide anew, or remove it", a,
			     r);
		else if (!apply_one(e, a, r, &met) && met)
			warn(p, e, "accepts nothing; remove it", a, r);
	}
}

bool policy_fails_checks(const Policy *p, const CheckReport *r)
{
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		if ((v->outcome == OUTCOME_ERROR || v->unread != 0) && p->fail_on_not_evaluated)
			return true;
		if (v->outcome == OUTCOME_WARN && v->accepted.n == 0 && p->fail_on_severity &&
		    v->check->severity >= p->fail_at)
			return true;
	}
	return false;
}
