/* policy.c - takes out what the user accepts, and judges the rest. */
#include "policy/policy.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/time.h"

enum { DAY = 86400, SHOWN_UNUSED = 5 };

typedef struct Rule Rule;
struct Rule { /* an entry, and the next one of the same id */
	const IgnoreEntry *entry;
	Rule *next;
	bool expired, used;
};

typedef struct Rules {
	Rule *at; /* one per entry, in the file's order */
	size_t n;
	Map by_id; /* upper case -> Rule * */
	Arena *arena;
} Rules;

static Str upper(Arena *a, Str s)
{
	char *p = arena_array(a, char, s.n);
	for (size_t i = 0; i < s.n; i++) {
		p[i] = s.p[i];
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 'a' + 'A');
	}
	return (Str){p, s.n};
}

static Rules rules_of(const Policy *p, int64_t now, Arena *a)
{
	Rules rules = {.at = arena_array(a, Rule, p->ignore.n), .n = p->ignore.n, .arena = a};
	for (size_t i = rules.n; i-- > 0;) { /* backwards: chains keep the file's order */
		const IgnoreEntry *e = &p->ignore.at[i];
		Rule **first = (Rule **)map_at(&rules.by_id, a, upper(a, e->id));
		rules.at[i] = (Rule){.entry = e,
				     .next = *first,
				     .expired = e->expires != 0 && now >= e->expires + DAY};
		*first = &rules.at[i];
	}
	return rules;
}

/* Marks every entry that speaks of `id` in what has one of the names; *by becomes the first that
 * counts, unless there is one. */
static void accepted_as(Rules *rules, Str id, Str name, Str other, const IgnoreEntry **by)
{
	for (Rule *r = map_get(&rules->by_id, upper(rules->arena, id)); r != NULL; r = r->next) {
		Str package = r->entry->package;
		if (package.n != 0 && !str_eq(package, name) && !str_eq(package, other))
			continue;
		r->used = true;
		if (*by == NULL && !r->expired)
			*by = r->entry;
	}
}

/* NULL: nothing accepts it. */
static const IgnoreEntry *ignored_by(Rules *rules, const Finding *f, const Pkg *p)
{
	const IgnoreEntry *by = NULL;
	if (rules->n == 0)
		return NULL;
	accepted_as(rules, f->id, p->name, p->source_name, &by);
	accepted_as(rules, f->evidence.record, p->name, p->source_name, &by);
	for (size_t i = 0; i < f->aliases.n; i++)
		accepted_as(rules, f->aliases.at[i], p->name, p->source_name, &by);
	return by;
}

/* By rule, its name, a peer's rule or the fingerprint; "package" is the file. */
static const IgnoreEntry *remark_ignored_by(Rules *rules, const Remark *r)
{
	const IgnoreEntry *by = NULL;
	if (rules->n == 0)
		return NULL;
	accepted_as(rules, r->rule, r->file, r->file, &by);
	accepted_as(rules, r->name, r->file, r->file, &by);
	accepted_as(rules, r->fingerprint, r->file, r->file, &by);
	for (size_t i = 0; i < r->aliases.n; i++)
		accepted_as(rules, r->aliases.at[i], r->file, r->file, &by);
	return by;
}

/* What the entry says, else where it stands. */
static Str reason_of(const Policy *p, const IgnoreEntry *e, Arena *a)
{
	Buf b = buf_in(a, LIMIT_IGNORE_BYTES);
	if (e->reason.n != 0)
		return e->reason;
	buf_fmt(&b, STR_FMT ":%u", STR_ARG(p->ignore_name), e->line);
	return buf_str(&b);
}

static void apply_remarks(const Policy *p, Rules *rules, RemarkReport *r)
{
	size_t kept = 0;
	for (size_t i = 0; i < r->remarks.n; i++) {
		const Remark *m = &r->remarks.at[i];
		bool shown = p->severities == 0 ||
			     (p->severities >> level_severity(m->level) & 1u) != 0;
		const IgnoreEntry *by = remark_ignored_by(rules, m);
		if (!shown)
			r->suppressed++;
		else if (by != NULL)
			remark_accept(r, rules->arena, m, false, reason_of(p, by, rules->arena));
		else
			r->remarks.at[kept++] = *m;
	}
	r->remarks.n = kept;
}

static bool wanted(const Policy *p, const Finding *f)
{
	if (p->only_fixed && f->fixed_version.n == 0)
		return false;
	return p->severities == 0 || (p->severities >> f->severity & 1u) != 0;
}

