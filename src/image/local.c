/* local.c - files and directories the user named: archives, layouts, root file systems. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "image/road.h"
#include "io/fd.h"

Result road_run(const Road *road, Reader *r, WorkerGrant *grant, Err *(*work)(void *, Reply *),
		const char *how, ImageAnswer *out)
{
	Str bytes, answer, remark, missing;
	r->request = road->request;
	r->want = road->want;
	grant->allow_unsandboxed = road->request->allow_unsandboxed;
	grant->also_fd = road->request->also_fd;
	grant->progress = reader_progress;
	grant->progress_ctx = (void *)(uintptr_t)road->request;
	TRY(worker_run(grant, work, r, road->arena, &bytes, &missing));
	TRY(reader_answer(bytes, &answer, &remark));
	Buf b = buf_in(road->arena, 4096);
	buf_fmt(&b, "%s%s" STR_FMT, how, remark.n != 0 ? "; " : "", STR_ARG(remark));
	*out = (ImageAnswer){.answer = answer, .missing = missing, .road = buf_str(&b)};
	return OK;
}

/* Opens the longest part of `path` that exists, up to a ':' or '@'; the rest is *ref. */
static Result open_named(const Road *road, Str path, int flags, int *fd, Str *ref)
{
	int why = 0;
	for (size_t n = path.n; n != 0; n--) {
		bool cut = n == path.n || path.p[n] == ':' || path.p[n] == '@';
		if (!cut)
			continue;
		const char *name = arena_cstr(road->arena, str_first(path, n));
		*fd = open(name, flags | O_RDONLY | O_CLOEXEC);
		*ref = str_skip(path, n);
		if (ref->n != 0 && ref->p[0] == ':')
			*ref = str_skip(*ref, 1);
		if (*fd >= 0)
			return OK;
		if (why == 0)
			why = errno;
	}
	errno = why;
	FAIL_SYS("%s", strerrordesc_np(why));
}

Result road_archive(const Road *road, Str path, ImageAnswer *out)
{
	AUTO_FD int fd = -1;
	struct stat st;
	Road named = *road;
	TRY(open_named(road, path, O_NOCTTY, &fd, &named.want.ref));
	if (fstat(fd, &st) != 0)
		FAIL_SYS("%s", strerrordesc_np(errno));
	if (S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE, "is a directory; use oci: or rootfs:");
	const int fds[] = {fd, -1};
	Reader r = {.road = "archive",
		    .fds = fds,
		    .n = 1,
		    .is_file = S_ISREG(st.st_mode),
		    .bytes = (uint64_t)st.st_size};
	WorkerGrant grant = {.fds = fds};
	return road_run(&named, &r, &grant, reader_of_archive, "archive", out);
}

static Result read_dir(const Road *road, Str path, bool layout, ImageAnswer *out)
{
	AUTO_FD int fd = -1;
	Road named = *road;
	Str ref;
	TRY(open_named(road, path, O_DIRECTORY, &fd, &ref));
	if (!layout && ref.n != 0)
		FAIL(ERR_SYS, "no such directory");
	named.want.ref = ref;
	Str dir = str_first(path, path.n - ref.n);
	if (ref.n != 0 && str_ends(dir, S(":")))
		dir.n--;
	const char *name = arena_cstr(road->arena, dir);
	const int fds[] = {fd, -1};
	const char *const dirs[] = {name, NULL};
	WorkerGrant grant = {.fds = fds, .read_dirs = dirs};
	Reader r = {.road = layout ? "oci" : "rootfs", .fds = fds, .names = dirs, .n = 1};
	if (!layout)
		vec_push(road->arena, &r.known.layers, (PlanLayer){.name = dir});
	return road_run(&named, &r, &grant, layout ? reader_of_layout : reader_of_rootfs,
			layout ? "OCI layout" : "root file system", out);
}

Result road_layout(const Road *road, Str path, ImageAnswer *out)
{
	return read_dir(road, path, true, out);
}

Result road_rootfs(const Road *road, Str path, ImageAnswer *out)
{
	return read_dir(road, path, false, out);
}
