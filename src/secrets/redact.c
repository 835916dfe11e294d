/* redact.c - what lies between the secrets, and masks. */
#include "secrets/redact.h"

#include "base/buf.h"
#include "secrets/judge.h"

typedef struct Redaction {
	Arena *arena;
	Str text;
	Buf out;
	size_t done; /* bytes of the text */
} Redaction;

static void on_hit(void *ctx, const SecretHit *h)
{
	Redaction *r = ctx;
	size_t at = (size_t)h->at, end = at + h->bytes;
	if (end <= r->done || end > r->text.n)
		return;
	if (at > r->done)
		buf_add(&r->out, str_skip(str_first(r->text, at), r->done));
	if (at >= r->done)
		buf_add(&r->out, secret_mask(r->arena, h->decoded[0] != '\0' ? S("") : h->value));
	r->done = end;
}

Str secret_redact(SecretScan *s, Str path, Str text, Arena *a)
{
	Redaction r = {.arena = a, .text = text, .out = buf_in(a, SIZE_MAX)};
	secret_scan_begin(s, path, on_hit, &r);
	secret_scan_feed(s, text);
	bool whole = secret_scan_end(s) == NULL;
	if (whole && r.done == 0)
		return text;
	if (whole)
		buf_add(&r.out, str_skip(text, r.done));
	return buf_str(&r.out);
}
