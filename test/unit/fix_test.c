/* Plans, the text of daemon.json, and single changes to a tree. */
#include "fix/plan.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fix/act.h"
#include "fix/json_edit.h"
#include "fix/prepare.h"
#include "io/digest.h"
#include "tap.h"

/* ---- daemon.json ---- */

static Str set(Arena *a, const char *text, const char *key, const char *value)
{
	Str out = {0};
	CHECK_OK(json_edit_set(str_of(text), str_of(key), str_of(value), a, &out));
	return out;
}

TEST(a_key_is_set_and_every_other_byte_stays)
{
	Arena a = {0};
	CHECK_STR(set(&a, "{\n\t\"b\": [1,  2],\n\t\"icc\" :  true ,\n\t\"z\": {\"icc\": 1}\n}",
		      "icc", "false"),
		  S("{\n\t\"b\": [1,  2],\n\t\"icc\" :  false ,\n\t\"z\": {\"icc\": 1}\n}"));
	CHECK_STR(set(&a, "{\n    \"b\": 1\n}\n", "icc", "false"),
		  S("{\n    \"b\": 1,\n    \"icc\": false\n}\n"));
	CHECK_STR(set(&a, "{\"b\":1}", "icc", "false"), S("{\"b\":1, \"icc\": false}"));
	CHECK_STR(set(&a, "{ \"a\":1 , \"b\":2 }", "c", "3"), S("{ \"a\":1 , \"b\":2, \"c\": 3 }"));
	CHECK_STR(set(&a, "{}", "icc", "false"), S("{\n  \"icc\": false\n}"));
	CHECK_STR(set(&a, "{\n}\n", "icc", "false"), S("{\n  \"icc\": false\n}\n"));
	CHECK_STR(set(&a, "", "icc", "false"), S("{\n  \"icc\": false\n}\n"));
	CHECK_STR(set(&a, " \n", "icc", "false"), S("{\n  \"icc\": false\n}\n"));
	CHECK_STR(set(&a, "{\"icc\": {\"x\": [1]}}", "icc", "0"), S("{\"icc\": 0}"));
	CHECK_STR(set(&a, "{\"\\u0069cc\": 1}", "icc", "0"), S("{\"\\u0069cc\": 0}"));
	arena_finish(&a);
}

