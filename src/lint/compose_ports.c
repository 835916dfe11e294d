/* compose_ports.c - C105, C119, C124: what is published, and how it is written. */
#include "base/buf.h"
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n"

static bool shares_network(const Node *service)
{
	return str_eq(node_str(service, S("network_mode")), S("host"));
}

static bool is_everywhere(Str ip)
{
	return ip.n == 0 || str_eq(ip, S("0.0.0.0")) || str_eq(ip, S("::")) || str_eq(ip, S("*"));
}

/* ---- C105 on all addresses ---- */

/* What should be asked for by name only: databases, queues, engines, consoles. */
static const struct {
	const char *port, *what;
} inner[] = {
	{"22", "SSH"},
	{"1433", "SQL Server"},
	{"1521", "Oracle"},
	{"2181", "ZooKeeper"},
	{"2375", "Docker's engine"},
	{"2376", "Docker's engine"},
	{"2379", "etcd"},
	{"3306", "MySQL"},
	{"3389", "remote desktop"},
	{"5432", "PostgreSQL"},
	{"5601", "Kibana"},
	{"5672", "RabbitMQ"},
	{"5900", "VNC"},
	{"5984", "CouchDB"},
	{"6379", "Redis"},
	{"7474", "Neo4j"},
	{"7687", "Neo4j"},
	{"8086", "InfluxDB"},
	{"8500", "Consul"},
	{"9042", "Cassandra"},
	{"9092", "Kafka"},
	{"9200", "Elasticsearch"},
	{"9300", "Elasticsearch"},
	{"11211", "memcached"},
	{"15672", "RabbitMQ's console"},
	{"26257", "CockroachDB"},
	{"27017", "MongoDB"},
};

static const char *inner_service(Str target)
{
	for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++)
		if (str_eq(target, str_of(inner[i].port)))
			return inner[i].what;
	return NULL;
}

/* 80 and 443 on all addresses is what a web server is for. */
static bool is_public(Str published)
{
	return str_eq(published, S("80")) || str_eq(published, S("443"));
}

/* In a short form that names a published port, and no address. */
static void fix_address(const Compose *c, const ComposePort *p, LintSink *to)
{
	Str written = compose_written(c, p->node);
	if (p->node->type != NODE_TEXT || p->published.n == 0 || p->ip.n != 0 ||
	    !compose_editable(c, p->node) || written.n == 0)
		return;
	bool quoted = written.p[0] == '"' || written.p[0] == '\'';
	Span at = {p->node->span.at + quoted, p->node->span.at + quoted};
	lint_fix(to, at, quoted ? S("127.0.0.1:") : S("\"127.0.0.1:"), false);
	if (!quoted)
		lint_fix(to, (Span){p->node->span.end, p->node->span.end}, S("\""), false);
}

static void check_port(const Compose *c, const NodeEntry *service, const ComposePort *p,
		       LintSink *to)
{
	const char *what = inner_service(p->target);
	if (p->target.n == 0) /* nothing, or what is no port */
		return;
	if (!is_everywhere(p->ip) || (is_public(p->published) && what == NULL))
		return;
	compose_say(to, p->node,
		    "port " STR_FMT " of '" STR_FMT
		    "'%s%s%s is open on all of the host's addresses",
		    STR_ARG(p->target), STR_ARG(service->key->text), what != NULL ? " (" : "",
		    what != NULL ? what : "", what != NULL ? ")" : "");
	lint_grade(to, what != NULL ? LEVEL_WARNING : LEVEL_INFO);
	fix_address(c, p, to);
}

static bool port_is_known(const ComposePort *p, LintSink *to)
{
	if (p->node->type == NODE_TEXT)
		return compose_known(to, p->node);
	return compose_known(to, node_get(p->node, S("host_ip"))) &&
	       compose_known(to, node_get(p->node, S("target")));
}

static void check_ports(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposePorts ports = {0};
	if (shares_network(service->value))
		return;
	compose_ports(service->value, c->a, &ports);
	for (size_t i = 0; i < ports.n; i++)
		if (port_is_known(&ports.at[i], to))
			check_port(c, service, &ports.at[i], to);
}

static void check_all_ports(const Compose *c, LintSink *to) { compose_each(c, to, check_ports); }

