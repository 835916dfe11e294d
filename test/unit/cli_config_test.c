/* cli_config_test.c - options from a configuration file. */
#include "cli/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

/* Against the real table: `completion` has no options, `help` has a flag. */
typedef struct HelpOpts {
	bool man;
} HelpOpts;

typedef struct Case {
	Arena a;
	HelpOpts o;
	OptSet set;
} Case;

static void start(Case *c)
{
	arena_finish(&c->a);
	*c = (Case){0};
	c->set = (OptSet){
		.table = command_named(commands, "help")->opts, .into = &c->o, .arena = &c->a};
}

static Err *apply(Case *c, const char *text)
{
	start(c);
	return config_read("config.yaml", str_of(text), "help", &c->set);
}

static void says(Err *e, ErrKind kind, const char *text)
{
	size_t at;
	if (e == OK || e->kind != kind || !str_find(str_of(e->text), str_of(text), &at))
		printf("# got: %s\n", e != OK ? e->text : "success");
	CHECK(e != OK && e->kind == kind && str_find(str_of(e->text), str_of(text), &at));
	err_free(e);
}

TEST(a_section_gives_its_command_values)
{
	Case c = {0};
	CHECK_OK(apply(&c, "help:\n  man: true\n"));
	CHECK(c.o.man);
	arena_finish(&c.a);
	CHECK_OK(apply(&c, "help: {man: off}\n"));
	CHECK(!c.o.man);
	arena_finish(&c.a);
}

TEST(nothing_is_fine)
{
	Case c = {0};
	CHECK_OK(apply(&c, ""));
	CHECK_OK(apply(&c, "# only words\n\n---\n"));
	CHECK_OK(apply(&c, "help:\n"));
	CHECK(!c.o.man);
	arena_finish(&c.a);
}

TEST(mistakes_name_the_key)
{
	Case c = {0};
	says(apply(&c, "hlep: {man: true}\n"), ERR_USAGE, "unknown key 'hlep'; did you mean help?");
	says(apply(&c, "help: {men: true}\n"), ERR_USAGE,
	     "help: unknown key 'men'; did you mean man?");
	says(apply(&c, "help: {man: perhaps}\n"), ERR_USAGE,
	     "help: man: wants true or false, not 'perhaps'");
	says(apply(&c, "help: {man: [true]}\n"), ERR_USAGE, "help: man: wants true or false");
	says(apply(&c, "help: true\n"), ERR_USAGE, "help: wants options under it");
	says(apply(&c, "- help\n"), ERR_USAGE, "wants commands and their options");
	says(apply(&c, "help: {\n"), ERR_USAGE, "yaml");
	arena_finish(&c.a);
}

TEST(other_commands_are_checked_too)
{
	Case c = {0};
	says(apply(&c, "version: {man: true}\n"), ERR_USAGE, "version: unknown key 'man'");
	arena_finish(&c.a);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0);
	if (f != NULL)
		fclose(f);
}

TEST(files_are_found_in_order_and_must_be_ones_own)
{
	Case c = {0};
	char folder[] = "/tmp/bulwark-config-XXXXXX", user[256], other[256];
	CHECK(mkdtemp(folder) != NULL);
	snprintf(user, sizeof user, "%s/bulwark", folder);
	CHECK(mkdir(user, 0755) == 0);
	snprintf(user, sizeof user, "%s/bulwark/config.yaml", folder);
	snprintf(other, sizeof other, "%s/other.yaml", folder);
	write_file(user, "help: {man: true}\n");
	write_file(other, "help: {man: false}\nx: 1\n");
	unsetenv("BULWARK_CONFIG");
	setenv("XDG_CONFIG_HOME", folder, 1);

	start(&c);
	CHECK_OK(config_apply(NULL, "help", &c.set));
	CHECK(c.o.man);
	says(config_apply(other, "help", &c.set), ERR_USAGE, "other.yaml:2:1: unknown key 'x'");
	setenv("BULWARK_CONFIG", other, 1);
	says(config_apply(NULL, "help", &c.set), ERR_USAGE, "other.yaml:2:1: unknown key 'x'");
	CHECK_OK(config_apply("/dev/null", "help", &c.set));
	unsetenv("BULWARK_CONFIG");
	says(config_apply("/nonexistent", "help", &c.set), ERR_SYS, "/nonexistent: cannot read");

	CHECK(chmod(user, 0666) == 0);
	says(config_apply(NULL, "help", &c.set), ERR_TRUST, "another user can write to it");
	CHECK_OK(config_apply(user, "help", &c.set));

	unlink(user);
	unlink(other);
	snprintf(user, sizeof user, "%s/bulwark", folder);
	rmdir(user);
	rmdir(folder);
	arena_finish(&c.a);
}
