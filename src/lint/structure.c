/* structure.c - D1xx: what BuildKit refuses, and what it reads otherwise than it looks. */
#include <stdlib.h>

#include "base/buf.h"
#include "io/json.h"
#include "lint/bases.h"
#include "lint/limits.h"
#include "lint/private.h"

/* ---- D001 unused or expired ignore (said by pragma.c) ---- */

const LintRule lint_D001 = {
	.id = "D001",
	.name = "unused-ignore",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "An ignore that accepts nothing hides the next finding of that rule.",
	.help = "remove the comment, or renew its date",
	.good = LIST("# hadolint ignore=DL4000\nMAINTAINER x\n"),
	.bad = LIST("# bulwark:ignore D111 -- gone since\nFROM a:1\n",
		    "# bulwark:ignore D111 until=2001-01-01\nMAINTAINER x\n"),
};

/* ---- D101 errors ---- */

static void check_counts(const Instruction *in, LintSink *to)
{
	size_t n = in->args.n;
	if (in->op == OP_FROM && n != 1 && n != 3)
		lint_say(to, in->span, "FROM requires either one or three arguments");
	else if (in->op == OP_FROM && n == 3 && !str_eq_nocase(in->args.at[1].text, S("as")))
		lint_say(to, in->args.at[1].span, "FROM: 'AS' is expected here");
	else if ((in->op == OP_COPY || in->op == OP_ADD) && n < 2 && in->heredocs.n == 0)
		lint_say(to, in->span, STR_FMT " requires at least two arguments",
			 STR_ARG(in->keyword));
	else if (in->op == OP_ONBUILD && in->child == NULL)
		lint_say(to, in->span, "ONBUILD requires at least one argument");
	else if (n == 0 && in->op != OP_CMD && in->op != OP_ENTRYPOINT && in->op != OP_ONBUILD &&
		 in->op != OP_UNKNOWN)
		lint_say(to, in->span, STR_FMT " requires at least one argument",
			 STR_ARG(in->keyword));
	else if (in->op == OP_HEALTHCHECK && !str_eq_nocase(in->args.at[0].text, S("cmd")) &&
		 !str_eq_nocase(in->args.at[0].text, S("none")))
		lint_say(to, in->args.at[0].span,
			 "unknown type '" STR_FMT "' in HEALTHCHECK: CMD "
			 "or NONE",
			 STR_ARG(in->args.at[0].text));
	else if (in->op == OP_SHELL && !in->json)
		lint_say(to, in->span, "SHELL requires the arguments to be in JSON form");
}

static void say_problems(const DockerProblem *p, size_t n, LintSink *to)
{
	for (size_t i = 0; i < n; i++)
		lint_say(to, p[i].span, STR_FMT, STR_ARG(p[i].message));
}

static void check_references(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->from != NULL && s->parent < 0 && s->base.n != 0 && !str_has(s->base, '$') &&
		    s->image.n != 0 && !image_is_valid(s->image))
			lint_say(to, s->from->args.at[0].span,
				 "'" STR_FMT "' is no image reference: lower case, "
				 "[registry/]name[:tag][@digest]",
				 STR_ARG(s->image));
	}
}

/* ^[a-z][a-z0-9-_.]*$, in lower case already. */
static bool is_stage_name(Str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool letter = s.p[i] >= 'a' && s.p[i] <= 'z';
		bool more = (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_' ||
			    s.p[i] == '.';
		if (!letter && (i == 0 || !more))
			return false;
	}
	return s.n != 0;
}

static void check_names(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->from != NULL && s->from->args.n == 3 && !is_stage_name(s->name))
			lint_say(to, s->from->args.at[2].span,
				 "invalid name for build stage: \"" STR_FMT
				 "\", name can't start with a number or contain symbols",
				 STR_ARG(s->name));
	}
}

static bool is_signal(Str s)
{
	uint64_t number;
	if (str_u64(s, &number))
		return number >= 1 && number <= 64;
	s = str_skip(s, str_starts(s, S("SIG")) ? 3 : 0);
	return word_in("HUP INT QUIT ILL TRAP ABRT IOT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM "
		       "STKFLT CHLD CLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH "
		       "IO POLL PWR SYS UNUSED",
		       s) ||
	       str_starts(s, S("RTMIN")) || str_starts(s, S("RTMAX"));
}

