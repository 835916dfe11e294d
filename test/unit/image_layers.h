/* image_layers.h - layers written as lines, for tests of the merged file system.
 *
 *     d usr/lib        directory          f usr/lib/a TEXT   file, captured when it has a text
 *     l lib -> usr/lib symlink            h b = usr/lib/a    hard link
 *     w usr/lib/a      whiteout           o usr              opaque directory
 *     c dev/null       something else     x root TEXT        directory that could not be read */
#pragma once
#include "base/vec.h"
#include "image/tree.h"

static inline Str line_cut(Str *rest, const char *sep)
{
	size_t at;
	Str head = *rest, by = str_of(sep);
	if (!str_find(*rest, by, &at)) {
		*rest = (Str){0};
		return head;
	}
	head = str_first(*rest, at);
	*rest = str_skip(*rest, at + by.n);
	return head;
}

static inline LayerEntry layer_entry(Str line)
{
	char letter = line.n != 0 ? line.p[0] : ' ';
	Str rest = str_skip(line, 2);
	LayerEntry e = {.info = {.type = FILE_REGULAR, .mode = 0644}};
	const char *sep = letter == 'l' ? " -> " : letter == 'h' ? " = " : " ";
	e.info.path = line_cut(&rest, sep);
	switch (letter) {
	case 'd': e.info.type = FILE_DIR; break;
	case 'l': e.info.type = FILE_SYMLINK; break;
	case 'h': e.info.type = FILE_HARDLINK; break;
	case 'c': e.info.type = FILE_OTHER; break;
	case 'x':
		e.info.type = FILE_DIR;
		e.error = rest;
		break;
	case 'w': e.whiteout = WHITEOUT_FILE; break;
	case 'o': e.whiteout = WHITEOUT_OPAQUE; break;
	default:
		e.body = rest;
		e.info.size = rest.n;
		return e;
	}
	e.link = rest;
	return e;
}

/* `text`: layers separated by a line "--", bottom first; borrowed. */
static inline size_t layers_from(Str text, Arena *a, const LayerIndex *const **out)
{
	VEC(const LayerIndex *) all = {0};
	LayerIndex *now = arena_new(a, LayerIndex);
	vec_push(a, &all, now);
	Str line;
	while (str_cut(&text, '\n', &line)) {
		if (str_eq(line, S("--"))) {
			now = arena_new(a, LayerIndex);
			vec_push(a, &all, now);
		} else if (line.n > 1) {
			vec_push(a, &now->entries, layer_entry(line));
		}
	}
	*out = all.at;
	return all.n;
}
