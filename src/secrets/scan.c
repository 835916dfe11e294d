/* scan.c - windows over a text, what is decoded in them, and the order of what was found. */
#include "secrets/scan.h"

#include <stdio.h>
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
	WIDE_LEAST = 32, /* bytes of UTF-16 that are known without a mark */
	LEAST_STACK = 32 << 10,
	MOST_STACK = 1 << 20,
};

struct SecretScan {
	const SecretSet *set;
	bool *enabled;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* NULL: PCRE2's own 32 KiB, which a long key may exceed */
	Arena arena;            /* of the set's share, and reset after each window */
	Arena window;
	SecretSink *sink;
	void *ctx;
	Str path;
	size_t fill, done;    /* bytes in the window; where the next literal may start */
	uint64_t base;        /* offset of the window */
	size_t counted, hits; /* newlines were counted up to here */
	uint64_t last_column; /* characters of the line before `counted` */
	uint64_t last_line;
	unsigned phase; /* digits of base64 before `done` in a row, modulo 4 */
	bool looked, binary, wide, sample, document;
	bool cut;                  /* what has to be told at the end, */
	const SecretRule *gave_up; /* this too */
	char why[160];
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
	s->stack = pcre2_jit_stack_create(LEAST_STACK, MOST_STACK, NULL);
	pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	return s;
}

void secret_scan_destroy(SecretScan *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->limits);
	pcre2_jit_stack_free(s->stack);
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
	if (x->inner != y->inner)
		return x->inner < y->inner ? -1 : 1;
	return str_cmp(x->rule->id, y->rule->id);
}

static bool overlap(const Found *a, const Found *b)
{
	if (a->text == b->text)
		return a->inner < b->text_end && b->inner < a->text_end;
	return a->at < b->end && b->at < a->end;
}

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
		if (f->rule == g->rule && k < i &&
		    (f->text == g->text || str_eq(f->value, g->value)))
			return true;
	}
	return false;
}

static uint64_t count_chars(const char *p, size_t n)
{
	uint64_t chars = 0;
	for (size_t i = 0; i < n; i++)
		chars += (p[i] & 0xc0) != 0x80; /* a UTF-8 continuation counts not */
	return chars;
}

static void count_lines(SecretScan *s, size_t upto)
{
	for (size_t i = s->counted; i < upto;) {
		const char *nl = memchr(s->text + i, '\n', upto - i);
		if (nl == NULL)
			break;
		i = (size_t)(nl - s->text) + 1;
		s->last_line++;
		s->last_column = 0;
		s->counted = i;
	}
	if (upto > s->counted) {
		s->last_column += count_chars(s->text + s->counted, upto - s->counted);
		s->counted = upto;
	}
}

/* What begins before the place that lines were counted to is among what the window still has. */
static void place_of(SecretScan *s, size_t at, SecretHit *out)
{
	uint64_t back = 0;
	if (at >= s->counted) {
		count_lines(s, at);
		out->line = s->last_line + 1;
		out->column = s->last_column + 1;
		return;
	}
	const char *start = memrchr(s->text, '\n', at);
	size_t from = start != NULL ? (size_t)(start - s->text) + 1 : 0;
	for (size_t i = at; i < s->counted; i++)
		back += s->text[i] == '\n';
	out->line = s->last_line + 1 - back;
	out->column = 1 + count_chars(s->text + from, at - from);
	if (back == 0)
		out->column = s->last_column + 1 - count_chars(s->text + at, s->counted - at);
}

static void tell(SecretScan *s, const Found *f)
{
	SecretHit hit = {.rule = f->rule,
			 .value = f->value,
			 .at = s->base + f->at,
			 .bytes = f->end - f->at,
			 .confidence = f->confidence,
			 .decoded = f->decoded};
	place_of(s, f->at, &hit);
	s->cut = s->cut || s->hits >= LIMIT_SECRET_HITS;
	if (s->hits++ < LIMIT_SECRET_HITS)
		s->sink(s->ctx, &hit);
}

/* ---- windows ---- */

typedef size_t Decoder(Str from, char *to);

static void hunt_encoded(Hunt *h, unsigned depth, unsigned phase);

