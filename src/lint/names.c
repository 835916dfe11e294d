/* names.c - D106 to D108: letter case, and the names of stages. */
#include "lint/rule.h"

/* ---- D106 ---- */

static void check_keywords(const LintFile *f, LintSink *to)
{
	LetterCase most = keyword_case(f);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (in->op == OP_UNKNOWN || case_of(in->keyword) == most)
			continue;
		lint_say(to, lint_keyword(in), "'" STR_FMT "' is not in %s case as most here",
			 STR_ARG(in->keyword), most == CASE_UPPER ? "upper" : "lower");
		lint_fix(to, lint_keyword(in), in_case(f->a, in->keyword, most), true);
	}
}

const LintRule lint_D106 = {
	.id = "D106",
	.name = "keyword-case",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Instructions in one letter case are easier to read.",
	.help = "write all instructions in the same case",
	.aliases = LIST("ConsistentInstructionCasing"),
	.good = LIST("FROM a:1\nRUN x\n", "from a:1\nrun x\n"),
	.bad = LIST("FROM a:1\nrun x\nUSER y\n", "From a:1\nRUN x\n"),
	.check = check_keywords,
};

static void check_as(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const Instruction *in = f->stages.at[i].from;
		if (in == NULL || in->args.n != 3)
			continue;
		LetterCase want = case_of(in->keyword);
		const DockerWord *as = &in->args.at[1];
		if (want == CASE_MIXED || case_of(as->text) == want)
			continue;
		lint_say(to, as->span, "'" STR_FMT "' and '" STR_FMT "' are not in the same case",
			 STR_ARG(as->text), STR_ARG(in->keyword));
		lint_fix(to, as->span, in_case(f->a, as->text, want), true);
	}
}

const LintRule lint_D121 = {
	.id = "D121",
	.name = "as-case",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "FROM and AS in one letter case are easier to read.",
	.help = "write AS as FROM is written",
	.aliases = LIST("FromAsCasing"),
	.good = LIST("FROM a:1 AS b\n", "from a:1 as b\n"),
	.bad = LIST("FROM a:1 as b\n"),
	.check = check_as,
};

static void check_stage_case(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const Instruction *in = f->stages.at[i].from;
		if (in != NULL && in->args.n == 3 &&
		    !str_eq(in->args.at[2].text, f->stages.at[i].name))
			lint_say(to, in->args.at[2].span,
				 "stage name '" STR_FMT "' is not in lower case",
				 STR_ARG(in->args.at[2].text));
	}
}

const LintRule lint_D122 = {
	.id = "D122",
	.name = "stage-name-case",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Stage names are kept in lower case: FROM of the name as it is written here is not "
	       "found.",
	.help = "write the stage's name in lower case, here and where it is used",
	.aliases = LIST("StageNameCasing"),
	.good = LIST("FROM a:1 AS build\n"),
	.bad = LIST("FROM a:1 AS Build\n"),
	.check = check_stage_case,
};

/* ---- D107 ---- */

static void check_stage_names(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->name.n == 0)
			continue;
		Span at = s->from->args.at[2].span;
		if (str_eq(s->name, S("scratch")) || str_eq(s->name, S("context")))
			lint_say(to, at, "stage name '" STR_FMT "' is reserved", STR_ARG(s->name));
		for (size_t k = 0; k < i; k++)
			if (str_eq(f->stages.at[k].name, s->name)) {
				lint_say(to, at,
					 "stage name '" STR_FMT "' was used before, on line %u",
					 STR_ARG(s->name), f->stages.at[k].from->first);
				break;
			}
	}
}

const LintRule lint_D107 = {
	.id = "D107",
	.name = "duplicate-stage",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Of two stages with one name the later is taken; which one is meant, nobody can "
	       "tell.",
	.help = "give each stage a name of its own",
	.aliases = LIST("DL3024", "DL3063", "DS-0012", "CKV_DOCKER_11", "DuplicateStageName",
			"ReservedStageName"),
	.good = LIST("FROM a:1 AS b\nFROM a:1 AS c\n"),
	.bad = LIST("FROM a:1 AS b\nFROM a:1 AS B\n", "FROM a:1 AS scratch\n"),
	.check = check_stage_names,
};

/* ---- D108 ---- */

static ptrdiff_t stage_index(const LintFile *f, Str name)
{
	uint64_t number;
	if (str_u64(name, &number))
		return number < f->stages.n ? (ptrdiff_t)number : -2;
	for (size_t i = f->stages.n; i-- > 0;)
		if (f->stages.at[i].name.n != 0 && str_eq_nocase(f->stages.at[i].name, name))
			return (ptrdiff_t)i;
	return -1;
}

