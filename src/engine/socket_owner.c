/* socket_owner.c - from a socket's path to its inode (/proc/net/unix), to a process that has it
 * open
 * (/proc/PID/fd). See proc(5). */
#include "engine/socket_owner.h"

#include <stdlib.h>

#include "base/buf.h"

typedef VEC(uint64_t) Inodes;

/* A line of /proc/net/unix: address, references, protocol, flags, type, state, inode, path. */
static bool read_line(Str line, uint64_t *inode, Str *path)
{
	Str field[7];
	for (size_t i = 0; i < 7; i++) {
		line = str_trim(line);
		if (!str_cut(&line, ' ', &field[i]))
			return false;
	}
	*path = str_trim(line);
	bool listens = str_eq(field[3], S("00010000")); /* __SO_ACCEPTCON */
	return listens && path->n != 0 && path->p[0] == '/' && str_u64(field[6], inode);
}

/* /var/run/docker.sock and /run/docker.sock are one file. */
static bool same_file(Probe *p, Str one, Str other)
{
	ProbeStat x, y;
	return str_eq(one, other) ||
	       (probe_stat(p, one, &x) == 0 && probe_stat(p, other, &y) == 0 &&
		x.device == y.device && x.inode == y.inode);
}

static int find_inodes(Probe *p, Str path, Arena *a, Inodes *out)
{
	Str text, line, at;
	uint64_t inode;
	int sys = probe_read(p, S("/proc/net/unix"), a, &text);
	while (text.n != 0 && str_cut(&text, '\n', &line))
		if (read_line(line, &inode, &at) && str_eq(str_base(at), str_base(path)) &&
		    same_file(p, at, path))
			vec_push(a, out, inode);
	return sys;
}

static bool has_open(Probe *p, uint64_t pid, const Inodes *inodes, Arena *a)
{
	StrVec fds;
	char path[64];
	snprintf(path, sizeof path, "/proc/%llu/fd", (unsigned long long)pid);
	if (probe_list(p, str_of(path), a, &fds) != 0)
		return false;
	for (size_t i = 0; i < fds.n; i++) {
		Str link;
		Buf b = buf_in(a, 256);
		buf_fmt(&b, "%s/" STR_FMT, path, STR_ARG(fds.at[i]));
		if (probe_link(p, buf_str(&b), a, &link) != 0 || !str_starts(link, S("socket:[")))
			continue;
		uint64_t inode;
		Str number = str_skip(link, strlen("socket:["));
		if (number.n != 0 && str_u64(str_first(number, number.n - 1), &inode))
			for (size_t k = 0; k < inodes->n; k++)
				if (inodes->at[k] == inode)
					return true;
	}
	return false;
}

static Str exe_of(Probe *p, uint64_t pid, Arena *a)
{
	Str link;
	char path[64];
	snprintf(path, sizeof path, "/proc/%llu/exe", (unsigned long long)pid);
	if (probe_link(p, str_of(path), a, &link) != 0)
		return (Str){0};
	return str_ends(link, S(" (deleted)")) ? str_first(link, link.n - strlen(" (deleted)"))
					       : link;
}

static bool is_engine(Str exe)
{
	Str name = str_base(exe);
	return str_eq(name, S("dockerd")) || str_eq(name, S("podman")) ||
	       str_eq(name, S("dockerd-current")) || str_eq(name, S("balenad"));
}

/* The first that has it open, of the likely programs or of the others. */
static uint32_t look_through(Probe *p, const StrVec *all, const Inodes *inodes, bool likely,
			     Arena *a, Str *exe)
{
	for (size_t i = 0; i < all->n; i++) {
		uint64_t pid;
		if (!str_u64(all->at[i], &pid) || pid < 2 || pid > UINT32_MAX)
			continue;
		*exe = exe_of(p, pid, a);
		if (is_engine(*exe) == likely && has_open(p, pid, inodes, a))
			return (uint32_t)pid;
	}
	*exe = (Str){0};
	return 0;
}

uint32_t socket_owner(Probe *p, Str path, Arena *a, Str *exe, Str *why)
{
	Inodes inodes = {0};
	StrVec all;
	*exe = (Str){0};
	*why = (Str){0};
	int sys = find_inodes(p, path, a, &inodes);
	if (sys == 0)
		sys = probe_list(p, S("/proc"), a, &all);
	if (sys != 0) {
		*why = str_of(strerrordesc_np(sys));
		return 0;
	}
	if (inodes.n == 0) {
		*why = S("nobody on this machine listens on its socket");
		return 0;
	}
	uint32_t pid = look_through(p, &all, &inodes, true, a, exe);
	if (pid == 0)
		pid = look_through(p, &all, &inodes, false, a, exe);
	if (pid == 0)
		*why = S("the process that listens cannot be seen");
	return pid;
}
