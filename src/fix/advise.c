/* advise.c - looks up what answers each check, and what is there now. */
#include "fix/advise.h"

#include <errno.h>
#include <sys/stat.h>

#include "engine/argv.h"
#include "fix/json_edit.h"
#include "fix/switch_files.h"
#include "io/digest.h"
#include "io/probe_path.h"

#define RULES_DIR "/etc/audit/rules.d"
#define RULES_FILE RULES_DIR "/50-bulwark.rules"
#define SYSCTL_FILE "/etc/sysctl.d/90-bulwark.conf"

typedef enum RemedyKind { MODE = 1, OWNER, OWNER_DOCKER, SETTING, AUDIT, SYSCTL } RemedyKind;

typedef struct Remedy {
	const char *check;
	RemedyKind kind;
	uint32_t limit;
	bool if_set; /* of a setting: without it the engine does the same */
	const char *key, *value, *risk, *restart;
	const char *flag; /* of a setting, on the command line; of a switch: what is fine, too */
} Remedy;

static const Remedy remedies[] = {
#define MODE(id, l) {.check = #id, .kind = MODE, .limit = l},
#define OWNER(id) {.check = #id, .kind = OWNER},
#define OWNER_DOCKER(id) {.check = #id, .kind = OWNER_DOCKER},
#define SETTING(id, k, f, v, r, s) \
	{.check = #id, .kind = SETTING, .key = k, .flag = f, .value = v, .risk = r, .restart = s},
#define SETTING_IF_SET(id, k, f, v, r, s) \
	{.check = #id,                    \
	 .kind = SETTING,                 \
	 .if_set = true,                  \
	 .key = k,                        \
	 .flag = f,                       \
	 .value = v,                      \
	 .risk = r,                       \
	 .restart = s},
#define AUDIT(id) {.check = #id, .kind = AUDIT},
#define SYSCTL(id, k, v, f, r) \
	{.check = #id, .kind = SYSCTL, .key = k, .value = v, .flag = f, .risk = r},
#include "fix/remedies.def"
#undef MODE
#undef OWNER
#undef OWNER_DOCKER
#undef SETTING
#undef SETTING_IF_SET
#undef AUDIT
#undef SYSCTL
};

typedef struct Adviser {
	Probe *p;
	Arena *a;
	const FixPlace *place;
	FixPlan *out;
	Daemon d;
	Str config; /* real path of daemon.json */
	StrVec audit_checks;
} Adviser;

enum { REMEDIES = sizeof remedies / sizeof remedies[0] };

static const Remedy *remedy_of(const char *check)
{
	for (size_t i = 0; i < REMEDIES; i++)
		if (strcmp(remedies[i].check, check) == 0)
			return &remedies[i];
	return NULL;
}

/* ---- modes and owners ---- */

static FixStep *same_step(Adviser *v, FixKind kind, Str path)
{
	for (size_t i = 0; i < v->out->steps.n; i++) {
		FixStep *s = &v->out->steps.at[i];
		if (s->kind == kind && str_eq(s->path, path))
			return s;
	}
	return NULL;
}

static FixStep *add_step(Adviser *v, const char *check, FixStep s)
{
	if (check != NULL)
		vec_push(v->a, &s.checks, str_of(check));
	vec_push(v->a, &v->out->steps, s);
	return &v->out->steps.at[v->out->steps.n - 1];
}

static Str fmt_mode(Arena *a, uint32_t mode)
{
	Buf b = buf_in(a, 16);
	buf_fmt(&b, "%04o", mode);
	return buf_str(&b);
}

static Str fmt_owner(Arena *a, uint32_t uid, uint32_t gid)
{
	Buf b = buf_in(a, 32);
	buf_fmt(&b, "%u:%u", uid, gid);
	return buf_str(&b);
}

static const char *file_risk(const ProbeStat *st)
{
	if (S_ISSOCK(st->mode))
		return "Users who reached the engine only by what is taken away no longer do; the "
		       "engine may set it anew at its next start.";
	return "What read or wrote it only by what is taken away no longer can.";
}

/* What act.h refuses. */
static bool has_more_names(const ProbeStat *st) { return !S_ISDIR(st->mode) && st->links > 1; }

static bool fix_mode(Adviser *v, const Remedy *r, Str path)
{
	ProbeStat st;
	Str real = probe_real_path(v->p, path, v->a);
	if (probe_stat(v->p, real, &st) != 0 || has_more_names(&st))
		return false;
	uint32_t mode = st.mode & 07777u, after = mode & r->limit;
	FixStep *same = same_step(v, FIX_MODE, real);
	if (mode == after)
		return false;
	if (same == NULL)
		add_step(v, r->check,
			 (FixStep){.kind = FIX_MODE,
				   .path = real,
				   .before = fmt_mode(v->a, mode),
				   .after = fmt_mode(v->a, after),
				   .risk = str_of(file_risk(&st))});
	else if (!str_eq(same->after, fmt_mode(v->a, after)))
		return false; /* two checks disagree: a person decides */
	else
		vec_push(v->a, &same->checks, str_of(r->check));
	return true;
}

static uint32_t socket_group(Adviser *v)
{
	Str name;
	int64_t id = daemon_group(v->p, &v->d, v->a, &name);
	return id < 0 ? 0 : (uint32_t)id;
}

static bool fix_owner(Adviser *v, const Remedy *r, Str path)
{
	ProbeStat st;
	Str real = probe_real_path(v->p, path, v->a);
	if (v->d.rootless || probe_stat(v->p, real, &st) != 0 || has_more_names(&st))
		return false;
	uint32_t group = r->kind == OWNER_DOCKER ? socket_group(v) : 0;
	if (same_step(v, FIX_OWNER, real) != NULL)
		return false;
	add_step(v, r->check,
		 (FixStep){.kind = FIX_OWNER,
			   .path = real,
			   .before = fmt_owner(v->a, st.uid, st.gid),
			   .after = fmt_owner(v->a, 0, group),
			   .risk = str_of(file_risk(&st))});
	return true;
}

static bool fix_files(Adviser *v, const Remedy *r, const Verdict *verdict)
{
	bool all = verdict->items.n != 0;
	for (size_t i = 0; i < verdict->items.n; i++) {
		Str path = verdict->items.at[i].name;
		bool done = path.n != 0 && path.p[0] == '/' &&
			    (r->kind == MODE ? fix_mode(v, r, path) : fix_owner(v, r, path));
		all = all && done;
	}
	return all;
}

/* ---- daemon.json ---- */

/* The engine does not start when a setting is in its arguments and in its file. */
static bool fix_setting(Adviser *v, const Remedy *r, Str *why)
{
	Str text = {0}, before;
	ProbeStat st;
	bool found;
	if (v->d.podman || argv_setting(&v->d, v->a, r->flag != NULL ? r->flag : r->key).set) {
		*why = S("it is set in the engine's arguments: change its unit");
		return false;
	}
	int sys = probe_read(v->p, v->config, v->a, &text);
	if (sys == ENOENT && probe_stat(v->p, str_dir(v->config), &st) != 0) {
		*why = S("the folder of daemon.json is not there: make it");
		return false;
	}
	if (sys != 0 && sys != ENOENT) {
		*why = S("daemon.json cannot be read");
		return false;
	}
	if (sys == 0 && probe_stat(v->p, v->config, &st) == 0 && has_more_names(&st)) {
		*why = S("daemon.json has more than one name (hard links): make it a file of its "
			 "own");
		return false;
	}
	Err *e = json_edit_get(text, str_of(r->key), v->a, &before, &found);
	if (e != OK) {
		Buf b = buf_in(v->a, 4096);
		buf_fmt(&b, STR_FMT " %s: mend it first", STR_ARG(v->config), e->text);
		*why = buf_str(&b);
		err_free(e);
		return false;
	}
	if (!found && r->if_set)
		return false;
	if (found && str_eq(before, str_of(r->value))) {
		*why = S("daemon.json says so already: restart the engine");
		return false;
	}
	add_step(v, r->check,
		 (FixStep){.kind = FIX_JSON,
			   .path = v->config,
			   .key = str_of(r->key),
			   .absent = !found,
			   .before = before,
			   .after = str_of(r->value),
			   .risk = str_of(r->risk),
			   .restart = str_of(r->restart)});
	return true;
}

/* ---- the kernel ---- */

static Str sysctl_path(Arena *a, const char *key)
{
	Buf b = buf_in(a, 256);
	buf_fmt(&b, "/proc/sys/%s", key);
	Str path = buf_str(&b);
	for (size_t i = strlen("/proc/sys/"); i < path.n; i++)
		if (b.p[i] == '.')
			b.p[i] = '/';
	return path;
}

static bool is_fine(const Remedy *r, Str value)
{
	Str rest = str_of(r->flag), word;
	if (str_eq(value, str_of(r->value)))
		return true;
	while (rest.n != 0 && str_cut(&rest, ' ', &word))
		if (str_eq(word, value))
			return true;
	return false;
}

/* Ours would be done until the next start only. */
static bool is_set_later(Adviser *v, const Remedy *r, Str *why)
{
	Str value, path = switch_set_later(v->p, str_of(r->key), str_base(S(SYSCTL_FILE)), v->a,
					   &value);
	if (path.n == 0 || is_fine(r, value))
		return false;
	Buf b = buf_in(v->a, 16384);
	buf_fmt(&b,
		STR_FMT " sets %s to " STR_FMT
			" at each start, after any file of ours: mend it there",
		STR_ARG(path), r->key, STR_ARG(value));
	*why = buf_str(&b);
	return true;
}

static bool fix_sysctl(Adviser *v, const Remedy *r, Str *why)
{
	Str text;
	ProbeStat st;
	if (!v->place->live || probe_stat(v->p, str_dir(S(SYSCTL_FILE)), &st) != 0 ||
	    probe_read(v->p, sysctl_path(v->a, r->key), v->a, &text) != 0)
		return false;
	text = str_trim(text);
	if (is_fine(r, text) || is_set_later(v, r, why))
		return false;
	add_step(v, r->check,
		 (FixStep){.kind = FIX_SYSCTL,
			   .path = S(SYSCTL_FILE),
			   .key = str_of(r->key),
			   .before = text,
			   .after = str_of(r->value),
			   .risk = str_of(r->risk)});
	return true;
}

static Str digest_of(Str bytes, Arena *a)
{
	uint8_t sha[SHA256_BYTES];
	sha256_of(bytes, sha);
	return digest_text(a, sha);
}

#define RECORDED "Each change to the engine makes a record; containers that start make a few dozen."

/* A file for auditd, where it is; and the kernel itself, where it runs. */
static bool fix_audit(Adviser *v)
{
	ProbeStat st;
	Str text = {0};
	bool any = false;
	if (v->place->audit_rules.n != 0 && probe_stat(v->p, S(RULES_DIR), &st) == 0 &&
	    S_ISDIR(st.mode)) {
		bool there = probe_read(v->p, S(RULES_FILE), v->a, &text) == 0;
		FixStep s = {.kind = FIX_FILE,
			     .path = S(RULES_FILE),
			     .absent = !there,
			     .before = there ? digest_of(text, v->a) : (Str){0},
			     .after = v->place->audit_rules,
			     .checks = v->audit_checks,
			     .risk = S(RECORDED)};
		any = true;
		if (!there || !str_eq(text, s.after))
			add_step(v, NULL, s);
	}
	if (v->place->live) {
		any = true;
		add_step(v, NULL,
			 (FixStep){.kind = FIX_AUDIT,
				   .before = S("not loaded"),
				   .after = S("loaded"),
				   .checks = v->audit_checks,
				   .risk = S(RECORDED)});
	}
	return any;
}

/* ---- all of it ---- */

/* Every key or switch that the check is about. */
static bool fix_keys(Adviser *v, const Remedy *first, Str *why)
{
	bool any = false;
	for (const Remedy *r = first; r < remedies + REMEDIES; r++)
		if (strcmp(r->check, first->check) == 0)
			any = (r->kind == SETTING ? fix_setting(v, r, why)
						  : fix_sysctl(v, r, why)) ||
			      any;
	return any;
}

static void leave_to_person(Adviser *v, const CheckInfo *c, Str why)
{
	vec_push(v->a, &v->out->manual,
		 (FixManual){str_of(c->id), str_of(c->title), why, str_of(c->remedy)});
}

static bool is_wanted(const Adviser *a, const Verdict *v, const Remedy *r)
{
	if (v->accepted.n != 0)
		return false;
	if (v->outcome == OUTCOME_ERROR && !a->place->live && !a->place->daemon.only_file &&
	    r != NULL && r->kind == AUDIT)
		return true; /* no kernel to ask: a file of rules is right in any case */
	return v->outcome == OUTCOME_WARN ||
	       (v->outcome == OUTCOME_INFO && r != NULL && r->kind == SETTING);
}

static void answer(Adviser *v, const Verdict *verdict)
{
	const Remedy *r = remedy_of(verdict->check->id);
	Str why = {0};
	bool done = false;
	if (!is_wanted(v, verdict, r))
		return;
	if (r != NULL && r->kind == AUDIT) {
		vec_push(v->a, &v->audit_checks, str_of(r->check));
		return;
	}
	if (r != NULL && (r->kind == SETTING || r->kind == SYSCTL))
		done = fix_keys(v, r, &why);
	else if (r != NULL)
		done = fix_files(v, r, verdict);
	if (!done && verdict->outcome == OUTCOME_WARN)
		leave_to_person(v, verdict->check, why.n != 0 ? why : verdict->seen);
}

static void leave_rules(Adviser *v, const CheckReport *r)
{
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *verdict = &r->verdicts.at[i];
		const Remedy *remedy = remedy_of(verdict->check->id);
		if (remedy != NULL && remedy->kind == AUDIT && verdict->outcome == OUTCOME_WARN)
			leave_to_person(v, verdict->check, verdict->seen);
	}
}

void fix_advise(Probe *p, const FixPlace *place, const CheckReport *r, Arena *a, FixPlan *out)
{
	*out = (FixPlan){.host = r->host};
	Adviser v = {.p = p, .a = a, .place = place, .out = out};
	daemon_look(p, &place->daemon, a, &v.d);
	v.config = probe_real_path(p, v.d.config_path, a);
	for (size_t i = 0; i < r->verdicts.n; i++)
		answer(&v, &r->verdicts.at[i]);
	if (v.audit_checks.n != 0 && !fix_audit(&v))
		leave_rules(&v, r);
}
