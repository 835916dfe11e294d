/* images.c - section 4: what images are made of, by their configuration and history. */
#include <stdlib.h>

#include "bench/private.h"
#include "dockerfile/history.h"
#include "engine/api.h"
#include "shell/shell.h"

#define SECTION "images"

/* Images of one host that are looked at; a build machine has thousands, and two questions each. */
enum { IMAGES_MAX = 5000 };

static Str first_tag(const Value *listed, Str id)
{
	const Value *tags = value_items(listed, S("RepoTags"));
	for (size_t i = 0; tags != NULL && i < tags->n; i++)
		if (!str_eq(tags->items[i]->text, S("<none>:<none>")))
			return tags->items[i]->text;
	return str_first(str_starts(id, S("sha256:")) ? str_skip(id, 7) : id, 12);
}

static bool is_id(Str s)
{
	s = str_starts(s, S("sha256:")) ? str_skip(s, 7) : s;
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == 64;
}

static const Value *ask(Bench *b, Str id, const char *what, unsigned *silent, Str *why)
{
	enum { SILENT_MOST = 3 };
	unsigned status;
	*why = S("not asked: the engine had stopped to answer");
	if (*silent >= SILENT_MOST)
		return NULL;
	Buf path = buf_in(b->a, 256);
	buf_fmt(&path, "/images/" STR_FMT "/%s", STR_ARG(id), what);
	const Value *answer = api_get(b->p, buf_str(&path), b->a, &status, why);
	*silent += status == 0;
	return answer;
}

static int by_name(const void *a, const void *b)
{
	const BenchImage *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	return order != 0 ? order : str_cmp(x->id, y->id);
}

static bool is_wanted(const Bench *b, Str name)
{
	for (size_t i = 0; i < b->o->images.n; i++)
		if (str_glob(b->o->images.at[i], name))
			return true;
	return b->o->images.n == 0;
}

static void ask_details(Bench *b, unsigned *silent, BenchImage *i)
{
	Str other;
	i->inspect = ask(b, i->id, "json", silent, &i->why);
	i->history = ask(b, i->id, "history", silent, &other);
	if (i->why.n == 0)
		i->why = other;
	if (i->history != NULL && i->history->type != JSON_ARRAY) {
		i->history = NULL;
		i->why = S("its history is no list");
	}
}

void bench_images(Bench *b, bool details)
{
	unsigned silent = 0;
	const Value *list = api_list(b->p, S("/images/json"), b->a, &b->images_why);
	if (list != NULL && list->n > IMAGES_MAX)
		b->images_why = S("GET /images/json: more images than one run looks at (5000)");
	if (list == NULL || b->images_why.n != 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		BenchImage image = {.id = value_str(list->items[i], S("Id")),
				    .tags = value_items(list->items[i], S("RepoTags"))};
		image.name = first_tag(list->items[i], image.id);
		if (!is_id(image.id))
			continue;
		image.wanted = is_wanted(b, image.name);
		if (image.wanted && details)
			ask_details(b, &silent, &image);
		vec_push(b->a, &b->images, image);
	}
	if (b->images.n > 1)
		qsort(b->images.at, b->images.n, sizeof b->images.at[0], by_name);
}

/* ---- about each ---- */

static void conclude(Bench *b, Verdict *v, Outcome bad, size_t wanted, size_t unknown)
{
	Str source = S("GET /images/ID/json and history");
	size_t found = v->items.n - unknown;
	v->unread = unknown;
	if (wanted == 0)
		NOT_HERE(b, v, "there are no images");
	else if (found != 0)
		verdict_is(v, b->a, bad, source, "%zu of %zu image%s", found, wanted,
			   wanted == 1 ? "" : "s");
	else if (unknown != 0)
		ERROR(b, v, source, "%zu of %zu images could not be read", unknown, wanted);
	else
		PASS(b, v, source, "%zu image%s", wanted, wanted == 1 ? "" : "s");
}

