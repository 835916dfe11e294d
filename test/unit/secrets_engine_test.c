/* secrets_engine_test.c - the engine: windows, encodings, places, allowances. */
#include "secret_found.h"
#include "secret_sample.h"
#include "secrets/judge.h"
#include "secrets/limits.h"
#include "secrets/prefilter.h"

#define TOKEN "ghp_{crc:30}"

static Str token(Arena *a) { return sample_make(a, S(TOKEN)); }

TEST(line_and_column_say_where_a_secret_stands)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	find_in(s, S("a"), sample_make(&a, S("one{nl}two{nl}  x = " TOKEN "{nl}")), 0, &found);
	CHECK(found.hits.n == 1);
	CHECK(found.hits.at[0].line == 3 && found.hits.at[0].column == 7);
	CHECK(found.hits.at[0].confidence == CONFIDENCE_HIGH);
	CHECK_STR(found.hits.at[0].value, token(&a));
	arena_finish(&a);
}

TEST(columns_are_characters)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Str text = sample_make(&a, S("x{nl}\xc3\xa4\xe2\x82\xac = " TOKEN " = " TOKEN "{nl}"));
	find_in(s, S("a"), text, 0, &found);
	CHECK(found.hits.n == 2 && found.hits.at[0].line == 2);
	CHECK(found.hits.n == 2 && found.hits.at[0].column == 6 && found.hits.at[1].column == 49);
	CHECK(found.hits.n == 2 && found.hits.at[0].at == 2 + 5 + 3);
	arena_finish(&a);
}

TEST(a_wrong_checksum_lowers_the_confidence)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	find_in(s, S("a"), sample_make(&a, S("ghp_{alnum:36}")), 0, &found);
	CHECK(found.hits.n == 1 && found.hits.at[0].confidence == CONFIDENCE_LOW);
	arena_finish(&a);
}

/* Text that holds no secret, then one, then more text. */
static Str long_text(Arena *a, size_t before, size_t after)
{
	Buf b = buf_in(a, 8u << 20);
	for (size_t i = 0; i < before; i++)
		buf_char(&b, i % 61 == 60 ? '\n' : (char)('a' + i % 3));
	buf_add(&b, S("\nx = "));
	buf_add(&b, token(a));
	buf_char(&b, '\n');
	for (size_t i = 0; i < after; i++)
		buf_char(&b, ' ');
	return buf_str(&b);
}

TEST(a_secret_is_found_wherever_windows_meet)
{
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	for (size_t at = (1u << 20) - 60; at < (1u << 20) + 20; at += 7) {
		Arena a = {0};
		FoundList found = {.arena = &a};
		find_in(s, S("a"), long_text(&a, at, 3u << 20), 0, &found);
		CHECK(found.hits.n == 1);
		CHECK(found.hits.n == 1 && found.hits.at[0].at == at + 5);
		CHECK(found.hits.n == 1 && found.hits.at[0].column == 5);
		CHECK(found.hits.n == 1 && found.hits.at[0].line == at / 61 + 2);
		arena_finish(&a);
	}
}

TEST(a_byte_at_a_time_finds_the_same)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	find_in(s, S("a"), sample_make(&a, S("{nl}k: " TOKEN "{nl}z: glpat-{word:20}")), 1, &found);
	CHECK(found.hits.n == 2 && found.hits.at[0].line == 2 && found.hits.at[1].line == 3);
	arena_finish(&a);
}

TEST(base64_and_percent_encoding_are_undone)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Str plain = sample_make(&a, S("token = " TOKEN " end\n"));
	Buf b = buf_in(&a, 4096);
	buf_add(&b, S("data: "));
	for (size_t i = 0; i + 2 < plain.n; i += 3) {
		const uint8_t *p = (const uint8_t *)plain.p + i;
		uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		for (int k = 18; k >= 0; k -= 6)
			buf_char(&b, digits[v >> k & 63]);
	}
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 1 && strcmp(found.hits.at[0].decoded, "base64") == 0);
	CHECK(found.hits.n == 1 && found.hits.at[0].column == 7);
	find_in(s, S("a"), sample_make(&a, S("q?x%3D" TOKEN "%26y=1")), 0, &found);
	CHECK(hit_of(&found, S("github-pat")) != NULL);
	arena_finish(&a);
}

