/* judge.c - what random bytes have and words have not. */
#include "secrets/judge.h"

#include <math.h>

#include "secrets/decode.h"

double secret_entropy(Str value)
{
	unsigned count[256] = {0};
	double bits = 0;
	for (size_t i = 0; i < value.n; i++)
		count[(uint8_t)value.p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (count[i] != 0) {
			double p = (double)count[i] / (double)value.n;
			bits -= p * log2(p);
		}
	return bits;
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c); }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The 90 pairs of letters that make up about three quarters of running English. */
static bool is_common_pair(char a, char b)
{
	static const char *const follow[26] = {
		"bcdgilmnprstvy",
		"aeloru",
		"aehiklot",
		"aeio",
		"acdelmnrstvx",
		"ioe",
		"eh",
		"aeio",
		"acdeglmnorstv",
		"",
		"ei",
		"adeily",
		"aeip",
		"acdegiost",
		"dflmnoprtuvw",
		"aelort",
		"u",
		"adeimorsty",
		"aehiopstu",
		"aehiorst",
		"elnrst",
		"aei",
		"aehio",
		"pt",
		"",
		"e",
	};
	if (!is_letter(a) || !is_letter(b))
		return false;
	return strchr(follow[lower(a) - 'a'], lower(b)) != NULL;
}

double secret_wordiness(Str value)
{
	enum { LEAST_PAIRS = 4 };
	size_t pairs = 0, common = 0;
	for (size_t i = 0; i + 1 < value.n; i++) {
		if (!is_letter(value.p[i]) && !is_digit(value.p[i]))
			continue;
		pairs++;
		common += is_common_pair(value.p[i], value.p[i + 1]);
	}
	return pairs >= LEAST_PAIRS ? (double)common / (double)pairs : 0;
}

/* One character three quarters of the time, or all in a row: 0000, xxxx, 12345678. */
static bool is_monotonous(Str v)
{
	size_t same = 0, step = 0;
	if (v.n < 3)
		return false;
	for (size_t i = 1; i < v.n; i++) {
		same += lower(v.p[i]) == lower(v.p[i - 1]);
		step += v.p[i] == v.p[i - 1] + 1;
	}
	return same * 4 >= (v.n - 1) * 3 || step * 10 >= (v.n - 1) * 9;
}

static bool has_nocase(Str s, Str word)
{
	for (size_t i = 0; i + word.n <= s.n; i++)
		if (str_eq_nocase((Str){s.p + i, word.n}, word))
			return true;
	return false;
}

static bool has_template(Str v)
{
	static const char *const marks[] = {"${", "$(", "{{",  "}}",  "<%",
					    "%>", "#{", "...", "****"};
	size_t at;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (str_find(v, str_of(marks[i]), &at))
			return true;
	char first = v.p[0], last = v.p[v.n - 1];
	bool variable = first == '$' && v.n > 1 && (is_letter(v.p[1]) || v.p[1] == '_') &&
			!str_has(str_skip(v, 1), '$');
	return variable || (first == '<' && last == '>') || (first == '{' && last == '}') ||
	       (first == '[' && last == ']') || (first == '%' && last == '%');
}

bool secret_is_placeholder(Str v) { return v.n == 0 || is_monotonous(v) || has_template(v); }

