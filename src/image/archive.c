/* archive.c - members by name, and the links docker save makes between them. */
#include "image/archive.h"

#include "base/buf.h"
#include "base/limits.h"
#include "io/tar_header.h"

/* A symlink's target counts from the folder it stands in. */
static Str link_target(Arena *a, const TarEntry *e)
{
	bool relative = e->info.type == FILE_SYMLINK && !str_starts(e->link, S("/"));
	Buf b = buf_in(a, (size_t)3 * LIMIT_TAR_PATH_BYTES);
	if (relative) {
		buf_add(&b, str_dir(e->info.path));
		buf_char(&b, '/');
	}
	buf_add(&b, e->link);
	return tar_normal_path(a, buf_str(&b));
}

Result archive_add(Archive *t, const TarEntry *e, Member **out)
{
	FileType type = e->info.type;
	bool link = type == FILE_SYMLINK || type == FILE_HARDLINK;
	*out = NULL;
	if (type != FILE_REGULAR && !link)
		return OK;
	if (t->by_name.n == LIMIT_ARCHIVE_MEMBERS)
		FAIL(ERR_LIMIT, "more than %u members", LIMIT_ARCHIVE_MEMBERS);
	Str name = arena_str(&t->arena, e->info.path);
	void **at = map_at(&t->by_name, &t->arena, name);
	if (*at != NULL)
		FAIL(ERR_INPUT, "holds " STR_FMT " twice; save the image again",
		     STR_ARG(str_first(name, 200)));
	Member *m = arena_new(&t->arena, Member);
	*m = (Member){.name = name,
		      .type = type,
		      .size = e->info.size,
		      .link = link ? link_target(&t->arena, e) : S("")};
	*at = *out = m;
	return OK;
}

Member *archive_find(const Archive *t, Str name)
{
	if (str_starts(name, S("./")))
		name = str_skip(name, 2);
	for (unsigned hops = 0; hops < LIMIT_LINK_HOPS; hops++) {
		Member *m = map_get(&t->by_name, name);
		if (m == NULL || m->type == FILE_REGULAR)
			return m;
		name = m->link;
	}
	return NULL;
}
