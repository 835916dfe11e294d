/* nearest.c - which of the known names a mistyped one was meant to be. */
#include "cli/opt.h"

enum { NAME_BYTES = 40, TOO_FAR = NAME_BYTES };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
static size_t distance(Str a, Str b)
{
	size_t row[3][NAME_BYTES + 1] = {{0}};
	if (a.n > NAME_BYTES || b.n > NAME_BYTES)
		return TOO_FAR;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = row[i % 3], *last = row[(i - 1) % 3], *before = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t swap = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
			now[j] = least(swap, least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return row[a.n % 3][b.n];
}

const char *nearest(Str typed, const char *(*name)(const void *ctx, size_t i), const void *ctx)
{
	const char *best = NULL, *n;
	size_t best_distance = 1 + typed.n / 4; /* further away is a guess, not a typo */
	for (size_t i = 0; (n = name(ctx, i)) != NULL; i++) {
		size_t d = distance(typed, str_of(n));
		if (d < best_distance || (d == best_distance && best == NULL)) {
			best = n;
			best_distance = d;
		}
	}
	return best;
}