bool secret_has_placeholder_word(Str v)
{
	static const char *const words[] = {
		"example",  "changeme", "change_me", "placeholder", "your_",          "your-",
		"redacted", "xxxxxx",   "dummy",     "not-a-",      "replace",        "insert",
		"<your",    "sample",   "changeit",  "notasecret",  "IxMjM0NTY3ODkw", "todo",
		"fixme",    "abcdefgh", "123456789",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (has_nocase(v, str_of(words[i])))
			return true;
	return false;
}

/* Three characters in a row: "123", "abc". */
static bool has_run(Str v)
{
	for (size_t i = 0; i + 2 < v.n; i++) {
		char a = lower(v.p[i]), b = lower(v.p[i + 1]), c = lower(v.p[i + 2]);
		if ((is_digit(a) || is_letter(a)) && b == a + 1 && c == b + 1)
			return true;
	}
	return false;
}

static char without_leet(char c)
{
	static const char from[] = "013457$@!", to[] = "oieastsai";
	const char *at = c != '\0' ? strchr(from, c) : NULL;
	return at != NULL ? to[at - from] : lower(c);
}

bool secret_is_feeble(Str v)
{
	enum { INVENTED_MAX = 24 };
	static const char *const words[] = {"pass",   "secret", "test",    "admin", "root",
					    "foobar", "hello",  "welcome", "qwert"};
	char plain[INVENTED_MAX];
	if (v.n > INVENTED_MAX)
		return false;
	for (size_t i = 0; i < v.n; i++)
		plain[i] = without_leet(v.p[i]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (has_nocase((Str){plain, v.n}, str_of(words[i])))
			return true;
	return has_run(v);
}

/* 8-4-4-4-12 hex digits: names something, opens nothing. */
bool secret_is_uuid(Str v)
{
	enum { LENGTH = 36 };
	if (v.n != LENGTH)
		return false;
	for (size_t i = 0; i < LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool digit = is_digit(v.p[i]) || (lower(v.p[i]) >= 'a' && lower(v.p[i]) <= 'f');
		if (dash ? v.p[i] != '-' : !digit)
			return false;
	}
	return true;
}

typedef struct Kinds {
	size_t lower, upper, digit, other, changes;
} Kinds;

static Kinds kinds_of(Str v)
{
	Kinds k = {0};
	int last = 0;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		int kind = is_digit(c) ? 1 : is_letter(c) ? 2 : 3;
		if (kind == 1)
			k.digit++;
		else if (kind == 3)
			k.other++;
		else if (c >= 'a')
			k.lower++;
		else
			k.upper++;
		k.changes += kind != last;
		last = kind;
	}
	return k;
}

bool secret_is_code(Str v)
{
	size_t at;
	Kinds k = kinds_of(v);
	if (v.n == 0 || k.lower + k.upper == 0)
		return true;
	/* A password of letters alone cannot be told from a name. */
	if (k.digit == 0 && (k.lower == 0 || k.upper == 0 || k.other == 0))
		return k.digit == 0 && !(k.lower != 0 && k.upper > 3 && secret_wordiness(v) < 0.3);
	if (v.p[0] == '/' || str_starts(v, S("./")) || str_starts(v, S("../")) ||
	    str_find(v, S("://"), &at) || str_has(v, '(') || str_has(v, ' '))
		return true;
	return secret_wordiness(v) > 0.42;
}

bool secret_is_document_path(Str path)
{
	static const char *const endings[] = {".md", ".rst", ".adoc", ".mdx", ".markdown"};
	Str base = str_base(path);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(base, str_of(endings[i])))
			return true;
	return str_starts(base, S("README")) || str_starts(base, S("CHANGE"));
}

/* "app.example.yml", "examples-1.json", "swagger.yaml". */
static bool is_sample_name(Str base)
{
	return has_nocase(base, S("example")) || has_nocase(base, S("sample")) ||
	       str_starts(base, S("swagger")) || str_starts(base, S("openapi"));
}

bool secret_is_sample_path(Str path)
{
	if (is_sample_name(str_base(path)))
		return true;
	static const char *const parts[] = {
		"test",    "tests",    "testdata", "test_data",   "testing",
		"example", "examples", "fixtures", "doc",         "docs",
		"man",     "info",     "samples",  "dummyserver", "__tests__",
		"gtk-doc", "spec",     "mocks",    "molecule",    "integration",
	};
	Str rest = path, part;
	while (str_cut(&rest, '/', &part)) {
		if (str_ends(part, S(".egg-info")) || str_ends(part, S(".dist-info")) ||
		    str_ends(part, S("_test.go")) || str_starts(part, S("test_")) ||
		    str_ends(part, S("-tests")))
			return true;
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
			if (str_eq_nocase(part, str_of(parts[i])))
				return true;
	}
	return false;
}

