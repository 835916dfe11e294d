/* feed_eol.c - endoflife.date: when releases of distributions, and of container engines, end. Its
 * repository's Markdown with YAML in front, or its API's JSON (v1: one product, or all in a list).
 */
#include "advisory/document.h"
#include "base/time.h"
#include "io/json.h"

/* Ids are those of os-release(5), which is what an image says of itself. */
static const struct {
	const char *product, *os;
} products[] = {
	{"debian", "debian"},
	{"alpine-linux", "alpine"},
	{"alpine", "alpine"},
	{"ubuntu", "ubuntu"},
	{"almalinux", "almalinux"},
	{"rocky-linux", "rocky"},
	{"rhel", "rhel"},
	{"centos", "centos"},
	{"centos-stream", "centos"},
	{"fedora", "fedora"},
	{"amazon-linux", "amzn"},
	{"oracle-linux", "ol"},
	{"opensuse", "opensuse-leap"},
	{"sles", "sles"},
	{"photon", "photon"},
	{"azure-linux", "azurelinux"},
	{"cbl-mariner", "mariner"},
	{"wolfi", "wolfi"},
	/* Engines: under the names of endoflife.date, versions for releases. */
	{"docker-engine", "docker-engine"},
	{"containerd", "containerd"},
	{"podman", "podman"},
};

static Str os_of(Str product)
{
	for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
		if (str_eq(product, str_of(products[i].product)))
			return str_of(products[i].os);
	return S("");
}

/* A release of these without an end is one that is maintained: that is worth knowing, too. */
static bool is_engine(Str product)
{
	return str_eq(product, S("docker-engine")) || str_eq(product, S("containerd")) ||
	       str_eq(product, S("podman"));
}

/* CentOS 8 and CentOS Stream 8 both call themselves centos, 8; the first to end counts. */
static bool is_double(Str product, Str release)
{
	return str_eq(product, S("centos-stream")) && str_eq(release, S("8"));
}

/* 0 for false, null, and for a date that is not said. */
static int64_t date(const Value *release, const char *const *keys)
{
	int64_t t;
	for (; *keys != NULL; keys++)
		if (time_parse(value_str(release, str_of(*keys)), &t))
			return t;
	return 0;
}

static Result give_release(Arena *a, Str product, const Value *release, const FeedSink *to)
{
	static const char *const released[] = {"releaseDate", NULL};
	static const char *const ends[] = {"eol", "eolFrom", NULL};
	static const char *const ends_extended[] = {"eoes", "eoesFrom", NULL};
	Str name = value_str(release, S("releaseCycle"));
	if (name.n == 0)
		name = value_str(release, S("name"));
	if (name.n == 0)
		FAIL(ERR_INPUT, "a release without a name");
	if (is_double(product, name))
		return OK;
	Str os = os_of(product);
	size_t n = os.n + 1 + name.n;
	char *key = arena_array(a, char, n);
	memcpy(key, os.p, os.n);
	key[os.n] = ':';
	memcpy(key + os.n + 1, name.p, name.n);
	Lifecycle l = {.ecosystem = {key, n},
		       .released = date(release, released),
		       .end_of_life = date(release, ends),
		       .end_of_extended = date(release, ends_extended)};
	bool ends_said = l.end_of_life != 0 || l.end_of_extended != 0;
	if (!ends_said && !is_engine(product)) {
		to->skipped(to->ctx, l.ecosystem, "no end is known");
		return OK;
	}
	return to->lifecycle(to->ctx, &l);
}

static Result give_product(Arena *a, Str product, const Value *root, const FeedSink *to, bool *mine)
{
	const Value *releases = value_items(root, S("releases"));
	if (os_of(product).n == 0 || releases == NULL)
		return OK;
	*mine = true;
	for (size_t i = 0; i < releases->n; i++)
		TRY_IN(give_release(a, product, releases->items[i], to), STR_FMT, STR_ARG(product));
	return OK;
}

static Result read_json(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	Value *root;
	TRY(value_from_json(doc->body, a, &root));
	const Value *result = value_get(root, S("result"));
	const Value *list = value_items(root, S("result"));
	int64_t when;
	for (size_t i = 0; list != NULL && i < list->n; i++)
		TRY(give_product(a, value_str(list->items[i], S("name")), list->items[i], to,
				 mine));
	TRY(give_product(a, value_str(result, S("name")), result, to, mine));
	if (*mine && time_parse(value_str(root, S("last_modified")), &when))
		to->as_of(to->ctx, when);
	return OK;
}

/* What stands between the first line, "---", and the next such line; empty when nothing does. */
static Str front_matter(Str body)
{
	Str rest = body, line;
	if (!str_cut(&rest, '\n', &line) || !str_eq(str_trim(line), S("---")))
		return S("");
	const char *start = rest.p;
	while (rest.p != NULL) {
		const char *at = rest.p;
		if (str_cut(&rest, '\n', &line) && str_eq(str_trim(line), S("---")))
			return (Str){start, (size_t)(at - start)};
	}
	return S("");
}

static Result read_markdown(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	Value *root;
	Str product = str_base(doc->name);
	product.n -= 3; /* ".md" */
	Str front = front_matter(doc->body);
	if (os_of(product).n == 0 || front.n == 0)
		return OK;
	TRY(value_from_yaml(front, a, &root));
	return give_product(a, product, root, to, mine);
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	DocumentKind kind = document_kind(doc);
	if (kind == DOCUMENT_JSON)
		return read_json(doc, a, to, mine);
	return kind == DOCUMENT_MARKDOWN ? read_markdown(doc, a, to, mine) : OK;
}

#define PRODUCT(name)                                                               \
	{                                                                           \
		"https://endoflife.date/api/v1/products/" name, "eol/" name ".json" \
	}

static const FeedUrl urls[] = {
	PRODUCT("debian"),       PRODUCT("alpine-linux"),
	PRODUCT("ubuntu"),       PRODUCT("almalinux"),
	PRODUCT("rocky-linux"),  PRODUCT("rhel"),
	PRODUCT("centos"),       PRODUCT("centos-stream"),
	PRODUCT("fedora"),       PRODUCT("amazon-linux"),
	PRODUCT("oracle-linux"), PRODUCT("opensuse"),
	PRODUCT("sles"),         {NULL, NULL},
};

const Feed feed_eol = {
	.name = "eol",
	.title = "endoflife.date, distributions",
	.license = "MIT",
	.home = "https://endoflife.date",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
