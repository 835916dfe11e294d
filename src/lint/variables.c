/* variables.c - what ARG and ENV make of each word that the builder expands, stage by stage. */
#include "base/buf.h"
#include "dockerfile/expand.h"
#include "dockerfile/limits.h"
#include "lint/bases.h"
#include "lint/limits.h"
#include "lint/private.h"

typedef struct Variable {
	Str name, value;
	VarState state;
	Str bare; /* the value when what has no default is empty */
	bool bare_set;
} Variable;

typedef VEC(Variable) Variables;

typedef struct Scope {
	LintFile *f;
	Variables global, *stages; /* one for each stage */
	size_t stage;              /* f->stages.n: before the first FROM, or in a FROM */
	size_t lookups;
	Expander x;
	bool declared; /* said by the last look */
	bool bare;     /* what has no default is empty */
	const Instruction *in;
	size_t index;
	Variables set; /* by this instruction: the next one sees it */
} Scope;

/* ---- looking up ---- */

static bool find_in(Scope *s, const Variables *v, Str name, VarState *state, Str *value)
{
	for (size_t i = v->n; i-- > 0;) {
		const Variable *at = &v->at[i];
		if (++s->lookups > LIMIT_LINT_LOOKUPS) {
			*state = VAR_UNKNOWN;
			return true;
		}
		if (!str_eq(at->name, name))
			continue;
		*state = !s->bare ? at->state : at->bare_set ? VAR_SET : VAR_UNSET;
		*value = s->bare ? at->bare : at->value;
		return true;
	}
	return false;
}

/* What a builder of the usual kind sets them to; NULL: none of these. */
static const char *platform(Str name)
{
	static const char *const usual[][2] = {{"PLATFORM", "linux/amd64"}, {"OS", "linux"},
					       {"ARCH", "amd64"},           {"VARIANT", ""},
					       {"OSVERSION", ""},           {"STAGE", "default"}};
	bool target = str_starts(name, S("TARGET"));
	if (!target && !str_starts(name, S("BUILD")))
		return NULL;
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (str_eq(str_skip(name, target ? 6 : 5), str_of(usual[i][0])))
			return usual[i][1];
	return NULL;
}

/* Through the stages it builds on. */
static bool find_staged(Scope *s, Str name, VarState *state, Str *value)
{
	const LintStage *at = &s->f->stages.at[s->stage];
	for (; at != NULL; at = lint_parent(s->f, at))
		if (find_in(s, &s->stages[at - s->f->stages.at], name, state, value) ||
		    ++s->lookups > LIMIT_LINT_LOOKUPS)
			return true;
	return false;
}

static VarState look_up(Scope *s, Str name, Str *value)
{
	VarState state = VAR_UNKNOWN;
	bool in_stage = s->stage < s->f->stages.n;
	s->declared = true;
	if (in_stage ? find_staged(s, name, &state, value)
		     : find_in(s, &s->global, name, &state, value))
		return state;
	if (!in_stage && platform(name) != NULL) {
		*value = str_of(platform(name));
		return s->bare ? VAR_SET : VAR_UNKNOWN;
	}
	bool special = name.n != 0 && (name.p[0] == '$' || strchr("@*#?-!0123456789", name.p[0]));
	s->declared = special || (in_stage && str_eq(name, S("PATH")));
	return in_stage && !special && !s->bare ? VAR_UNKNOWN : VAR_UNSET;
}

static VarState look(const void *ctx, Str name, Str *value)
{
	return look_up(*(Scope *const *)ctx, name, value);
}

/* ---- expanding ---- */

static Span span_of(const Scope *s, Str name, Span around)
{
	Str text = s->f->d->text, line = s->in->line;
	if (name.p >= text.p && name.p + name.n <= text.p + text.n) /* in a body */
		return (Span){(uint32_t)(name.p - text.p), (uint32_t)(name.p + name.n - text.p)};
	bool inside = name.p >= line.p && name.p + name.n <= line.p + line.n;
	return inside && name.n != 0 ? instruction_span(s->in, name) : around;
}

static void note_uses(Scope *s, const Expanded *out, Span around)
{
	for (size_t i = 0; i < out->uses.n; i++) {
		const VarUse *u = &out->uses.at[i];
		Str value;
		(void)look_up(s, u->name, &value);
		LintUse use = {.in = s->in,
			       .index = s->index,
			       .name = u->name,
			       .at = span_of(s, u->name, around),
			       .declared = s->declared,
			       .modifier = u->modifier};
		vec_push(s->f->a, &s->f->uses, use);
	}
}

/* False: an error, which is noted; or what it is is not known. */
static bool expand(Scope *s, Str word, Span around, Expanded *out)
{
	Scope *const self = s;
	s->x.ctx = &self;
	Err *e = expand_word(word, &s->x, s->f->a, out);
	if (!s->bare)
		note_uses(s, out, around);
	s->x.ctx = NULL;
	if (e != OK && e->kind == ERR_INPUT && !s->bare &&
	    s->f->problems.n < LIMIT_DOCKERFILE_PROBLEMS) {
		Buf b = buf_in(s->f->a, 1024);
		buf_fmt(&b, "failed to process \"" STR_FMT "\": %s", STR_ARG(str_first(word, 200)),
			e->text);
		vec_push(s->f->a, &s->f->problems, (DockerProblem){around, buf_str(&b)});
	}
	bool good = e == OK;
	err_free(e);
	return good && !out->unknown;
}

static void expand_word_of(Scope *s, const DockerWord *w)
{
	Expanded out;
	if (memchr(w->text.p, '$', w->text.n) != NULL ||
	    memchr(w->text.p, '\'', w->text.n) != NULL || str_has(w->text, '"'))
		(void)expand(s, w->text, w->span, &out);
}

