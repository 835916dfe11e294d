/* Every check over a made machine: what is there, and what has to come of it. */
#include "host_case.h"

#include "host_cases_confine.h"
#include "host_cases_kernel.h"
#include "host_cases_people.h"
#include "host_cases_things.h"

static void all_hold(const HostCase *cases, size_t n)
{
	if (geteuid() != 0) {
		tap_skip("files of root can only be made by root");
		return;
	}
	for (size_t i = 0; i < n; i++)
		CHECK(case_holds(&cases[i]));
}

#define ALL_HOLD(cases) all_hold(cases, sizeof cases / sizeof cases[0])

TEST(the_kernel) { ALL_HOLD(kernel_cases); }
TEST(the_network) { ALL_HOLD(network_cases); }
TEST(the_packet_filter) { ALL_HOLD(forward_cases); }
TEST(security_modules) { ALL_HOLD(lsm_cases); }
TEST(kernel_modules) { ALL_HOLD(module_cases); }
TEST(mounts) { ALL_HOLD(mount_cases); }
TEST(users) { ALL_HOLD(user_cases); }
TEST(ssh) { ALL_HOLD(ssh_cases); }
TEST(files) { ALL_HOLD(file_cases); }
TEST(listeners) { ALL_HOLD(listener_cases); }
TEST(audit) { ALL_HOLD(audit_cases); }
TEST(logs_and_the_clock) { ALL_HOLD(log_cases); }
TEST(software_and_runtimes) { ALL_HOLD(software_cases); }

/* ---- laws over the table ---- */

TEST(ids_and_names_are_there_once)
{
	for (size_t i = 0; host_check_at(i) != NULL; i++)
		for (size_t k = 0; k < i; k++) {
			CHECK(strcmp(host_check_at(i)->id, host_check_at(k)->id) != 0);
			CHECK(strcmp(host_check_at(i)->name, host_check_at(k)->name) != 0);
		}
}

TEST(a_section_is_in_one_piece_and_its_ids_go_up)
{
	for (size_t i = 1; host_check_at(i) != NULL; i++) {
		const CheckInfo *c = host_check_at(i), *before = host_check_at(i - 1);
		if (strcmp(c->section, before->section) == 0) {
			CHECK(strcmp(before->id, c->id) < 0);
			continue;
		}
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(host_check_at(k)->section, c->section) != 0);
	}
}

static bool is_phrase(const char *s)
{
	return s != NULL && strlen(s) > 3 && s[strlen(s) - 1] != '.';
}

TEST(the_document_names_every_check)
{
	static char text[64 << 10];
	char path[4096];
	const char *root = getenv("MESON_SOURCE_ROOT");
	snprintf(path, sizeof path, "%s/doc/host-checks.md", root != NULL ? root : ".");
	FILE *f = fopen(path, "r");
	CHECK(f != NULL);
	if (f == NULL)
		return;
	size_t n = fread(text, 1, sizeof text, f);
	fclose(f);
	for (size_t i = 0; host_check_at(i) != NULL; i++) {
		const CheckInfo *c = host_check_at(i);
		char row[512];
		size_t at;
		snprintf(row, sizeof row, "| %s | %s | %s | %s |", c->id, c->name,
			 severity_name(c->severity), c->title);
		bool found = str_find((Str){text, n}, str_of(row), &at);
		if (!found)
			printf("# %s\n", row);
		CHECK(found);
	}
}

TEST(every_check_has_words)
{
	for (size_t i = 0; host_check_at(i) != NULL; i++) {
		const CheckInfo *c = host_check_at(i);
		bool good = is_phrase(c->title) && is_phrase(c->wanted) && is_phrase(c->remedy) &&
			    c->why != NULL && c->why[strlen(c->why) - 1] == '.' &&
			    c->severity >= SEV_LOW && strlen(c->id) == 3 && c->id[0] == 'H';
		if (!good)
			printf("# %s\n", c->id);
		CHECK(good);
		CHECK(host_check_named(str_of(c->id)) == c);
	}
}
