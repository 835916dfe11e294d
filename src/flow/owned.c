/* owned.c - reads every *.md5sums once, into one map from path to digest. */
#include "flow/owned.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "io/source.h"

enum { MD5_DIGITS = 32, SUMS_MAX = 64 << 20, FILES_MAX = 4000000 };

struct Owned {
	pthread_mutex_t lock;
	Arena arena;
	Map digests; /* path -> 32 digits */
	Str below;
	int info;
	bool loaded;
};

Owned *owned_create(int info, Str below)
{
	Owned *o = calloc(1, sizeof *o);
	if (o == NULL)
		die_oom();
	pthread_mutex_init(&o->lock, NULL);
	o->info = info;
	o->below = arena_str(&o->arena, below);
	return o;
}

void owned_destroy(Owned *o)
{
	if (o == NULL)
		return;
	if (o->info >= 0)
		close(o->info);
	arena_finish(&o->arena);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

/* Packages of before the merge of /usr say "bin/ls"; the file is usr/bin/ls. */
static bool is_merged(Str path)
{
	return str_starts(path, S("bin/")) || str_starts(path, S("sbin/")) ||
	       str_starts(path, S("lib/")) || str_starts(path, S("lib64/")) ||
	       str_starts(path, S("lib32/"));
}

static Str below_usr(Arena *a, Str path)
{
	Buf b = buf_in(a, path.n + 4);
	buf_add(&b, S("usr/"));
	buf_add(&b, path);
	return buf_str(&b);
}

static void add_lines(Owned *o, Str text)
{
	Str line;
	while (str_cut(&text, '\n', &line) && o->digests.n < FILES_MAX) {
		if (line.n < MD5_DIGITS + 3)
			continue;
		Str path = str_skip(line, MD5_DIGITS + 2);
		*map_at(&o->digests, &o->arena, path) = (void *)(uintptr_t)line.p;
		if (is_merged(path))
			*map_at(&o->digests, &o->arena,
				below_usr(&o->arena, path)) = (void *)(uintptr_t)line.p;
	}
}

static void load(Owned *o)
{
	DIR *d = fdopendir(o->info);
	o->info = -1;
	for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
		Str text;
		if (!str_ends(str_of(e->d_name), S(".md5sums")))
			continue;
		int fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			continue;
		AUTO_SOURCE Source *s = source_from_fd(fd, true);
		Err *err = source_all(s, &o->arena, SUMS_MAX, &text);
		if (err == OK)
			add_lines(o, text);
		err_free(err);
	}
	if (d != NULL)
		closedir(d);
}

static bool md5_of(int fd, char out[static MD5_DIGITS])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t buf[8192], md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool good = c != NULL && EVP_DigestInit_ex(c, EVP_md5(), NULL) == 1;
	off_t at = 0;
	while (good) {
		ssize_t got = pread(fd, buf, sizeof buf, at);
		if (got <= 0) {
			good = got == 0;
			break;
		}
		good = EVP_DigestUpdate(c, buf, (size_t)got) == 1;
		at += got;
	}
	good = good && EVP_DigestFinal_ex(c, md, &n) == 1 && n * 2 == MD5_DIGITS;
	for (size_t i = 0; good && i < n; i++) {
		out[2 * i] = digits[md[i] >> 4];
		out[2 * i + 1] = digits[md[i] & 15];
	}
	EVP_MD_CTX_free(c);
	return good;
}

bool owned_unchanged(Owned *o, Str path, int fd)
{
	char md5[MD5_DIGITS];
	Arena a = {0};
	Buf b = buf_in(&a, path.n + o->below.n + 2);
	if (o->below.n != 0)
		buf_fmt(&b, STR_FMT "/", STR_ARG(o->below));
	buf_add(&b, path);
	pthread_mutex_lock(&o->lock);
	if (!o->loaded && o->info >= 0)
		load(o);
	o->loaded = true;
	const char *said = map_get(&o->digests, buf_str(&b));
	pthread_mutex_unlock(&o->lock);
	arena_finish(&a);
	return said != NULL && md5_of(fd, md5) && memcmp(said, md5, MD5_DIGITS) == 0;
}
