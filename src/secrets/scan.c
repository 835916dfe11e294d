/* scan.c - windows over a text, what is decoded in them, and the order of what was found. */
#include "secrets/scan.h"

#include <stdlib.h>

#include "secrets/decode.h"
#include "secrets/hit.h"
#include "secrets/judge.h"
#include "secrets/limits.h"

enum {
	AHEAD = LIMIT_SECRET_SPAN_BYTES,
	BEHIND = 2 * LIMIT_SECRET_BACK_BYTES,
	FRESH = 1 << 20,
	ROOM = BEHIND + FRESH + AHEAD,
	BINARY_LOOK = 8192,
	LEAST_ENCODED = 32,
};

struct SecretScan {
	const SecretSet *set;
	bool *enabled;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	Arena arena; /* of the set's share, and reset after each window */
	Arena window;
	SecretSink *sink;
	void *ctx;
	Str path;
	size_t fill, done;    /* bytes in the window; where the next literal may start */
	uint64_t base, line;  /* offset of the window; newlines before it */
	uint64_t line_start;  /* offset of its first line */
	size_t counted, hits; /* newlines were counted up to here */
	uint64_t last_start;  /* offset of the line at `counted` */
	uint64_t last_line;
	bool looked, binary, wide, sample, document;
	char text[ROOM + PREFILTER_PAD];
};

static void *need(void *p)
{
	if (p == NULL)
		die_oom();
	return p;
}

SecretScan *secret_scan_create(const SecretSet *set)
{
	SecretScan *s = need(calloc(1, sizeof *s));
	s->set = set;
	s->enabled = arena_array(&s->arena, bool, set->n);
	s->match = need(pcre2_match_data_create(8, NULL));
	s->limits = need(pcre2_match_context_create(NULL));
	pcre2_set_match_limit(s->limits, LIMIT_SECRET_MATCH_STEPS);
	pcre2_set_heap_limit(s->limits, LIMIT_SECRET_MATCH_KIB);
	return s;
}

void secret_scan_destroy(SecretScan *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->limits);
	arena_finish(&s->arena);
	arena_finish(&s->window);
	free(s);
}

/* ---- what was found, in order ---- */

static int by_place(const void *a, const void *b)
{
	const Found *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return str_cmp(x->rule->id, y->rule->id);
}

static bool overlap(const Found *a, const Found *b) { return a->at < b->end && b->at < a->end; }

/* Twice the same, or vague beside one that knows what it is. */
static bool is_superfluous(const FoundVec *all, size_t i)
{
	enum { NEIGHBOURS = 16 };
	const Found *f = &all->at[i];
	size_t low = i > NEIGHBOURS ? i - NEIGHBOURS : 0;
	size_t high = all->n - i > NEIGHBOURS ? i + NEIGHBOURS : all->n;
	for (size_t k = low; k < high; k++) {
		const Found *g = &all->at[k];
		if (k == i || !overlap(f, g))
			continue;
		if (f->rule->vague && !g->rule->vague)
			return true;
		if (f->rule == g->rule && k < i)
			return true;
	}
	return false;
}

static void count_lines(SecretScan *s, size_t upto)
{
	for (size_t i = s->counted; i < upto;) {
		const char *nl = memchr(s->text + i, '\n', upto - i);
		if (nl == NULL)
			break;
		i = (size_t)(nl - s->text) + 1;
		s->last_line++;
		s->last_start = s->base + i;
	}
	if (upto > s->counted)
		s->counted = upto;
}

static void tell(SecretScan *s, const Found *f)
{
	count_lines(s, f->at);
	SecretHit hit = {.rule = f->rule,
			 .value = f->value,
			 .at = s->base + f->at,
			 .line = s->last_line + 1,
			 .column = s->base + f->at - s->last_start + 1,
			 .confidence = f->confidence,
			 .decoded = f->decoded};
	if (s->hits++ < LIMIT_SECRET_HITS)
		s->sink(s->ctx, &hit);
}

/* ---- windows ---- */

typedef size_t Decoder(Str from, char *to);

typedef struct Layer { /* a text and how deep it was encoded */
	Str text;
	unsigned depth;
	size_t run, run_end; /* in the window; run_end 0: it is the window */
} Layer;

static void hunt_decoded(Hunt *h, const Layer *in, Str run, Decoder *decode, const char *name)
{
	char *to = arena_array(h->arena, char, run.n + PREFILTER_PAD);
	Hunt deep = *h;
	bool outer = in->depth == 0;
	deep.text = (Str){to, decode(run, to)};
	deep.from = 0;
	deep.to = deep.text.n;
	deep.run = outer ? (size_t)(run.p - in->text.p) : in->run;
	deep.run_end = outer ? deep.run + run.n : in->run_end;
	deep.decoded = name;
	secret_hunt(&deep);
}

