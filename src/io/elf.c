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
	uint64_t at, size, n, sections_at, section_size, sections;
	unsigned word = e.wide ? 8 : 4;
	if (!elf_number(&e, head, e.wide ? 32 : 28, word, &at) ||
	    !elf_number(&e, head, e.wide ? 54 : 42, 2, &size) ||
	    !elf_number(&e, head, e.wide ? 56 : 44, 2, &n) ||
	    !elf_number(&e, head, e.wide ? 40 : 32, word, &sections_at) ||
	    !elf_number(&e, head, e.wide ? 58 : 46, 2, &section_size) ||
	    !elf_number(&e, head, e.wide ? 60 : 48, 2, &sections))
		return false;
	if (size < (e.wide ? 56u : 32u))
		return false;
	e.segments_at = at;
	e.segment_bytes = (uint32_t)size;
	e.segments = (uint32_t)n;
	e.sections_at = sections_at;
	e.section_bytes = (uint32_t)section_size;
	e.sections = (uint32_t)sections;
	*out = e;
	return true;
}

/* Row i of a table, and all that follows; false when it starts outside. */
static bool row_of(Str file, uint64_t table, uint64_t i, uint32_t bytes, Str *out)
{
	uint64_t at;
	if (__builtin_add_overflow(table, i * bytes, &at) || at > file.n)
		return false;
	*out = str_skip(file, at);
	return true;
}

bool elf_section(const Elf *e, Str file, uint32_t i, ElfSection *out)
{
	Str row;
	if (i >= e->sections || !row_of(file, e->sections_at, i, e->section_bytes, &row))
		return false;
	unsigned word = e->wide ? 8 : 4;
	uint64_t type;
	ElfSection s = {0};
	if (!elf_number(e, row, 4, 4, &type) || !elf_number(e, row, 8, word, &s.flags) ||
	    !elf_number(e, row, e->wide ? 32 : 20, word, &s.bytes))
		return false;
	s.type = (uint32_t)type;
	*out = s;
	return true;
}

bool elf_segment(const Elf *e, Str file, uint32_t i, ElfSegment *out)
{
	Str row;
	if (i >= e->segments || !row_of(file, e->segments_at, i, e->segment_bytes, &row))
		return false;
	unsigned word = e->wide ? 8 : 4;
	uint64_t type, flags;
	ElfSegment s = {0};
	if (!elf_number(e, row, 0, 4, &type) || !elf_number(e, row, e->wide ? 4 : 24, 4, &flags) ||
	    !elf_number(e, row, e->wide ? 8 : 4, word, &s.offset) ||
	    !elf_number(e, row, e->wide ? 16 : 8, word, &s.address) ||
	    !elf_number(e, row, e->wide ? 32 : 16, word, &s.file_bytes) ||
	    !elf_number(e, row, e->wide ? 40 : 20, word, &s.memory_bytes))
		return false;
	s.type = (uint32_t)type;
	s.flags = (uint32_t)flags;
	*out = s;
	return true;
}
