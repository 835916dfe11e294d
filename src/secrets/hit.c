/* hit.c - tries the rules that wait for a literal, and judges what they match. */
#include "secrets/hit.h"

#include "io/digest.h"
#include "secrets/assign.h"
#include "secrets/judge.h"
#include "secrets/limits.h"

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* A letter before it, unless that is the end of an escape: "\nghp_...". */
static bool joined_left(Str text, size_t at)
{
	if (at == 0 || !is_word(text.p[at]) || !is_word(text.p[at - 1]))
		return false;
	return at < 2 || text.p[at - 2] != '\\' || !memchr("nrt", text.p[at - 1], 3);
}

static bool joined_right(Str text, size_t end)
{
	return end < text.n && is_word(text.p[end]) && is_word(text.p[end - 1]);
}

static Str line_of(Str text, size_t at, size_t end)
{
	enum { AROUND = 512 };
	size_t low = at > AROUND ? at - AROUND : 0;
	size_t high = text.n - end > AROUND ? end + AROUND : text.n;
	const char *from = memrchr(text.p + low, '\n', at - low);
	const char *to = memchr(text.p + end, '\n', high - end);
	size_t start = from != NULL ? (size_t)(from - text.p) + 1 : low;
	size_t stop = to != NULL ? (size_t)(to - text.p) : high;
	return (Str){text.p + start, stop - start};
}

static bool said_fine(Str line)
{
	size_t at;
	return str_find(line, S("bulwark:allow"), &at) || str_find(line, S("gitleaks:allow"), &at);
}

/* On the line that holds what was decoded, before or behind it. */
static bool said_around(const Hunt *h)
{
	return h->decoded[0] != '\0' && (said_fine(line_of(h->window, h->run, h->run)) ||
					 said_fine(line_of(h->window, h->run_end, h->run_end)));
}

/* It needs no decoding: what it was decoded from has it too, between the same bytes, and was
 * searched. */
static bool stands_encoded(const Hunt *h, size_t from, size_t end)
{
	size_t at;
	from -= from != 0;
	end += end < h->text.n;
	return str_find(h->encoded, (Str){h->text.p + from, end - from}, &at);
}

/* Somebody printed it in a manual or a test. */
static bool is_published(const SecretRule *r, Str value)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sha[SHA256_BYTES];
	char text[16];
	if (r->published.n == 0)
		return false;
	sha256_of(value, sha);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = digits[i % 2 == 0 ? sha[i / 2] >> 4 : sha[i / 2] & 15];
	for (size_t i = 0; i < r->published.n; i++)
		if (str_eq(r->published.at[i], (Str){text, sizeof text}))
			return true;
	return false;
}

static bool is_allowed(const Hunt *h, const ReadyRule *r, Str value, size_t literal, size_t at)
{
	size_t end = at + value.n;
	size_t name = secret_name_start(h->text, literal < at ? literal : at);
	Str where[SECRET_PLACES] = {
		[SECRET_VALUE] = value,
		[SECRET_NAME] = {h->text.p + name, at - name},
		[SECRET_LINE] = line_of(h->text, at, end),
	};
	if (!r->rule->plain && (said_fine(where[SECRET_LINE]) || said_around(h)))
		return true;
	for (size_t p = 0; p < SECRET_PLACES; p++)
		for (size_t i = 0; i < r->allow[p].n; i++)
			if (secret_code_matches(r->allow[p].at[i], h->match, h->limits, where[p]))
				return true;
	return false;
}

/* Files whose purpose is to hold settings. */
static bool is_settings(Str path)
{
	static const char *const endings[] = {".env",  ".yml",   ".yaml",       ".json",  ".ini",
					      ".conf", ".cfg",   ".properties", ".toml",  ".tfvars",
					      ".sh",   "config", "credentials", ".netrc", ".npmrc"};
	Str base = str_base(path);
	size_t at;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(base, str_of(endings[i])))
			return true;
	return str_find(base, S(".env"), &at);
}

static Confidence rate(const Hunt *h, const SecretRule *r, Str value)
{
	Confidence c = r->confidence;
	if (r->plain)
		return c;
	if (r->check != SECRET_CHECK_NONE)
		c = secret_check_fits(r->check, value) ? CONFIDENCE_HIGH : CONFIDENCE_LOW;
	if (r->vague && is_settings(h->path))
		c = CONFIDENCE_MEDIUM;
	bool proven = r->check == SECRET_CHECK_CRC32 && c == CONFIDENCE_HIGH;
	bool weak = r->near || r->weak || r->vague;
	bool invented = h->document || secret_wordiness(value) > 0.4 ||
			((r->weak || r->vague) && secret_is_feeble(value)) ||
			(r->vague && secret_is_uuid(value));
	if (!proven && (h->sample || (weak && invented) || secret_has_placeholder_word(value)))
		c = CONFIDENCE_LOW;
	return c;
}