/* No stage's name, but nearly one of those before: an image of that name would be pulled. */
static const LintStage *near_stage(const LintFile *f, size_t own, Str name)
{
	for (size_t i = 0; i < own; i++)
		if (f->stages.at[i].name.n != 0 && names_are_near(f->stages.at[i].name, name))
			return &f->stages.at[i];
	return NULL;
}

static void check_typo(const LintFile *f, size_t own, Span at, Str name, LintSink *to)
{
	const LintStage *s = near_stage(f, own, name);
	if (s == NULL || str_has(name, '/') || str_has(name, ':') || str_has(name, '@'))
		return;
	lint_say(to, at,
		 "there is no stage '" STR_FMT "', so that an image of that name is pulled (did "
		 "you mean " STR_FMT "?)",
		 STR_ARG(name), STR_ARG(s->name));
	if (at.end - at.at == name.n)
		lint_fix(to, at, s->name, false);
}

static void check_from(const LintFile *f, size_t own, Span at, Str name, LintSink *to)
{
	ptrdiff_t stage = stage_index(f, name);
	if (str_has(name, '$'))
		lint_say(to, at, "--from is not expanded: '" STR_FMT "' is taken as it stands",
			 STR_ARG(name));
	else if (stage == -2)
		lint_say(to, at, "there is no stage " STR_FMT ", there are %zu", STR_ARG(name),
			 f->stages.n);
	else if (stage == (ptrdiff_t)own)
		lint_say(to, at, "copies from its own stage");
	else if (stage > (ptrdiff_t)own)
		lint_say(to, at, "stage '" STR_FMT "' is defined later, on line %u", STR_ARG(name),
			 f->stages.at[stage].from->first);
	else if (stage < 0)
		check_typo(f, own, at, name, to);
}

/* Of the value alone where the flag has no quotes. */
static Span value_span(const DockerWord *flag, Str value)
{
	Span at = flag->span;
	if (at.end - at.at == flag->text.n)
		at = (Span){at.end - (uint32_t)value.n, at.end};
	return at;
}

static void check_mounts(const LintFile *f, size_t own, const Instruction *in, LintSink *to)
{
	for (size_t k = 0; k < in->flags.n; k++) {
		const DockerWord *flag = &in->flags.at[k];
		Str part;
		if (!str_starts(flag->text, S("--mount=")))
			continue;
		for (Str rest = str_skip(flag->text, 8); rest.n != 0 && str_cut(&rest, ',', &part);)
			if (str_starts(part, S("from=")))
				check_from(f, own, flag->span, str_skip(part, 5), to);
	}
}

static void check_copies(const LintFile *f, LintSink *to)
{
	for (size_t s = 0; s < f->stages.n; s++)
		for (size_t i = f->stages.at[s].first; i < f->stages.at[s].end; i++) {
			const Instruction *in = lint_at(f, i);
			Str name;
			const DockerWord *flag = in->op == OP_COPY
							 ? instruction_flag(in, S("from"), &name)
							 : NULL;
			if (f->stages.at[s].from == NULL)
				continue;
			if (flag != NULL)
				check_from(f, s, value_span(flag, name), name, to);
			if (in->op == OP_RUN)
				check_mounts(f, s, in, to);
		}
}

const LintRule lint_D108 = {
	.id = "D108",
	.name = "copy-from",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "COPY --from reaches stages that stand before its own; the build fails.",
	.help = "name an earlier stage, or an image",
	.aliases = LIST("DL3022", "DL3023", "DS-0006"),
	.good = LIST("FROM a:1 AS b\nFROM c:1\nCOPY --from=b x y\nCOPY --from=0 x y\nCOPY "
		     "--from=img:1 x y\n"),
	.bad = LIST("FROM a:1 AS b\nCOPY --from=b x y\n",
		    "FROM a:1\nCOPY --from=c x y\nFROM b:1 AS c\n", "FROM a:1\nCOPY --from=3 x y\n",
		    "FROM a:1\nARG S\nCOPY --from=$S x y\n",
		    "FROM a:1 AS build\nFROM c:1\nCOPY --from=biuld/x x y\nCOPY --from=buid x y\n",
		    "FROM a:1\nRUN --mount=from=c,target=/x y\nFROM b:1 AS c\n"),
	.check = check_copies,
};
