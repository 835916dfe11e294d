/* compose_test.c - places, aliases, variables, merging, extends and include of Compose projects. */
#include "compose/compose.h"

#include "base/buf.h"
#include "tap.h"

typedef struct Given {
	const char *name, *text;
} Given;

static Err *given_file(void *ctx, Str path, Arena *a, Str *out)
{
	(void)a;
	for (const Given *g = ctx; g->name != NULL; g++)
		if (str_eq(path, str_of(g->name)))
			*out = str_of(g->text);
	return OK;
}

/* The first `n` of the files are merged; the others are there to be found. */
static Compose project(Arena *a, const Given *files, size_t n)
{
	Compose c = {0};
	StrVec names = {0};
	ComposeSource from = {given_file, (void *)(uintptr_t)files};
	for (size_t i = 0; i < n; i++)
		vec_push(a, &names, str_of(files[i].name));
	CHECK_OK(compose_read(&names, &from, a, &c));
	for (size_t i = 0; i < c.problems.n; i++)
		printf("# problem: " STR_FMT "\n", STR_ARG(c.problems.at[i].message));
	return c;
}

static Compose alone(Arena *a, const char *text)
{
	const Given files[] = {{"compose.yaml", text}, {NULL, NULL}};
	return project(a, files, 1);
}

static void write_node(Buf *b, const Node *n)
{
	const char *ends = n->type == NODE_LIST ? "[]" : "{}";
	if (n->type == NODE_TEXT) {
		buf_add(b, n->plain && n->text.n == 0 ? S("~") : n->text);
		return;
	}
	buf_char(b, ends[0]);
	for (size_t i = 0; i < n->n; i++) {
		if (i != 0)
			buf_char(b, ' ');
		if (n->type == NODE_MAP) {
			write_node(b, n->entries[i].key);
			buf_char(b, '=');
		}
		write_node(b, n->type == NODE_MAP ? n->entries[i].value : n->items[i]);
	}
	buf_char(b, ends[1]);
}

/* A dotted path into the model, as "{key=value [item item]}"; "-": there is none. */
static const char *at(Arena *a, const Compose *c, const char *path)
{
	Buf b = buf_in(a, 1u << 16);
	Str rest = str_of(path), key;
	const Node *n = c->root;
	while (rest.n != 0 && str_cut(&rest, '.', &key))
		n = node_get(n, key);
	if (n == NULL)
		return "-";
	write_node(&b, n);
	return arena_cstr(a, buf_str(&b));
}

static bool is(const char *text, const char *want)
{
	if (strcmp(text, want) == 0)
		return true;
	fprintf(stdout, "# is %s\n# not %s\n", text, want);
	return false;
}
#define IS(text, want) CHECK(is((text), (want)))

static bool has_problem(const Compose *c, const char *words)
{
	size_t found;
	for (size_t i = 0; i < c->problems.n; i++)
		if (str_find(c->problems.at[i].message, str_of(words), &found))
			return true;
	return false;
}

TEST(everything_has_its_place_also_behind_other_alphabets)
{
	Arena a = {0};
	static const char text[] =
		"# \xc3\xa4\xe2\x82\xac\n\xc3\xb6: [ \"\xc3\xbc\", {a: 'b c'} ]\n"
		"k:\n  - x\n  - |\n    lines\n    more\n";
	Document d;
	uint32_t line, column;
	CHECK_OK(document_read(str_of(text), 0, &a, &d));
	const Node *list = d.roots.at[0]->entries[0].value, *b = node_get(list->items[1], S("a"));
	place_at(&d.places, b->span.at, &line, &column);
	CHECK(line == 2 && column == 15);
	CHECK(str_eq(str_skip(str_first(str_of(text), b->span.end), b->span.at), S("'b c'")));
	CHECK(list->span.end == list->span.at + strlen("[ \"\xc3\xbc\", {a: 'b c'} ]"));
	const Node *k = node_get(d.roots.at[0], S("k"));
	place_at(&d.places, k->items[0]->span.at, &line, &column);
	CHECK(line == 4 && column == 5);
	CHECK(str_eq(k->items[1]->text, S("lines\nmore\n")));
	CHECK(d.scalars.n == 7);
	CHECK_OK(document_read(S("\xef\xbb\xbf"
				 "a: 1\n"),
			       0, &a, &d));
	CHECK(node_get(d.roots.at[0], S("a"))->span.at == 6);
	arena_finish(&a);
}

