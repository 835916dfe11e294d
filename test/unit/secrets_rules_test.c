/* secrets_rules_test.c - laws of the rules that come with the program. */
#include "base/map.h"
#include "secret_found.h"
#include "secret_sample.h"

static Str sample_path(const SecretRule *r)
{
	static const struct {
		const char *rule, *path;
	} paths[] = {
		{"nuget-config-password", "nuget.config"},
		{"docker-config-auth", "root/.docker/config.json"},
		{"maven-settings-password", "root/.m2/settings.xml"},
		{"netrc-password", "root/.netrc"},
		{"pypirc-password", "root/.pypirc"},
		{"git-credentials", "root/.git-credentials"},
		{"htpasswd-hash", "etc/nginx/htpasswd"},
		{"freemius-secret-key", "plugin.php"},
		{"terraform-password", "main.tf"},
		{"kubernetes-secret-yaml", "secret.yaml"},
		{"unix-password-hash", "etc/shadow"},
		{"wordpress-salt", "wp-config.php"},
		{"django-secret-key", "settings.py"},
		{"generic-password", "app/settings.ini"},
		{"pkcs12-file", "certs/site.p12"},
		{"java-keystore-file", "certs/site.jks"},
	};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (str_eq(r->id, str_of(paths[i].rule)))
			return str_of(paths[i].path);
	return S("src/app.txt");
}

static void tell(const SecretRule *r, const char *what, Str text)
{
	printf("# " STR_FMT ": %s: " STR_FMT "\n", STR_ARG(r->id), what,
	       STR_ARG(str_first(text, 300)));
	tap_bad++;
}

TEST(every_rule_finds_its_good_samples)
{
	builtin();
	SecretScan *s = secret_scan_create(builtin());
	for (size_t i = 0; i < builtin_rules.n; i++) {
		const SecretRule *r = &builtin_rules.at[i];
		Arena a = {0};
		FoundList found = {.arena = &a};
		if (r->good.n == 0 && r->pattern.n != 0)
			tell(r, "has no good sample", S(""));
		if (r->pattern.n == 0) {
			find_in(s, sample_path(r), S("x"), 0, &found);
			if (hit_of(&found, r->id) == NULL)
				tell(r, "not found by its path", sample_path(r));
		}
		for (size_t k = 0; k < r->good.n; k++) {
			Str text = sample_make(&a, r->good.at[k]);
			find_in(s, sample_path(r), text, 0, &found);
			if (hit_of(&found, r->id) == NULL && !(r->vague && found.hits.n != 0))
				tell(r, "not found", text);
		}
		arena_finish(&a);
	}
	secret_scan_destroy(s);
}

TEST(no_rule_takes_its_bad_samples)
{
	SecretScan *s = secret_scan_create(builtin());
	for (size_t i = 0; i < builtin_rules.n; i++) {
		const SecretRule *r = &builtin_rules.at[i];
		Arena a = {0};
		FoundList found = {.arena = &a};
		if (r->bad.n == 0 && r->pattern.n != 0)
			tell(r, "has no bad sample", S(""));
		for (size_t k = 0; k < r->bad.n; k++) {
			Str text = sample_make(&a, r->bad.at[k]);
			find_in(s, sample_path(r), text, 0, &found);
			if (hit_of(&found, r->id) != NULL)
				tell(r, "taken for a secret", text);
		}
		arena_finish(&a);
	}
	secret_scan_destroy(s);
}

TEST(there_are_220_rules_and_no_id_twice)
{
	Map ids = {0};
	Arena a = {0};
	builtin();
	for (size_t i = 0; i < builtin_rules.n; i++) {
		void **at = map_at(&ids, &a, builtin_rules.at[i].id);
		if (*at != NULL)
			tell(&builtin_rules.at[i], "its id stands twice", S(""));
		*at = &builtin_rules.at[i];
	}
	printf("# %zu rules\n", builtin_rules.n);
	CHECK(builtin_rules.n >= 220);
	arena_finish(&a);
}