TEST(a_binary_is_searched_for_what_has_a_form_of_its_own)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 4096);
	buf_add(&b, S("\x7f"
		      "ELF\0\0"));
	buf_add(&b, token(&a));
	buf_add(&b, S("\0"));
	buf_add(&b, sample_make(&a, S("linkedin_id = {lower:14}")));
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 1 && str_eq(found.hits.at[0].rule->id, S("github-pat")));
	arena_finish(&a);
}

TEST(utf_16_is_text)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 4096);
	Str plain = sample_make(&a, S("x = " TOKEN "{nl}"));
	buf_add(&b, S("\xff\xfe"));
	for (size_t i = 0; i < plain.n; i++) {
		buf_char(&b, plain.p[i]);
		buf_char(&b, '\0');
	}
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(hit_of(&found, S("github-pat")) != NULL);
	arena_finish(&a);
}

TEST(utf_16_needs_no_mark_and_no_whole_pieces)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 4096);
	Str plain = sample_make(&a, S("x = " TOKEN "{nl}"));
	for (size_t i = 0; i < plain.n; i++) {
		buf_char(&b, plain.p[i]);
		buf_char(&b, '\0');
	}
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 1 && found.hits.at[0].column == 5);
	find_in(s, S("a"), buf_str(&b), 1, &found);
	CHECK(found.hits.n == 1 && found.hits.at[0].column == 5);
	arena_finish(&a);
}

TEST(what_the_first_bytes_are_does_not_depend_on_pieces)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 4096);
	buf_add(&b, sample_make(&a, S("linkedin_id = {lower:14}{nl}")));
	buf_char(&b, '\0');
	find_in(s, S("a"), buf_str(&b), 0, &found);
	size_t whole = found.hits.n;
	find_in(s, S("a"), buf_str(&b), 1, &found);
	CHECK(whole == 0 && found.hits.n == 0); /* a binary, either way */
	arena_finish(&a);
}

static Str base64(Arena *a, Str plain)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Buf b = buf_in(a, 8u << 20);
	for (size_t i = 0; i + 2 < plain.n; i += 3) {
		const uint8_t *p = (const uint8_t *)plain.p + i;
		uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		for (int k = 18; k >= 0; k -= 6)
			buf_char(&b, digits[v >> k & 63]);
	}
	return buf_str(&b);
}

TEST(each_secret_in_one_encoded_run_is_found)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Str two = sample_make(&a, S("A=" TOKEN "{nl}B=glpat-{word:20}{nl}C=" TOKEN "{nl}..."));
	Str other = str_skip(two, 2), third = str_skip(two, two.n - 44);
	CHECK(third.p[0] == 'g' && other.p[0] == 'g');
	((char *)(uintptr_t)third.p)[8] ^= 1; /* another token, with a wrong checksum */
	find_in(s, S("a"), base64(&a, two), 0, &found);
	CHECK(found.hits.n == 3);
	find_in(s, S("a"), base64(&a, sample_make(&a, S("A=" TOKEN "{nl}B=" TOKEN "{nl}..."))), 0,
		&found);
	CHECK(found.hits.n == 2);
	find_in(s, S("a"), sample_make(&a, S("?a=%67lpat-{word:20}&b=%67hp_{alnum:36}&c=x")), 0,
		&found);
	CHECK(found.hits.n == 2);
	arena_finish(&a);
}

TEST(base64_in_base64_is_undone_twice)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Str once = base64(&a, sample_make(&a, S("A=" TOKEN "{nl}...")));
	Buf b = buf_in(&a, 4096);
	buf_fmt(&b, "conf: " STR_FMT "\n..", STR_ARG(once));
	find_in(s, S("a"), base64(&a, buf_str(&b)), 0, &found);
	CHECK(found.hits.n == 1 && strcmp(found.hits.at[0].decoded, "base64") == 0);
	arena_finish(&a);
}

