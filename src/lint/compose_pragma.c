/* compose_pragma.c - comments in Compose files that accept findings.
 *
 * Above an entry or an item, or beside it: all of that entry, with what is within.
 *     # bulwark:ignore C105,C107 until=2027-01-01 -- why
 *     # kics-scan ignore-line      the next line    # kics-scan ignore-block   the next entry
 * and those of other peers by their rules' ids, see pragma.c. */
#include "lint/compose_rule.h"
#include "lint/limits.h"
#include "lint/private.h"

typedef struct FilePragmas {
	const ComposeFile *file;
	Arena *a;
	uint32_t *last; /* by line: the last line of the entry that begins there */
	PragmaVec all;
} FilePragmas;

/* ---- what a line begins ---- */

static uint32_t line_at(const FilePragmas *f, uint32_t at)
{
	uint32_t line, column;
	place_at(&f->file->document.places, at, &line, &column);
	return line;
}

static void reaches(FilePragmas *f, Span from, Span to)
{
	uint32_t first = line_at(f, from.at);
	uint32_t end = to.end > from.end ? to.end : from.end;
	uint32_t last = line_at(f, end > from.at ? end - 1 : end);
	if (first <= f->file->document.places.lines.n && last > f->last[first])
		f->last[first] = last;
}

static void walk(FilePragmas *f, const Node *n, unsigned depth)
{
	for (size_t i = 0; i < n->n && depth < 64; i++) {
		const Node *key = n->type == NODE_MAP ? n->entries[i].key : n->items[i];
		const Node *value = n->type == NODE_MAP ? n->entries[i].value : key;
		if (key->span.at < n->span.at || key->span.at >= n->span.end)
			continue; /* of an alias or a merge: it stands elsewhere */
		bool own = value->span.at >= key->span.at && value->span.end <= n->span.end;
		reaches(f, key->span, own ? value->span : key->span);
		if (own && value->type != NODE_TEXT)
			walk(f, value, depth + 1);
	}
}

/* ---- comments ---- */

static bool in_scalar(const Document *d, uint32_t at)
{
	size_t low = 0, high = d->scalars.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (d->scalars.at[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < d->scalars.n && d->scalars.at[low].at <= at;
}

/* The comment of a line; false: it has none. */
static bool comment_of(const Document *d, uint32_t line, Span *out)
{
	Str s = place_line(&d->places, line);
	for (size_t i = 0; i < s.n; i++) {
		uint32_t at = (uint32_t)(s.p + i - d->places.text.p);
		bool apart = i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '\t';
		if (s.p[i] != '#' || !apart || in_scalar(d, at))
			continue;
		*out = (Span){at, at + (uint32_t)(s.n - i)};
		return true;
	}
	return false;
}

static bool is_blank_before(const Document *d, uint32_t line, uint32_t at)
{
	Str s = place_line(&d->places, line);
	for (const char *p = s.p; p < d->places.text.p + at; p++)
		if (*p != ' ' && *p != '\t')
			return false;
	return true;
}

static bool parse_kics(Str comment, Pragma *p, bool *one_line)
{
	*one_line = str_eq(comment, S("kics-scan ignore-line"));
	p->words = S("all");
	p->why = comment;
	return *one_line || str_eq(comment, S("kics-scan ignore-block"));
}

static void take_comment(FilePragmas *f, uint32_t line, Span at)
{
	const Document *d = &f->file->document;
	Str text = str_skip(str_first(d->places.text, at.end), at.at + 1);
	Pragma p = {.at = at, .line = line};
	bool one_line = false;
	size_t lines = d->places.lines.n;
	while (str_starts(text, S("#")))
		text = str_skip(text, 1);
	text = str_trim(text);
	if (f->all.n == LIMIT_LINT_PRAGMAS)
		return; /* the rest accepts nothing */
	if (!parse_kics(text, &p, &one_line) && !pragma_parse(text, &p))
		return;
	if (p.line != 0 && is_blank_before(d, line, at.at))
		while (p.line <= lines && f->last[p.line] == 0)
			p.line++; /* to what it stands above */
	if (one_line && p.line <= lines)
		f->last[p.line] = p.line;
	vec_push(f->a, &f->all, p);
}

static bool stands_at(const FilePragmas *f, const Pragma *p, const Remark *r)
{
	if (p->line == 0)
		return true;
	return p->line <= f->file->document.places.lines.n && r->line >= p->line &&
	       r->line <= f->last[p->line];
}

/* The first that accepts it; all that do are used. */
static const Pragma *accepted_by(FilePragmas *f, const LintOptions *o, const Remark *r)
{
	const Pragma *by = NULL;
	for (size_t i = 0; str_eq(r->file, f->file->name) && i < f->all.n; i++) {
		Pragma *p = &f->all.at[i];
		if (pragma_expired(p, o->now) || !stands_at(f, p, r) || !pragma_names(p, r))
			continue;
		p->used = true;
		by = by != NULL ? by : p;
	}
	return by;
}

static void apply_to_file(FilePragmas *f, LintSink *sink, RemarkReport *out)
{
	const Document *d = &f->file->document;
	size_t kept = 0;
	Span at;
	f->last = arena_array(f->a, uint32_t, d->places.lines.n + 2);
	for (size_t i = 0; i < d->roots.n; i++)
		walk(f, d->roots.at[i], 0);
	for (uint32_t line = 1; line <= d->places.lines.n; line++)
		if (comment_of(d, line, &at))
			take_comment(f, line, at);
	for (size_t i = 0; i < sink->said.n; i++) {
		const Pragma *by = accepted_by(f, sink->options, &sink->said.at[i]);
		if (by != NULL)
			remark_accept(out, f->a, &sink->said.at[i], true, by->why);
		else
			sink->said.at[kept++] = sink->said.at[i];
	}
	sink->said.n = kept;
	sink->name = f->file->name;
	sink->places = &d->places;
	pragmas_judge(&f->all, "C001", sink);
}

void apply_compose_pragmas(const Compose *c, LintSink *sink, RemarkReport *out)
{
	for (size_t i = 0; i < c->files.n; i++) {
		FilePragmas f = {.file = c->files.at[i], .a = sink->a};
		if (f.file->document.roots.n != 0)
			apply_to_file(&f, sink, out);
	}
}