static void all_images(Bench *b, Verdict *v, Outcome bad,
		       bool (*one)(Bench *b, const BenchImage *i, Buf *seen))
{
	size_t unknown = 0, wanted = 0;
	if (!bench_has_info(b, v))
		return;
	if (b->images_why.n != 0) {
		ERROR(b, v, S("GET /images/json"), STR_FMT, STR_ARG(b->images_why));
		return;
	}
	for (size_t i = 0; i < b->images.n; i++) {
		const BenchImage *image = &b->images.at[i];
		Buf seen = buf_in(b->a, 4096);
		wanted += image->wanted;
		if (!image->wanted)
			continue;
		if (image->inspect == NULL || image->history == NULL) {
			verdict_item(v, b->a, "image", image->name, "cannot be judged: " STR_FMT,
				     STR_ARG(image->why));
			unknown++;
			continue;
		}
		v->subjects++;
		if (one(b, image, &seen))
			verdict_item(v, b->a, "image", image->name, STR_FMT,
				     STR_ARG(buf_str(&seen)));
	}
	conclude(b, v, bad, wanted, unknown);
}

static Str without_zeros(Str s)
{
	while (s.n > 1 && (s.p[0] == '0' || s.p[0] == '+'))
		s = str_skip(s, 1);
	return s;
}

/* "", "root", "0", "00", "root:root", "0:0": whatever the group. */
static bool is_root(Str user)
{
	Str name = user, rest = user;
	(void)str_cut(&rest, ':', &name);
	return name.n == 0 || str_eq(name, S("root")) || str_eq(without_zeros(name), S("0"));
}

static Judged runs_as_root(Bench *b, const Container *c, Buf *seen)
{
	Str user = value_str(c->config, S("User"));
	const ProcFacts *f = &c->proc;
	if (f->known) {
		bool root = f->uid_of_root != UINT32_MAX && f->status.uid == f->uid_of_root;
		buf_fmt(seen, "its first process is root%s",
			f->status.uid != 0 ? ", remapped to another user of the host" : "");
		return root ? JUDGED_BAD : JUDGED_FINE;
	}
	(void)b;
	buf_fmt(seen, "User is '" STR_FMT "'", STR_ARG(user));
	return is_root(user) ? JUDGED_BAD : JUDGED_FINE;
}

static void user(Bench *b, Verdict *v) { bench_processes(b, v, OUTCOME_WARN, runs_as_root); }

CHECK(B401, "container-user", SECTION, CIS("4.1"), 1, SEV_HIGH, "Containers do not run as root",
      "a USER other than root",
      "A process that is root in a container is one kernel bug or one mount away from the host.",
      "end the Dockerfile with USER and a numeric id, or start with --user", user)

static bool starts_as_root(Bench *b, const BenchImage *i, Buf *seen)
{
	Str user = value_str(value_get(i->inspect, S("Config")), S("User"));
	(void)b;
	buf_fmt(seen, "USER is '" STR_FMT "'", STR_ARG(user));
	return is_root(user);
}
static void image_user(Bench *b, Verdict *v) { all_images(b, v, OUTCOME_INFO, starts_as_root); }
CHECK(B441, "image-user", SECTION, CIS_NONE, 0, SEV_LOW, "Images name a user other than root",
      "USER and a numeric id", "Whoever forgets --user runs as root.",
      "end the Dockerfile with USER and a numeric id", image_user)

static void by_hand(Bench *b, Verdict *v, const char *hint) { NOTE(b, v, S(""), "%s", hint); }

static void trusted_base(Bench *b, Verdict *v)
{
	by_hand(b, v, "only you know which bases you trust");
}
CHECK(B402, "trusted-base", SECTION, CIS("4.2"), 1, SEV_HIGH,
      "Base images come from those you trust", "a short list of bases, by digest",
      "What the base brings, every image built on it has.",
      "list the registries you trust in the linter's configuration (trusted-registries)",
      trusted_base)

