/* image_leftovers.c - I305, I306: what was copied along, and what no image should hold. */
#include "lint/image_gather.h"

enum { LIST_MAX = 20 };

/* ---- I305 ---- */

typedef struct Leftover {
	const char *name;
	FileType type;
	bool start; /* the name only starts so, before a '.' */
	bool grave; /* holds secrets, often */
	const char *what;
} Leftover;

static const Leftover leftovers[] = {
	{".git", FILE_DIR, false, true, "a Git repository, with everything that ever was in it"},
	{".svn", FILE_DIR, false, false, "a Subversion working copy"},
	{".hg", FILE_DIR, false, true, "a Mercurial repository"},
	{".env", FILE_REGULAR, true, true, "settings for a developer's machine, secrets often"},
	{".DS_Store", FILE_REGULAR, false, false, "a Mac's notes about a folder"},
	{"Dockerfile", FILE_REGULAR, true, false, "a Dockerfile"},
	{"Containerfile", FILE_REGULAR, false, false, "a Containerfile"},
	{"docker-compose.yml", FILE_REGULAR, false, false, "a Compose file"},
	{"docker-compose.yaml", FILE_REGULAR, false, false, "a Compose file"},
	{"compose.yaml", FILE_REGULAR, false, false, "a Compose file"},
	{".bash_history", FILE_REGULAR, false, true, "what somebody typed"},
	{".ash_history", FILE_REGULAR, false, true, "what somebody typed"},
	{".python_history", FILE_REGULAR, false, true, "what somebody typed"},
	{".mysql_history", FILE_REGULAR, false, true, "what somebody typed"},
	{".psql_history", FILE_REGULAR, false, true, "what somebody typed"},
	{".vagrant", FILE_DIR, false, false, "a virtual machine's state"},
	{".terraform", FILE_DIR, false, false, "Terraform's state"},
	{".idea", FILE_DIR, false, false, "an editor's settings"},
	{".vscode", FILE_DIR, false, false, "an editor's settings"},
};

/* Packages bring such files by the hundred, and mean it. */
static bool is_libraries(Str path)
{
	static const char *const parts[] = {"node_modules/", "site-packages/", "dist-packages/",
					    "go/pkg/mod/",   "vendor/bundle/", "gems/"};
	size_t at;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (str_find(path, str_of(parts[i]), &at))
			return true;
	return str_starts(path, S("usr/share/")) || str_starts(path, S("usr/lib")) ||
	       str_starts(path, S("usr/src/")) || str_starts(path, S("var/lib/")) ||
	       str_starts(path, S("proc/")) || str_starts(path, S("sys/"));
}

static const Leftover *leftover_of(Str path, FileType type)
{
	Str name = str_base(path);
	if (name.n == 0 || strchr(".Ddc", name.p[0]) == NULL)
		return name.n != 0 && str_starts(name, S("Containerfile")) && !is_libraries(path)
			       ? &leftovers[6]
			       : NULL;
	for (size_t i = 0; i < sizeof leftovers / sizeof leftovers[0]; i++) {
		const Leftover *l = &leftovers[i];
		Str is = str_of(l->name);
		bool starts = l->start && str_starts(name, is) && name.n > is.n &&
			      name.p[is.n] == '.';
		if (type == l->type && (starts || str_eq(name, is)))
			return is_libraries(path) ? NULL : l;
	}
	return NULL;
}

bool names_leftover(Str path, FileType type) { return leftover_of(path, type) != NULL; }

/* ".env.example" and its like show what would stand there. */
static bool is_sample(Str path)
{
	return str_ends(path, S(".example")) || str_ends(path, S(".sample")) ||
	       str_ends(path, S(".template")) || str_ends(path, S(".dist"));
}

static void check_leftovers(const LintImage *i, LintSink *to)
{
	size_t n = 0;
	EACH_FILE(i, f, TRAIT_LEFTOVER)
	{
		const Leftover *l = leftover_of(f->info.path, f->info.type);
		bool empty = f->info.type == FILE_REGULAR && f->info.size == 0;
		if (f->owner != NULL || empty || is_sample(f->info.path) || n++ >= LIST_MAX)
			continue;
		image_say(i, to, in_file(f->info.path, f->layer), "%s", l->what);
		if (l->grave)
			lint_grade(to, LEVEL_WARNING);
	}
	if (n > LIST_MAX)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "%zu more files that were copied along", n - LIST_MAX);
}

const LintRule lint_I305 = {
	.id = "I305",
	.name = "image-leftovers",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "COPY . takes all that lies beside the program: history, settings and secrets of "
	       "the "
	       "developer's machine.",
	.help = "list it in .dockerignore, or copy what is needed by name",
	.aliases = LIST("DKL-LI-0003"),
	.good = LIST("f app/.gitignore x", "f app/.env.example x", "f app/.env",
		     "f app/node_modules/x/Dockerfile x", "pkg a srv/.env\nf srv/.env x"),
	.bad = LIST("d app/.git", "f app/.env A=b", "f app/.env.production A=b",
		    "f app/Dockerfile x", "f Dockerfile.dev x", "f root/.bash_history ls"),
	.check_image = check_leftovers,
};

/* ---- I306 ---- */

static void check_strange(const LintImage *i, LintSink *to)
{
	size_t n = 0;
	EACH_FILE(i, f, TRAIT_STRANGE)
	{
		if (n++ >= LIST_MAX)
			continue;
		ImagePlace at = in_file(f->info.path, f->layer);
		if (f->info.device)
			image_say(i, to, at, "a device node outside of /dev");
		else if (f->info.climbs)
			image_say(i, to, at,
				  "its name in the layer's archive leads out of the archive by "
				  "'..'");
		else if (leads_to_process(f->link))
			image_say(i, to, at,
				  "a link to what a process has open, which may be the "
				  "host's: " STR_FMT,
				  STR_ARG(str_first(f->link, 200)));
		else
			image_say(i, to, at, "a link that leads out of the image: " STR_FMT,
				  STR_ARG(str_first(f->link, 200)));
	}
	if (n > LIST_MAX)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "%zu more device nodes, links and names that lead out", n - LIST_MAX);
}

const LintRule lint_I306 = {
	.id = "I306",
	.name = "image-strange-files",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Programs that unpack or serve an image's files follow such a link or name on their "
	       "own machine; a device node is a way to the host's device for who may use it. "
	       "Absolute links, and those that lead nowhere, are many in sound images and are not "
	       "told.",
	.help = "remove it",
	.good = LIST("l a/b -> ../c", "l a -> /etc/x", "c dev/null", "l a/b/c -> ../../x",
		     "l a/b -> ../c/../d", "l a -> /nowhere", "l a -> /proc/self/fd/1",
		     "l a -> /proc/mounts", "l a -> /proc/self/mounts"),
	.bad = LIST("l a -> ../etc/x", "l a/b -> ../../../x", "c srv/null",
		    "l a/b -> ./../x/../../y", "l a -> /proc/1/root/etc",
		    "l a -> /proc/self/fd/7/../..", "l a -> /proc/self/cwd", "f ../../a x",
		    "d a/../../b"),
	.check_image = check_strange,
};
