/* digest.c - SHA-256 by libcrypto, whose assembly uses the processor's own instructions. */
#include "io/digest.h"

#include <openssl/evp.h>

static const char hex[] = "0123456789abcdef";

Sha256 sha256_start(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		die_oom();
	return (Sha256){ctx};
}

void sha256_add(Sha256 *h, Str bytes)
{
	if (bytes.n != 0 && EVP_DigestUpdate(h->impl, bytes.p, bytes.n) != 1)
		die_oom();
}

void sha256_finish(Sha256 *h, uint8_t out[static SHA256_BYTES])
{
	if (EVP_DigestFinal_ex(h->impl, out, NULL) != 1)
		die_oom();
	sha256_drop(h);
}

void sha256_drop(Sha256 *h)
{
	EVP_MD_CTX_free(h->impl);
	h->impl = NULL;
}

void sha256_of(Str bytes, uint8_t out[static SHA256_BYTES])
{
	Sha256 h = sha256_start();
	sha256_add(&h, bytes);
	sha256_finish(&h, out);
}

Str digest_text(Arena *a, const uint8_t sha[static SHA256_BYTES])
{
	char *p = arena_array(a, char, DIGEST_TEXT_BYTES + 1);
	memcpy(p, "sha256:", 7);
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		p[7 + 2 * i] = hex[sha[i] >> 4];
		p[8 + 2 * i] = hex[sha[i] & 15];
	}
	return (Str){p, DIGEST_TEXT_BYTES};
}

bool digest_parse(Str text, uint8_t out[static SHA256_BYTES])
{
	uint8_t sha[SHA256_BYTES];
	if (text.n != DIGEST_TEXT_BYTES || !str_starts(text, S("sha256:")))
		return false;
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		const char *hi = memchr(hex, text.p[7 + 2 * i], 16);
		const char *lo = memchr(hex, text.p[8 + 2 * i], 16);
		if (hi == NULL || lo == NULL)
			return false;
		sha[i] = (uint8_t)((hi - hex) << 4 | (lo - hex));
	}
	memcpy(out, sha, sizeof sha);
	return true;
}
