/* floor.c - what a scan of an image cannot do without: read every byte, inflate it, hash it, hop
 * the tar headers. Two threads, the same libraries, and nothing else: no tree, no packages.
 *
 *     floor IMAGE.tar [--digests]     a plain tar of layers (docker save, OCI archive)
 *
 * --digests also hashes each layer as it is stored, as an OCI image needs. Prints the plain bytes.
 */
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { SLOTS = 8, SLOT = 512 * 1024, INPUT = 256 * 1024, BLOCK = 512 };

typedef struct Ring { /* slots from the inflating thread to the hashing one */
	uint8_t *slot[SLOTS];
	size_t n[SLOTS], in, out;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t entries;
} Ring;

static void die(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(3);
}

/* ---- hash and hop ---- */

typedef struct Hops {
	uint64_t skip, entries;
	uint8_t head[BLOCK];
	size_t have;
} Hops;

static void hop(Hops *h, const uint8_t *p, size_t n)
{
	while (n != 0) {
		size_t step = h->skip < n ? (size_t)h->skip : n;
		if (step == 0) {
			step = BLOCK - h->have < n ? BLOCK - h->have : n;
			memcpy(h->head + h->have, p, step);
			h->have += step;
			if (h->have == BLOCK) {
				char size[13] = {0};
				memcpy(size, h->head + 124, 12);
				h->skip = (strtoull(size, NULL, 8) + BLOCK - 1) / BLOCK * BLOCK;
				h->entries += h->head[0] != 0;
				h->have = 0;
			}
		} else {
			h->skip -= step;
		}
		p += step;
		n -= step;
	}
}

static void *hash_and_hop(void *arg)
{
	Ring *r = arg;
	Hops h = {0};
	uint8_t sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	EVP_DigestInit_ex(sha, EVP_sha256(), NULL);
	for (;;) {
		pthread_mutex_lock(&r->lock);
		while (r->in == r->out)
			pthread_cond_wait(&r->moved, &r->lock);
		size_t at = r->out % SLOTS, n = r->n[at];
		pthread_mutex_unlock(&r->lock);
		if (n == 0)
			break;
		EVP_DigestUpdate(sha, r->slot[at], n);
		hop(&h, r->slot[at], n);
		pthread_mutex_lock(&r->lock);
		r->out++;
		pthread_cond_signal(&r->moved);
		pthread_mutex_unlock(&r->lock);
	}
	EVP_DigestFinal_ex(sha, sum, NULL);
	EVP_MD_CTX_free(sha);
	r->entries = h.entries;
	return NULL;
}

static size_t free_slot(Ring *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->in - r->out == SLOTS)
		pthread_cond_wait(&r->moved, &r->lock);
	size_t at = r->in % SLOTS;
	pthread_mutex_unlock(&r->lock);
	return at;
}

static void pass(Ring *r, size_t at, size_t n)
{
	pthread_mutex_lock(&r->lock);
	r->n[at] = n;
	r->in++;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

/* ---- inflate ---- */

typedef struct Input { /* one layer as it lies in the file */
	int fd;
	uint64_t at, end;
	uint8_t buf[INPUT];
	EVP_MD_CTX *sha; /* NULL: the stored bytes are not hashed */
} Input;

static size_t read_into(Input *in, uint8_t *p, size_t most)
{
	size_t want = in->end - in->at < most ? (size_t)(in->end - in->at) : most;
	ssize_t n = want != 0 ? pread(in->fd, p, want, (off_t)in->at) : 0;
	if (n < 0 || (n == 0 && want != 0))
		die("read");
	in->at += (uint64_t)n;
	if (in->sha != NULL)
		EVP_DigestUpdate(in->sha, p, (size_t)n);
	return (size_t)n;
}

static size_t more(Input *in) { return read_into(in, in->buf, INPUT); }

static uint64_t inflate_gzip(Input *in, Ring *r)
{
	struct inflate_state *z = malloc(sizeof *z);
	uint64_t total = 0;
	isal_inflate_init(z);
	z->crc_flag = ISAL_GZIP;
	z->avail_in = 0;
	while (z->block_state != ISAL_BLOCK_FINISH) {
		size_t at = free_slot(r);
		z->next_out = r->slot[at];
		z->avail_out = SLOT;
		while (z->avail_out != 0 && z->block_state != ISAL_BLOCK_FINISH) {
			if (z->avail_in == 0) {
				z->avail_in = (uint32_t)more(in);
				z->next_in = in->buf;
			}
			if (isal_inflate(z) != ISAL_DECOMP_OK)
				die("gzip");
		}
		total += SLOT - z->avail_out;
		pass(r, at, SLOT - z->avail_out);
	}
	free(z);
	return total;
}

static uint64_t inflate_zstd(Input *in, Ring *r)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer from = {in->buf, 0, 0};
	uint64_t total = 0;
	size_t left = 1;
	while (left != 0) {
		size_t at = free_slot(r);
		ZSTD_outBuffer to = {r->slot[at], SLOT, 0};
		while (to.pos < SLOT && left != 0) {
			if (from.pos == from.size)
				from = (ZSTD_inBuffer){in->buf, more(in), 0};
			left = ZSTD_decompressStream(z, &to, &from);
			if (ZSTD_isError(left))
				die("zstd");
		}
		total += to.pos;
		pass(r, at, to.pos);
	}
	ZSTD_freeDStream(z);
	return total;
}