static void few_packages(Bench *b, Verdict *v)
{
	by_hand(b, v, "'bulwark scan IMAGE --format json' lists what is in an image");
}
CHECK(B403, "few-packages", SECTION, CIS("4.3"), 1, SEV_LOW, "Images hold only what they need",
      "no compilers, shells or tools that only building needs",
      "Every package more is a way in more, and a tool for whoever is in.",
      "build in stages, and copy only what runs", few_packages)

static void scanned(Bench *b, Verdict *v)
{
	by_hand(b, v, "'bulwark scan docker:NAME' tells what is known of each");
}
CHECK(B404, "scanned", SECTION, CIS("4.4"), 1, SEV_HIGH,
      "Images are scanned, and rebuilt with fixes", "no vulnerability with a fix",
      "Yesterday's image has today's vulnerabilities.",
      "scan each image in CI and again every day; rebuild those with fixes", scanned)

static void content_trust(Bench *b, Verdict *v)
{
	Str source = S("DOCKER_CONTENT_TRUST of this process");
	if (b->d.podman)
		NOT_HERE(b, v, "Podman checks signatures by policy.json");
	else if (str_eq(b->o->content_trust, S("1")))
		PASS(b, v, source, "1");
	else
		WARN(b, v, source, "DOCKER_CONTENT_TRUST is not %s; sudo may have dropped it",
		     b->o->content_trust.n != 0 ? "1" : "set");
}
CHECK(B405, "content-trust", SECTION, CIS("4.5"), 2, SEV_MEDIUM,
      "Images are pulled with their signatures", "DOCKER_CONTENT_TRUST=1",
      "Without a signature the registry decides what a name stands for.",
      "set DOCKER_CONTENT_TRUST=1 for all who pull, or verify signatures before images run",
      content_trust)

static bool lacks_health_check(Bench *b, const BenchImage *i, Buf *seen)
{
	(void)b;
	const Value *check = value_get(value_get(i->inspect, S("Config")), S("Healthcheck"));
	const Value *test = value_items(check, S("Test"));
	bool none = test == NULL || test->n == 0 || str_eq(test->items[0]->text, S("NONE"));
	buf_add(seen, test != NULL && test->n != 0 ? S("HEALTHCHECK NONE") : S("no HEALTHCHECK"));
	return none;
}
static void health_check(Bench *b, Verdict *v)
{
	all_images(b, v, OUTCOME_WARN, lacks_health_check);
}
CHECK(B406, "healthcheck", SECTION, CIS("4.6"), 1, SEV_LOW,
      "Images say how their health is checked", "HEALTHCHECK",
      "A process that hangs is taken for one that works.", "add HEALTHCHECK to the Dockerfile",
      health_check)

/* ---- history ---- */

/* A step of an image's history, newest first. */
static HistoryLine step(const BenchImage *i, size_t k)
{
	return history_line(value_str(i->history->items[k], S("CreatedBy")));
}

static bool is_word(const ShellCommand *c, size_t i, const char *word)
{
	return i < c->words.n && str_eq(c->words.at[i].text, str_of(word));
}

/* The package managers whose index is a step of its own. */
static bool updates(const ShellCommand *c, bool *installs)
{
	static const char *const managers[] = {"apt-get", "apt", "aptitude", "apk",
					       "yum",     "dnf", "microdnf", "zypper"};
	bool update = false;
	for (size_t m = 0; m < sizeof managers / sizeof managers[0]; m++) {
		if (!is_word(c, 0, managers[m]))
			continue;
		for (size_t i = 1; i < c->words.n; i++) {
			update = update || is_word(c, i, "update") || is_word(c, i, "makecache") ||
				 is_word(c, i, "refresh");
			*installs = *installs || is_word(c, i, "install") || is_word(c, i, "add") ||
				    is_word(c, i, "upgrade") || is_word(c, i, "dist-upgrade");
		}
	}
	return update;
}