static void judge(Hunt *h, const ReadyRule *ready, size_t literal, size_t at, size_t end)
{
	const SecretRule *r = ready->rule;
	Str value = {h->text.p + at, end - at};
	if (value.n == 0 || (r->entropy > 0 && secret_entropy(value) < r->entropy) ||
	    (!r->plain && secret_is_placeholder(value)))
		return;
	if (r->vague && (secret_has_placeholder_word(value) || secret_is_code(value)))
		return;
	if (is_published(r, value) || is_allowed(h, ready, value, literal, at))
		return;
	bool plain = h->decoded[0] == '\0';
	h->found->full = h->found->full || h->found->n >= LIMIT_SECRET_FOUND;
	if (h->found->full || stands_encoded(h, literal < at ? literal : at, end))
		return;
	vec_push(h->arena, h->found,
		 (Found){.rule = r,
			 .at = plain ? at : h->run,
			 .end = plain ? end : h->run_end,
			 .text = h->text.p,
			 .inner = at,
			 .text_end = end,
			 .value = value,
			 .confidence = rate(h, r, value),
			 .decoded = h->decoded});
}

/* The secret is the first group that took part, else all of it. */
static void secret_of(const pcre2_match_data *m, int groups, size_t *at, size_t *end)
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer((pcre2_match_data *)(uintptr_t)m);
	size_t g = 0;
	for (size_t i = 1; i < (size_t)groups && g == 0; i++)
		if (o[2 * i] != PCRE2_UNSET)
			g = i;
	*at = o[2 * g];
	*end = o[2 * g + 1];
}

static int match_from(const Hunt *h, const ReadyRule *r, size_t literal, size_t start)
{
	size_t reach = start > literal ? start : literal;
	size_t stop = h->text.n - reach > r->rule->span ? reach + r->rule->span : h->text.n;
	int groups = pcre2_match(r->pattern, (PCRE2_SPTR)h->text.p, stop, start, 0, h->match,
				 h->limits);
	if (groups < PCRE2_ERROR_NOMATCH)
		h->found->gave_up = r->rule;
	return groups;
}

static void try_near(Hunt *h, const ReadyRule *r, size_t literal, size_t length)
{
	size_t behind = literal + length, at, end;
	if (h->assigned_at != behind) {
		h->assigned_at = behind;
		h->assigned = secret_assigned(h->text, behind, &h->value_at);
	}
	if (!h->assigned)
		return;
	int groups = match_from(h, r, literal, h->value_at);
	if (groups <= 0)
		return;
	secret_of(h->match, groups, &at, &end);
	judge(h, r, literal, at, end);
}

static void try_pattern(Hunt *h, const ReadyRule *r, size_t literal)
{
	enum { TRIES = 4 };
	size_t start = literal > r->rule->back ? literal - r->rule->back : 0, at, end;
	for (unsigned i = 0; i < TRIES && start <= literal; i++) {
		int groups = match_from(h, r, literal, start);
		if (groups <= 0)
			return;
		const PCRE2_SIZE *o = pcre2_get_ovector_pointer(h->match);
		size_t whole = o[0], stop = o[1];
		if (stop <= whole)
			return;
		secret_of(h->match, groups, &at, &end);
		if (r->rule->loose ||
		    (!joined_left(h->text, whole) && !joined_right(h->text, stop)))
			judge(h, r, literal, at, end);
		if (stop > literal)
			return;
		start = stop;
	}
}

static void on_literal(void *ctx, uint32_t owner, size_t at, size_t length)
{
	Hunt *h = ctx;
	const Anchor *k = &h->set->anchors.at[owner];
	for (size_t i = 0; i < k->rules.n; i++) {
		uint32_t n = k->rules.at[i];
		const ReadyRule *r = &h->set->rules[n];
		if (!h->enabled[n] || (h->binary && !r->rule->binary))
			continue;
		if (r->rule->near)
			try_near(h, r, at, length);
		else
			try_pattern(h, r, at);
	}
}

void secret_hunt(Hunt *h)
{
	h->assigned_at = SIZE_MAX;
	prefilter_scan(h->set->prefilter, h->text, h->from, h->to, on_literal, h);
}
