/* sources.c - D120, D202, D204, D207: which images the build takes, and from whom. */
#include "base/time.h"
#include "lint/bases.h"
#include "lint/rule.h"

/* ---- every image that is named ---- */

typedef struct Source {
	Str image; /* empty: a part of it is not known here */
	Span at;
	Str written;
} Source;

typedef void (*SourceCheck)(const LintFile *f, const Source *s, LintSink *to);

static bool is_stage(const LintFile *f, Str name)
{
	uint64_t number;
	for (size_t i = 0; i < f->stages.n; i++)
		if (f->stages.at[i].name.n != 0 && str_eq_nocase(f->stages.at[i].name, name))
			return true;
	return str_u64(name, &number);
}

static void ask(const LintFile *f, Str name, Span at, SourceCheck check, LintSink *to)
{
	if (name.n != 0 && !is_stage(f, name) && !str_eq(name, S("scratch")))
		check(f, &(Source){name, at, name}, to);
}

static void ask_mount(const LintFile *f, const DockerWord *w, SourceCheck check, LintSink *to)
{
	Str part, rest = str_skip(w->text, 8);
	while (rest.n != 0 && str_cut(&rest, ',', &part))
		if (str_starts(part, S("from=")))
			ask(f, str_skip(part, 5), w->span, check, to);
}

static void each_source(const LintFile *f, LintSink *to, SourceCheck check)
{
	for (size_t i = 0; i < f->stages.n; i++) {
		const LintStage *s = &f->stages.at[i];
		if (s->from != NULL && s->parent < 0 && s->base.n != 0 &&
		    !str_eq(s->image, S("scratch")))
			check(f, &(Source){s->image, s->from->args.at[0].span, s->base}, to);
	}
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		Str from;
		const DockerWord *w = in->op == OP_COPY ? instruction_flag(in, S("from"), &from)
							: NULL;
		if (w != NULL)
			ask(f, from, w->span, check, to);
		for (size_t k = 0; in->op == OP_RUN && k < in->flags.n; k++)
			if (str_starts(in->flags.at[k].text, S("--mount=")))
				ask_mount(f, &in->flags.at[k], check, to);
	}
}

/* ---- D120 the frontend ---- */

static void check_frontend(const LintFile *f, LintSink *to)
{
	Str name, tag, digest, image = f->d->syntax, prefix = image_prefix(image);
	if (image.n == 0)
		return;
	image_split(image, &name, &tag, &digest);
	uint32_t from = (uint32_t)(image.p - f->d->text.p);
	Span at = {from, from + (uint32_t)image.n};
	bool dockers = str_eq(image_registry(image), S("docker.io")) &&
		       str_eq(str_base(prefix), S("docker")) &&
		       (str_eq(name, S("dockerfile")) || str_eq(name, S("dockerfile-upstream")));
	if (!dockers)
		lint_say(to, at, "'" STR_FMT "' reads this file, and decides what is built",
			 STR_ARG(image));
	else if (digest.n == 0 && (tag.n == 0 || str_eq(tag, S("latest"))))
		lint_say(to, at, "any version of '" STR_FMT "' reads this file", STR_ARG(image));
}

const LintRule lint_D120 = {
	.id = "D120",
	.name = "frontend",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "The frontend is an image that is fetched and run before anything else; it sees the "
	       "whole context and writes every layer.",
	.help = "write # syntax=docker/dockerfile:1, or name a digest",
	.good = LIST("# syntax=docker/dockerfile:1\nFROM a:1\n",
		     "# syntax=docker.io/docker/dockerfile@sha256:x\nFROM a:1\n", "FROM a:1\n"),
	.bad = LIST("# syntax=docker/dockerfile\nFROM a:1\n",
		    "# syntax=docker/dockerfile:latest\nFROM a:1\n",
		    "# syntax=example.com/x/dockerfile:1\nFROM a:1\n"),
	.check = check_frontend,
};

/* ---- D202 registries ---- */

