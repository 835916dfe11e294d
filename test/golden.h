/* golden.h - what was written, against the file test/golden/CASE/FILE.
 *
 * `make golden` writes the files anew: read the difference before you commit it. */
#pragma once
#include "base/buf.h"
#include "tap.h"

enum { GOLDEN_BYTES = 1 << 20 };

static inline const char *golden_path(Arena *a, const char *of, const char *file)
{
	const char *root = getenv("MESON_SOURCE_ROOT");
	Buf b = buf_in(a, 4096);
	buf_fmt(&b, "%s/test/golden/%s/%s%c", root != NULL ? root : ".", of, file, '\0');
	return buf_str(&b).p;
}

static inline Str golden_read(Arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *p = arena_array(a, char, GOLDEN_BYTES);
	size_t n = f != NULL ? fread(p, 1, GOLDEN_BYTES, f) : 0;
	if (f != NULL)
		fclose(f);
	return (Str){p, n};
}

static inline void golden_write(const char *path, Str text)
{
	FILE *f = fopen(path, "wb");
	CHECK(f != NULL && fwrite(text.p, 1, text.n, f) == text.n);
	if (f != NULL)
		fclose(f);
}

static inline void golden_compare(const char *name, const char *file, Str got)
{
	Arena a = {0};
	const char *path = golden_path(&a, name, file);
	const char *update = getenv("BULWARK_GOLDEN_UPDATE");
	if (update != NULL && update[0] != '\0')
		golden_write(path, got);
	Str want = golden_read(&a, path), got_line, want_line;
	if (!str_eq(got, want)) {
		printf("# %s differs\n", path);
		tap_bad++;
	}
	while (!str_eq(got, want) && str_cut(&got, '\n', &got_line) &&
	       str_cut(&want, '\n', &want_line))
		if (!str_eq(got_line, want_line)) {
			CHECK_STR(got_line, want_line);
			break;
		}
	arena_finish(&a);
}
