/* sums.c - three of libcrypto's digests, side by side. */
#include "io/sums.h"

#include <errno.h>
#include <openssl/evp.h>
#include <unistd.h>

static const EVP_MD *method(SumKind k)
{
	return k == SUM_MD5 ? EVP_md5() : k == SUM_SHA1 ? EVP_sha1() : EVP_sha256();
}

unsigned sum_bytes(SumKind k) { return k == SUM_MD5 ? 16 : k == SUM_SHA1 ? 20 : 32; }

Sums sums_start(unsigned which)
{
	Sums s = {{0}};
	for (SumKind k = SUM_MD5; k < SUM_KINDS; k++) {
		if ((which >> k & 1) == 0)
			continue;
		EVP_MD_CTX *c = EVP_MD_CTX_new();
		if (c == NULL || EVP_DigestInit_ex(c, method(k), NULL) != 1)
			die_oom();
		s.impl[k] = c;
	}
	return s;
}

void sums_add(Sums *s, Str bytes)
{
	for (SumKind k = SUM_MD5; k < SUM_KINDS; k++)
		if (s->impl[k] != NULL && EVP_DigestUpdate(s->impl[k], bytes.p, bytes.n) != 1)
			die_oom();
}

void sums_finish(Sums *s, uint8_t out[SUM_KINDS][SUM_MAX])
{
	for (SumKind k = SUM_MD5; k < SUM_KINDS; k++) {
		uint8_t md[EVP_MAX_MD_SIZE];
		unsigned n = 0;
		if (s->impl[k] == NULL)
			continue;
		if (EVP_DigestFinal_ex(s->impl[k], md, &n) != 1 || n > SUM_MAX)
			die_oom();
		memcpy(out[k], md, n);
	}
	sums_drop(s);
}

void sums_drop(Sums *s)
{
	for (SumKind k = SUM_MD5; k < SUM_KINDS; k++) {
		EVP_MD_CTX_free(s->impl[k]);
		s->impl[k] = NULL;
	}
}

bool sum_of_file(int fd, SumKind k, uint8_t out[SUM_MAX])
{
	char buf[8192];
	uint8_t all[SUM_KINDS][SUM_MAX];
	Sums s = sums_start(1u << k);
	off_t at = 0;
	for (;;) {
		ssize_t got = pread(fd, buf, sizeof buf, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			sums_finish(&s, all);
			memcpy(out, all[k], SUM_MAX);
			return got == 0;
		}
		sums_add(&s, (Str){buf, (size_t)got});
		at += got;
	}
}
