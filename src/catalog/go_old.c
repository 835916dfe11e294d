/* go_old.c - segments are kept by their first bytes; then addresses are looked up in them. */
#include "catalog/go_old.h"

#include <stdlib.h>

#include "base/limits.h"
#include "model/file.h"

enum {
	INFO_BYTES = 32,
	POINTER_SIZE_AT = 14,
	FLAGS_AT = 15,
	POINTERS_AT = 16,
	BIG_ENDIAN_FLAG = 1
};

/* ---- which programs, which parts ---- */

/* Go's own linker puts the sections' table into the head, where an old program's build
 * information is a section of its own size. Other linkers leave only Go's note there. */
static bool may_be_old(const Elf *elf, Str head)
{
	ElfSection s;
	size_t at;
	if (elf->sections == 0 || !elf_section(elf, head, elf->sections - 1, &s))
		return str_find(head, S("Go\0\0"), &at);
	for (uint32_t i = 0; i < elf->sections; i++)
		if (elf_section(elf, head, i, &s) && s.type == ELF_PROGBITS &&
		    (s.flags & ELF_SECTION_WRITE) != 0 && s.bytes == INFO_BYTES)
			return true;
	return false;
}

/* Code and constants share a segment where a linker does not part them. */
static bool has_constants(const Elf *elf, Str head)
{
	ElfSegment s;
	for (uint32_t i = 0; i < elf->segments; i++)
		if (elf_segment(elf, head, i, &s) && s.type == ELF_LOAD &&
		    (s.flags & (ELF_EXECUTE | ELF_WRITE)) == 0)
			return true;
	return false;
}

static void add_blank(GoOld *o, const ElfSegment *s)
{
	uint64_t from;
	if (o->n_blank == GO_OLD_PARTS || s->memory_bytes <= s->file_bytes ||
	    __builtin_add_overflow(s->address, s->file_bytes, &from))
		return;
	o->blank[o->n_blank].from = from;
	o->blank[o->n_blank++].bytes = s->memory_bytes - s->file_bytes;
}

/* The part of the segment behind `from`, as far as it is in the file and `room` goes. */
static void add_part(GoOld *o, ElfSegment s, uint64_t from, uint64_t file_bytes, size_t *room)
{
	if (s.offset < from) {
		uint64_t skip = from - s.offset;
		if (skip >= s.file_bytes || __builtin_add_overflow(s.address, skip, &s.address))
			return;
		s.file_bytes -= skip;
		s.offset = from;
	}
	if (o->n == GO_OLD_PARTS || s.offset >= file_bytes)
		return;
	uint64_t size = s.file_bytes;
	size = size < file_bytes - s.offset ? size : file_bytes - s.offset;
	size = size < *room ? size : *room;
	if (size == 0)
		return;
	GoOldPart *p = &o->part[o->n++];
	*p = (GoOldPart){.at = s.offset, .address = s.address, .size = (size_t)size};
	p->bytes = malloc(p->size);
	if (p->bytes == NULL)
		die_oom();
	*room -= p->size;
}

void go_old_open(GoOld *o, const Elf *elf, Str head, uint64_t file_bytes)
{
	if (!may_be_old(elf, head))
		return;
	uint32_t unwanted = has_constants(elf, head) ? ELF_EXECUTE : 0;
	uint64_t from = head.n;
	size_t room = LIMIT_GO_DATA_BYTES;
	ElfSegment s;
	for (uint32_t i = 0; i < elf->segments; i++) {
		if (!elf_segment(elf, head, i, &s) || s.type != ELF_LOAD ||
		    (s.flags & unwanted) != 0)
			continue;
		add_blank(o, &s);
		add_part(o, s, from, file_bytes, &room);
		if (o->n != 0)
			from = o->part[o->n - 1].at + o->part[o->n - 1].size;
	}
}

void go_old_close(GoOld *o)
{
	for (unsigned i = 0; i < o->n; i++)
		free(o->part[i].bytes);
	*o = (GoOld){0};
}

/* ---- keeping ---- */

uint64_t go_old_next(const GoOld *o)
{
	if (o->filling == o->n)
		return SIEVE_DONE;
	return o->part[o->filling].at + o->part[o->filling].n;
}

void go_old_feed(GoOld *o, uint64_t at, Str run)
{
	for (uint64_t next; (next = go_old_next(o)) < at + run.n;) {
		GoOldPart *p = &o->part[o->filling];
		Str part = str_first(str_skip(run, next - at), p->size - p->n);
		memcpy(p->bytes + p->n, part.p, part.n);
		p->n += part.n;
		o->filling += p->n == p->size;
	}
}

/* ---- looking up ---- */

static bool bytes_at(const GoOld *o, uint64_t address, uint64_t n, Str *out)
{
	for (unsigned i = 0; i < o->n; i++) {
		const GoOldPart *p = &o->part[i];
		if (address < p->address || address - p->address > p->n ||
		    n > p->n - (address - p->address))
			continue;
		*out = (Str){p->bytes + (address - p->address), (size_t)n};
		return true;
	}
	return false;
}

static bool info_at(const GoOld *o, uint64_t at, Str *out)
{
	for (unsigned i = 0; i < o->n; i++)
		if (at >= o->part[i].at && at - o->part[i].at <= o->part[i].n)
			return bytes_at(o, o->part[i].address + (at - o->part[i].at), INFO_BYTES,
					out);
	return false;
}

static bool is_blank(const GoOld *o, uint64_t address)
{
	for (unsigned i = 0; i < o->n_blank; i++)
		if (address >= o->blank[i].from && address - o->blank[i].from < o->blank[i].bytes)
			return true;
	return false;
}

/* The string whose header's address is stored at `from` of `info`; none is a string too. */
static bool string_at(const GoOld *o, const Elf *as, Str info, uint64_t from, Str *out)
{
	unsigned word = as->wide ? 8 : 4;
	uint64_t header_at, address, n;
	Str header;
	*out = S("");
	if (!elf_number(as, info, from, word, &header_at))
		return false;
	if (!bytes_at(o, header_at, (uint64_t)word * 2, &header))
		return header_at == 0 || is_blank(o, header_at);
	if (!elf_number(as, header, 0, word, &address) || !elf_number(as, header, word, word, &n))
		return false;
	return n <= LIMIT_GO_BUILDINFO_BYTES && (n == 0 || bytes_at(o, address, n, out));
}

Result go_old_strings(const GoOld *o, uint64_t magic_at, Str *version, Str *modules)
{
	Str info;
	if (info_at(o, magic_at, &info)) {
		unsigned word = (unsigned char)info.p[POINTER_SIZE_AT];
		Elf as = {.wide = word == 8, .big = (info.p[FLAGS_AT] & BIG_ENDIAN_FLAG) != 0};
		if ((word == 4 || word == 8) && string_at(o, &as, info, POINTERS_AT, version) &&
		    string_at(o, &as, info, POINTERS_AT + word, modules) && version->n != 0)
			return OK;
	}
	FAIL(ERR_LIMIT,
	     "a Go program built before go1.18 whose module list is not where it can be read "
	     "from; rebuild it with a supported Go to have it evaluated");
}
