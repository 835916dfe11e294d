/* secret_image.c - one report of what the sieves kept of all layers. */
#include "flow/secret_image.h"

#include "base/buf.h"
#include "flow/secret_told.h"
#include "secrets/limits.h"
#include "secrets/redact.h"

typedef struct Telling {
	const Image *image;
	Recorded now, before; /* what packages recorded, and what they did in lower layers */
	SecretTold told;
	Arena *arena;
	RemarkReport *out;
} Telling;

static void add_looked(Telling *t, const Captured *f, bool hidden)
{
	const Looked *l = looked_of(f);
	if (l == NULL)
		return;
	bool owned = looked_is(l, recorded_get(&t->now, f->path)) ||
		     looked_is(l, recorded_get(&t->before, f->path));
	Str diff_id = f->layer < t->image->layers.n ? t->image->layers.at[f->layer].diff_id
						    : (Str){0};
	Str origin = f->layer < t->image->layers.n ? t->image->layers.at[f->layer].created_by
						   : (Str){0};
	for (size_t i = 0; i < l->report.remarks.n; i++) {
		Remark *r = arena_new(t->arena, Remark);
		SecretMark *m = arena_new(t->arena, SecretMark);
		*r = l->report.remarks.at[i];
		*m = l->marks.at[i];
		r->layer = diff_id;
		r->origin = origin;
		r->message = looked_place(t->image, f, hidden, r->message, t->arena);
		m->round = f->layer;
		m->owned = owned;
		secret_told_add(&t->told, r, m);
	}
	for (size_t i = 0; i < l->report.not_evaluated.n && !owned; i++)
		vec_push(t->arena, &t->out->not_evaluated, l->report.not_evaluated.at[i]);
	t->out->suppressed += l->report.suppressed;
}

static void tell_unread(Telling *t, const Image *image)
{
	for (size_t i = 0; i < image->undecided.n; i++)
		vec_push(t->arena, &t->out->not_evaluated,
			 (Unread){image->undecided.at[i].subject, image->undecided.at[i].reason});
}

/* ---- what the image says of itself ---- */

/* Searched as if it stood in a file named `as`; told under `name`. */
static void add_text(Telling *t, SecretReader *r, const char *as, const char *name, Str text)
{
	size_t before = r->report.remarks.n;
	secret_reader_bytes(r, str_of(as), text);
	for (size_t i = before; i < r->report.remarks.n; i++)
		r->report.remarks.at[i].file = str_of(name);
}

static Str lines_of(Arena *a, const StrVec *v)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < v->n; i++) {
		buf_add(&b, v->at[i]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static Str labels_of(Arena *a, const ImageSettings *s)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < s->labels.n; i++)
		buf_fmt(&b, STR_FMT "=" STR_FMT "\n", STR_ARG(s->labels.at[i].key),
			STR_ARG(s->labels.at[i].value));
	return buf_str(&b);
}

/* A step a line, whatever lines it has. */
static Str history_of(Arena *a, const ImageSettings *s)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < s->history.n; i++) {
		Str text = s->history.at[i].created_by;
		for (size_t k = 0; k < text.n; k++)
			buf_char(&b, text.p[k] == '\n' ? ' ' : text.p[k]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static void add_settings(Telling *t, FileSieves *s)
{
	const ImageSettings *of = &t->image->settings;
	const struct {
		const char *as, *name;
		Str text;
	} parts[] = {
		{".env", "image config: environment", lines_of(t->arena, &of->env)},
		{".env", "image config: labels", labels_of(t->arena, of)},
		{"entrypoint.sh", "image config: entrypoint", lines_of(t->arena, &of->entrypoint)},
		{"cmd.sh", "image config: command", lines_of(t->arena, &of->cmd)},
		{"health.sh", "image config: health check", lines_of(t->arena, &of->health)},
		{"build.sh", "image config: onbuild", lines_of(t->arena, &of->on_build)},
		{"history.sh", "image config: history", history_of(t->arena, of)},
	};
	SecretReader *r = file_sieves_reader(s, t->arena);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].text.n != 0)
			add_text(t, r, parts[i].as, parts[i].name, parts[i].text);
	for (size_t i = 0; i < r->report.remarks.n; i++)
		secret_told_add(&t->told, &r->report.remarks.at[i], &r->marks.at[i]);
	file_sieves_give_back(s, r);
}

void secret_image_tell(FileSieves *s, const Image *files, const Image *databases, Arena *a,
		       RemarkReport *out)
{
	Telling t = {.image = files, .arena = a, .out = out};
	StrVec why = {0};
	recorded_from(&databases->files, a, &t.now, &why);
	recorded_from_hidden(&databases->hidden, a, &t.before);
	for (size_t i = 0; i < files->files.files.n; i++)
		add_looked(&t, &files->files.files.at[i], false);
	for (size_t i = 0; i < files->hidden.n; i++)
		add_looked(&t, &files->hidden.at[i], true);
	add_settings(&t, s);
	tell_unread(&t, files);
	out->read += file_sieves_read(s);
	for (size_t i = 0; i < why.n; i++)
		vec_push(a, &out->not_evaluated, (Unread){S("package database"), why.at[i]});
	secret_told_report(&t.told, true, a, out);
}

void secret_hide_origins(const SecretSet *set, Arena *a, RemarkReport *r)
{
	Map masked = {0};
	AUTO_SECRET_SCAN SecretScan *scan = secret_scan_create(set);
	for (size_t i = 0; i < r->remarks.n; i++) {
		Str *origin = &r->remarks.at[i].origin;
		void **slot = map_at(&masked, a, *origin);
		if (*slot == NULL) {
			Str *shown = arena_new(a, Str);
			*shown = secret_redact(scan, S("history.sh"), *origin, a);
			*slot = shown;
		}
		*origin = *(const Str *)*slot;
	}
}