static void hunt_encoded(Hunt *h, const Layer *in)
{
	size_t at = h->from, budget = LIMIT_SECRET_DECODED_RUNS;
	Str run;
	while (budget-- != 0 &&
	       secret_next_base64(str_first(in->text, h->to + AHEAD), &at, LEAST_ENCODED, &run)) {
		hunt_decoded(h, in, str_first(run, LIMIT_SECRET_SPAN_BYTES), secret_base64,
			     "base64");
	}
	at = h->from;
	budget = LIMIT_SECRET_DECODED_RUNS;
	while (budget-- != 0 && secret_next_percent(str_first(in->text, h->to), &at, &run))
		hunt_decoded(h, in, str_first(run, LIMIT_SECRET_SPAN_BYTES), secret_percent,
			     "percent");
}

static void look(SecretScan *s, size_t to)
{
	FoundVec found = {0};
	memset(s->text + s->fill, 0, PREFILTER_PAD);
	Hunt h = {.set = s->set,
		  .enabled = s->enabled,
		  .match = s->match,
		  .limits = s->limits,
		  .arena = &s->window,
		  .path = s->path,
		  .binary = s->binary,
		  .sample = s->sample,
		  .document = s->document,
		  .text = {s->text, s->fill},
		  .from = s->done,
		  .to = to,
		  .decoded = "",
		  .found = &found};
	secret_hunt(&h);
	if (!s->binary)
		hunt_encoded(&h, &(Layer){.text = h.text});
	if (found.n > 1)
		qsort(found.at, found.n, sizeof found.at[0], by_place);
	for (size_t i = 0; i < found.n; i++)
		if (!is_superfluous(&found, i))
			tell(s, &found.at[i]);
	count_lines(s, to);
	s->done = to;
	arena_reset(&s->window);
}

/* Keeps what the next window has to see once more. */
static void slide(SecretScan *s)
{
	size_t cut = s->done > BEHIND ? s->done - BEHIND : 0;
	memmove(s->text, s->text + cut, s->fill - cut);
	s->base += cut;
	s->fill -= cut;
	s->done -= cut;
	s->counted -= cut;
}

static void enable(SecretScan *s)
{
	for (size_t i = 0; i < s->set->n; i++) {
		const ReadyRule *r = &s->set->rules[i];
		s->enabled[i] = r->path == NULL ||
				secret_code_matches(r->path, s->match, s->limits, s->path);
		if (s->enabled[i] && r->pattern == NULL)
			s->sink(s->ctx, &(SecretHit){.rule = r->rule,
						     .line = 1,
						     .column = 1,
						     .confidence = r->rule->confidence,
						     .decoded = ""});
	}
}

void secret_scan_begin(SecretScan *s, Str path, SecretSink *sink, void *ctx)
{
	s->sink = sink;
	s->ctx = ctx;
	s->path = path;
	s->sample = secret_is_sample_path(path);
	s->document = secret_is_document_path(path);
	s->fill = s->done = s->counted = s->hits = 0;
	s->base = s->last_start = s->last_line = 0;
	s->looked = s->binary = s->wide = false;
	enable(s);
}

/* The first bytes decide once for the whole text. */
static void look_first(SecretScan *s, Str *bytes)
{
	s->looked = true;
	if (str_starts(*bytes, S("\xff\xfe")) || str_starts(*bytes, S("\xfe\xff"))) {
		s->wide = true;
		*bytes = str_skip(*bytes, 2);
		return;
	}
	Str head = str_first(*bytes, BINARY_LOOK);
	s->binary = str_has(head, '\0');
}

/* UTF-16 of ASCII without its zeros; what else there is stays as bytes. */
static size_t put(SecretScan *s, Str bytes)
{
	size_t n = 0, i = 0;
	if (!s->wide) {
		n = bytes.n < ROOM - s->fill ? bytes.n : ROOM - s->fill;
		memcpy(s->text + s->fill, bytes.p, n);
		s->fill += n;
		return n;
	}
	for (; i < bytes.n && s->fill < ROOM; i++)
		if (bytes.p[i] != '\0')
			s->text[s->fill++] = bytes.p[i];
	return i;
}

void secret_scan_feed(SecretScan *s, Str bytes)
{
	if (bytes.n != 0 && !s->looked)
		look_first(s, &bytes);
	while (bytes.n != 0) {
		bytes = str_skip(bytes, put(s, bytes));
		if (s->fill < ROOM)
			break;
		look(s, s->fill - AHEAD);
		slide(s);
	}
}

bool secret_scan_end(SecretScan *s)
{
	if (s->fill > s->done)
		look(s, s->fill);
	return s->hits <= LIMIT_SECRET_HITS;
}