/* Literals may start in what is decoded of its first `fresh` bytes. */
static void hunt_decoded(Hunt *h, Str run, size_t fresh, Decoder *decode, unsigned depth)
{
	bool outer = depth == 0, base64 = decode == secret_base64;
	char *to = arena_array(h->arena, char, run.n + PREFILTER_PAD);
	if (h->found->runs++ >= LIMIT_SECRET_DECODED_RUNS) {
		h->found->full = true;
		return;
	}
	Hunt deep = *h;
	deep.text = (Str){to, decode(run, to)};
	deep.from = 0;
	deep.to = base64 && fresh < run.n ? (fresh + 3) / 4 * 3 : deep.text.n;
	deep.run = outer ? (size_t)(run.p - h->text.p) : h->run;
	deep.run_end = outer ? deep.run + run.n : h->run_end;
	deep.window = outer ? h->text : h->window;
	deep.encoded = base64 ? (Str){0} : run;
	deep.decoded = base64 ? "base64" : "percent";
	secret_hunt(&deep);
	if (depth + 1 < LIMIT_SECRET_DECODE_DEPTH)
		hunt_encoded(&deep, depth + 1, 0);
}

/* `phase`: how many digits of a group of four stand before h->from. */
static void hunt_encoded(Hunt *h, unsigned depth, unsigned phase)
{
	size_t at = h->from;
	Str run, seen = str_first(h->text, h->to + AHEAD);
	while (phase % 4 != 0 && at < seen.n && secret_base64_digit(seen.p[at]) >= 0) {
		at++;
		phase++;
	}
	while (at < h->to && secret_next_base64(seen, &at, LEAST_ENCODED, &run)) {
		size_t start = (size_t)(run.p - h->text.p);
		if (start < h->to)
			hunt_decoded(h, run, h->to - start, secret_base64, depth);
	}
	at = h->from;
	while (secret_next_percent(h->text, h->to, LIMIT_SECRET_SPAN_BYTES, &at, &run))
		hunt_decoded(h, run, run.n, secret_percent, depth);
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
		hunt_encoded(&h, 0, s->phase);
	if (found.n > 1)
		qsort(found.at, found.n, sizeof found.at[0], by_place);
	for (size_t i = 0; i < found.n; i++)
		if (!is_superfluous(&found, i))
			tell(s, &found.at[i]);
	s->cut = s->cut || found.full;
	s->gave_up = s->gave_up != NULL ? s->gave_up : found.gave_up;
	count_lines(s, to);
	size_t digits = secret_base64_before(h.text, s->done, to);
	s->phase = (unsigned)((digits + (digits == to - s->done ? s->phase : 0)) % 4);
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
	s->base = s->last_column = s->last_line = 0;
	s->looked = s->binary = s->wide = s->cut = false;
	s->gave_up = NULL;
	s->phase = 0;
	enable(s);
}

static bool is_letter_or_so(char c) { return c >= ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* UTF-16 of mostly ASCII: every other byte is zero, and the rest is text. */
static bool is_wide(Str head)
{
	size_t zeros[2] = {0};
	if (head.n < WIDE_LEAST)
		return false;
	for (size_t i = 0; i < head.n; i++) {
		zeros[i % 2] += head.p[i] == '\0';
		if (head.p[i] != '\0' && !is_letter_or_so(head.p[i]))
			return false;
	}
	size_t few = zeros[0] < zeros[1] ? zeros[0] : zeros[1], many = zeros[0] + zeros[1] - few;
	return few == 0 && many >= head.n / 2 * 9 / 10;
}

/* The first bytes decide once for the whole text. */
static void look_first(SecretScan *s)
{
	Str head = {s->text, s->fill};
	bool marked = str_starts(head, S("\xff\xfe")) || str_starts(head, S("\xfe\xff"));
	s->looked = true;
	s->wide = marked || is_wide(head);
	s->binary = !s->wide && str_has(head, '\0');
	if (!s->wide)
		return;
	s->fill = 0;
	for (size_t i = marked ? 2 : 0; i < head.n; i++)
		if (head.p[i] != '\0')
			s->text[s->fill++] = head.p[i];
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
	while (bytes.n != 0 && !s->looked) {
		bytes = str_skip(bytes, put(s, str_first(bytes, BINARY_LOOK - s->fill)));
		if (s->fill == BINARY_LOOK)
			look_first(s);
	}
	while (bytes.n != 0) {
		bytes = str_skip(bytes, put(s, bytes));
		if (s->fill < ROOM)
			break;
		look(s, s->fill - AHEAD);
		slide(s);
	}
}

const char *secret_scan_end(SecretScan *s)
{
	if (!s->looked)
		look_first(s);
	if (s->fill > s->done)
		look(s, s->fill);
	if (s->cut)
		return "has more findings or encoded text than is looked at";
	if (s->gave_up == NULL)
		return NULL;
	snprintf(s->why, sizeof s->why, "rule " STR_FMT " took too long and was given up",
		 STR_ARG(str_first(s->gave_up->id, 80)));
	return s->why;
}
