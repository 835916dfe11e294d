/* unused.c - D119, D125: what is declared and nothing uses. */
#include "lint/limits.h"
#include "lint/rule.h"

/* ---- D119 ARG ---- */

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Anywhere, as a word of its own: a script may take it from its environment. */
static bool mentions(Str text, Str name)
{
	size_t at;
	while (str_find(text, name, &at)) {
		bool starts = at == 0 || !is_word(text.p[at - 1]);
		bool ends = at + name.n == text.n || !is_word(text.p[at + name.n]);
		if (starts && ends)
			return true;
		text = str_skip(text, at + name.n);
	}
	return false;
}

static bool mentioned(const Instruction *in, Str name)
{
	bool found = mentions(in->line, name);
	for (size_t i = 0; !found && i < in->heredocs.n; i++)
		found = mentions(in->heredocs.at[i].body, name);
	return found;
}

/* A command may read it from its environment: whoever runs a script cannot be told. */
static bool may_read(const Instruction *in)
{
	const Instruction *of = in->child != NULL ? in->child : in;
	return of->op == OP_RUN;
}

/* The instruction is of the stage, or of one that builds on it. */
static bool sees(const LintFile *f, size_t at, const LintStage *own, size_t *left)
{
	for (const LintStage *s = lint_stage_of(f, at); s != NULL && *left > 0;
	     s = lint_parent(f, s), --*left)
		if (s == own)
			return true;
	return false;
}

/* *left counts down with bytes and steps; at 0 everything is used. */
static bool is_used(const LintFile *f, size_t at, Str name, bool global, size_t *left)
{
	const LintStage *own = global ? NULL : lint_stage_of(f, at);
	for (size_t i = at + 1; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		size_t cost = in->line.n + 1;
		for (size_t k = 0; k < in->heredocs.n; k++)
			cost += in->heredocs.at[k].body.n;
		if (*left <= cost) {
			*left = 0;
			return true;
		}
		*left -= cost;
		if ((global || sees(f, i, own, left)) &&
		    (mentioned(in, name) || (!global && may_read(in))))
			return true;
	}
	return false;
}

static bool is_name(Str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_word(name.p[i]))
			return false;
	return name.n != 0 && !(name.p[0] >= '0' && name.p[0] <= '9');
}

static bool is_builders(Str name)
{
	return word_in("SOURCE_DATE_EPOCH BUILDKIT_SYNTAX BUILDKIT_INLINE_CACHE "
		       "BUILDKIT_MULTI_PLATFORM BUILDKIT_SANDBOX_HOSTNAME BUILDKIT_CACHE_MOUNT_NS "
		       "BUILDKIT_CONTEXT_KEEP_GIT_DIR BUILDKIT_SBOM_SCAN_CONTEXT "
		       "BUILDKIT_SBOM_SCAN_STAGE BUILDKIT_BUILD_NAME",
		       name);
}

static void check_args(const LintFile *f, LintSink *to)
{
	size_t left = LIMIT_LINT_STEPS;
	for (size_t i = 0; f->stages.at[0].from != NULL && i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		bool global = lint_stage_of(f, i) == NULL;
		for (size_t k = 0; in->op == OP_ARG && k < in->args.n && left > 0; k++) {
			Str rest = in->args.at[k].text, name;
			str_cut(&rest, '=', &name);
			if (is_name(name) && !is_builders(name) &&
			    !is_used(f, i, name, global, &left))
				lint_say(to, in->args.at[k].span, "nothing uses ARG '" STR_FMT "'",
					 STR_ARG(name));
		}
	}
	if (left <= 1)
		lint_gave_up(to);
}

