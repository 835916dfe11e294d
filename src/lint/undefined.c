/* undefined.c - D114, D119, D123 to D125: variables that are not there, and what nothing uses. */
#include "base/buf.h"
#include "lint/bases.h"
#include "lint/limits.h"
#include "lint/rule.h"

/* ---- what is meant ---- */

typedef bool (*NameTest)(Str declared, Str wanted);

static bool same(Str a, Str b) { return str_eq(a, b); }

/* The name that an instruction declares and the test takes; empty: none. */
static Str declares(const Instruction *in, Str name, NameTest test)
{
	for (size_t k = 0; in->op == OP_ENV && k + 1 < in->args.n; k += 2)
		if (test(in->args.at[k].text, name))
			return in->args.at[k].text;
	for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++) {
		Str rest = in->args.at[k].text, key;
		str_cut(&rest, '=', &key);
		if (test(key, name))
			return key;
	}
	return (Str){0};
}

/* By another instruction than the use's own. */
static Str declared_in(const LintFile *f, size_t from, size_t end, const LintUse *u, NameTest test)
{
	Str found = {0};
	for (size_t i = from; found.n == 0 && i < end; i++)
		if (i != u->index)
			found = declares(lint_at(f, i), u->name, test);
	return found;
}

/* ENV A=1 B=$A; not ENV A=x:$A. */
static bool set_beside(const LintUse *u)
{
	for (size_t k = 0; u->in->op == OP_ENV && k + 1 < u->in->args.n; k += 2) {
		Str value = u->in->args.at[k + 1].text;
		bool here = u->name.p >= value.p && u->name.p < value.p + value.n;
		if (str_eq(u->in->args.at[k].text, u->name) && !here)
			return true;
	}
	return false;
}

static size_t first_stage(const LintFile *f)
{
	for (size_t i = 0; i < f->d->instructions.n; i++)
		if (lint_at(f, i)->op == OP_FROM)
			return i;
	return 0;
}

static const LintStage *lowest(const LintFile *f, const LintStage *s)
{
	while (lint_parent(f, s) != NULL)
		s = lint_parent(f, s);
	return s;
}

static bool is_builders(Str name)
{
	return word_in("TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT TARGETOSVERSION "
		       "TARGETSTAGE BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT BUILDOSVERSION "
		       "HTTP_PROXY HTTPS_PROXY FTP_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy "
		       "ftp_proxy no_proxy all_proxy",
		       name);
}

/* ${name:-...} and its like know that it may not be there. */
static bool is_missing(const LintUse *u)
{
	bool minded = u->modifier != '\0' && strchr("-+?", u->modifier) != NULL;
	return !u->declared && u->name.n != 0 && !minded;
}

/* ---- D114 ---- */

/* Why it is certain that the variable is not there, or NULL. */
static const char *reason(const LintFile *f, const LintUse *u, Str *like)
{
	const LintStage *s = lint_stage_of(f, u->index);
	size_t n = f->d->instructions.n;
	if (set_beside(u))
		return "set by this instruction itself, which the next one sees first";
	if (declared_in(f, 0, first_stage(f), u, same).n != 0)
		return "declared before the first FROM, which a stage sees after an ARG of its own";
	if (is_builders(u->name))
		return "the builder's, which a stage sees after ARG";
	if (s != NULL && declared_in(f, u->index + 1, s->end, u, same).n != 0)
		return "declared further down only";
	if (declared_in(f, 0, n, u, same).n != 0)
		return "declared in another stage";
	*like = declared_in(f, 0, n, u, names_are_near);
	if (like->n != 0)
		return "not declared";
	const KnownBase *b = s != NULL ? base_known(lowest(f, s)->image) : NULL;
	return b != NULL && !base_sets(b, u->name)
		       ? "not declared, and the base image does not set it"
		       : NULL;
}

static bool is_judged(const LintFile *f, const LintUse *u)
{
	const LintStage *s = lint_stage_of(f, u->index);
	return is_missing(u) && u->in->op != OP_FROM && s != NULL && s->from != NULL;
}

static void check_undefined(const LintFile *f, LintSink *to)
{
	size_t left = LIMIT_LINT_STEPS / 10;
	for (size_t i = 0; i < f->uses.n && left > f->d->instructions.n; i++) {
		const LintUse *u = &f->uses.at[i];
		Str like = {0};
		left -= is_missing(u) ? f->d->instructions.n : 0;
		bool from = u->in->op == OP_FROM && is_missing(u);
		const char *why = from              ? "not declared before the first FROM"
				  : is_judged(f, u) ? reason(f, u, &like)
						    : NULL;
		if (why == NULL)
			continue;
		lint_say(to, u->at, "'" STR_FMT "' is empty here: it is %s%s" STR_FMT "%s",
			 STR_ARG(u->name), why, like.n != 0 ? " (did you mean " : "", STR_ARG(like),
			 like.n != 0 ? "?)" : "");
	}
	if (left <= f->d->instructions.n)
		lint_gave_up(to);
}

