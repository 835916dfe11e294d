/* probe_path.c - follows links through a probe, part by part. */
#include "io/probe_path.h"

#include "base/buf.h"
#include "base/limits.h"

static Str joined(Arena *a, Str dir, Str name)
{
	Buf b = buf_in(a, 2ul * LIMIT_TAR_PATH_BYTES);
	buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name));
	return buf_str(&b);
}

Str probe_real_path(Probe *p, Str path, Arena *a)
{
	Str done = {0}, rest = path, part, to;
	for (unsigned hops = 0; rest.n != 0 && str_cut(&rest, '/', &part);) {
		if (part.n == 0 || str_eq(part, S(".")))
			continue;
		if (str_eq(part, S(".."))) {
			done = str_dir(done);
			continue;
		}
		Str next = joined(a, done, part);
		if (hops >= LIMIT_LINK_HOPS || probe_link(p, next, a, &to) != 0) {
			done = next;
			continue;
		}
		hops++;
		rest = rest.n != 0 ? joined(a, to, rest) : to;
		if (str_starts(to, S("/")))
			done = (Str){0};
	}
	return done.n != 0 ? done : S("/");
}
