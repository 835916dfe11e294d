/* secret_sample.h - samples of secrets that no scanner of repositories takes for one: they are
 * written as "ghp_{crc:30}" and made whole here, the same every time. */
#pragma once
#include "base/buf.h"

typedef struct SampleKind {
	const char *name, *alphabet;
} SampleKind;

static inline const char *sample_alphabet(Str name)
{
#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	static const SampleKind kinds[] = {
		{"alnum", DIGITS LOWER UPPER},
		{"crc", DIGITS LOWER UPPER},
		{"hex", DIGITS "abcdef"},
		{"lower", DIGITS LOWER},
		{"upper", DIGITS UPPER},
		{"digit", DIGITS},
		{"letter", LOWER UPPER},
		{"word", DIGITS LOWER UPPER "_"},
		{"b64", DIGITS LOWER UPPER},
		{"base32", UPPER "234567"},
		{"bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"},
		{"x", "x"},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_eq(name, str_of(kinds[i].name)))
			return kinds[i].alphabet;
	return NULL;
}

static inline uint64_t sample_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}

static inline void sample_run(Buf *b, const char *alphabet, uint64_t n, uint64_t *state)
{
	size_t size = strlen(alphabet);
	for (uint64_t i = 0; i < n; i++)
		buf_char(b, alphabet[sample_next(state) % size]);
}

/* Six digits of base 62: what GitHub's and npm's tokens end in. */
static inline void sample_crc(Buf *b, Str body)
{
	uint32_t crc = UINT32_MAX;
	char text[6];
	for (size_t i = 0; i < body.n; i++) {
		crc ^= (uint8_t)body.p[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
	}
	crc = ~crc;
	for (size_t i = sizeof text; i-- != 0; crc /= 62)
		text[i] = (DIGITS UPPER LOWER)[crc % 62];
	buf_add(b, (Str){text, sizeof text});
}

static inline void sample_uuid(Buf *b, uint64_t *state)
{
	static const unsigned parts[] = {8, 4, 4, 4, 12};
	for (size_t i = 0; i < 5; i++) {
		if (i != 0)
			buf_char(b, '-');
		sample_run(b, DIGITS "abcdef", parts[i], state);
	}
}

/* False: not of the form {KIND:N}; then it stands for itself. */
static inline bool sample_piece(Buf *b, Str inside, uint64_t *state)
{
	Str kind, count = inside;
	uint64_t n = 0;
	if (str_eq(inside, S("nl"))) {
		buf_char(b, '\n');
		return true;
	}
	if (str_eq(inside, S("uuid"))) {
		sample_uuid(b, state);
		return true;
	}
	if (!str_cut(&count, ':', &kind) || !str_u64(count, &n) || n > 10000)
		return false;
	const char *alphabet = sample_alphabet(kind);
	if (alphabet == NULL)
		return false;
	size_t from = b->n;
	sample_run(b, alphabet, n, state);
	if (str_eq(kind, S("crc")))
		sample_crc(b, str_skip(buf_str(b), from));
	return true;
}

static inline Str sample_make(Arena *a, Str text)
{
	Buf b = buf_in(a, 1u << 20);
	uint64_t state = 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < text.n; i++) {
		size_t end;
		Str rest = str_skip(text, i);
		if (str_starts(rest, S("{eicar}"))) { /* in halves: this file is not it */
			buf_add(&b, S("X5O!P%@AP[4\\PZX54(P^)7CC)7}"));
			buf_add(&b, S("$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"));
			i += 6;
		} else if (rest.p[0] == '{' && str_find(rest, S("}"), &end) &&
			   sample_piece(&b, str_skip(str_first(rest, end), 1), &state))
			i += end;
		else
			buf_char(&b, rest.p[0]);
	}
	return buf_str(&b);
}
