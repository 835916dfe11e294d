/* image.c - gathers what the rules about images need, and asks them. */
#include "lint/image_gather.h"

#include "lint/limits.h"
#include "lint/private.h"

/* ---- saying ---- */

ImagePlace in_settings(const LintImage *i, DockerOp op)
{
	const RebuiltStep *step = rebuilt_last(i->history, op);
	return step != NULL ? in_step(step) : (ImagePlace){.layer = LAYER_NONE};
}

static Str rooted(Arena *a, Str path)
{
	char *p = arena_array(a, char, path.n + 1);
	p[0] = '/';
	memcpy(p + 1, path.p, path.n);
	return (Str){p, path.n + 1};
}

Str instruction_of(const LintImage *i, uint32_t layer)
{
	enum { SHOWN = 400 };
	const RebuiltStep *step = rebuilt_layer(i->history, layer);
	Str text = step != NULL ? str_first(rebuilt_text(i->history, step), SHOWN) : S("");
	char *p = arena_array(i->a, char, text.n);
	size_t n = 0;
	for (size_t k = 0; k < text.n; k++) {
		bool blank = text.p[k] == ' ' || text.p[k] == '\n';
		bool joint = text.p[k] == '\\' && k + 1 < text.n && text.p[k + 1] == '\n';
		if (joint || (blank && n != 0 && p[n - 1] == ' '))
			continue;
		p[n++] = blank ? ' ' : text.p[k];
	}
	return (Str){p, n};
}

static void set_place(const LintImage *i, ImagePlace at, Remark *r)
{
	if (at.layer < i->image->layers.n) {
		r->layer = i->image->layers.at[at.layer].diff_id;
		r->origin = instruction_of(i, at.layer);
	}
	if (at.file.n != 0) {
		r->file = rooted(i->a, at.file);
		return;
	}
	r->file = S("config");
	if (at.step == NULL || at.step->op == OP_UNKNOWN)
		return;
	r->file = S("history");
	r->line = at.step->line;
	r->end_line = at.step->line;
	r->column = 1;
	r->end_column = 1;
	r->origin = S("");
	if (!at.hushed)
		r->excerpt = place_line(i->places, r->line);
}

void image_say(const LintImage *i, LintSink *to, ImagePlace at, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	Remark r = sink_remark(to, fmt, args);
	va_end(args);
	set_place(i, at, &r);
	sink_push(to, r, r.file);
}

/* ---- asking ---- */

static void ask_all(const LintImage *i, LintSink *sink)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		if ((*r)->check_image == NULL || !rule_is_asked(*r, i->options))
			continue;
		sink_takes(sink, *r);
		(*r)->check_image(i, sink);
	}
}

Result lint_image(const Image *image, const Facts *facts, const LintOptions *o, Arena *a,
		  RemarkReport *out)
{
	Rebuilt history;
	TRY(dockerfile_rebuild(image, a, &history));
	Places places = places_of(history.text, a);
	ImageGather gather;
	image_gather(image, facts, a, &gather);
	LintImage i = {.image = image,
		       .settings = &image->settings,
		       .facts = facts,
		       .options = o,
		       .a = a,
		       .history = &history,
		       .places = &places,
		       .gather = &gather};
	LintSink sink = {.options = o, .name = S("config"), .a = a, .places = &places};
	ask_all(&i, &sink);
	Err *e = lint_history(&i, &sink);
	if (e != OK && e->kind != ERR_LIMIT)
		return e;
	if (e != OK)
		vec_push(a, &out->not_evaluated,
			 (Unread){S("history"), arena_str(a, str_of(e->text))});
	err_free(e);
	for (size_t k = 0; k < sink.said.n; k++)
		vec_push(a, &out->remarks, sink.said.at[k]);
	sink_tell_cut(&sink, S("image"), out);
	if (image->vouched.unread.n != 0)
		vec_push(a, &out->not_evaluated,
			 (Unread){S("signature, SBOM and provenance"), image->vouched.unread});
	if (!image->settings.known)
		vec_push(a, &out->not_evaluated,
			 (Unread){S("settings and history"), S("a root file system has none")});
	for (size_t k = 0; k < image->undecided.n; k++)
		vec_push(a, &out->not_evaluated,
			 (Unread){image->undecided.at[k].subject, image->undecided.at[k].reason});
	vec_push(a, &out->files, image->target);
	out->images++;
	return OK;
}
