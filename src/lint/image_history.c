/* image_history.c - rules about Dockerfiles that hold for what an image's history tells; I107. */
#include "lint/image_rule.h"
#include "lint/private.h"

/* Of all rules those that speak of what the image got, not of how its file is kept; and of these
 * none that another rule about images sees better in the files. */
static const char of_history[] = "D206 D303 D304 D305 D309 D404 D505 D506 D507";

static const RebuiltStep *step_at(const Rebuilt *r, uint32_t line)
{
	for (size_t i = 0; i < r->steps.n; i++)
		if (r->steps.at[i].line <= line && line <= r->steps.at[i].last)
			return &r->steps.at[i];
	return NULL;
}

Result lint_history(const LintImage *i, LintSink *sink)
{
	Dockerfile d;
	LintFile f = {.d = &d, .a = i->a, .options = i->options};
	TRY_IN(dockerfile_read(i->history->text, i->a, &d), "the rebuilt Dockerfile");
	TRY_IN(find_stages(&f), "the rebuilt Dockerfile");
	find_variables(&f);
	find_scripts(&f);
	sink->name = S("history");
	sink->places = &d.places;
	size_t before = sink->said.n;
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		if (!word_in(of_history, str_of((*r)->id)) || !rule_is_asked(*r, i->options))
			continue;
		sink_takes(sink, *r);
		(*r)->check(&f, sink);
	}
	for (size_t k = before; k < sink->said.n; k++) {
		Remark *m = &sink->said.at[k];
		const RebuiltStep *step = step_at(i->history, m->line);
		if (step != NULL && step->from->layer < i->image->layers.n)
			m->layer = i->image->layers.at[step->from->layer].diff_id;
		m->fix.n = 0; /* there is no file to mend */
	}
	return OK;
}

/* ---- I107 ADD ---- */

static void check_add(const LintImage *i, LintSink *to)
{
	for (size_t k = 0; k < i->history->steps.n; k++) {
		const RebuiltStep *s = &i->history->steps.at[k];
		Str text = s->op == OP_ADD ? rebuilt_text(i->history, s) : S("");
		size_t at;
		bool url = str_find(text, S(" http://"), &at) ||
			   str_find(text, S(" https://"), &at);
		if (text.n == 0 || str_ends(text, S(" /"))) /* the files of a base image */
			continue;
		if (url && !str_find(text, S("--checksum="), &at)) {
			image_say(i, to, in_step(s), "ADD took what the server gave, unverified");
			continue;
		}
		image_say(i, to, in_step(s), "ADD unpacks archives and follows addresses");
		lint_grade(to, LEVEL_INFO);
	}
}

const LintRule lint_I107 = {
	.id = "I107",
	.name = "image-history-add",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "What ADD brings depends on what the source is: an archive is unpacked, an address "
	       "is "
	       "fetched, as it is at that moment.",
	.help = "use COPY; ADD --checksum=sha256:... for what is downloaded",
	.aliases = LIST("CIS-DI-0009"),
	.good = LIST("history ADD rootfs.tar.xz / # buildkit", "history COPY a /b # buildkit",
		     "history /bin/sh -c #(nop) ADD file:0123 in / "),
	.bad = LIST("history ADD https://e.example/x /x # buildkit",
		    "history /bin/sh -c #(nop) ADD file:0123 in /app"),
	.check_image = check_add,
};