static void check_signal(const Instruction *in, LintSink *to)
{
	if (in->op == OP_STOPSIGNAL && in->args.n == 1 && !str_has(in->args.at[0].text, '$') &&
	    !str_has(in->args.at[0].text, '"') && !is_signal(in->args.at[0].text))
		lint_say(to, in->args.at[0].span, "'" STR_FMT "' is no signal",
			 STR_ARG(in->args.at[0].text));
}

static void check_errors(const LintFile *f, LintSink *to)
{
	say_problems(f->d->problems.at, f->d->problems.n, to);
	say_problems(f->problems.at, f->problems.n, to);
	check_references(f, to);
	check_names(f, to);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		check_flags(in, to);
		check_signal(in, to);
		if (in->child != NULL)
			check_flags(in->child, to);
		if (!(in->op == OP_ENV || in->op == OP_LABEL) || in->rest.n == 0)
			check_counts(in, to);
	}
}

const LintRule lint_D101 = {
	.id = "D101",
	.name = "parse-error",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "BuildKit stops here; what follows is not built.",
	.help = "correct the line",
	.aliases = LIST("DL1000"),
	.good = LIST("FROM a:1\nRUN cat <<E\nx\nE\n", "FROM a:1\nHEALTHCHECK NONE\nCMD\n",
		     "FROM a:1 AS b.c-d_1\nSTOPSIGNAL SIGRTMIN+3\nSTOPSIGNAL 9\n",
		     "FROM a:1\nCOPY --link --chmod=u=rwX,go=rX --exclude=a --exclude=b c d\n",
		     "FROM a:1\nHEALTHCHECK --interval=1m30s --timeout=0 --retries=3 CMD x\n",
		     "FROM a:1\nRUN --mount=type=cache,id=a,target=/x,sharing=locked,uid=1 "
		     "--mount=target=. --mount=type=secret,id=a,required,env=B "
		     "--mount=type=tmpfs,target=/y,size=1m --network=none x\n"),
	.bad = LIST("FROM a:1\nFRUM b\n", "FROM a:1\nCOPY --user=me a b\n", "FROM a:1\nCOPY a\n",
		    "FROM a:1\nCMD [1]\n", "FROM a:1\nRUN cat <<E\n", "FROM a:1 b\n",
		    "FROM a:1\nSHELL bash\n", "FROM a:1\nENV x\n", "FROM Debian:12\n",
		    "FROM a:1\nLABEL x=\"abc\n", "FROM a:1\nENV a=${b:=c}\n", "FROM a:1 AS 2x\n",
		    "FROM a:1\nSTOPSIGNAL SIGFOO\n", "FROM a:1\nCOPY --chmod=999 a b\n",
		    "FROM a:1\nCOPY --link=yes a b\n", "FROM a:1\nCOPY --from a b\n",
		    "FROM a:1\nCOPY --chown=a --chown=b a b\n",
		    "FROM a:1\nHEALTHCHECK --interval=5 CMD x\n",
		    "FROM a:1\nHEALTHCHECK --retries=a CMD x\n",
		    "FROM a:1\nRUN --network=bridge x\n", "FROM a:1\nRUN --mount=type=disk x\n",
		    "FROM a:1\nRUN --mount=type=bind,sharing=locked,target=/x x\n",
		    "FROM a:1\nRUN --mount=type=secret,id=a,source=b x\n",
		    "FROM a:1\nRUN --mount=type=secret x\n", "FROM a:1\nRUN --mount=nope=1 x\n",
		    "FROM a:1\nRUN --mount=target x\n", "FROM a:1\nONBUILD\n"),
	.check = check_errors,
};

/* ---- D102 before FROM ---- */

static void check_before_from(const LintFile *f, LintSink *to)
{
	if (f->stages.at[0].from == NULL && f->d->instructions.n != 0)
		lint_say(to, lint_keyword(lint_at(f, 0)), "no FROM: there is no stage to build");
	for (size_t i = 0; f->stages.at[0].from != NULL && i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (in->op == OP_FROM)
			return;
		if (in->op != OP_ARG && in->op != OP_UNKNOWN)
			lint_say(to, lint_keyword(in),
				 STR_FMT " before the first FROM: no stage is "
					 "there yet",
				 STR_ARG(in->keyword));
	}
}

