/* platform.c - names of machines, and which image runs where. */
#include "image/platform.h"

#include <sys/utsname.h>

#include "base/buf.h"

static const struct {
	const char *machine, *arch, *variant; /* as uname(2) says it; as images do */
} machines[] = {
	{"x86_64", "amd64", ""}, {"aarch64", "arm64", "v8"}, {"armv7l", "arm", "v7"},
	{"armv8l", "arm", "v7"}, {"armv6l", "arm", "v6"},    {"i686", "386", ""},
	{"i386", "386", ""},     {"ppc64le", "ppc64le", ""}, {"riscv64", "riscv64", ""},
	{"s390x", "s390x", ""},  {"mips64", "mips64", ""},   {"loongarch64", "loong64", ""},
};

static Platform known(Str machine)
{
	Platform p = {.os = S("linux"), .arch = machine, .variant = S("")};
	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
		if (str_eq(machine, str_of(machines[i].machine))) {
			p.arch = str_of(machines[i].arch);
			p.variant = str_of(machines[i].variant);
		}
	return p;
}

Platform platform_host(void)
{
	struct utsname u;
	if (uname(&u) != 0)
		return (Platform){.os = S("linux"), .arch = S("amd64"), .variant = S("")};
	Platform p = known(str_of(u.machine));
	if (p.arch.p == u.machine) /* not in the table, and on this stack */
		p.arch = S("unknown");
	return p;
}

static bool is_word(Str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
		if (!fine)
			return false;
	}
	return s.n != 0;
}

Result platform_parse(Str text, Platform *out)
{
	Str rest = text, part[3] = {{0}};
	size_t n = 0;
	while (n < 3 && str_cut(&rest, '/', &part[n]))
		n++;
	bool words = n != 0 && rest.n == 0;
	for (size_t i = 0; i < n; i++)
		words = words && is_word(part[i]);
	if (!words || str_ends(text, S("/")))
		FAIL(ERR_USAGE, "platform '" STR_FMT "': want os/arch or os/arch/variant",
		     STR_ARG(str_first(text, 100)));
	Platform p = known(part[n == 1 ? 0 : 1]);
	if (n > 1)
		p.os = part[0];
	if (n > 2)
		p.variant = part[2];
	*out = p;
	return OK;
}

static unsigned variant_rank(const Platform *want, const Platform *have)
{
	Str w = want->variant, h = have->variant;
	if (str_eq(w, h))
		return 4;
	if (h.n == 0)
		return 3;
	if (str_eq(want->arch, S("arm64")) && str_eq(h, S("v8")))
		return 3; /* what every arm64 is */
	if (w.n == 0)
		return 2;
	bool older = str_eq(want->arch, S("arm")) && str_cmp(h, w) < 0; /* v6 runs on v7 */
	return older ? 1 : 0;
}

unsigned platform_rank(const Platform *want, const Platform *have)
{
	if (have->os.n == 0 && have->arch.n == 0)
		return 1;
	if (!str_eq(want->os, have->os) || !str_eq(want->arch, have->arch))
		return 0;
	return variant_rank(want, have);
}

Str platform_text(const Platform *p, Arena *a)
{
	Buf b = buf_in(a, 1024);
	buf_add(&b, p->os.n != 0 ? str_first(p->os, 100) : S("unknown"));
	buf_char(&b, '/');
	buf_add(&b, p->arch.n != 0 ? str_first(p->arch, 100) : S("unknown"));
	if (p->variant.n != 0)
		buf_fmt(&b, "/" STR_FMT, STR_ARG(str_first(p->variant, 100)));
	return buf_str(&b);
}