TEST(aliases_and_merge_keys_are_carried_out)
{
	Arena a = {0};
	Compose c = alone(&a, "x-a: &a {image: a, user: one}\nx-b: &b {user: two, tty: true}\n"
			      "services:\n  s:\n    <<: [*a, *b]\n    image: own\n"
			      "  t:\n    <<: *b\n    <<: *a\n    labels: &l [x]\n    dns: *l\n");
	IS(at(&a, &c, "services.s"), "{image=own user=one tty=true}");
	IS(at(&a, &c, "services.t"), "{labels={x=~} dns=[x] user=two tty=true image=a}");
	CHECK(c.problems.n == 0);
	arena_finish(&a);
}

TEST(mistakes_of_yaml_are_problems_with_places)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"a: 1\na: 2\n", "'a' stands twice"},
		{"services:\n  x: {image: a}\n  x: {image: b}\n", "'x' stands twice"},
		{"a: *b\n", "no anchor &b"},
		{"a: &b [*b]\n", "within its own anchor"},
		{"a: [1\n", "not YAML"},
		{"a: \x01\n", "not YAML"},
		{"? [1]\n: 2\n", "not a scalar"},
		{"a: {<<: 7}\n", "'<<' takes"},
		{"\xff\xfe", "not UTF-8"},
		{"just text\n", "no mapping"},
		{"a: ${B\n", "no variable"},
		{"a: ${}\n", "no variable"},
		{"a: ${B:=x}\n", "no variable"},
		{"services: {a: {extends: b}}\n", "no service 'b'"},
		{"services: {a: {extends: b}, b: {extends: a}}\n", "extends itself"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Arena a = {0};
		Compose c = alone(&a, cases[i].text);
		CHECK(c.problems.n >= 1);
		if (!has_problem(&c, cases[i].says))
			printf("# %s\n", cases[i].text);
		CHECK(has_problem(&c, cases[i].says));
		arena_finish(&a);
	}
}

