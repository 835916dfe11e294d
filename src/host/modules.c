/* modules.c - modules that a container host has no use for: loaded, kept out, or ready to be
 * loaded by whoever asks for a socket or a mount. */
#include <errno.h>

#include "base/map.h"
#include "host/modprobe.h"
#include "host/private.h"

#define SECTION "modules"

typedef struct Modules {
	ModRuleVec rules;
	Map loaded, there, built_in; /* by name with '_' */
	bool known;                  /* which there are */
} Modules;

/* A file of an earlier directory replaces one of the same name in a later. */
static void read_rules(Host *h, ModRuleVec *out)
{
	static const char *const dirs[] = {"/etc/modprobe.d", "/run/modprobe.d",
					   "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
					   "/lib/modprobe.d"};
	Map seen = {0};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		StrVec names;
		if (see_list(h, str_of(dirs[i]), &names) != 0)
			continue;
		for (size_t k = 0; k < names.n; k++) {
			Str text;
			void **at = map_at(&seen, h->a, names.at[k]);
			if (*at != NULL || !str_ends(names.at[k], S(".conf")))
				continue;
			*at = h;
			Str path = host_path(h, "%s/" STR_FMT, dirs[i], STR_ARG(names.at[k]));
			if (see_read(h, path, &text) == 0)
				modprobe_read(text, h->a, out);
		}
	}
}

/* "kernel/fs/udf/udf.ko.xz: ..." gives udf. */
static Str module_of(Host *h, Str line)
{
	Str path = {0}, name = {0};
	(void)str_cut(&line, ':', &path);
	Str base = str_base(path);
	(void)str_cut(&base, '.', &name);
	return modprobe_name(h->a, name);
}

static void add_paths(Host *h, Str path, Map *to, bool *known)
{
	Str text, line;
	if (see_read(h, path, &text) != 0)
		return;
	*known = true;
	while (text.n != 0 && str_cut(&text, '\n', &line))
		*map_at(to, h->a, module_of(h, line)) = h;
}

static void look(Host *h, Modules *m)
{
	Str text, line, name, release;
	bool builtin_known = false;
	read_rules(h, &m->rules);
	if (h->o->live && see_read(h, S("/proc/modules"), &text) == 0)
		while (text.n != 0 && str_cut(&text, '\n', &line))
			if (str_cut(&line, ' ', &name))
				*map_at(&m->loaded, h->a, name) = h;
	StrVec all = {0};
	if (h->o->live && host_text(h, S("/proc/sys/kernel/osrelease"), &release) == 0)
		vec_push(h->a, &all, release);
	else if (!h->o->live)
		(void)see_list(h, S("/lib/modules"), &all);
	for (size_t i = 0; i < all.n; i++) {
		add_paths(h,
			  host_path(h, "/lib/modules/" STR_FMT "/modules.dep", STR_ARG(all.at[i])),
			  &m->there, &m->known);
		add_paths(h,
			  host_path(h, "/lib/modules/" STR_FMT "/modules.builtin",
				    STR_ARG(all.at[i])),
			  &m->built_in, &builtin_known);
	}
}

static void judge_modules(Host *h, Verdict *v, const char *const *names)
{
	Modules m = {0};
	look(h, &m);
	if (!m.known && m.loaded.n == 0) {
		NOT_HERE(h, v, "this host has no modules to load");
		return;
	}
	for (size_t i = 0; names[i] != NULL; i++) {
		Str name = str_of(names[i]);
		v->subjects++;
		if (map_get(&m.loaded, name) != NULL)
			verdict_item(v, h->a, "module", name, "loaded");
		else if (map_get(&m.built_in, name) != NULL)
			verdict_item(v, h->a, "module", name, "built into the kernel");
		else if (map_get(&m.there, name) != NULL && !modprobe_forbids(&m.rules, name))
			verdict_item(v, h->a, "module", name, "loaded when somebody asks");
	}
	Str source = S("/proc/modules, modules.dep and modprobe.d");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu of %llu modules", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "none of %llu can be loaded", (unsigned long long)v->subjects);
}

CHECK(H51, "rare-modules", SECTION, SEV_LOW, "FILE-6430, NETW-3200",
      "Rare file systems and protocols stay out of the kernel",
      "cramfs, hfs, udf, dccp, sctp, rds, tipc and the like neither loaded nor ready to be",
      "A user who opens such a socket, or a container with a mount, gets code loaded that hardly "
      "anybody has looked at.",
      "'blacklist NAME' and 'install NAME /bin/false' in a file of /etc/modprobe.d")
{
	static const char *const names[] = {
		"cramfs", "freevxfs", "hfs",  "hfsplus", "jffs2",     "udf",    "dccp",
		"sctp",   "rds",      "tipc", "ax25",    "netrom",    "rose",   "decnet",
		"econet", "x25",      "can",  "atm",     "appletalk", "n_hdlc", NULL};
	judge_modules(h, v, names);
}

CHECK(H52, "usb-storage", SECTION, SEV_LOW, "USB-1000, STRG-1846",
      "A stick that is plugged in is not read", "usb_storage and firewire drivers kept out",
      "A server has no use for them; who gets to its case, or its management card's virtual USB, "
      "has.",
      "'install usb-storage /bin/false' in a file of /etc/modprobe.d")
{
	static const char *const names[] = {"usb_storage",   "uas",           "firewire_core",
					    "firewire_ohci", "firewire_sbp2", NULL};
	judge_modules(h, v, names);
}