static bool matches(Str pattern, Str text)
{
	Str rest = pattern, part;
	bool first = true;
	size_t at = 0;
	while (str_cut(&rest, '*', &part)) {
		bool last = rest.p == NULL;
		if (first && last)
			return str_eq(pattern, text);
		if (first  ? !str_starts(text, part)
		    : last ? !str_ends(text, part)
			   : !str_find(text, part, &at))
			return false;
		text = str_skip(text, first ? part.n : last ? 0 : at + part.n);
		first = false;
	}
	return true;
}

bool image_is_trusted(const LintOptions *o, Arena *a, Str image)
{
	Str registry = image_registry(image), rest = image, whole = {0};
	str_cut(&rest, '@', &whole);
	if (!str_starts(image, registry)) {
		bool official = !str_has(whole, '/');
		char joined[600];
		int n = snprintf(joined, sizeof joined, "docker.io/%s" STR_FMT,
				 official ? "library/" : "", STR_ARG(str_first(whole, 500)));
		whole = arena_str(a, (Str){joined, n > 0 ? (size_t)n : 0});
	}
	for (size_t i = 0; i < o->registries.n; i++) {
		Str p = o->registries.at[i];
		if (matches(p, registry) || (str_has(p, '/') && matches(p, whole)) ||
		    (str_has(p, '/') && !str_has(p, '*') && str_starts(whole, p) &&
		     strchr("/:@", whole.n > p.n ? whole.p[p.n] : '/') != NULL))
			return true;
	}
	return false;
}

static void check_registry(const LintFile *f, const Source *s, LintSink *to)
{
	if (s->image.n == 0)
		lint_say(to, s->at,
			 "which registry '" STR_FMT "' is of depends on a build argument",
			 STR_ARG(s->written));
	else if (!image_is_trusted(f->options, f->a, s->image))
		lint_say(to, s->at, "'" STR_FMT "' is of " STR_FMT ", which is not trusted",
			 STR_ARG(s->image), STR_ARG(image_registry(s->image)));
}

static void check_registries(const LintFile *f, LintSink *to)
{
	if (f->options->registries.n != 0)
		each_source(f, to, check_registry);
}

const LintRule lint_D202 = {
	.id = "D202",
	.name = "untrusted-registry",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "What the build takes runs with the image's rights; this house has said from where.",
	.help = "take it from a trusted registry, or add this one to the configuration",
	.aliases = LIST("DL3026"),
	.good = LIST("FROM trusted.example/x:1\nCOPY --from=a.trusted.example/y:1 /a /a\n",
		     "FROM other.example/team/x:1 AS b\nFROM b\nCOPY --from=b /a /a\n",
		     "ARG R=trusted.example\nFROM $R/x:1\nCOPY --from=0 /a /a\n"),
	.bad = LIST("FROM debian:12\n", "FROM other.example/teams/x:1\n",
		    "FROM trusted.example/x:1\nCOPY --from=b:1 /a /a\n",
		    "FROM trusted.example/x:1\nRUN --mount=type=bind,from=b:1,target=/b x\n",
		    "ARG R\nFROM $R/x:1\n"),
	.check = check_registries,
};

/* ---- D204 support that has ended ---- */

static const struct {
	const char *image, *tags, *last;
} ended[] = {
#define EOL(image, tags, last) {image, tags, last},
#include "lint/eol.def"
#undef EOL
};

/* "3.1" begins "3.1-slim" and not "3.10". */
static bool begins(Str tag, Str version)
{
	if (!str_starts(tag, version))
		return false;
	char next = tag.n > version.n ? tag.p[version.n] : '\0';
	return !(next >= '0' && next <= '9');
}

const char *base_last_day(Str image, Str tag)
{
	for (size_t i = 0; i < sizeof ended / sizeof ended[0]; i++) {
		Str rest = str_of(ended[i].tags), version;
		if (!str_eq(image, str_of(ended[i].image)))
			continue;
		while (str_cut(&rest, ' ', &version))
			if (str_eq(version, S("*")) || begins(tag, version))
				return ended[i].last;
	}
	return NULL;
}

