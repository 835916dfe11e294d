/* walk.h - one walk over a noun's members serves writing and reading. For this room's wires.
 *
 * Numbers are 8 bytes as the machine has them, texts a number and their bytes, lists a number
 * and their items: both ends are one program. Reading believes nothing: `bad` is set when the
 * bytes do not hold what they say, and stays set. */
#pragma once
#include "base/buf.h"
#include "base/vec.h"

typedef struct Walk {
	Buf *to; /* writing, or NULL */
	Str from;
	Arena *arena;
	bool bad;
} Walk;

void walk_number(Walk *w, uint64_t *v);
void walk_number32(Walk *w, uint32_t *v);
void walk_text(Walk *w, Str *s); /* read: borrowed */
/* How many items follow; each takes at least 8 bytes, which bounds a lie. */
size_t walk_count(Walk *w, size_t n);

#define WALK_ITEMS(w, v, each)                                                        \
	do {                                                                          \
		size_t n_ = walk_count((w), (v)->n);                                  \
		for (size_t i_ = 0; i_ < n_ && !(w)->bad; i_++) {                     \
			if ((w)->to == NULL)                                          \
				vec_push((w)->arena, (v), (__typeof__(*(v)->at)){0}); \
			if ((v)->at == NULL) /* never: it has n_ items */             \
				break;                                                \
			each((w), &(v)->at[i_]);                                      \
		}                                                                     \
	} while (0)
