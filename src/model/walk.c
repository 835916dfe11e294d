/* walk.c - numbers, texts and counts, to bytes and back. */
#include "model/walk.h"

void walk_number(Walk *w, uint64_t *v)
{
	uint8_t b[8];
	if (w->to != NULL) {
		memcpy(b, v, sizeof b);
		buf_add(w->to, (Str){(const char *)b, sizeof b});
		return;
	}
	if (w->from.n < sizeof b) {
		w->bad = true;
		*v = 0;
		return;
	}
	memcpy(v, w->from.p, sizeof b);
	w->from = str_skip(w->from, sizeof b);
}

void walk_number32(Walk *w, uint32_t *v)
{
	uint64_t wide = *v;
	walk_number(w, &wide);
	w->bad = w->bad || wide > UINT32_MAX;
	*v = (uint32_t)wide;
}

void walk_text(Walk *w, Str *s)
{
	uint64_t n = s->n;
	walk_number(w, &n);
	if (w->to != NULL) {
		buf_add(w->to, *s);
		return;
	}
	if (n > w->from.n) {
		w->bad = true;
		n = 0;
	}
	*s = str_first(w->from, n);
	w->from = str_skip(w->from, n);
}

size_t walk_count(Walk *w, size_t n)
{
	uint64_t wide = n;
	walk_number(w, &wide);
	if (w->to == NULL && wide > w->from.n / 8) {
		w->bad = true;
		wide = 0;
	}
	return (size_t)wide;
}