TEST(bombs_end_at_a_limit)
{
	Arena a = {0};
	Buf b = buf_in(&a, 1u << 20);
	Document d;
	buf_add(&b, S("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
	for (int i = 1; i < 12; i++) {
		buf_fmt(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_fmt(&b, "%s*a%d", k != 0 ? ", " : "", i - 1);
		buf_add(&b, S("]\n"));
	}
	CHECK_ERR(document_read(buf_str(&b), 0, &a, &d), ERR_LIMIT);
	Buf deep = buf_in(&a, 1u << 20);
	for (int i = 0; i < 100; i++)
		buf_char(&deep, '[');
	CHECK_ERR(document_read(buf_str(&deep), 0, &a, &d), ERR_LIMIT);
	arena_finish(&a);
}

TEST(variables_have_values_of_env_or_defaults_or_none)
{
	Arena a = {0};
	static const Given files[] = {
		{"d/compose.yaml",
		 "services:\n  s:\n    command:\n    - $A\n    - ${B:-b${A}}\n"
		 "    - ${EMPTY:-e}\n    - ${EMPTY-e}\n    - $$A\n    - ${A:+set}\n"
		 "    - ${NO+set}\n    - ${NO:?why}\n    - x$NO.y\n    - $1 $ a$\n"
		 "    - '${Q}'\n    - ${X}\n    - $HOME/.ssh\n"},
		{"d/.env", "# c\nA=one\nexport B=\nEMPTY=\nQ='si$A ng' # c\nX=\"a\\nb$A\"\n"
			   "lone\nD: colon\n"},
		{NULL, NULL}};
	Compose c = project(&a, files, 1);
	IS(at(&a, &c, "services.s.command"),
	   "[one bone e  $A set  ${NO:?why} x$NO.y $1 $ a$ si$A ng a\nbone ~/.ssh]");
	const Node *list = node_get(node_get(c.services, S("s")), S("command"));
	CHECK(list->items[0]->vars == VARS_ENV);
	CHECK(list->items[1]->vars == (VARS_DEFAULT | VARS_ENV));
	CHECK(list->items[4]->vars == 0);
	CHECK(list->items[7]->vars == VARS_UNSET && list->items[8]->vars == VARS_UNSET);
	CHECK(c.unset.n == 2 && str_eq(c.unset.at[0].message, S("NO")));
	CHECK(c.problems.n == 0);
	arena_finish(&a);
}

TEST(files_merge_by_the_rules_of_each_attribute)
{
	Arena a = {0};
	static const Given files[] = {
		{"compose.yaml",
		 "services:\n  s:\n    image: a\n    command: [x, y]\n    build: .\n"
		 "    environment: {A: 1, B: 2}\n    ports: ['80:80', '81:81']\n"
		 "    volumes: [data:/data, ./x:/x:ro]\n    cap_add: [KILL]\n    dns: 1.1.1.1\n"
		 "    depends_on: [d]\n    logging: {driver: json-file, options: {a: 1}}\n"
		 "    deploy: {resources: {limits: {memory: 1g, cpus: 1}}}\n    user: me\n"
		 "    healthcheck: {test: [CMD, a], interval: 1s}\n    tmpfs: [/a]\n    labels: "
		 "[k=1]\n"},
		{"over.yaml",
		 "services:\n  s:\n    image: b\n    command: [z]\n    build: {target: t}\n"
		 "    environment: [B=3, C]\n    ports: !override ['82:82']\n"
		 "    volumes: [./new:/x, /y:/y]\n    cap_add: [KILL, CHOWN]\n    dns: [8.8.8.8]\n"
		 "    depends_on: {e: {condition: service_healthy}}\n"
		 "    logging: {driver: none}\n    deploy: {resources: {limits: {memory: 2g}}}\n"
		 "    user: !reset null\n    healthcheck: {test: [CMD, b]}\n    tmpfs: /b\n    "
		 "labels: {k: 2}\n"
		 "  n: {image: n}\n"},
		{NULL, NULL}};
	Compose c = project(&a, files, 2);
	IS(at(&a, &c, "services.s.image"), "b");
	IS(at(&a, &c, "services.s.command"), "[z]");
	IS(at(&a, &c, "services.s.build"), "{context=. target=t}");
	IS(at(&a, &c, "services.s.environment"), "{A=1 B=3 C=~}");
	IS(at(&a, &c, "services.s.ports"), "[82:82]");
	IS(at(&a, &c, "services.s.volumes"), "[data:/data ./new:/x /y:/y]");
	IS(at(&a, &c, "services.s.cap_add"), "[KILL CHOWN]");
	IS(at(&a, &c, "services.s.dns"), "[1.1.1.1 8.8.8.8]");
	IS(at(&a, &c, "services.s.depends_on"), "{d=~ e={condition=service_healthy}}");
	IS(at(&a, &c, "services.s.logging"), "{driver=none}");
	IS(at(&a, &c, "services.s.deploy.resources.limits"), "{memory=2g cpus=1}");
	IS(at(&a, &c, "services.s.user"), "-");
	IS(at(&a, &c, "services.s.healthcheck"), "{test=[CMD b] interval=1s}");
	IS(at(&a, &c, "services.s.tmpfs"), "[/a /b]");
	IS(at(&a, &c, "services.s.labels"), "{k=2}");
	IS(at(&a, &c, "services.n"), "{image=n}");
	CHECK(c.problems.n == 0);
	const Node *image = node_get(node_get(c.services, S("s")), S("image"));
	CHECK(str_eq(c.files.at[image->file]->name, S("over.yaml")));
	arena_finish(&a);
}

TEST(extends_and_include_follow_other_files)
{
	Arena a = {0};
	static const Given files[] = {
		{"p/compose.yaml",
		 "include:\n- sub/compose.yaml\n- path: [inc.yaml, inc2.yaml]\n"
		 "services:\n  s:\n    extends: {file: lib/base.yaml, service: web}\n"
		 "    environment: {A: mine}\n  t:\n    extends: s\n    image: t\n"
		 "  u:\n    extends: {file: none.yaml, service: x}\n"
		 "  v:\n    extends: {file: 'https://example.com/a.git', service: x}\n"},
		{"p/lib/base.yaml",
		 "services:\n  web:\n    extends: {file: ../deep.yaml, service: root}\n"
		 "    image: web\n    environment: [A=base, B=base]\n"},
		{"p/deep.yaml", "services:\n  root: {init: true, environment: {C: deep}}\n"},
		{"p/sub/compose.yaml", "services:\n  inner: {image: '$TAG'}\n"},
		{"p/sub/.env", "TAG=of-sub\n"},
		{"p/inc.yaml", "services:\n  i: {image: one}\n"},
		{"p/inc2.yaml", "services:\n  i: {image: two}\n"},
		{NULL, NULL}};
	Compose c = project(&a, files, 1);
	IS(at(&a, &c, "services.s"), "{init=true environment={C=deep A=mine B=base} image=web}");
	IS(at(&a, &c, "services.t"), "{init=true environment={C=deep A=mine B=base} image=t}");
	IS(at(&a, &c, "services.inner.image"), "of-sub");
	IS(at(&a, &c, "services.i.image"), "two");
	CHECK(c.problems.n == 0);
	CHECK(c.unread.n == 2); /* none.yaml, and what is far away */
	arena_finish(&a);
}

TEST(documents_of_one_file_merge)
{
	Arena a = {0};
	Compose c = alone(&a, "services: {s: {image: a, user: u}}\n---\n# nothing\n---\n"
			      "services:\n  s: {image: b}\n");
	IS(at(&a, &c, "services.s"), "{image=b user=u}");
	CHECK(c.problems.n == 0);
	arena_finish(&a);
}

TEST(includes_in_a_circle_end)
{
	Arena a = {0};
	static const Given files[] = {{"a.yaml", "include: [b.yaml]\nservices: {a: {image: a}}\n"},
				      {"b.yaml", "include: [a.yaml]\nservices: {b: {image: b}}\n"},
				      {NULL, NULL}};
	Compose c = project(&a, files, 1);
	CHECK(has_problem(&c, "includes itself"));
	arena_finish(&a);
}

TEST(short_syntax_is_taken_apart)
{
	static const struct {
		const char *text, *ip, *published, *target, *protocol;
	} ports[] = {
		{"80", "", "", "80", ""},
		{"8080:80", "", "8080", "80", ""},
		{"127.0.0.1:8080:80/udp", "127.0.0.1", "8080", "80", "udp"},
		{"127.0.0.1::80", "127.0.0.1", "", "80", ""},
		{"[::1]:8080:80", "::1", "8080", "80", ""},
		{"3000-3005:3000-3005", "", "3000-3005", "3000-3005", ""},
		{"::1:8080:80", "::1", "8080", "80", ""},
	};
	static const struct {
		const char *text, *type, *source, *target;
		bool read_only;
	} mounts[] = {
		{"/data", "volume", "", "/data", false},
		{"data:/data", "volume", "data", "/data", false},
		{"./a/../b:/b:ro", "bind", "b", "/b", true},
		{"~/x:/y/:z,ro", "bind", "~/x", "/y", true},
		{"/a//b/:/c:rw", "bind", "/a/b", "/c", false},
		{"C:\\x:/y:ro", "bind", "C:\\x", "/y", true},
	};
	Arena a = {0};
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
		Buf b = buf_in(&a, 4096);
		ComposePorts p = {0};
		buf_fmt(&b, "services: {s: {ports: ['%s']}}\n", ports[i].text);
		Compose c = alone(&a, arena_cstr(&a, buf_str(&b)));
		compose_ports(node_get(c.services, S("s")), &a, &p);
		CHECK(p.n == 1 && str_eq(p.at[0].ip, str_of(ports[i].ip)));
		CHECK(str_eq(p.at[0].published, str_of(ports[i].published)));
		CHECK(str_eq(p.at[0].target, str_of(ports[i].target)));
		CHECK(str_eq(p.at[0].protocol, str_of(ports[i].protocol)));
	}
	for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
		Buf b = buf_in(&a, 4096);
		ComposeMounts m = {0};
		buf_fmt(&b, "services: {s: {volumes: ['%s']}}\n", mounts[i].text);
		Compose c = alone(&a, arena_cstr(&a, buf_str(&b)));
		compose_mounts(node_get(c.services, S("s")), &a, &m);
		CHECK(m.n == 1 && str_eq(m.at[0].type, str_of(mounts[i].type)));
		CHECK(str_eq(m.at[0].source, str_of(mounts[i].source)));
		CHECK(str_eq(m.at[0].target, str_of(mounts[i].target)));
		CHECK(m.at[0].read_only == mounts[i].read_only);
	}
	arena_finish(&a);
}