static bool updates_alone(Bench *b, const BenchImage *i, Buf *seen)
{
	for (size_t k = 0; k < i->history->n; k++) {
		HistoryLine line = step(i, k);
		ShellScript script = {0};
		bool update = false, installs = false;
		if (line.op != OP_RUN)
			continue;
		shell_read(line.rest, b->a, &script);
		for (size_t c = 0; c < script.commands.n; c++)
			update = updates(&script.commands.at[c], &installs) || update;
		if (update && !installs) {
			buf_fmt(seen, STR_FMT, STR_ARG(str_first(line.rest, 80)));
			return true;
		}
	}
	return false;
}
static void update_alone(Bench *b, Verdict *v) { all_images(b, v, OUTCOME_WARN, updates_alone); }
CHECK(B407, "update-alone", SECTION, CIS("4.7"), 1, SEV_LOW,
      "Images are not built on a stale package index", "update and install in one RUN",
      "A layer with only an update is kept in the cache: later builds install old packages.",
      "put update and install into one RUN", update_alone)

static void setuid(Bench *b, Verdict *v)
{
	by_hand(b, v, "'bulwark lint IMAGE' lists setuid files and the packages they are from");
}
CHECK(B408, "image-setuid", SECTION, CIS("4.8"), 2, SEV_MEDIUM,
      "Images have no needless setuid programs", "none but those that are needed",
      "A setuid program makes root of any user of the container.",
      "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +", setuid)

/* The oldest step that left something is how the base's own file system came in. */
static size_t oldest_layer(const Value *history)
{
	size_t k = history->n; /* newest first */
	while (k > 0 && bench_number(history->items[k - 1], S("Size")) == 0)
		k--;
	return k > 0 ? k - 1 : 0;
}

static bool adds(Bench *b, const BenchImage *i, Buf *seen)
{
	size_t base = oldest_layer(i->history);
	(void)b;
	for (size_t k = 0; k < base; k++) {
		HistoryLine line = step(i, k);
		if (line.op != OP_ADD)
			continue;
		buf_fmt(seen, "ADD " STR_FMT, STR_ARG(str_first(line.rest, 80)));
		return true;
	}
	return false;
}
static void copy_not_add(Bench *b, Verdict *v) { all_images(b, v, OUTCOME_INFO, adds); }
CHECK(B409, "copy-not-add", SECTION, CIS("4.9"), 1, SEV_LOW, "Images are made with COPY, not ADD",
      "COPY", "ADD also downloads and unpacks, and does not say so.",
      "use COPY; for downloads ADD --checksum, or RUN with a check", copy_not_add)

static void no_secrets(Bench *b, Verdict *v)
{
	by_hand(b, v, "'bulwark secrets docker:NAME' looks through every layer");
}
CHECK(B410, "image-secrets", SECTION, CIS("4.10"), 1, SEV_CRITICAL, "Images hold no secrets",
      "none", "Everybody who can pull the image has them, also from files that were deleted later.",
      "use RUN --mount=type=secret while building, and secrets of the platform while running",
      no_secrets)

static void verified_packages(Bench *b, Verdict *v)
{
	by_hand(b, v, "'bulwark lint' finds downloads that nothing verifies in Dockerfiles");
}
CHECK(B411, "verified-packages", SECTION, CIS("4.11"), 2, SEV_MEDIUM,
      "Only verified packages are installed", "signed repositories, checked downloads",
      "A download that nobody checks is whatever the network says it is.",
      "use signed repositories, and compare checksums of everything else", verified_packages)

static void signed_images(Bench *b, Verdict *v)
{
	by_hand(b, v, "ask the registry for each image's signature before it runs");
}
CHECK(B412, "signed-images", SECTION, CIS("4.12"), 1, SEV_MEDIUM,
      "Images are signed, and signatures checked", "a signature of somebody you know",
      "Without one, nobody can tell who made the image.",
      "sign in CI, and refuse images without a signature", signed_images)
