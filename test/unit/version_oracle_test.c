/* version_oracle_test.c - tens of thousands of claims that nobody here made, in both orientations.
 */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/source.h"
#include "oracle.h"
#include "tap.h"
#include "version/scheme.h"

static int sign(int n) { return (n > 0) - (n < 0); }

/* The claim holds as it stands and turned round, and each version equals itself. */
static bool holds(const Scheme *s, Str a, char op, Str b)
{
	int want = op == '<' ? -1 : op == '>', ab, ba, aa;
	return s->compare(a, b, &ab) && s->compare(b, a, &ba) && s->compare(a, a, &aa) &&
	       sign(ab) == want && sign(ba) == -want && aa == 0;
}

static unsigned check_file(const Scheme *s, const char *name)
{
	Arena a = {0};
	Str text, line;
	unsigned claims = 0;
	if (!oracle_load(&a, "versions", name, &text))
		return 0;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || str_starts(line, S("//")))
			continue;
		Str x, op, y = line;
		if (!str_cut(&y, ' ', &x) || !str_cut(&y, ' ', &op) || op.n != 1)
			continue;
		y = str_trim(y);
		claims++;
		if (!holds(s, x, op.p[0], y)) {
			printf("# %s: " STR_FMT "\n", name, STR_ARG(line));
			tap_bad++;
		}
	}
	arena_finish(&a);
	return claims;
}

static void check_files(VersionScheme id, const char *one, const char *two, unsigned at_least)
{
	unsigned n = check_file(scheme_get(id), one) +
		     (two != NULL ? check_file(scheme_get(id), two) : 0);
	if (n == 0)
		tap_skip("the version oracle is not here (BULWARK_ORACLES)");
	else
		CHECK(n >= at_least);
}

TEST(deb_holds_every_claim)
{
	check_files(SCHEME_DEB, "debian-versions.txt", "debian-versions-generated.txt", 14472);
}

TEST(rpm_holds_every_claim) { check_files(SCHEME_RPM, "redhat-versions.txt", NULL, 165); }

TEST(apk_holds_every_claim)
{
	check_files(SCHEME_APK, "alpine-versions.txt", "alpine-versions-generated.txt", 14757);
}

TEST(semver_holds_every_claim) { check_files(SCHEME_SEMVER, "semver-versions.txt", NULL, 86); }

TEST(pep440_holds_every_claim)
{
	check_files(SCHEME_PEP440, "pypi-versions.txt", "pypi-versions-generated.txt", 12412);
}