const LintRule lint_D102 = {
	.id = "D102",
	.name = "before-from",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Only ARG may stand before the first FROM, and there has to be one; the build "
	       "fails.",
	.help = "begin with FROM, and move what is before it below",
	.aliases = LIST("DL3061"),
	.good = LIST("ARG V=1\nFROM a:$V\n"),
	.bad = LIST("RUN x\nFROM a:1\n", "ARG V=1\n"),
	.check = check_before_from,
};

/* ---- D103 empty continuation ---- */

static void check_gaps(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; k < in->gaps.n; k++) {
			uint32_t from = f->d->places.lines.at[in->gaps.at[k] - 1];
			uint32_t end = in->gaps.at[k] < f->d->places.lines.n
					       ? f->d->places.lines.at[in->gaps.at[k]]
					       : (uint32_t)f->d->text.n;
			if (k == 0)
				lint_say(to, (Span){from, from},
					 "an empty line within a continued instruction");
			if (in->gaps.n <= LIMIT_LINT_GAPS)
				lint_fix(to, (Span){from, end}, S(""), true);
		}
	}
}

const LintRule lint_D103 = {
	.id = "D103",
	.name = "empty-continuation",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "BuildKit will refuse an empty line after a continuation some day; it hides where "
	       "the "
	       "instruction ends.",
	.help = "remove the empty line, or put a # there",
	.aliases = LIST("NoEmptyContinuation"),
	.good = LIST("FROM a:1\nRUN x \\\n#\n  y\n"),
	.bad = LIST("FROM a:1\nRUN x \\\n\n  y\n"),
	.check = check_gaps,
};

/* ---- D104 looks like JSON ---- */

/* ['a', 'b']: nothing in it but quotes of the wrong kind. */
static void fix_quotes(const LintFile *f, const Instruction *in, Str form, LintSink *to)
{
	Buf b = buf_in(f->a, form.n + 1);
	if (!str_starts(form, S("['")) || !str_ends(form, S("']")) || str_has(form, '"') ||
	    str_has(form, '\\') || in->pieces.n != 1)
		return;
	for (size_t i = 0; i < form.n; i++)
		buf_char(&b, form.p[i] == '\'' ? '"' : form.p[i]);
	Json j = json_over(buf_str(&b), f->a);
	Err *e = json_skip(&j);
	if (e == OK)
		e = json_end(&j);
	if (e == OK)
		lint_fix(to, instruction_span(in, form), buf_str(&b), true);
	err_free(e);
}

static void check_lookalike(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		bool takes = in->op == OP_RUN || in->op == OP_CMD || in->op == OP_ENTRYPOINT ||
			     in->op == OP_COPY || in->op == OP_ADD || in->op == OP_VOLUME ||
			     in->op == OP_SHELL;
		bool health = in->op == OP_HEALTHCHECK && in->args.n == 2;
		Str form = health ? in->args.at[1].text : in->rest;
		bool looks = str_starts(form, S("[\"")) || str_starts(form, S("['"));
		if ((takes || health) && !in->json && looks && in->args.n != 0) {
			lint_say(to, instruction_span(in, form),
				 "looks like a JSON array and is none, so that it is taken as it "
				 "stands, brackets and all");
			fix_quotes(f, in, form, to);
		}
	}
}

const LintRule lint_D104 = {
	.id = "D104",
	.name = "not-json",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "What is not quite JSON silently becomes the shell form: a command named \"['a']\".",
	.help = "use double quotes, commas between, nothing after the bracket",
	.aliases = LIST("JSON_IN_SINGLE_QUOTES"),
	.good = LIST("FROM a:1\nCMD [\"a\", \"b\"]\n", "FROM a:1\nRUN [ -f x ] && y\n"),
	.bad = LIST("FROM a:1\nCMD ['a']\n", "FROM a:1\nENTRYPOINT [\"a\" \"b\"]\n",
		    "FROM a:1\nCMD [\"a\"] b\n", "FROM a:1\nHEALTHCHECK CMD ['a', 'b']\n"),
	.check = check_lookalike,
};

/* ---- D109 one of each ---- */

