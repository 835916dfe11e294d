/* base_image.c - D2xx: what the stages are built on. */
#include "lint/bases.h"
#include "lint/rule.h"

static void check_tags(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		Str name, tag, digest;
		if (s->from == NULL || s->parent >= 0 || s->image.n == 0 ||
		    str_eq(s->image, S("scratch")))
			continue;
		image_split(s->image, &name, &tag, &digest);
		Span at = s->from->args.at[0].span;
		if (digest.n != 0)
			continue;
		if (tag.n == 0)
			lint_say(to, at, "'" STR_FMT "' has no tag, so that it is latest",
				 STR_ARG(s->image));
		else if (str_eq(tag, S("latest")))
			lint_say(to, at, "'" STR_FMT "' changes without notice", STR_ARG(s->image));
	}
}

const LintRule lint_D201 = {
	.id = "D201",
	.name = "latest-tag",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Without a tag or digest the base is another one tomorrow: builds cannot be "
	       "repeated, and "
	       "what was scanned is not what runs.",
	.help = "name a version, or better a digest: image:tag@sha256:...",
	.aliases = LIST("DL3006", "DL3007", "DS-0001", "CKV_DOCKER_7", "DKL-DI-0006"),
	.good = LIST("FROM debian:12\n", "FROM a:1 AS b\nFROM b\n", "FROM scratch\n",
		     "FROM r:5000/a@sha256:x\n", "ARG V\nFROM a$V\n"),
	.bad = LIST("FROM debian\n", "FROM debian:latest\n", "FROM r:5000/a\n",
		    "ARG V=latest\nFROM debian:$V\n"),
	.check = check_tags,
};

/* ---- D203 ---- */

static bool names_platform(Str stage, Str platform)
{
	Str word;
	size_t at;
	while (str_cut(&platform, '/', &word))
		if (word.n != 0 && str_find(stage, word, &at))
			return true;
	return false;
}

static void check_platform(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		Str value;
		const DockerWord *flag = s->from != NULL
						 ? instruction_flag(s->from, S("platform"), &value)
						 : NULL;
		if (flag == NULL)
			continue;
		bool same = str_eq(value, S("$TARGETPLATFORM")) ||
			    str_eq(value, S("${TARGETPLATFORM}"));
		if (same)
			lint_say(to, flag->span,
				 "--platform=$TARGETPLATFORM is what is taken anyway");
		else if (!str_has(value, '$') && !names_platform(s->name, value))
			lint_say(to, flag->span, "--platform is the constant '" STR_FMT "'",
				 STR_ARG(value));
		else
			continue;
		uint32_t next = s->from->args.n != 0 ? s->from->args.at[0].span.at : flag->span.end;
		if (s->from->flags.n == 1 && s->from->pieces.n == 1)
			lint_fix(to, (Span){flag->span.at, next}, S(""), same);
	}
}

const LintRule lint_D203 = {
	.id = "D203",
	.name = "constant-platform",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A constant platform builds the wrong image on another machine, and one that runs "
	       "under "
	       "emulation there.",
	.help = "leave --platform out, or use $BUILDPLATFORM for a stage that only builds",
	.aliases = LIST("DL3029", "DL3065", "FromPlatformFlagConstDisallowed",
			"RedundantTargetPlatform"),
	.good = LIST("FROM --platform=$BUILDPLATFORM a:1\n",
		     "FROM --platform=linux/arm64 a:1 AS b-arm64\n"),
	.bad = LIST("FROM --platform=linux/amd64 a:1\n", "FROM --platform=$TARGETPLATFORM a:1\n"),
	.check = check_platform,
};

/* ---- D205 ---- */

static void check_whole(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		Str from;
		if (in->op == OP_COPY && in->args.n == 2 && str_eq(in->args.at[0].text, S("/")) &&
		    str_eq(in->args.at[1].text, S("/")) &&
		    instruction_flag(in, S("from"), &from) != NULL)
			lint_say(to, in->span, "copies a whole image");
	}
}

const LintRule lint_D205 = {
	.id = "D205",
	.name = "whole-image",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "It doubles the size, loses the other image's configuration and history, and hides "
	       "from "
	       "scanners where packages came from.",
	.help = "build FROM that image, or copy what is needed",
	.aliases = LIST("DL3067"),
	.good = LIST("FROM a:1\nCOPY --from=b:1 /bin/x /bin/x\n"),
	.bad = LIST("FROM scratch\nCOPY --from=b:1 / /\n"),
	.check = check_whole,
};