static bool is_over(const LintFile *f, const char *day)
{
	int64_t last;
	return day != NULL && time_parse(str_of(day), &last) && f->options->now >= last + 86400;
}

/* python:3.12-buster, golang:1.23-alpine3.12: what it is itself built on. */
static const char *distro_day(const LintFile *f, Str tag, Str *part)
{
	while (tag.p != NULL && tag.n != 0 && str_cut(&tag, '-', part)) {
		bool alpine = str_starts(*part, S("alpine"));
		bool word = part->p != NULL && part->n != 0 && part->p[0] >= 'a';
		const char *day = alpine ? base_last_day(S("alpine"), str_skip(*part, 6))
				  : word ? base_last_day(S("debian"), *part)
					 : NULL;
		if (day == NULL && word && !alpine)
			day = base_last_day(S("ubuntu"), *part);
		if (is_over(f, day))
			return day;
	}
	return NULL;
}

static void check_support(const LintFile *f, const Source *s, LintSink *to)
{
	Str name, tag, digest, part, prefix = image_prefix(s->image);
	bool official = prefix.n == 0 || str_eq(str_base(prefix), S("library")) ||
			str_eq(prefix, S("docker.io"));
	if (s->image.n == 0 || !official)
		return;
	image_split(s->image, &name, &tag, &digest);
	const char *day = base_last_day(name, tag);
	if (is_over(f, day))
		lint_say(to, s->at, "'" STR_FMT "' has had no updates since %s", STR_ARG(s->image),
			 day);
	else if ((day = distro_day(f, tag, &part)) != NULL)
		lint_say(to, s->at,
			 "'" STR_FMT "' is built on " STR_FMT ", which has had no updates since %s",
			 STR_ARG(s->image), STR_ARG(part), day);
}

static void check_supports(const LintFile *f, LintSink *to) { each_source(f, to, check_support); }

const LintRule lint_D204 = {
	.id = "D204",
	.name = "unsupported-base",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Vulnerabilities that are found from then on are not mended, and its package "
	       "repositories go away.",
	.help = "take a version that is supported",
	.good = LIST("FROM debian:12\n", "FROM python:3.13-slim\n", "FROM example.com/debian:9\n",
		     "FROM alpine:3.22\nCOPY --from=golang:1.30 /a /a\n"),
	.bad = LIST("FROM debian:9-slim\n", "FROM centos:7\n", "FROM python:2.7\n",
		    "FROM python:3.13-buster\n", "FROM node:22-alpine3.12\n",
		    "FROM library/ubuntu:bionic-20200101\n", "ARG V=14\nFROM node:$V-slim\n",
		    "FROM a:1\nCOPY --from=openjdk:8 /a /a\n"),
	.check = check_supports,
};

/* ---- D207 content trust ---- */

static void check_bound(const LintFile *f, const Source *s, LintSink *to)
{
	(void)f;
	Str name, tag, digest, image = s->image.n != 0 ? s->image : s->written;
	image_split(image, &name, &tag, &digest);
	if (digest.n == 0)
		lint_say(to, s->at, "'" STR_FMT "' is not bound to a digest", STR_ARG(image));
}

static void check_digests(const LintFile *f, LintSink *to) { each_source(f, to, check_bound); }

const LintRule lint_D207 = {
	.id = "D207",
	.name = "no-digest",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.off = true,
	.why = "A tag is what the registry says it is today. Content trust can be switched off "
	       "where "
	       "the build runs; a digest cannot.",
	.help = "write image:tag@sha256:..., and let a bot renew it",
	.aliases = LIST("CIS-DI-0005"),
	.good = LIST("FROM a:1@sha256:x AS b\nFROM scratch\nCOPY --from=b /a /a\n"),
	.bad = LIST("FROM a:1\n", "FROM a@sha256:x\nCOPY --from=b:1 /a /a\n", "ARG B\nFROM $B\n"),
	.check = check_digests,
};
