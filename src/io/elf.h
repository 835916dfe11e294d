/* elf.h - the header and segments of an ELF file (System V gABI, chapters 4 and 5), 32 and
 * 64 bit, either byte order, from bytes in memory. Nothing is believed: a field that
 * points outside what is there makes the answer false. */
#pragma once
#include "base/str.h"

typedef struct Elf {
	bool wide; /* 64 bit */
	bool big;  /* big-endian */
	uint64_t segments_at;
	uint32_t segment_bytes, segments;
} Elf;

typedef struct ElfSegment {
	uint32_t type, flags;
	uint64_t offset, address, file_bytes;
} ElfSegment;

enum { ELF_HEADER_MAX = 64, ELF_LOAD = 1, ELF_EXECUTE = 1, ELF_WRITE = 2 };

/* `head`: the first ELF_HEADER_MAX bytes of the file, or all of a shorter one. */
bool elf_open(Str head, Elf *out);
/* Segment i; `file` must hold the table at segments_at, else false. */
bool elf_segment(const Elf *e, Str file, uint32_t i, ElfSegment *out);
/* An unsigned number of 2, 4 or 8 bytes in the file's byte order; false past the end. */
bool elf_number(const Elf *e, Str file, uint64_t at, unsigned bytes, uint64_t *out);
/* The run of `n` bytes that is loaded at `address`, from a whole file; false when it is not there.
 */
bool elf_loaded(const Elf *e, Str file, uint64_t address, uint64_t n, Str *out);