/* ---- instructions ---- */

static void declare(Scope *s, const Variable *v) { vec_push(s->f->a, &s->set, *v); }

static void expand_value(Scope *s, Str word, Span at, Variable *v)
{
	Expanded out;
	bool known = expand(s, word, at, &out);
	v->state = known ? VAR_SET : VAR_UNKNOWN;
	v->value = v->bare = out.text;
	v->bare_set = true;
	if (known || !out.unknown)
		return;
	s->bare = true;
	v->bare_set = expand(s, word, at, &out);
	v->bare = out.text;
	s->bare = false;
}

static void expand_env(Scope *s)
{
	for (size_t k = 0; k + 1 < s->in->args.n; k += 2) {
		Expanded name;
		Variable v;
		bool named = expand(s, s->in->args.at[k].text, s->in->args.at[k].span, &name);
		const DockerWord *w = &s->in->args.at[k + 1];
		expand_value(s, w->text, w->span, &v);
		v.name = name.text;
		if (named)
			declare(s, &v);
	}
}

static void expand_arg(Scope *s)
{
	bool in_stage = s->stage < s->f->stages.n;
	for (size_t k = 0; k < s->in->args.n; k++) {
		const DockerWord *w = &s->in->args.at[k];
		Str rest = w->text;
		Variable v = {.state = VAR_UNKNOWN};
		str_cut(&rest, '=', &v.name);
		if (rest.p != NULL)
			expand_value(s, rest, w->span, &v);
		for (size_t i = 0; rest.p == NULL && in_stage && i < s->global.n; i++)
			if (str_eq(s->global.at[i].name, v.name))
				v = s->global.at[i];
		s->lookups += s->global.n;
		if (s->lookups < LIMIT_LINT_LOOKUPS)
			declare(s, &v);
	}
}

static void expand_args(Scope *s)
{
	for (size_t k = 0; k < s->in->args.n; k++)
		expand_word_of(s, &s->in->args.at[k]);
}

static bool is_expanded_flag(const Instruction *in, Str name)
{
	return in->op == OP_FROM ? str_eq(name, S("platform"))
				 : word_in("chown chmod checksum mount", name);
}

static void expand_flags(Scope *s)
{
	for (size_t k = 0; k < s->in->flags.n; k++) {
		DockerWord flag = s->in->flags.at[k];
		Str rest = str_skip(flag.text, 2), name;
		str_cut(&rest, '=', &name);
		if (rest.p == NULL || !is_expanded_flag(s->in, name))
			continue;
		flag.text = rest;
		expand_word_of(s, &flag);
	}
}

/* There the escape is always a backslash, and quotes are none. */
static void expand_bodies(Scope *s)
{
	char escape = s->x.escape;
	s->x.escape = '\\';
	s->x.plain = true;
	for (size_t k = 0; k < s->in->heredocs.n; k++) {
		const Heredoc *h = &s->in->heredocs.at[k];
		Expanded out;
		if (h->expand && str_has(h->body, '$'))
			(void)expand(s, h->body, h->span, &out);
	}
	s->x.escape = escape;
	s->x.plain = false;
}

static void expand_user(Scope *s)
{
	Expanded out;
	const DockerWord *w = &s->in->args.at[0];
	if (s->in->args.n == 1 && expand(s, w->text, w->span, &out))
		vec_push(s->f->a, &s->f->users, (LintUser){s->in, out.text});
}

static void expand_instruction(Scope *s)
{
	switch ((int)s->in->op) {
	case OP_ENV: expand_env(s); break;
	case OP_ARG: expand_arg(s); break;
	case OP_ADD:
	case OP_COPY:
		expand_bodies(s);
		expand_args(s);
		break;
	case OP_EXPOSE:
	case OP_LABEL:
	case OP_STOPSIGNAL:
	case OP_VOLUME:
	case OP_WORKDIR: expand_args(s); break;
	case OP_USER: expand_user(s); break;
	default: break;
	}
	expand_flags(s);
}

static void expand_from(Scope *s, LintStage *stage)
{
	Expanded out;
	size_t own = (size_t)(stage - s->f->stages.at), all = s->f->stages.n;
	expand_flags(s);
	if (stage->base.n == 0)
		return;
	const DockerWord *w = &s->in->args.at[0];
	if (expand(s, w->text, w->span, &out))
		stage->image = out.text;
	s->bare = true;
	if (expand(s, w->text, w->span, &out))
		stage->bare = out.text;
	s->bare = false;
	if (stage->parent < 0 && stage->image.n != 0) {
		s->f->stages.n = own; /* of those before */
		stage->parent = stage_named(s->f, stage->image);
		s->f->stages.n = all;
	}
}

static void settle(Scope *s)
{
	Variables *to = s->stage < s->f->stages.n ? &s->stages[s->stage] : &s->global;
	for (size_t i = 0; i < s->set.n; i++)
		vec_push(s->f->a, to, s->set.at[i]);
	s->set.n = 0;
}

void find_variables(LintFile *f)
{
	Scope s = {.f = f, .stage = f->stages.n};
	s.stages = arena_array(f->a, Variables, f->stages.n);
	s.x = (Expander){.look = look, .escape = f->d->escape, .left = LIMIT_DOCKERFILE_EXPANSION};
	size_t next = 0;
	if (f->stages.at[0].from == NULL)
		s.stage = next++;
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		s.in = lint_at(f, i);
		s.index = i;
		if (s.in->op == OP_FROM && next < f->stages.n) {
			s.stage = f->stages.n;
			expand_from(&s, &f->stages.at[next]);
			s.stage = next++;
		} else {
			expand_instruction(&s);
			settle(&s);
		}
	}
}