TEST(a_long_encoded_run_is_read_to_its_end)
{
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	/* Beyond the first window by every remainder of a group of four. */
	for (size_t before = 0; before < 4; before++) {
		Arena a = {0};
		FoundList found = {.arena = &a};
		Buf b = buf_in(&a, 8u << 20), all = buf_in(&a, 8u << 20);
		while (b.n < (1u << 20))
			buf_add(&b, S("# words and more words\n"));
		buf_add(&b, sample_make(&a, S("A=" TOKEN "{nl}")));
		for (size_t i = 0; i < before + 1; i++)
			buf_char(&all, ' ');
		buf_add(&all, base64(&a, buf_str(&b)));
		buf_char(&all, '\n');
		find_in(s, S("a"), buf_str(&all), 0, &found);
		CHECK(found.hits.n == 1);
		arena_finish(&a);
	}
}

TEST(a_secret_in_base64_is_found_once_wherever_windows_meet)
{
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	for (size_t at = (1u << 20) * 3 / 4 - 90; at < (1u << 20) * 3 / 4 + 30; at += 17) {
		Arena a = {0};
		FoundList found = {.arena = &a};
		find_in(s, S("a"), base64(&a, long_text(&a, at, 1u << 20)), 0, &found);
		CHECK(found.hits.n == 1);
		arena_finish(&a);
	}
}

TEST(a_long_line_is_undone_to_its_end)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 8u << 20);
	buf_add(&b, S("a%20b"));
	while (b.n < 100000)
		buf_add(&b, S(" words"));
	buf_add(&b, sample_make(&a, S("&t=%67hp_{alnum:36}&u=1\n")));
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 1);
	arena_finish(&a);
}

TEST(a_line_accepts_what_is_encoded_in_it)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Str run = base64(&a, sample_make(&a, S("A=" TOKEN "{nl}...")));
	Buf b = buf_in(&a, 4096);
	buf_fmt(&b, "x: " STR_FMT " # gitleaks:allow\n", STR_ARG(run));
	find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 0);
	arena_finish(&a);
}

TEST(more_findings_than_are_told_are_never_silent)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 8u << 20);
	for (unsigned i = 0; i < LIMIT_SECRET_HITS; i++)
		buf_add(&b, sample_make(&a, S("t = " TOKEN "{nl}")));
	CHECK(find_in(s, S("a"), buf_str(&b), 0, &found) == NULL);
	CHECK(found.hits.n == LIMIT_SECRET_HITS);
	buf_add(&b, sample_make(&a, S("t = " TOKEN "{nl}")));
	CHECK(find_in(s, S("a"), buf_str(&b), 0, &found) != NULL);
	CHECK(found.hits.n == LIMIT_SECRET_HITS);
	arena_finish(&a);
}

TEST(a_rule_that_gives_up_is_named)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	SecretRuleVec rules = {0};
	SecretSet *set = NULL;
	CHECK_OK(secret_rules_parse(S("rule slow\nprovider x\nabout y\nkeyword abcd\n"
				      "pattern abcd(?:[x]|[xy]|xx)+[!?]\n"),
				    &a, &rules));
	CHECK_OK(secret_set_make(&rules, &a, &set));
	SecretScan *s = secret_scan_create(set);
	Buf b = buf_in(&a, 4096);
	buf_add(&b, S("abcd"));
	for (int i = 0; i < 200; i++)
		buf_char(&b, 'x');
	const char *why = find_in(s, S("a"), buf_str(&b), 0, &found);
	CHECK(found.hits.n == 0 && why != NULL && strstr(why, "slow") != NULL);
	CHECK(find_in(s, S("a"), S("abcd y"), 0, &found) == NULL);
	secret_scan_destroy(s);
	secret_set_close(set);
	arena_finish(&a);
}

/* A command over many lines, as completions and manuals have it. */
TEST(the_rules_for_curl_do_not_give_up)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	Buf b = buf_in(&a, 1 << 20);
	buf_add(&b, S("curl \\\n"));
	for (int i = 0; i < 40; i++)
		buf_add(&b, S("  -x 'y' \\\n"));
	CHECK(find_in(s, S("a"), buf_str(&b), 0, &found) == NULL);
	buf_add(&b, sample_make(&a, S("  -H 'Authorization: Bearer {alnum:32}' \\{nl}")));
	CHECK(find_in(s, S("a"), buf_str(&b), 0, &found) == NULL);
	CHECK(hit_of(&found, S("curl-auth-header")) != NULL);
	arena_finish(&a);
}