static uint64_t read_plain(Input *in, Ring *r)
{
	uint64_t total = 0;
	for (;;) {
		size_t at = free_slot(r), n = read_into(in, r->slot[at], SLOT);
		if (n == 0)
			return total;
		pass(r, at, n);
		total += n;
	}
}

typedef uint64_t Unpack(Input *in, Ring *r);

static uint64_t overlapped(Unpack *unpack, Input *in, uint64_t *entries)
{
	Ring r = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	pthread_t second;
	for (size_t i = 0; i < SLOTS; i++)
		r.slot[i] = malloc(SLOT);
	pthread_create(&second, NULL, hash_and_hop, &r);
	uint64_t total = unpack(in, &r);
	pass(&r, free_slot(&r), 0);
	pthread_join(second, NULL);
	for (size_t i = 0; i < SLOTS; i++)
		free(r.slot[i]);
	*entries += r.entries;
	return total;
}

static uint64_t layer(int fd, uint64_t at, uint64_t size, int stored_too, uint64_t *entries)
{
	static const uint8_t gzip[2] = {0x1f, 0x8b}, zstd[4] = {0x28, 0xb5, 0x2f, 0xfd};
	uint8_t magic[4] = {0}, sum[EVP_MAX_MD_SIZE];
	Input *in = malloc(sizeof *in);
	*in = (Input){.fd = fd, .at = at, .end = at + size};
	if (pread(fd, magic, 4, (off_t)at) != 4)
		die("read");
	Unpack *unpack = memcmp(magic, gzip, 2) == 0   ? inflate_gzip
			 : memcmp(magic, zstd, 4) == 0 ? inflate_zstd
						       : read_plain;
	if (stored_too && unpack != read_plain) { /* else the other thread's digest is both */
		in->sha = EVP_MD_CTX_new();
		EVP_DigestInit_ex(in->sha, EVP_sha256(), NULL);
	}
	uint64_t total = overlapped(unpack, in, entries);
	while (in->sha != NULL && more(in) != 0)
		continue;
	if (in->sha != NULL)
		EVP_DigestFinal_ex(in->sha, sum, NULL);
	EVP_MD_CTX_free(in->sha);
	free(in);
	return total;
}

int main(int argc, char **argv)
{
	uint64_t total = 0, entries = 0, at = 0;
	uint8_t head[BLOCK];
	if (argc < 2)
		die("usage: floor IMAGE.tar [--digests]");
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		die("open");
	while (pread(fd, head, BLOCK, (off_t)at) == BLOCK && head[0] != 0) {
		char size[13] = {0};
		memcpy(size, head + 124, 12);
		uint64_t n = strtoull(size, NULL, 8);
		if (n > 65536) /* a layer, not a manifest */
			total += layer(fd, at + BLOCK, n, argc > 2, &entries);
		at += BLOCK + (n + BLOCK - 1) / BLOCK * BLOCK;
	}
	printf("%llu bytes, %llu entries\n", (unsigned long long)total,
	       (unsigned long long)entries);
	return 0;
}
