/* image_files.c - which files of an image the rules want to read, and how much of them. */
#include "lint/image_gather.h"
#include "lint/limits.h"

static const char *const exact[] = {"etc/passwd", "etc/group", "etc/shadow", NULL};

static bool is_exact(Str path)
{
	for (size_t i = 0; exact[i] != NULL; i++)
		if (str_eq(path, str_of(exact[i])))
			return true;
	return false;
}

/* ---- programs that are packed ---- */

enum { HEAD_BYTES = 1024 }; /* UPX writes its mark behind the ELF headers */

static const char mark[] = "UPX!";

typedef struct HeadSieve {
	Sieve base;
	Arena *a;
	char *head; /* only where it comes in pieces */
	size_t n;
	bool packed;
} HeadSieve;

static bool is_elf(Str head) { return str_starts(head, S("\177ELF")); }

static Result head_feed(Sieve *s, uint64_t at, Str bytes)
{
	HeadSieve *h = (HeadSieve *)(void *)s;
	Str head = str_first(bytes, HEAD_BYTES - h->n);
	size_t where;
	if (head.n < HEAD_BYTES) {
		if (h->head == NULL)
			h->head = arena_array(h->a, char, HEAD_BYTES);
		memcpy(h->head + h->n, head.p, head.n);
		h->n += head.n;
		head = (Str){h->head, h->n};
	}
	bool enough = head.n == HEAD_BYTES || (head.n >= 4 && !is_elf(head));
	h->packed = enough && is_elf(head) && str_find(head, str_of(mark), &where);
	s->next = enough ? SIEVE_DONE : at + bytes.n;
	return OK;
}

static Result head_finish(Sieve *s, Str *out)
{
	*out = ((HeadSieve *)(void *)s)->packed ? str_of(mark) : (Str){0};
	return OK;
}

static Sieve *sieve_head(Arena *a)
{
	HeadSieve *h = arena_new(a, HeadSieve);
	*h = (HeadSieve){.base = {.feed = head_feed, .finish = head_finish}, .a = a};
	return &h->base;
}

bool is_packed(const Captured *f)
{
	return f != NULL && str_eq(f->body, str_of(mark)) && !names_key(f->info.path);
}

/* ---- which files ---- */

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	if (is_exact(f->path))
		return sieve_whole(a, f->size, LIMIT_LINT_ACCOUNTS_BYTES);
	if (names_key(f->path) && f->size != 0 && f->size <= LIMIT_LINT_KEY_BYTES)
		return sieve_whole(a, f->size, LIMIT_LINT_KEY_BYTES);
	bool program = (f->mode & 0111) != 0 && f->size >= HEAD_BYTES;
	return program && !names_key(f->path) ? sieve_head(a) : NULL;
}

const Selector *lint_selector(void)
{
	static const Selector s = {.exact = exact, .pick = pick};
	return &s;
}
