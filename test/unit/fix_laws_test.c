/* What holds for every line of remedies.def and wanted.def. */
#include <string.h>

#include "bench/bench.h"
#include "fix/json_edit.h"
#include "host/host.h"
#include "tap.h"

typedef struct Line {
	const char *id, *value, *risk;
	bool setting;
} Line;

static const Line lines[] = {
#define MODE(id, limit) {#id, "", "", false},
#define OWNER(id) {#id, "", "", false},
#define OWNER_DOCKER(id) {#id, "", "", false},
#define SETTING(id, key, flag, value, risk, restart) {#id, value, risk, true},
#define SETTING_IF_SET(id, key, flag, value, risk, restart) {#id, value, risk, true},
#define AUDIT(id) {#id, "", "", false},
#define SYSCTL(id, key, value, fine, risk) {#id, value, risk, false},
#include "fix/remedies.def"
};
enum { LINES = sizeof lines / sizeof lines[0] };

TEST(every_remedy_answers_a_check_that_exists)
{
	for (size_t i = 0; i < LINES; i++) {
		Str id = str_of(lines[i].id);
		const CheckInfo *c = lines[i].id[0] == 'B' ? bench_check_named(id)
							   : host_check_named(id);
		if (c == NULL)
			printf("# no check %s\n", lines[i].id);
		CHECK(c != NULL);
	}
}

TEST(every_setting_is_json_and_says_what_may_break)
{
	Arena a = {0};
	Str out;
	for (size_t i = 0; i < LINES; i++) {
		if (!lines[i].setting)
			continue;
		CHECK_OK(json_edit_set(S("{}"), S("key"), str_of(lines[i].value), &a, &out));
		CHECK(lines[i].risk[0] != '\0' && str_ends(str_of(lines[i].risk), S(".")));
	}
	arena_finish(&a);
}

static const char *const numbers[] = {
#define PROGRAM(name, cis) cis,
#define CONFIG(path, cis) cis,
#define PRESENT(path, cis) cis,
#define UNIT(name, cis) cis,
#define SOCKET(path, cis) cis,
#define USERS(path, cis) cis,
#define SELF(path, cis) cis,
#define STATE(path, cis) cis,
#define CALLS(key, names)
#include "audit/wanted.def"
	"1.1.5", /* the data root, wherever it is */
};

static bool is_wanted(const char *number)
{
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (numbers[i] != NULL && strcmp(numbers[i], number) == 0)
			return true;
	return false;
}

TEST(every_audit_check_of_the_benchmark_has_a_rule)
{
	for (size_t i = 0; bench_check_at(i) != NULL; i++) {
		const CheckInfo *c = bench_check_at(i);
		if (strncmp(c->name, "audit-", strlen("audit-")) != 0 || c->cis[CIS_180] == NULL)
			continue;
		if (!is_wanted(c->cis[CIS_180]))
			printf("# no rule for %s\n", c->cis[CIS_180]);
		CHECK(is_wanted(c->cis[CIS_180]));
	}
}
