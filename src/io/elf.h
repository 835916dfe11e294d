/* elf.h - the header, segments and sections of an ELF file (System V gABI, chapters 4 and 5), 32
 * and 64 bit, either byte order, from bytes in memory. Nothing is believed: a field that points
 * outside what is there makes the answer false. */
#pragma once
#include "base/str.h"

typedef struct Elf {
	bool wide; /* 64 bit */
	bool big;  /* big-endian */
	uint64_t segments_at;
	uint32_t segment_bytes, segments;
	uint64_t sections_at;
	uint32_t section_bytes, sections;
} Elf;

typedef struct ElfSegment {
	uint32_t type, flags;
	uint64_t offset, address, file_bytes, memory_bytes;
} ElfSegment;

typedef struct ElfSection {
	uint32_t type;
	uint64_t flags, bytes;
} ElfSection;

enum { ELF_HEADER_MAX = 64, ELF_LOAD = 1, ELF_EXECUTE = 1, ELF_WRITE = 2 };
enum { ELF_PROGBITS = 1, ELF_SECTION_WRITE = 1 };

/* `head`: the first ELF_HEADER_MAX bytes of the file, or all of a shorter one. */
bool elf_open(Str head, Elf *out);
/* Segment i; `file` must hold the table at segments_at, else false. */
bool elf_segment(const Elf *e, Str file, uint32_t i, ElfSegment *out);
/* Section i; `file` must hold the table at sections_at, else false. */
bool elf_section(const Elf *e, Str file, uint32_t i, ElfSection *out);
/* An unsigned number of 2, 4 or 8 bytes in the file's byte order; false past the end. */
bool elf_number(const Elf *e, Str file, uint64_t at, unsigned bytes, uint64_t *out);
