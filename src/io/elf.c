/* elf.c - bounds first, then bytes. */
#include "io/elf.h"

bool elf_number(const Elf *e, Str file, uint64_t at, unsigned bytes, uint64_t *out)
{
	if (at > file.n || bytes > file.n - at)
		return false;
	const unsigned char *p = (const unsigned char *)file.p + at;
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | p[e->big ? i : bytes - 1 - i];
	*out = v;
	return true;
}

bool elf_open(Str head, Elf *out)
{
	if (head.n < 52 || memcmp(head.p,
				  "\x7f"
				  "ELF",
				  4) != 0)
		return false;
	if (head.p[4] < 1 || head.p[4] > 2 || head.p[5] < 1 || head.p[5] > 2)
		return false;
	Elf e = {.wide = head.p[4] == 2, .big = head.p[5] == 2};
	uint64_t at, size, n;
	unsigned word = e.wide ? 8 : 4;
	if (!elf_number(&e, head, e.wide ? 32 : 28, word, &at) ||
	    !elf_number(&e, head, e.wide ? 54 : 42, 2, &size) ||
	    !elf_number(&e, head, e.wide ? 56 : 44, 2, &n))
		return false;
	if (size < (e.wide ? 56u : 32u))
		return false;
	e.segments_at = at;
	e.segment_bytes = (uint32_t)size;
	e.segments = (uint32_t)n;
	*out = e;
	return true;
}

bool elf_segment(const Elf *e, Str file, uint32_t i, ElfSegment *out)
{
	uint64_t at;
	if (i >= e->segments ||
	    __builtin_add_overflow(e->segments_at, (uint64_t)i * e->segment_bytes, &at) ||
	    at > file.n)
		return false;
	Str row = str_skip(file, at);
	unsigned word = e->wide ? 8 : 4;
	uint64_t type, flags;
	ElfSegment s = {0};
	if (!elf_number(e, row, 0, 4, &type) || !elf_number(e, row, e->wide ? 4 : 24, 4, &flags) ||
	    !elf_number(e, row, e->wide ? 8 : 4, word, &s.offset) ||
	    !elf_number(e, row, e->wide ? 16 : 8, word, &s.address) ||
	    !elf_number(e, row, e->wide ? 32 : 16, word, &s.file_bytes))
		return false;
	s.type = (uint32_t)type;
	s.flags = (uint32_t)flags;
	*out = s;
	return true;
}

bool elf_loaded(const Elf *e, Str file, uint64_t address, uint64_t n, Str *out)
{
	ElfSegment s;
	for (uint32_t i = 0; i < e->segments; i++) {
		if (!elf_segment(e, file, i, &s) || s.type != ELF_LOAD || address < s.address)
			continue;
		uint64_t skip = address - s.address, at;
		if (skip > s.file_bytes || n > s.file_bytes - skip ||
		    __builtin_add_overflow(s.offset, skip, &at) || at > file.n || n > file.n - at)
			continue;
		*out = str_first(str_skip(file, at), n);
		return true;
	}
	return false;
}