const LintRule lint_C105 = {
	.id = "C105",
	.name = "port-on-all-addresses",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A published port is open to every network the host is in, and the engine's rules "
	       "come before those of ufw and firewalld. Services of one project reach each other "
	       "without publishing anything.",
	.help = "write 127.0.0.1:PORT:PORT, or leave the port out when only other services use it",
	.aliases = LIST("CL-0005", "CIS-5.14", "no-unbound-port-interfaces"),
	.good = LIST(WEB "    ports: ['127.0.0.1:8080:80', '443:8443', '80:80']\n",
		     WEB "    ports:\n    - {target: 80, published: 8080, host_ip: 127.0.0.1}\n",
		     WEB "    ports: ['[::1]:8080:80']\n", WEB "    expose: [5432]\n"),
	.bad = LIST(WEB "    ports: ['8080:80']\n", WEB "    ports:\n    - 5432:5432\n",
		    WEB "    ports: ['0.0.0.0:8080:80/tcp']\n",
		    WEB "    ports:\n    - target: 80\n      published: 8080\n",
		    WEB "    ports: [\"6379\"]\n"),
	.check_compose = check_all_ports,
};

/* ---- C119 low ports ---- */

static void check_low(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposePorts ports = {0};
	compose_ports(service->value, c->a, &ports);
	for (size_t i = 0; i < ports.n; i++) {
		Str rest = ports.at[i].published, first;
		uint64_t port;
		if (str_cut(&rest, '-', &first) && str_u64(first, &port) && port != 0 &&
		    port < 1024)
			compose_say(to, ports.at[i].node,
				    "port " STR_FMT " of the host is one of those for root",
				    STR_ARG(ports.at[i].published));
	}
}

static void check_all_low(const Compose *c, LintSink *to) { compose_each(c, to, check_low); }

const LintRule lint_C119 = {
	.id = "C119",
	.name = "privileged-port",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_LOW,
	.off = true,
	.why = "Ports below 1024 speak for the machine: what answers there is taken for its own "
	       "service.",
	.help = "publish a port above 1023, and let a reverse proxy have the low ones",
	.aliases = LIST("CIS-5.8"),
	.good = LIST(WEB "    ports: ['8080:80', '80']\n"),
	.bad = LIST(WEB "    ports: ['80:80']\n", WEB "    ports: ['127.0.0.1:53:53/udp']\n"),
	.check_compose = check_all_low,
};

/* ---- C124 sexagesimal ---- */

/* What YAML 1.1 takes for a number in base 60: 22:22 is 1342. */
static bool is_base_60(Str s)
{
	Str rest = s, part;
	uint64_t value;
	size_t n = 0;
	for (; str_cut(&rest, ':', &part); n++)
		if (!str_u64(part, &value) || (n == 0 && part.p[0] == '0') ||
		    (n > 0 && (value > 59 || part.n > 2)))
			return false;
	return n > 1;
}

static void check_quotes(const Compose *c, const NodeEntry *service, LintSink *to)
{
	const Node *list = node_get(service->value, S("ports"));
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		Buf b = buf_in(c->a, 256);
		if (item->type != NODE_TEXT || !item->plain || item->vars != 0 ||
		    !is_base_60(item->text) || !compose_editable(c, item))
			continue;
		compose_say(to, item, STR_FMT " without quotes is a number in base 60",
			    STR_ARG(item->text));
		buf_fmt(&b, "\"" STR_FMT "\"", STR_ARG(item->text));
		lint_fix(to, item->span, buf_str(&b), true);
	}
}

static void check_all_quotes(const Compose *c, LintSink *to) { compose_each(c, to, check_quotes); }

const LintRule lint_C124 = {
	.id = "C124",
	.name = "unquoted-port",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "YAML 1.1 reads 22:22 as 1342. Compose 2 does not, but docker-compose 1, podman-"
	       "compose and many tools that read the file do.",
	.help = "put it in quotes",
	.aliases = LIST("require-quotes-in-ports"),
	.good = LIST(WEB "    ports:\n    - \"22:22\"\n    - 8080:80\n"),
	.bad = LIST(WEB "    ports:\n    - 22:22\n", WEB "    ports: [1022:53, '80:80']\n"),
	.check_compose = check_all_quotes,
};