TEST(a_line_that_says_so_is_left_alone)
{
	Arena a = {0};
	FoundList found = {.arena = &a};
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(builtin());
	find_in(s, S("a"), sample_make(&a, S(TOKEN " # gitleaks:allow{nl}")), 0, &found);
	CHECK(found.hits.n == 0);
	find_in(s, S("a"), sample_make(&a, S(TOKEN " # bulwark:allow{nl}")), 0, &found);
	CHECK(found.hits.n == 0);
	arena_finish(&a);
}

TEST(a_mask_gives_nothing_away)
{
	Arena a = {0};
	CHECK_STR(secret_mask(&a, S("hunter2")), S("********"));
	CHECK_STR(secret_mask(&a, S("ghp_0123456789abcdef")), S("ghp_********"));
	arena_finish(&a);
}

TEST(placeholders_words_and_entropy_are_told_apart)
{
	CHECK(secret_is_placeholder(S("xxxxxxxxxxxxxxxx")));
	CHECK(secret_is_placeholder(S("${TOKEN}")));
	CHECK(!secret_is_placeholder(S("n0dnbn8TXb9AZMN6sdtGUKZyUNZZPo")));
	CHECK(secret_wordiness(S("theConfigurationManager")) > 0.42);
	CHECK(secret_wordiness(S("n0dnbn8TXb9AZMN6sdtGUKZyUNZZPo")) < 0.3);
	CHECK(secret_entropy(S("aaaa")) < 0.01 && secret_entropy(S("abcd")) > 1.99);
}

static void count(void *ctx, uint32_t owner, size_t at, size_t length)
{
	(void)owner, (void)at, (void)length;
	++*(size_t *)ctx;
}

TEST(the_prefilter_finds_every_literal_at_every_place)
{
	Arena a = {0};
	Literal literals[] = {{S("key"), true, 0},
			      {S("ghp_"), false, 1},
			      {S("xoxb-"), false, 2},
			      {S("password"), true, 3},
			      {S("Telegram"), true, 4}};
	Prefilter *f = prefilter_make(&a, literals, 5);
	static const char *const texts[] = {"KEY", "ghp_", "xoxb-", "PassWord", "telegrAM"};
	for (size_t t = 0; t < 5; t++)
		for (size_t at = 0; at < 40; at++) {
			char text[64 + PREFILTER_PAD] = {0};
			memset(text, '.', 64);
			memcpy(text + at, texts[t], strlen(texts[t]));
			size_t n = 0, whole = 0;
			prefilter_scan(f, (Str){text, at + strlen(texts[t])}, 0, 64, count, &whole);
			prefilter_scan(f, (Str){text, 64}, 0, at, count, &n);
			prefilter_scan(f, (Str){text, 64}, at, 64, count, &n);
			CHECK(n == 1 && whole == 1);
		}
	arena_finish(&a);
}

TEST(rules_that_are_wrong_are_refused_with_their_line)
{
	Arena a = {0};
	SecretRuleVec rules = {0};
	CHECK_ERR(secret_rules_parse(S("provider x\n"), &a, &rules), ERR_INPUT);
	CHECK_ERR(secret_rules_parse(S("rule a\n provider x\n about y\n pattern z\n"), &a, &rules),
		  ERR_INPUT);
	CHECK_ERR(secret_rules_parse(S("rule a\n colour red\n"), &a, &rules), ERR_INPUT);
	CHECK_ERR(secret_rules_parse(S("rule a\n entropy many\n"), &a, &rules), ERR_INPUT);
	CHECK(rules.n == 0);
	SecretSet *set = NULL;
	CHECK_OK(secret_rules_parse(S("rule a\nprovider x\nabout y\nprefix abc\npattern abc(\n"),
				    &a, &rules));
	CHECK_ERR(secret_set_make(&rules, &a, &set), ERR_INPUT);
	arena_finish(&a);
}
