/* io_json_test.c - what is JSON is read, what is not is refused. */
#include "base/buf.h"
#include "io/json.h"
#include "tap.h"

TEST(members_are_pulled_and_the_rest_skipped)
{
	Arena a = {0};
	Json j = json_over(S(" {\"a\": [1, {\"x\":[]}, \"s\"], "
			     "\"id\":\"CVE-1\\u002d\\ud83d\\ude00\", \"n\":-1.5e3} "),
			   &a);
	Str key, id = {0}, n = {0};
	CHECK_OK(json_enter(&j, JSON_OBJECT));
	while (json_key(&j, &key)) {
		if (str_eq(key, S("id")))
			CHECK_OK(json_str(&j, &id));
		else if (str_eq(key, S("n")))
			CHECK_OK(json_number(&j, &n));
		else
			CHECK_OK(json_skip(&j));
	}
	CHECK_OK(json_leave(&j));
	CHECK_OK(json_end(&j));
	CHECK_STR(id, S("CVE-1-\xf0\x9f\x98\x80"));
	CHECK_STR(n, S("-1.5e3"));
	arena_finish(&a);
}

TEST(what_the_grammar_forbids_is_refused)
{
	static const char *const bad[] = {
		"",
		"{",
		"[1,]",
		"{\"a\":1,}",
		"{\"a\" 1}",
		"{a:1}",
		"[1 2]",
		"01",
		"-",
		"1.",
		"1e",
		".5",
		"\"\t\"",
		"\"\\x\"",
		"\"\\ud800\"",
		"\"\\udc00\\ud800\"",
		"\"\xff\"",
		"\"\xc0\x80\"",
		"\"\xed\xa0\x80\"",
		"nul",
		"truex",
		"[1]]",
		"\"open",
		"{\"a\":1,\"a\":2}",
		"// c\n1",
		"NaN",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		Arena a = {0};
		Value *v;
		Err *e = value_from_json(str_of(bad[i]), &a, &v);
		if (e == OK || e->kind != ERR_INPUT)
			tap_fail(ERR_HERE, bad[i]);
		err_free(e);
		arena_finish(&a);
	}
}

TEST(a_key_is_not_met_twice_however_many_there_are)
{
	for (int yaml = 0; yaml < 2; yaml++) {
		Arena a = {0};
		Buf b = buf_in(&a, 1u << 16);
		Value *v;
		buf_add(&b, S("{"));
		for (int i = 0; i < 500; i++)
			buf_fmt(&b, "\"k%d\": %d, ", i, i);
		Str head = buf_str(&b);
		buf_add(&b, S("\"last\": 1}"));
		CHECK_OK(yaml ? value_from_yaml(buf_str(&b), &a, &v)
			      : value_from_json(buf_str(&b), &a, &v));
		CHECK(v->n == 501);
		CHECK_STR(value_str(v, S("k499")), S("499"));
		b.n = head.n;
		buf_add(&b, S("\"k7\": 1}"));
		CHECK_ERR(yaml ? value_from_yaml(buf_str(&b), &a, &v)
			       : value_from_json(buf_str(&b), &a, &v),
			  ERR_INPUT);
		arena_finish(&a);
	}
}

TEST(trees_are_limited_in_size)
{
	Arena a = {0};
	size_t n = 2 * (4000000 + 1) + 1;
	char *text = arena_array(&a, char, n);
	Value *v;
	memset(text, '0', n);
	for (size_t i = 0; i < n; i += 2)
		text[i] = ',';
	text[0] = '[';
	text[n - 1] = ']';
	CHECK_ERR(value_from_json((Str){text, n}, &a, &v), ERR_LIMIT);
	arena_finish(&a);
}

TEST(depth_is_limited)
{
	Arena a = {0};
	char deep[200];
	Value *v;
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	CHECK_ERR(value_from_json((Str){deep, 200}, &a, &v), ERR_LIMIT);
	CHECK_OK(value_from_json((Str){deep + 40, 120}, &a, &v));
	arena_finish(&a);
}

TEST(long_strings_with_anything_at_any_place)
{
	Arena a = {0};
	for (size_t at = 0; at < 70; at++) {
		char text[100];
		memset(text, 'x', sizeof text);
		text[0] = '"';
		memcpy(text + 1 + at, "\\n", 2);
		text[90] = '"';
		Value *v = NULL;
		CHECK_OK(value_from_json((Str){text, 91}, &a, &v));
		CHECK(v != NULL && v->text.n == 88 && v->text.p[at] == '\n');
	}
	arena_finish(&a);
}

TEST(trees_answer_nothing_for_what_is_not_there)
{
	Arena a = {0};
	Value *v;
	CHECK_OK(value_from_json(S("{\"a\":{\"b\":[1,true,null]},\"s\":\"t\"}"), &a, &v));
	const Value *b = value_items(value_get(v, S("a")), S("b"));
	CHECK(b != NULL && b->n == 3 && b->items[1]->truth);
	CHECK_STR(value_str(v, S("s")), S("t"));
	CHECK_STR(value_str(v, S("none")), S(""));
	CHECK(value_get(value_get(v, S("s")), S("x")) == NULL && value_items(v, S("s")) == NULL);
	arena_finish(&a);
}

TEST(yaml_becomes_the_same_tree)
{
	Arena a = {0};
	Value *v;
	CHECK_OK(value_from_yaml(S("a:\n  - x: 1\n    y: 'two'\n  - z\nb: {c: [d, e]}\n"), &a, &v));
	CHECK_STR(value_str(value_items(v, S("a"))->items[0], S("y")), S("two"));
	CHECK_STR(value_items(value_get(v, S("b")), S("c"))->items[1]->text, S("e"));
	CHECK_ERR(value_from_yaml(S("a: &x 1\nb: *x\n"), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S("a: &x 1\nb: 2\n"), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S("a: 1\na: 2\n"), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S("a: 1\n--- \nb: 2\n"), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S("[a, b"), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S(""), &a, &v), ERR_INPUT);
	CHECK_ERR(value_from_yaml(S("? [a]\n: b\n"), &a, &v), ERR_INPUT);
	arena_finish(&a);
}

TEST(anything_quoted_reads_back)
{
	Arena a = {0};
	Buf b = buf_in(&a, 1000);
	json_quote(&b, S("a\"\\\n\x01\x7f\xc3\xa9\xff end"));
	CHECK_STR(buf_str(&b), S("\"a\\\"\\\\\\n\\u0001\\u007f\xc3\xa9\xef\xbf\xbd end\""));
	Value *v;
	CHECK_OK(value_from_json(buf_str(&b), &a, &v));
	arena_finish(&a);
}
