/* overlay2.c - reads an image's layers where Docker keeps them unpacked, and checks that they
 * were still the image's when it was done. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "image/engine.h"

typedef struct InPlace {
	int fds[LIMIT_LAYERS + 1];
	const char *names[LIMIT_LAYERS + 1];
	size_t n;
} InPlace;

static void in_place_close(InPlace *p)
{
	for (size_t i = 0; i < p->n; i++)
		close(p->fds[i]);
}

/* Without it, trusted.overlay.opaque reads as absent: a hidden file would come back. */
static bool can_read_trusted(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct have[2] = {{0}};
	char map[64];
	int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, map, sizeof map) : -1;
	if (fd >= 0)
		close(fd);
	size_t at;
	bool initial = n > 0 && str_find((Str){map, (size_t)n}, S("4294967295"), &at);
	return initial && syscall(SYS_capget, &head, have) == 0 &&
	       (have[0].effective & 1u << CAP_SYS_ADMIN) != 0;
}

static bool open_dirs(const EngineImage *image, InPlace *p)
{
	for (size_t i = 0; i < image->dirs.n; i++) {
		const char *dir = image->dirs.at[i];
		int fd = dir[0] == '/' ? open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				       : -1;
		if (fd < 0)
			return false;
		p->fds[p->n] = fd;
		p->names[p->n++] = dir;
	}
	p->fds[p->n] = -1;
	return true;
}

/* Empty: it can be done. */
static Str obstacle(const EngineImage *image, Arena *a, InPlace *p)
{
	Buf b = buf_in(a, 512);
	if (image->driver.n == 0)
		return S("the engine does not say where its layers are");
	if (!str_eq(image->driver, S("overlay2"))) {
		buf_fmt(&b, "its storage driver is " STR_FMT,
			STR_ARG(str_first(image->driver, 100)));
		return buf_str(&b);
	}
	if (image->dirs.n != image->layers.n || image->dirs.n > LIMIT_LAYERS)
		return S("its directories are not as many as its layers");
	if (!can_read_trusted())
		return S("reading overlay2 in place takes root");
	if (!open_dirs(image, p))
		return S("its layers are not on this machine's file system");
	return S("");
}

/* The same image still, and each name still the directory that was read? */
static Result check_still(const EngineImage *was, const char *socket, Str name, const InPlace *p,
			  Arena *a, bool *still)
{
	EngineImage now;
	TRY(engine_inspect(socket, name, a, &now, still));
	*still = *still && str_eq(was->id, now.id) && was->dirs.n == now.dirs.n;
	for (size_t i = 0; *still && i < p->n; i++) {
		struct stat opened, named;
		*still = str_eq(str_of(was->dirs.at[i]), str_of(now.dirs.at[i])) &&
			 fstat(p->fds[i], &opened) == 0 && lstat(p->names[i], &named) == 0 &&
			 opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
	}
	return OK;
}

static Result read_dirs(const Road *road, const EngineImage *image, const InPlace *p,
			ImageAnswer *out)
{
	Arena *a = road->arena;
	Reader r = {.road = "overlay2",
		    .fds = p->fds,
		    .names = p->names,
		    .n = p->n,
		    .known = {.reference = image->reference,
			      .id = image->id,
			      .digest = image->digest,
			      .platform = image->platform,
			      .settings = image->settings}};
	for (size_t i = 0; i < p->n; i++)
		vec_push(a, &r.known.layers,
			 (PlanLayer){.name = str_of(p->names[i]),
				     .diff_id = image->layers.at[i].diff_id,
				     .created_by = image->layers.at[i].created_by});
	WorkerGrant grant = {.fds = p->fds, .read_dirs = p->names, .trusted_xattrs = true};
	return road_run(road, &r, &grant, reader_of_overlay, "in place (overlay2)", out);
}

Result overlay2_read(const Road *road, const char *socket, const EngineImage *image, Str name,
		     ImageAnswer *out, Str *why)
{
	__attribute__((cleanup(in_place_close))) InPlace p = {.n = 0};
	*why = obstacle(image, road->arena, &p);
	if (why->n != 0)
		return OK;
	ImageAnswer answer;
	Err *e = read_dirs(road, image, &p, &answer);
	if (e != OK && (e->kind == ERR_SYS || e->kind == ERR_INPUT)) {
		*why = arena_str(road->arena, str_first(str_of(e->text), 500));
		err_free(e);
		return OK;
	}
	TRY(e);
	bool still;
	TRY(check_still(image, socket, name, &p, road->arena, &still));
	if (still)
		*out = answer;
	else
		*why = S("the image changed while it was read in place");
	return OK;
}
