/* json.c - the pull reader: one byte of look-ahead, strings found sixteen bytes at a time. */
#include "io/json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/limits.h"
#include "io/utf8.h"

Json json_over(Str text, Arena *a)
{
	if (text.p == NULL) /* of an empty file; what is read is counted from it */
		text = S("");
	return (Json){.rest = text, .whole = text, .arena = a};
}

__attribute__((cold)) static Result bad(const Json *j, const char *what)
{
	FAIL(ERR_INPUT, "json: byte %zu: %s", j->whole.n - j->rest.n, what);
}

static inline bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

static void skip_blanks(Json *j)
{
	const char *p = j->rest.p, *end = p + j->rest.n;
#if defined(__SSE2__)
	const __m128i space = _mm_set1_epi8(' '); /* indentation, sixteen at a time */
	while (end - p > 16 && is_blank(*p)) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
		unsigned other = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, space)) & 0xffffu;
		if (other != 0) {
			p += 1 + __builtin_ctz(other);
			if (!is_blank(*p))
				break;
		} else {
			p += 17;
		}
	}
#endif
	while (p < end && is_blank(*p))
		p++;
	j->rest = (Str){p, (size_t)(end - p)};
}

/* The next byte that is not blank, or 0 at the end. */
static inline char ahead(Json *j)
{
	if (j->rest.n != 0 && !is_blank(j->rest.p[0]))
		return j->rest.p[0];
	skip_blanks(j);
	return j->rest.n != 0 ? j->rest.p[0] : '\0';
}

static void step(Json *j, size_t n) { j->rest = (Str){j->rest.p + n, j->rest.n - n}; }

Result json_peek(Json *j, JsonType *out)
{
	switch (ahead(j)) {
	case '{': *out = JSON_OBJECT; return OK;
	case '[': *out = JSON_ARRAY; return OK;
	case '"': *out = JSON_STRING; return OK;
	case 't':
	case 'f': *out = JSON_BOOL; return OK;
	case 'n': *out = JSON_NULL; return OK;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9': *out = JSON_NUMBER; return OK;
	case '\0': return bad(j, "the document ends early");
	default: return bad(j, "no value starts here");
	}
}

/* ---- containers ---- */

Result json_enter(Json *j, JsonType container)
{
	char open = container == JSON_OBJECT ? '{' : '[';
	if (ahead(j) != open)
		return bad(j, container == JSON_OBJECT ? "an object is expected"
						       : "an array is expected");
	if (j->depth == LIMIT_VALUE_DEPTH)
		FAIL(ERR_LIMIT, "json: byte %zu: nested deeper than %u", j->whole.n - j->rest.n,
		     LIMIT_VALUE_DEPTH);
	step(j, 1);
	j->kind[++j->depth] = (uint8_t)container;
	j->first = true;
	return OK;
}

/* At a comma or the end of the innermost container: is there another item? */
static bool another(Json *j, JsonType container, char close)
{
	if (j->err != OK)
		return false;
	if (j->depth == 0 || j->kind[j->depth] != (uint8_t)container) {
		j->err = err_make(ERR_BUG, 0, ERR_HERE, "json: not inside such a container");
		return false;
	}
	char c = ahead(j);
	if (c == close)
		return false;
	if (!j->first) {
		if (c != ',') {
			j->err = bad(j, "',' or the end of the container is expected");
			return false;
		}
		step(j, 1);
		if (ahead(j) == close) {
			j->err = bad(j, "a value is expected after ','");
			return false;
		}
	}
	j->first = false;
	return true;
}

bool json_more(Json *j) { return another(j, JSON_ARRAY, ']'); }

bool json_key(Json *j, Str *key)
{
	if (!another(j, JSON_OBJECT, '}'))
		return false;
	j->err = json_str(j, key);
	if (j->err == OK && ahead(j) != ':')
		j->err = bad(j, "':' is expected after a key");
	if (j->err != OK)
		return false;
	step(j, 1);
	return true;
}

Result json_leave(Json *j)
{
	if (j->err != OK) {
		Err *e = j->err;
		j->err = OK;
		return e;
	}
	char close = j->depth != 0 && j->kind[j->depth] == JSON_OBJECT ? '}' : ']';
	if (j->depth == 0 || ahead(j) != close)
		return bad(j, "the container has more items");
	step(j, 1);
	j->depth--;
	j->first = false;
	return OK;
}

Result json_end(Json *j)
{
	skip_blanks(j);
	return j->rest.n == 0 && j->depth == 0 ? OK : bad(j, "bytes after the document");
}

/* ---- strings ---- */