const LintRule lint_D119 = {
	.id = "D119",
	.name = "unused-arg",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever sets it with --build-arg believes that it does something.",
	.help = "remove it, or use it; a stage sees an ARG before FROM after an ARG of its own",
	.good = LIST("ARG V=1\nFROM a:$V\n", "ARG V=1\nFROM a:1\nARG V\nLABEL v=$V\n",
		     "FROM a:1\nARG V\nRUN x\n", "FROM a:1 AS b\nARG V\nFROM b\nENV W=$V\n",
		     "ARG V\n", "ARG A=1\nARG B=$A\nFROM c:$B\n"),
	.bad = LIST("ARG V=1\nFROM a:1\n", "FROM a:1\nRUN x\nARG V\n",
		    "FROM a:1 AS b\nARG V\nFROM c:1\nENV W=$V\n"),
	.check = check_args,
};

/* ---- D127 ARG a b ---- */

static void check_names(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++) {
			Str rest = in->args.at[k].text, name;
			str_cut(&rest, '=', &name);
			if (!is_name(name) && !str_has(name, '$'))
				lint_say(to, in->args.at[k].span,
					 "'" STR_FMT "' is no name of a variable", STR_ARG(name));
		}
	}
}

const LintRule lint_D127 = {
	.id = "D127",
	.name = "arg-name",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "ARG takes several names: ARG PORT 80 declares two variables, and gives neither a "
	       "value.",
	.help = "write ARG NAME=value",
	.good = LIST("ARG A b=c _d\n", "ARG A=1.2\n"),
	.bad = LIST("ARG PORT 80\n", "ARG a-b=1\n"),
	.check = check_names,
};

/* ---- D125 stages ---- */

static bool names_stage(const LintFile *f, Str name, size_t index)
{
	uint64_t number;
	const LintStage *s = &f->stages.at[index];
	return (s->name.n != 0 && str_eq_nocase(s->name, name)) ||
	       (str_u64(name, &number) && number == index);
}

static bool takes_from(const LintFile *f, const Instruction *in, size_t index)
{
	for (size_t k = 0; k < in->flags.n; k++) {
		Str flag = in->flags.at[k].text, part;
		if (str_starts(flag, S("--from=")) && names_stage(f, str_skip(flag, 7), index))
			return true;
		if (!str_starts(flag, S("--mount=")))
			continue;
		for (Str rest = str_skip(flag, 8); rest.n != 0 && str_cut(&rest, ',', &part);)
			if (str_starts(part, S("from=")) &&
			    names_stage(f, str_skip(part, 5), index))
				return true;
	}
	return false;
}

static bool is_stage_used(const LintFile *f, size_t index)
{
	for (size_t i = index + 1; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->parent == (ptrdiff_t)index || str_has(s->base, '$'))
			return true;
	}
	for (size_t i = f->stages.at[index].end; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (takes_from(f, in->child != NULL ? in->child : in, index))
			return true;
	}
	return false;
}

static void check_stages(const LintFile *f, LintSink *to)
{
	size_t budget = LIMIT_LINT_STEPS / 100 / (f->d->instructions.n + 1);
	for (size_t i = 0; i + 1 < f->stages.n && i < budget; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->from != NULL && s->name.n == 0 && !is_stage_used(f, i))
			lint_say(to, lint_keyword(s->from),
				 "nothing uses this stage, and without a name --target cannot");
	}
	if (f->stages.n > budget)
		lint_gave_up(to);
}

const LintRule lint_D125 = {
	.id = "D125",
	.name = "unused-stage",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Its instructions are not part of the image: a USER, a HEALTHCHECK or a LABEL in it "
	       "is "
	       "lost.",
	.help = "remove it, copy from it, or give it a name",
	.good = LIST("FROM a:1\nRUN x\nFROM b:1\nCOPY --from=0 /x /x\n",
		     "FROM a:1 AS dev\nFROM b:1\n", "FROM a:1 AS x\nFROM x\n",
		     "FROM a:1\nFROM b:1\nRUN --mount=from=0,target=/x y\n"),
	.bad = LIST("FROM a:1\nUSER x\nFROM b:1\n"),
	.check = check_stages,
};