static void check_once(const LintFile *f, LintSink *to)
{
	static const DockerOp once[] = {OP_CMD, OP_ENTRYPOINT, OP_HEALTHCHECK};
	for (size_t s = 0; s < f->stages.n; s++)
		for (size_t k = 0; k < sizeof once / sizeof once[0]; k++) {
			const Instruction *before = NULL;
			for (size_t i = f->stages.at[s].first; i < f->stages.at[s].end; i++) {
				const Instruction *in = lint_at(f, i);
				if (in->op != once[k])
					continue;
				if (before != NULL)
					lint_say(to, lint_keyword(before),
						 "this " STR_FMT " has no effect: another "
						 "follows in the same stage, on line %u",
						 STR_ARG(before->keyword), in->first);
				before = in;
			}
		}
}

const LintRule lint_D109 = {
	.id = "D109",
	.name = "only-the-last-counts",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Of several CMD, ENTRYPOINT or HEALTHCHECK in a stage only the last has an effect.",
	.help = "remove the earlier one",
	.aliases = LIST("DL4003", "DL4004", "DL3012", "DS-0007", "DS-0016", "DS-0023",
			"MultipleInstructionsDisallowed"),
	.good = LIST("FROM a:1\nCMD [\"x\"]\nFROM b:1\nCMD [\"y\"]\n"),
	.bad = LIST("FROM a:1\nCMD [\"x\"]\nCMD [\"y\"]\n",
		    "FROM a:1\nENTRYPOINT [\"x\"]\nRUN z\nENTRYPOINT [\"y\"]\n"),
	.check = check_once,
};

/* ---- D110 shell form ---- */

static bool has_shell(const LintFile *f, const LintStage *s)
{
	for (; s != NULL; s = lint_parent(f, s))
		for (size_t i = s->first; i < s->end; i++)
			if (lint_at(f, i)->op == OP_SHELL)
				return true;
	return false;
}

static void add_json(Buf *b, Str s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

/* One program with words that no shell has to look at. */
static bool is_plain(const LintScript *s)
{
	const ShellCommand *c = s->commands.n == 1 ? s->commands.at[0].shell : NULL;
	if (c == NULL || c->assignments.n != 0 || c->targets.n != 0 || c->heres.n != 0 ||
	    c->background || c->words.n == 0 || s->commands.at[0].at != 0 || s->shell.cut)
		return false;
	for (size_t i = 0; i < c->words.n; i++) {
		const ShellWord *w = &c->words.at[i];
		for (size_t k = 0; k < w->text.n; k++)
			if ((unsigned char)w->text.p[k] < ' ' ||
			    (!w->quoted && strchr("*?[]{}~<>", w->text.p[k]) != NULL))
				return false;
		if (w->dynamic)
			return false;
	}
	return c->words.at[0].text.n != 0 && c->words.at[0].text.p[0] != '[' && /* meant for JSON */
	       !word_in("cd exec source . eval exit set trap ulimit umask", c->words.at[0].text);
}

static void fix_form(const LintFile *f, size_t index, LintSink *to)
{
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		if (s->index != index || s->heredoc || !is_plain(s))
			continue;
		const ShellCommand *c = s->commands.at[0].shell;
		Buf b = buf_in(f->a, 1u << 17);
		for (size_t k = 0; k < c->words.n; k++) {
			buf_add(&b, k == 0 ? S("[") : S(", "));
			add_json(&b, c->words.at[k].text);
		}
		buf_char(&b, ']');
		lint_fix(to, s->in->args.at[0].span, buf_str(&b), false);
	}
}

static void check_shell_form(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		bool is = in->op == OP_CMD || in->op == OP_ENTRYPOINT;
		if (!is || in->json || in->args.n == 0 || has_shell(f, lint_stage_of(f, i)))
			continue;
		lint_say(to, lint_keyword(in),
			 STR_FMT " in shell form: a shell stands between the signals and "
				 "the process",
			 STR_ARG(in->keyword));
		fix_form(f, i, to);
	}
}

const LintRule lint_D110 = {
	.id = "D110",
	.name = "shell-form",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "In shell form /bin/sh is process 1 and does not hand signals on: docker stop waits "
	       "ten "
	       "seconds and kills.",
	.help = "write a JSON array: CMD [\"program\", \"argument\"]",
	.aliases = LIST("DL3025", "JSONArgsRecommended"),
	.good = LIST("FROM a:1\nCMD [\"x\"]\n", "FROM a:1\nSHELL [\"bash\", \"-c\"]\nCMD x\n"),
	.bad = LIST("FROM a:1\nCMD x y\n", "FROM a:1\nENTRYPOINT x\n"),
	.check = check_shell_form,
};

