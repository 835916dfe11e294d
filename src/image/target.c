/* target.c - which of the ways to an image a name means, and the order in which they are tried. */
#include "image/target.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "image/road.h"

typedef enum Form {
	FORM_BARE,
	FORM_DOCKER,
	FORM_PODMAN,
	FORM_ARCHIVE,
	FORM_OCI,
	FORM_ROOTFS,
	FORM_REGISTRY,
} Form;

static Form take_prefix(Str *target)
{
	static const struct {
		const char *prefix;
		Form form;
	} forms[] = {
		{"docker:", FORM_DOCKER},     {"podman:", FORM_PODMAN},
		{"archive:", FORM_ARCHIVE},   {"oci-archive:", FORM_ARCHIVE},
		{"oci:", FORM_OCI},           {"rootfs:", FORM_ROOTFS},
		{"registry:", FORM_REGISTRY},
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		Str prefix = str_of(forms[i].prefix);
		if (str_starts(*target, prefix)) {
			*target = str_skip(*target, prefix.n);
			return forms[i].form;
		}
	}
	return FORM_BARE;
}

bool target_is_named(Str target) { return take_prefix(&target) != FORM_BARE; }

static Result read_engine(const Road *road, EngineKind engine, Str name, ImageAnswer *out)
{
	bool found;
	Str why;
	TRY(road_engine(road, engine, name, out, &found, &why));
	if (!found)
		FAIL(ERR_INPUT, STR_FMT, STR_ARG(why));
	return OK;
}

static bool holds_layout(const Road *road, Str dir)
{
	struct stat st;
	Buf b = buf_in(road->arena, dir.n + 16);
	buf_add(&b, dir);
	buf_add(&b, S("/index.json"));
	buf_char(&b, '\0');
	return stat(buf_str(&b).p, &st) == 0;
}

static Result read_bare(const Road *road, Str name, ImageAnswer *out)
{
	struct stat st;
	bool found;
	Str docker, podman;
	if (stat(arena_cstr(road->arena, name), &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			return road_archive(road, name, out);
		return holds_layout(road, name) ? road_layout(road, name, out)
						: road_rootfs(road, name, out);
	}
	TRY(road_engine(road, ENGINE_DOCKER, name, out, &found, &docker));
	if (found)
		return OK;
	TRY(road_engine(road, ENGINE_PODMAN, name, out, &found, &podman));
	if (found)
		return OK;
	FAIL(ERR_INPUT, "no such file or directory; docker: " STR_FMT "; podman: " STR_FMT,
	     STR_ARG(docker), STR_ARG(podman));
}

Result image_read(const ImageRequest *r, Arena *a, ImageAnswer *out)
{
	Road road = {.request = r, .arena = a, .want = {.platform = platform_host()}};
	Str name = r->target;
	Form form = take_prefix(&name);
	if (name.n == 0 || memchr(name.p, '\0', name.n) != NULL)
		FAIL(ERR_USAGE, "names no image");
	if (r->platform.n != 0) {
		TRY(platform_parse(r->platform, &road.want.platform));
		road.want.platform_asked = true;
	}
	switch (form) {
	case FORM_DOCKER: return read_engine(&road, ENGINE_DOCKER, name, out);
	case FORM_PODMAN: return read_engine(&road, ENGINE_PODMAN, name, out);
	case FORM_ARCHIVE: return road_archive(&road, name, out);
	case FORM_OCI: return road_layout(&road, name, out);
	case FORM_ROOTFS: return road_rootfs(&road, name, out);
	case FORM_REGISTRY:
		FAIL(ERR_USAGE, "pulling from a registry is not there yet; pull it with an engine "
				"and scan docker:NAME, or save it to an archive");
	case FORM_BARE: break;
	}
	return read_bare(&road, name, out);
}
