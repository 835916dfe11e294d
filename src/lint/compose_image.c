/* compose_image.c - C104, C130: which image runs, and whose it is. */
#include "lint/compose_rule.h"
#include "lint/private.h"

/* The tag, what follows '@', or neither. A port is no tag. */
static void split_reference(Str ref, Str *tag, Str *digest)
{
	Str rest = ref, name;
	*tag = *digest = (Str){NULL, 0};
	str_cut(&rest, '@', &name);
	if (rest.p != NULL)
		*digest = rest;
	Str last = str_base(name);
	str_cut(&last, ':', &name);
	if (last.p != NULL)
		*tag = last;
}

static bool moves(Str tag)
{
	static const char *const tags[] = {"latest", "stable", "edge",    "nightly", "main",
					   "master", "dev",    "develop", "rolling"};
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		if (str_eq(tag, str_of(tags[i])))
			return true;
	return false;
}

static void check_tag(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *image = node_get(service->value, S("image"));
	Str tag, digest, ref = node_text(image);
	(void)c;
	/* With a build it is the name of what is made here. */
	if (ref.n == 0 || node_get(service->value, S("build")) != NULL || !compose_known(to, image))
		return;
	split_reference(ref, &tag, &digest);
	if (digest.n != 0)
		return;
	if (tag.n == 0)
		compose_say(to, image, "'" STR_FMT "' has no tag, so that it is latest",
			    STR_ARG(ref));
	else if (moves(tag))
		compose_say(to, image, "'" STR_FMT "' changes without notice", STR_ARG(ref));
}

static void check_tags(const Compose *c, LintSink *to) { compose_each(c, to, check_tag); }

const LintRule lint_C104 = {
	.id = "C104",
	.name = "moving-image",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Without a version the next pull runs another program: what was tested and scanned "
	       "is not what runs, and going back is not possible.",
	.help = "name a version, or better a digest: image:tag@sha256:...",
	.aliases = LIST("CL-0004", "CL-0019"),
	.good = LIST("services:\n  a:\n    image: nginx:1.27\n",
		     "services:\n  a:\n    image: r:5000/x@sha256:0\n",
		     "services:\n  a:\n    image: mine\n    build: .\n",
		     "services:\n  a:\n    image: x:${V:-1}\n"),
	.bad = LIST("services:\n  a:\n    image: nginx\n",
		    "services:\n  a:\n    image: r:5000/x:latest\n",
		    "services:\n  a:\n    image: x:${V:-latest}\n"),
	.check_compose = check_tags,
};

/* ---- C130 registries ---- */

static void check_registry(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *image = node_get(service->value, S("image"));
	Str ref = node_text(image);
	if (ref.n == 0 || node_get(service->value, S("build")) != NULL || !compose_known(to, image))
		return;
	if (!image_is_trusted(to->options, c->a, ref))
		compose_say(to, image, "'" STR_FMT "' is of a registry that is not trusted",
			    STR_ARG(ref));
}

static void check_registries(const Compose *c, LintSink *to)
{
	if (to->options->registries.n != 0)
		compose_each(c, to, check_registry);
}

const LintRule lint_C130 = {
	.id = "C130",
	.name = "untrusted-registry-in-compose",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "This house has named the registries whose images it runs; others may hold anything "
	       "under a familiar name.",
	.help = "use a trusted registry's copy, or add the registry to the configuration",
	.good = LIST("services:\n  a:\n    image: hub.trusted.example/a:1\n",
		     "services:\n  a:\n    image: mine\n    build: .\n"),
	.bad = LIST("services:\n  a:\n    image: nginx:1\n",
		    "services:\n  a:\n    image: evil.example/a:1\n"),
	.check_compose = check_registries,
};