static Str entry_name(Arena *a, const Policy *p, const IgnoreEntry *e)
{
	Buf b = buf_in(a, LIMIT_IGNORE_BYTES);
	buf_fmt(&b, STR_FMT ":%u: " STR_FMT, STR_ARG(p->ignore_name), e->line, STR_ARG(e->id));
	if (e->package.n != 0)
		buf_fmt(&b, " in " STR_FMT, STR_ARG(e->package));
	return buf_str(&b);
}

static void warn_expired(const Policy *p, const Rule *rule, Arena *a, Report *r)
{
	Buf b = buf_in(a, LIMIT_IGNORE_BYTES);
	Str day = date_format(a, rule->entry->expires), name = entry_name(a, p, rule->entry);
	buf_fmt(&b,
		STR_FMT " was ignored until " STR_FMT ", and counts again; decide anew, or "
			"remove the entry",
		STR_ARG(name), STR_ARG(day));
	vec_push(a, &r->warnings, buf_str(&b));
}

/* One warning for all of them: an ignore file is often shared by many images. */
static void warn_unused(const Policy *p, const Rules *rules, Arena *a, Report *r)
{
	Buf b = buf_in(a, LIMIT_IGNORE_BYTES);
	size_t n = 0;
	for (size_t i = 0; i < rules->n; i++) {
		if (rules->at[i].used)
			continue;
		Str name = entry_name(a, p, rules->at[i].entry);
		if (n < SHOWN_UNUSED)
			buf_fmt(&b, "%s" STR_FMT, n != 0 ? ", " : "", STR_ARG(name));
		n++;
	}
	if (n == 0)
		return;
	if (n > SHOWN_UNUSED)
		buf_fmt(&b, " and %zu more", n - SHOWN_UNUSED);
	buf_fmt(&b, ": ignored nothing in this image");
	vec_push(a, &r->warnings, buf_str(&b));
}

void policy_apply(const Policy *p, int64_t now, Arena *a, Report *r)
{
	Rules rules = rules_of(p, now, a);
	size_t kept = 0;
	for (size_t i = 0; i < r->findings.n; i++) {
		Finding f = r->findings.at[i];
		const IgnoreEntry *by = ignored_by(&rules, &f, &r->facts->pkgs.at[f.pkg]);
		if (by != NULL) {
			f.accepted = reason_of(p, by, a);
			r->ignored++;
			if (wanted(p, &f))
				vec_push(a, &r->accepted, f);
		} else if (!wanted(p, &f)) {
			r->hidden++;
		} else {
			r->findings.at[kept++] = f;
		}
	}
	r->findings.n = kept;
	if (r->remarks != NULL)
		apply_remarks(p, &rules, r->remarks);
	for (size_t i = 0; i < rules.n; i++)
		if (rules.at[i].used && rules.at[i].expired)
			warn_expired(p, &rules.at[i], a, r);
	warn_unused(p, &rules, a, r);
}

static bool remarks_fail(const Policy *p, const RemarkReport *r)
{
	if (p->fail_on_not_evaluated && r->not_evaluated.n != 0)
		return true;
	for (size_t i = 0; p->fail_on_severity && i < r->remarks.n; i++)
		if (level_severity(r->remarks.at[i].level) >= p->fail_at)
			return true;
	return false;
}

Severity level_severity(Level l)
{
	return l == LEVEL_ERROR     ? SEV_HIGH
	       : l == LEVEL_WARNING ? SEV_MEDIUM
	       : l == LEVEL_INFO    ? SEV_LOW
				    : SEV_UNKNOWN;
}

void policy_set_bar(const StrVec *words, Policy *p)
{
	Severity s = SEV_UNKNOWN;
	for (size_t i = 0; i < words->n; i++) {
		if (str_eq(words->at[i], S(POLICY_NOT_EVALUATED))) {
			p->fail_on_not_evaluated = true;
		} else if (severity_parse(words->at[i], &s)) {
			if (!p->fail_on_severity || s < p->fail_at)
				p->fail_at = s;
			p->fail_on_severity = true;
		}
	}
}

bool policy_fails(const Policy *p, const Report *r)
{
	if (p->fail_on_not_evaluated && r->not_evaluated.n != 0)
		return true;
	for (size_t i = 0; p->fail_on_severity && i < r->findings.n; i++)
		if (!r->findings.at[i].informational && r->findings.at[i].severity >= p->fail_at)
			return true;
	return r->remarks != NULL && remarks_fail(p, r->remarks);
}