/* ---- checks ---- */

static int base62(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
}

static uint32_t crc32_of(Str s)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < s.n; i++) {
		crc ^= (uint8_t)s.p[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
	}
	return ~crc;
}

/* GitHub's and npm's: "ghp_", 30 random characters, six of the CRC-32 of those 30. */
static bool crc32_fits(Str v)
{
	enum { TAIL = 6 };
	const char *mark = v.n != 0 ? memrchr(v.p, '_', v.n) : NULL;
	Str body = mark != NULL ? str_skip(v, (size_t)(mark - v.p) + 1) : v;
	uint64_t said = 0;
	if (body.n <= TAIL)
		return false;
	for (size_t i = body.n - TAIL; i < body.n; i++) {
		int digit = base62(body.p[i]);
		if (digit < 0)
			return false;
		said = said * 62 + (uint64_t)digit;
	}
	return said == crc32_of(str_first(body, body.n - TAIL));
}

static bool jwt_fits(Str v)
{
	char head[1024];
	Str part;
	size_t at;
	if (!str_cut(&v, '.', &part) || part.n > sizeof head)
		return false;
	Str json = {head, secret_base64(part, head)};
	return json.n > 2 && json.p[0] == '{' && json.p[json.n - 1] == '}' &&
	       str_find(json, S("\"alg\""), &at);
}

/* How many bytes a DER sequence has by its head; 0: it is none. */
static size_t der_bytes(const char *head, size_t n)
{
	const uint8_t *p = (const uint8_t *)head;
	if (n < 4 || p[0] != 0x30)
		return 0;
	if (p[1] < 0x80)
		return 2ul + p[1];
	if (p[1] == 0x81)
		return 3ul + p[2];
	return p[1] == 0x82 ? 4ul + ((size_t)p[2] << 8 | p[3]) : 0;
}

/* Digits of base64 up to the next "-----", escapes like "\\n" left out. */
static size_t body_digits(Str v)
{
	size_t n = 0;
	for (size_t i = 0; i < v.n && !str_starts(str_skip(v, i), S("-----")); i++) {
		if (v.p[i] == '\\')
			i++;
		else
			n += secret_base64_digit(v.p[i]) >= 0;
	}
	return n;
}

/* The body is a DER sequence, whole; or it has the magic of OpenSSH's or PGP's form. */
static bool pem_fits(Str v)
{
	enum { SLACK = 4 };
	char head[64];
	size_t at;
	if (str_find(v, S("-----BEGIN"), &at))
		v = str_skip(v, at + 10);
	if (!str_find(v, S("-----"), &at))
		return false;
	v = str_skip(v, at + 5);
	while (v.n != 0 && secret_base64_digit(v.p[0]) < 0)
		v = str_skip(v, v.p[0] == '\\' ? 2 : 1);
	size_t n = secret_base64(str_first(v, 80), head), whole = der_bytes(head, n);
	if (n <= 8)
		return false;
	if (whole != 0)
		return body_digits(v) * 6 / 8 + SLACK >= whole;
	return ((uint8_t)head[0] & 0x80) != 0 || memcmp(head, "openssh", 7) == 0;
}

bool secret_check_fits(SecretCheck check, Str value)
{
	switch (check) {
	case SECRET_CHECK_NONE: return true;
	case SECRET_CHECK_CRC32: return crc32_fits(value);
	case SECRET_CHECK_JWT: return jwt_fits(value);
	case SECRET_CHECK_PEM: return pem_fits(value);
	}
	return false;
}

Str secret_mask(Arena *a, Str value)
{
	enum { SHOWN = 4, LEAST = 16, STARS = 8 };
	char text[SHOWN + STARS];
	size_t shown = 0;
	while (value.n >= LEAST && shown < SHOWN && value.p[shown] > ' ' && value.p[shown] < 0x7f)
		shown++;
	memcpy(text, value.p, shown);
	memset(text + shown, '*', STARS);
	return arena_str(a, (Str){text, shown + STARS});
}