/* ---- D111 MAINTAINER ---- */

static void quoted(Buf *b, Str s, char escape)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == escape || s.p[i] == '$')
			buf_char(b, escape);
		buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

static void check_maintainer(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (in->op != OP_MAINTAINER)
			continue;
		lint_say(to, lint_keyword(in), "MAINTAINER is deprecated");
		if (in->args.n == 1) {
			Buf b = buf_in(f->a, 1u << 17);
			buf_add(&b, in_case(f->a, S("LABEL"), case_of(in->keyword)));
			buf_add(&b, S(" org.opencontainers.image.authors="));
			quoted(&b, in->args.at[0].text, f->d->escape);
			lint_fix(to, in->span, buf_str(&b), true);
		}
	}
}

const LintRule lint_D111 = {
	.id = "D111",
	.name = "maintainer",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "MAINTAINER is deprecated and cannot be searched for.",
	.help = "use LABEL org.opencontainers.image.authors=",
	.aliases = LIST("DL4000", "DS-0022", "CKV_DOCKER_6", "MaintainerDeprecated"),
	.good = LIST("FROM a:1\nLABEL maintainer=x\n"),
	.bad = LIST("FROM a:1\nMAINTAINER x <x@example.com>\n"),
	.check = check_maintainer,
};

/* ---- D112 legacy key value ---- */

/* The builder would take it for one word as it stands. */
static bool is_one_word(Str s, char escape)
{
	char quote = '\0';
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == escape && quote != '\'')
			i++;
		else if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
		else if (quote == '\0' && (c == ' ' || (c >= '\t' && c <= '\r')))
			return false;
	}
	return quote == '\0' && s.p[s.n - 1] != escape;
}

static void fix_legacy(const LintFile *f, const Instruction *in, LintSink *to)
{
	const DockerWord *name = &in->args.at[0], *value = &in->args.at[1];
	Span between = {name->span.end, value->span.at};
	if (in->pieces.n != 1 && between.end - between.at > 1 &&
	    memchr(f->d->text.p + between.at, '#', between.end - between.at) != NULL)
		return; /* a comment would go */
	if (is_one_word(value->text, f->d->escape)) {
		lint_fix(to, between, S("="), true);
		return;
	}
	Buf b = buf_in(f->a, 1u << 17);
	if (in->pieces.n != 1 || str_has(value->text, '"') || str_has(value->text, '\'') ||
	    str_has(value->text, f->d->escape))
		return;
	buf_fmt(&b, "=\"" STR_FMT "\"", STR_ARG(value->text));
	lint_fix(to, (Span){between.at, value->span.end}, buf_str(&b), true);
}

static void check_legacy(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (!in->legacy)
			continue;
		lint_say(to, lint_keyword(in), STR_FMT " name value: write name=value",
			 STR_ARG(in->keyword));
		fix_legacy(f, in, to);
	}
}

const LintRule lint_D112 = {
	.id = "D112",
	.name = "legacy-key-value",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "ENV and LABEL with a blank take the whole rest of the line as one value.",
	.help = "write name=value, in quotes when it has blanks",
	.aliases = LIST("LegacyKeyValueFormat"),
	.good = LIST("FROM a:1\nENV a=b c=d\n"),
	.bad = LIST("FROM a:1\nENV a b c\n", "FROM a:1\nLABEL x y\n"),
	.check = check_legacy,
};

/* ---- D113 ONBUILD of what it cannot ---- */

static void check_onbuild(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *child = lint_at(f, i)->child;
		if (child != NULL && (child->op == OP_FROM || child->op == OP_MAINTAINER))
			lint_say(to, child->span, STR_FMT " isn't allowed as an ONBUILD trigger",
				 STR_ARG(child->keyword));
	}
}

const LintRule lint_D113 = {
	.id = "D113",
	.name = "onbuild-forbidden",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "ONBUILD cannot hold FROM, MAINTAINER or another ONBUILD.",
	.help = "remove it",
	.aliases = LIST("DL3043"),
	.good = LIST("FROM a:1\nONBUILD COPY a b\n"),
	.bad = LIST("FROM a:1\nONBUILD FROM b\n", "FROM a:1\nONBUILD MAINTAINER x\n"),
	.check = check_onbuild,
};