/* The length of the run before the first quote, backslash, control or non-ASCII byte. */
static size_t plain_run(const char *p, size_t n)
{
	size_t i = 0;
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i blank = _mm_set1_epi8(0x20);
	for (; i + 16 <= n; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
		hit = _mm_or_si128(hit,
				   _mm_cmplt_epi8(v, blank)); /* signed: controls and >= 0x80 */
		int mask = _mm_movemask_epi8(hit);
		if (mask != 0)
			return i + (size_t)__builtin_ctz((unsigned)mask);
	}
#endif
	while (i < n && p[i] != '"' && p[i] != '\\' && (unsigned char)p[i] >= 0x20 &&
	       (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

static bool hex4(const char *p, size_t n, uint32_t *out)
{
	uint32_t v = 0;
	if (n < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = p[i];
		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*out = v;
	return true;
}

/* At a backslash: decodes one escape into `to` (4 bytes of room), and says how long it was. */
static size_t unescape(Str s, char *to, size_t *made)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	if (s.n < 2)
		return 0;
	const char *simple = s.p[1] != '\0' ? strchr(from, s.p[1]) : NULL;
	if (simple != NULL) {
		to[0] = into[simple - from];
		*made = 1;
		return 2;
	}
	uint32_t code, low;
	if (s.p[1] != 'u' || !hex4(s.p + 2, s.n - 2, &code) || (code >= 0xdc00 && code <= 0xdfff))
		return 0;
	size_t used = 6;
	if (code >= 0xd800 && code <= 0xdbff) { /* the first half of a pair */
		if (s.n < 12 || s.p[6] != '\\' || s.p[7] != 'u' || !hex4(s.p + 8, 4, &low) ||
		    low < 0xdc00 || low > 0xdfff)
			return 0;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		used = 12;
	}
	*made = utf8_put(code, to);
	return used;
}

/* The length of the string's text as written, up to its closing quote; its bytes are checked. */
static Result measure(Json *j, size_t *length, bool *escaped)
{
	Str s = j->rest;
	size_t i = 0;
	for (;;) {
		i += plain_run(s.p + i, s.n - i);
		if (i == s.n)
			return bad(j, "a string without its closing quote");
		unsigned char c = (unsigned char)s.p[i];
		char scratch[4];
		size_t made, used;
		if (c == '"') {
			*length = i;
			return OK;
		}
		if (c == '\\') {
			used = unescape(str_skip(s, i), scratch, &made);
			*escaped = true;
		} else {
			used = c >= 0x80 ? utf8_length(str_skip(s, i)) : 0;
		}
		if (used == 0) {
			step(j, i);
			return bad(j, c == '\\'   ? "an unknown escape in a string"
				      : c >= 0x80 ? "a string that is not UTF-8"
						  : "a control character in a string");
		}
		i += used;
	}
}

Result json_str(Json *j, Str *out)
{
	if (ahead(j) != '"')
		return bad(j, "a string is expected");
	step(j, 1);
	size_t n;
	bool escaped = false;
	TRY(measure(j, &n, &escaped));
	Str text = str_first(j->rest, n);
	step(j, n + 1);
	if (!escaped) {
		*out = text;
		return OK;
	}
	char *p = arena_array(j->arena, char, n); /* decoding never grows */
	size_t made = 0;
	while (text.n != 0) {
		const char *slash = memchr(text.p, '\\', text.n);
		size_t run = slash != NULL ? (size_t)(slash - text.p) : text.n, got = 0;
		memcpy(p + made, text.p, run);
		made += run;
		text = str_skip(text, run);
		if (text.n != 0) {
			char one[4];
			text = str_skip(text, unescape(text, one, &got));
			memcpy(p + made, one, got);
			made += got;
		}
	}
	*out = (Str){p, made};
	return OK;
}

/* ---- scalars ---- */

static size_t digits(Str s)
{
	size_t i = 0;
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i;
}

Result json_number(Json *j, Str *out)
{
	(void)ahead(j);
	Str s = j->rest;
	size_t i = s.n != 0 && s.p[0] == '-', whole = digits(str_skip(s, i));
	if (whole == 0 || (whole > 1 && s.p[i] == '0'))
		return bad(j, "a number is expected");
	i += whole;
	if (i < s.n && s.p[i] == '.') {
		size_t n = digits(str_skip(s, i + 1));
		if (n == 0)
			return bad(j, "a digit is expected after '.'");
		i += 1 + n;
	}
	if (i < s.n && (s.p[i] | 0x20) == 'e') {
		i++;
		i += i < s.n && (s.p[i] == '+' || s.p[i] == '-');
		size_t n = digits(str_skip(s, i));
		if (n == 0)
			return bad(j, "a digit is expected in an exponent");
		i += n;
	}
	*out = str_first(s, i);
	step(j, i);
	return OK;
}

static bool word(Json *j, Str text)
{
	(void)ahead(j);
	if (!str_starts(j->rest, text))
		return false;
	step(j, text.n);
	return true;
}

Result json_bool(Json *j, bool *out)
{
	if (word(j, S("true")))
		*out = true;
	else if (word(j, S("false")))
		*out = false;
	else
		return bad(j, "true or false is expected");
	return OK;
}

static Result skip_string(Json *j)
{
	size_t n;
	bool escaped;
	step(j, 1); /* its quote: json_peek() saw it */
	TRY(measure(j, &n, &escaped));
	step(j, n + 1);
	return OK;
}

static Result skip_scalar(Json *j, JsonType type)
{
	Str s;
	bool b;
	switch (type) {
	case JSON_STRING: return skip_string(j);
	case JSON_NUMBER: return json_number(j, &s);
	case JSON_BOOL: return json_bool(j, &b);
	case JSON_NULL: return word(j, S("null")) ? OK : bad(j, "null is expected");
	case JSON_ARRAY:
	case JSON_OBJECT: break;
	}
	return bad(j, "a scalar is expected");
}

Result json_skip(Json *j)
{
	unsigned outer = j->depth;
	bool outer_first = j->first;
	do {
		Str key;
		if (j->depth > outer) {
			bool object = j->kind[j->depth] == JSON_OBJECT;
			bool more = object ? json_key(j, &key) : json_more(j);
			if (!more) {
				TRY(json_leave(j));
				continue;
			}
		}
		JsonType type;
		TRY(json_peek(j, &type));
		if (type == JSON_OBJECT || type == JSON_ARRAY)
			TRY(json_enter(j, type));
		else
			TRY(skip_scalar(j, type));
	} while (j->depth > outer);
	j->first = outer_first;
	return OK;
}