TEST(what_does_not_parse_is_not_touched)
{
	Arena a = {0};
	Str out;
	const char *const bad[] = {"{",
				   "[]",
				   "1",
				   "{\"a\":1,}",
				   "{\"a\":1} x",
				   "{\"a\":1,\"a\":2}",
				   "{\"b\":{\"c\":1,\"c\":2}}",
				   "// no\n{}",
				   "{'a':1}"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(json_edit_set(str_of(bad[i]), S("icc"), S("false"), &a, &out), ERR_INPUT);
	CHECK_ERR(json_edit_set(S("{}"), S("icc"), S("nonsense"), &a, &out), ERR_INPUT);
	arena_finish(&a);
}

TEST(a_key_is_read_as_it_stands)
{
	Arena a = {0};
	Str out;
	bool found;
	CHECK_OK(json_edit_get(S("{\"a\": {\"x\" : 1} , \"b\":2}"), S("a"), &a, &out, &found));
	CHECK(found);
	CHECK_STR(out, S("{\"x\" : 1}"));
	CHECK_OK(json_edit_get(S("{\"a\": 1}"), S("x"), &a, &out, &found));
	CHECK(!found);
	CHECK_OK(json_edit_get(S(""), S("x"), &a, &out, &found));
	CHECK(!found);
	arena_finish(&a);
}

/* ---- plans ---- */

TEST(a_plan_comes_back_from_its_file_and_through_a_pipe)
{
	Arena a = {0};
	FixPlan plan = {.host = S("web-1")}, back;
	FixStep mode = {.kind = FIX_MODE,
			.path = S("/etc/docker"),
			.before = S("0777"),
			.after = S("0755"),
			.risk = S("none")};
	FixStep key = {.kind = FIX_JSON,
		       .path = S("/etc/docker/daemon.json"),
		       .key = S("icc"),
		       .absent = true,
		       .after = S("false"),
		       .restart = S("dockerd")};
	vec_push(&a, &mode.checks, S("B306"));
	vec_push(&a, &plan.steps, mode);
	vec_push(&a, &plan.steps, key);
	Buf json = buf_in(&a, 65536), wire = buf_in(&a, 65536);
	fix_plan_json(&plan, &json);
	CHECK_OK(fix_plan_parse(buf_str(&json), &a, &back));
	CHECK(back.steps.n == 2 && back.steps.at[1].absent && !back.steps.at[0].absent);
	CHECK_STR(back.steps.at[0].after, S("0755"));
	CHECK_STR(back.steps.at[0].checks.at[0], S("B306"));
	CHECK_STR(back.host, S("web-1"));
	fix_plan_write(&wire, &plan);
	CHECK_OK(fix_plan_read(buf_str(&wire), &a, &back));
	CHECK_STR(back.steps.at[1].restart, S("dockerd"));
	for (size_t n = 0; n < wire.n; n++)
		CHECK_ERR(fix_plan_read(str_first(buf_str(&wire), n), &a, &back), ERR_BUG);
	arena_finish(&a);
}

TEST(a_plan_that_is_none_is_refused)
{
	Arena a = {0};
	FixPlan p;
	const char *const bad[] = {
		"",
		"{}",
		"{\"bulwark_plan\": 2, \"steps\": []}",
		"{\"bulwark_plan\": 1}",
		"{\"bulwark_plan\": 1, \"steps\": [1]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"shell\", \"after\": \"x\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"mode\", \"path\": \"etc\", "
		"\"before\": \"0\", \"after\": \"0\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"mode\", \"path\": \"/a/../b\", "
		"\"before\": \"0\", \"after\": \"0\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"mode\", \"path\": \"/a\", "
		"\"after\": \"0\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"sysctl\", \"path\": \"/a\", "
		"\"key\": \"..kernel\", \"before\": \"0\", \"after\": \"1\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"sysctl\", \"path\": \"/a\", "
		"\"key\": \"kernel/x\", \"before\": \"0\", \"after\": \"1\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"json\", \"path\": \"/a\", "
		"\"after\": \"1\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"file\", \"path\": \"/a//b\", "
		"\"after\": \"1\"}]}",
		"{\"bulwark_plan\": 1, \"steps\": [{\"kind\": \"file\", \"path\": \"/a/\", "
		"\"after\": \"1\"}]}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(fix_plan_parse(str_of(bad[i]), &a, &p), ERR_INPUT);
	arena_finish(&a);
}

/* ---- changes ---- */

static char dir[] = "/tmp/bulwark-fix-XXXXXX";
static int root = -1;

__attribute__((constructor)) static void make_root(void)
{
	if (mkdtemp(dir) != NULL)
		root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

__attribute__((destructor)) static void remove_root(void)
{
	static const char *const names[] = {"f", "link", "new", "out"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlinkat(root, names[i], 0);
	rmdir(dir);
}

static void put_file(const char *name, const char *text, mode_t mode)
{
	unlinkat(root, name, 0);
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(fchmod(fd, mode) == 0 && close(fd) == 0);
}

static Str digest(Arena *a, const char *text)
{
	uint8_t sha[SHA256_BYTES];
	sha256_of(str_of(text), sha);
	return digest_text(a, sha);
}

static ActState state(const Action *act, Arena *a)
{
	ActState s = 0;
	Str what;
	CHECK_OK(act_state(root, act, a, &s, &what));
	return s;
}

TEST(a_mode_is_set_and_taken_back)
{
	Arena a = {0};
	struct stat st;
	put_file("f", "x", 0666);
	Action act = {.kind = ACT_MODE, .path = S("/f"), .before = S("0666"), .after = S("0640")};
	CHECK(state(&act, &a) == ACT_BEFORE);
	CHECK_OK(act_do(root, &act, &a));
	CHECK(fstatat(root, "f", &st, 0) == 0 && (st.st_mode & 07777) == 0640);
	CHECK(state(&act, &a) == ACT_AFTER);
	CHECK_OK(act_undo(root, &act, S(""), &a));
	CHECK(state(&act, &a) == ACT_BEFORE);
	CHECK(fchmodat(root, "f", 0600, 0) == 0);
	CHECK(state(&act, &a) == ACT_OTHER);
	act.after = S("9");
	CHECK_ERR(act_do(root, &act, &a), ERR_INPUT);
	arena_finish(&a);
}

TEST(content_is_replaced_with_its_mode_and_attributes)
{
	Arena a = {0};
	struct stat st;
	char value[8];
	Str text;
	put_file("f", "old", 0644);
	CHECK(fchmodat(root, "f", 0604, 0) == 0);
	int fd = openat(root, "f", O_RDONLY | O_CLOEXEC);
	bool xattrs = fsetxattr(fd, "user.note", "hello", 5, 0) == 0;
	close(fd);
	Action act = {.kind = ACT_CONTENT,
		      .path = S("/f"),
		      .before = digest(&a, "old"),
		      .after = digest(&a, "new"),
		      .bytes = S("new")};
	CHECK(state(&act, &a) == ACT_BEFORE);
	CHECK_OK(act_do(root, &act, &a));
	CHECK(state(&act, &a) == ACT_AFTER);
	CHECK(fstatat(root, "f", &st, 0) == 0 && (st.st_mode & 07777) == 0604);
	fd = openat(root, "f", O_RDONLY | O_CLOEXEC);
	CHECK(!xattrs || fgetxattr(fd, "user.note", value, sizeof value) == 5);
	close(fd);
	CHECK_OK(act_undo(root, &act, S("old"), &a));
	CHECK_OK(act_read(root, S("/f"), &a, &text));
	CHECK_STR(text, S("old"));
	arena_finish(&a);
}

TEST(a_file_that_was_made_is_removed_again)
{
	Arena a = {0};
	Action act = {.kind = ACT_CONTENT,
		      .path = S("/new"),
		      .absent = true,
		      .after = digest(&a, "text"),
		      .bytes = S("text")};
	CHECK(state(&act, &a) == ACT_BEFORE);
	CHECK_OK(act_do(root, &act, &a));
	CHECK(state(&act, &a) == ACT_AFTER);
	CHECK_OK(act_undo(root, &act, S(""), &a));
	CHECK(state(&act, &a) == ACT_BEFORE);
	arena_finish(&a);
}

TEST(no_link_is_followed)
{
	Arena a = {0};
	ActState s;
	Str what;
	unlinkat(root, "link", 0);
	CHECK(symlinkat("/etc/passwd", root, "link") == 0);
	Action mode = {
		.kind = ACT_MODE, .path = S("/link"), .before = S("0644"), .after = S("0666")};
	Action text = {.kind = ACT_CONTENT, .path = S("/link"), .after = S("x"), .bytes = S("x")};
	CHECK_ERR(act_state(root, &mode, &a, &s, &what), ERR_SYS);
	CHECK_ERR(act_do(root, &mode, &a), ERR_SYS);
	CHECK_ERR(act_state(root, &text, &a, &s, &what), ERR_SYS);
	CHECK_ERR(act_do(root, &text, &a), ERR_SYS);
	arena_finish(&a);
}

TEST(a_record_of_changes_comes_back)
{
	Arena a = {0};
	ActionVec all = {0}, back;
	vec_push(&a, &all, (Action){ACT_MODE, S("/etc/docker"), false, S("0777"), S("0755"), {0}});
	vec_push(&a, &all,
		 (Action){ACT_CONTENT, S("/a"), false, S("sha256:1"), S("sha256:2"), S("1")});
	vec_push(&a, &all, (Action){ACT_CONTENT, S("/b"), true, {0}, S("sha256:2"), {0}});
	vec_push(&a, &all, (Action){ACT_RULE, {0}, false, S("not loaded"), S("00"), {0}});
	Buf b = buf_in(&a, 65536), wire = buf_in(&a, 65536);
	undo_json(&all, &b);
	CHECK_OK(undo_parse(buf_str(&b), &a, &back));
	CHECK(back.n == 4 && back.at[2].absent && !back.at[1].absent);
	CHECK_STR(back.at[1].bytes, S("1"));
	CHECK(back.at[3].kind == ACT_RULE);
	actions_write(&wire, &all);
	CHECK_OK(actions_read(buf_str(&wire), &a, &back));
	CHECK(back.n == 4 && back.at[0].kind == ACT_MODE);
	CHECK_ERR(undo_parse(
			  S("{\"bulwark_undo\": 1, \"changes\": [{\"kind\": \"content\", \"path\": "
			    "\"/a\", \"before\": \"x\", \"after\": \"y\", \"saved\": \"../x\"}]}"),
			  &a, &back),
		  ERR_INPUT);
	arena_finish(&a);
}
