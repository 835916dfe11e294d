/* apk.c - Alpine's order, token by token as apk-tools 2.x compares: what it takes for a
 * version, odd ones included, is compared; what follows an unknown part is not looked at. */
#include "version/digits.h"
#include "version/scheme.h"

typedef enum Token { /* in the order in which they may follow each other */
		     TOKEN_INVALID = -1,
		     TOKEN_DIGIT_OR_ZERO,
		     TOKEN_DIGIT,
		     TOKEN_LETTER,
		     TOKEN_SUFFIX,
		     TOKEN_SUFFIX_NUMBER,
		     TOKEN_REVISION,
		     TOKEN_END,
} Token;

enum { DIGITS_MAX = 18 };

static bool lower_case(char c) { return c >= 'a' && c <= 'z'; }

/* The kind of the next token; takes the separator before it. */
static Token next_token(Token was, Str *s)
{
	Token now = TOKEN_INVALID;
	if (s->n == 0)
		return TOKEN_END;
	char c = s->p[0];
	if ((was == TOKEN_DIGIT || was == TOKEN_DIGIT_OR_ZERO) && lower_case(c)) {
		now = TOKEN_LETTER;
	} else if (was == TOKEN_LETTER && is_digit(c)) {
		now = TOKEN_DIGIT;
	} else if (was == TOKEN_SUFFIX && is_digit(c)) {
		now = TOKEN_SUFFIX_NUMBER;
	} else {
		if (c == '.')
			now = TOKEN_DIGIT_OR_ZERO;
		else if (c == '_')
			now = TOKEN_SUFFIX;
		else if (c == '-' && s->n > 1 && s->p[1] == 'r')
			now = TOKEN_REVISION;
		*s = str_skip(*s, now == TOKEN_REVISION ? 2 : 1);
	}
	bool back = (now == TOKEN_DIGIT_OR_ZERO && was == TOKEN_DIGIT) ||
		    (now == TOKEN_SUFFIX && was == TOKEN_SUFFIX_NUMBER) ||
		    (now == TOKEN_DIGIT && was == TOKEN_LETTER);
	return now < was && !back ? TOKEN_INVALID : now;
}

/* Suffixes before a release are negative. */
static bool take_suffix(Str *s, int64_t *value)
{
	static const struct {
		Str name;
		int64_t value;
	} known[] = {{{"alpha", 5}, -4}, {{"beta", 4}, -3}, {{"pre", 3}, -2},
		     {{"rc", 2}, -1},    {{"cvs", 3}, 0},   {{"svn", 3}, 1},
		     {{"git", 3}, 2},    {{"hg", 2}, 3},    {{"p", 1}, 4}};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_starts(*s, known[i].name)) {
			*s = str_skip(*s, known[i].name.n);
			*value = known[i].value;
			return true;
		}
	return false;
}

static int64_t take_number(Str *s)
{
	int64_t v = 0;
	size_t n = 0;
	for (; n < s->n && n < DIGITS_MAX && is_digit(s->p[n]); n++)
		v = v * 10 + (s->p[n] - '0');
	*s = str_skip(*s, n);
	return v;
}

/* The value of the token that *type names; then *type is the next one's. */
static int64_t take_token(Token *type, Str *s)
{
	int64_t v = 0;
	bool zeros = false;
	if (s->n == 0) {
		*type = TOKEN_END;
		return 0;
	}
	switch (*type) {
	case TOKEN_DIGIT_OR_ZERO:
		if (s->p[0] == '0') { /* as after a decimal point: more zeros are less */
			while (s->n != 0 && s->p[0] == '0') {
				*s = str_skip(*s, 1);
				v--;
			}
			zeros = true;
			break;
		}
		v = take_number(s);
		break;
	case TOKEN_DIGIT:
	case TOKEN_SUFFIX_NUMBER:
	case TOKEN_REVISION: v = take_number(s); break;
	case TOKEN_LETTER:
		v = (unsigned char)s->p[0];
		*s = str_skip(*s, 1);
		break;
	case TOKEN_SUFFIX:
		if (take_suffix(s, &v))
			break;
		*type = TOKEN_INVALID;
		return -1;
	case TOKEN_INVALID:
	case TOKEN_END: *type = TOKEN_INVALID; return -1;
	}
	if (s->n == 0)
		*type = TOKEN_END;
	else
		*type = zeros ? TOKEN_DIGIT : next_token(*type, s);
	return v;
}

/* A number or suffix that was announced and is not there. */
static Token announced(Token type, Str rest)
{
	int64_t v;
	bool number = type == TOKEN_DIGIT_OR_ZERO || type == TOKEN_REVISION;
	if (number && rest.n != 0 && !is_digit(rest.p[0]))
		return TOKEN_INVALID;
	return type == TOKEN_SUFFIX && !take_suffix(&rest, &v) ? TOKEN_INVALID : type;
}

static bool before_release(Token type, Str rest)
{
	int64_t v = 0;
	return type == TOKEN_SUFFIX && take_suffix(&rest, &v) && v < 0;
}

static bool acceptable(Str v)
{
	size_t run = 0;
	for (size_t i = 0; i < v.n; i++) {
		run = is_digit(v.p[i]) ? run + 1 : 0;
		bool known = is_digit(v.p[i]) || is_letter(v.p[i]) ||
			     (v.p[i] != '\0' && strchr("._-+~", v.p[i]) != NULL);
		if (!known || run > DIGITS_MAX)
			return false;
	}
	return v.n != 0;
}

static bool apk_compare(Str a, Str b, int *order)
{
	Token x = TOKEN_DIGIT, y = TOKEN_DIGIT;
	int64_t v = 0, w = 0;
	if (!acceptable(a) || !acceptable(b))
		return false;
	while (x == y && x != TOKEN_END && x != TOKEN_INVALID && v == w) {
		v = take_token(&x, &a);
		w = take_token(&y, &b);
	}
	if (x != y) {
		x = announced(x, a);
		y = announced(y, b);
	}
	if (v != w)
		*order = v < w ? -1 : 1;
	else if (x == y)
		*order = 0;
	else if (x == TOKEN_INVALID || y == TOKEN_INVALID)
		*order = x == TOKEN_INVALID ? -1 : 1;
	else if (before_release(x, a))
		*order = -1; /* goes on, but with what comes before a release */
	else if (before_release(y, b))
		*order = 1;
	else
		*order = x > y ? -1 : 1;
	return true;
}

const Scheme scheme_apk = {
	.id = SCHEME_APK, .name = "apk", .spec = "apk-tools 2.x", .compare = apk_compare};