const LintRule lint_D114 = {
	.id = "D114",
	.name = "undefined-variable",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A variable that is not there is replaced by nothing, without a word: /app/$VERSION "
	       "becomes /app/.",
	.help = "declare it with ARG or ENV before it is used, in the same stage",
	.aliases = LIST("UndefinedVar", "UndefinedArgInFrom", "DL3044"),
	.good = LIST("FROM debian:12\nARG V=1\nENV A=$V PATH=/x:$PATH\nLABEL v=${B:-1}\n",
		     "FROM example.com/a:1\nWORKDIR $JAVA_HOME\n", "ARG V=1\nFROM debian:$V\n",
		     "FROM python:3.12\nENV V=$PYTHON_VERSION\n",
		     "FROM debian:12 AS a\nENV X=1\nFROM a\nENV Y=$X\n",
		     "FROM debian:12\nENV A='$B'\nRUN echo $C\n", "ENV A=$B\n",
		     "FROM debian:12\nENV PATH=\"$PATH:/x\" B=1\n"),
	.bad = LIST("ARG V=1\nFROM debian:12\nLABEL v=$V\n", "FROM debian:$V\n",
		    "FROM debian:12\nENV A=1 B=$A\n", "FROM debian:12\nWORKDIR $HOME/x\n",
		    "FROM example.com/a:1\nENV Y=$TARGETARCH\n",
		    "FROM example.com/a:1\nENV VERSION=1\nLABEL v=$VERSON\n",
		    "FROM example.com/a:1\nCOPY <<E /x\n$V\nE\nARG V=1\n",
		    "FROM debian:12 AS a\nENV X=1\nFROM debian:12\nENV Y=$X\n"),
	.check = check_undefined,
};

/* ---- D123 ---- */

static void check_foreign(const LintFile *f, LintSink *to)
{
	size_t left = LIMIT_LINT_STEPS / 10;
	for (size_t i = 0; i < f->uses.n && left > f->d->instructions.n; i++) {
		const LintUse *u = &f->uses.at[i];
		Str like = {0};
		left -= is_missing(u) ? f->d->instructions.n : 0;
		if (!is_judged(f, u) || reason(f, u, &like) != NULL)
			continue;
		const LintStage *base = lowest(f, lint_stage_of(f, u->index));
		const KnownBase *b = base_known(base->image);
		if (b == NULL)
			lint_say(to, u->at,
				 "'" STR_FMT "' is set nowhere here: it is empty unless '" STR_FMT
				 "' sets it",
				 STR_ARG(u->name), STR_ARG(base->base));
	}
}

const LintRule lint_D123 = {
	.id = "D123",
	.name = "base-variable",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_LOW,
	.off = true,
	.why = "What the base image sets today it may not set tomorrow, and then it is empty.",
	.help = "set it here, or write ${NAME:?} so that the build stops when it is not there",
	.aliases = LIST("UndefinedVar"),
	.good = LIST("FROM example.com/a:1\nENV A=1\nENV B=$A\n",
		     "FROM openjdk:21\nENV P=$JAVA_HOME/bin\n",
		     "FROM example.com/a:1\nENV B=${A:?}\n"),
	.bad = LIST("FROM example.com/a:1\nENV B=$A/bin\n"),
	.check = check_foreign,
};

/* ---- D124 ---- */

static void check_default_base(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->from == NULL || !str_has(s->base, '$') || s->parent >= 0 ||
		    s->bare.p == NULL || image_is_valid(s->bare))
			continue;
		lint_say(to, s->from->args.at[0].span,
			 "without --build-arg this is '" STR_FMT "', which names no image",
			 STR_ARG(s->bare));
	}
}

const LintRule lint_D124 = {
	.id = "D124",
	.name = "no-default-base",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A plain docker build fails, and no tool can tell what the image is built on.",
	.help = "give the ARG a default that works",
	.aliases = LIST("InvalidDefaultArgInFrom"),
	.good = LIST("ARG V=12\nFROM debian:$V\n", "ARG V\nFROM debian:${V:-12}\n",
		     "FROM a-$TARGETARCH\n", "ARG B=b\nFROM a:1 AS b\nFROM $B\n"),
	.bad = LIST("ARG V\nFROM debian:$V\n", "ARG B\nFROM $B\n", "ARG B=Debian\nFROM $B\n"),
	.check = check_default_base,
};
