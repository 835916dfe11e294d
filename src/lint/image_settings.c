/* image_settings.c - I1xx: what an image's config says of how it is to run. */
#include "base/time.h"
#include "lint/bases.h"
#include "lint/image_rule.h"

/* ---- I101 root ---- */

static Str user_name(Str user)
{
	Str rest = user, name = {0};
	str_cut(&rest, ':', &name);
	return name;
}

/* As an engine reads it: a sign and digits (moby/sys/user, strconv.Atoi). */
static bool user_number(Str name, uint64_t *out)
{
	if (name.n > 1 && (name.p[0] == '+' || name.p[0] == '-'))
		name = str_skip(name, 1);
	return str_u64(name, out);
}

typedef struct Account {
	Str name;
	Str uid;
} Account;

static bool next_account(Str *passwd, Account *out)
{
	Str line, field;
	if (passwd->n == 0 || !str_cut(passwd, '\n', &line))
		return false;
	*out = (Account){0};
	str_cut(&line, ':', &out->name);
	str_cut(&line, ':', &field); /* password */
	str_cut(&line, ':', &out->uid);
	return true;
}

typedef enum Names { NAME_THERE, NAME_MISSING, NAME_UNREAD } Names;

/* Whether a line of passwd or group has the name; *number is what it stands for. */
static Names look_up(const LintImage *i, Str path, Str name, Str *number)
{
	const Captured *f = fileset_get(&i->image->files, path);
	Account account;
	if (f != NULL && f->error.n != 0)
		return NAME_UNREAD;
	Str rest = f != NULL ? f->body : S("");
	while (next_account(&rest, &account)) {
		*number = account.uid;
		if (str_eq(account.name, name) || str_eq(account.uid, name))
			return NAME_THERE;
	}
	return NAME_MISSING;
}

/* An engine looks names up in the image, and starts nothing when they are not there. A number needs
 * no line, and most have none where an orchestrator chooses it. */
static void check_group(const LintImage *i, LintSink *to)
{
	Str group = i->settings->user, user, number;
	uint64_t gid;
	if (!str_has(group, ':') || !str_cut(&group, ':', &user) || group.n == 0 ||
	    user_number(group, &gid) || look_up(i, S("etc/group"), group, &number) != NAME_MISSING)
		return;
	image_say(i, to, in_settings(i, OP_USER),
		  "group '" STR_FMT "' is not in /etc/group, so that no container starts",
		  STR_ARG(group));
	lint_grade(to, LEVEL_ERROR);
}

static void check_user(const LintImage *i, LintSink *to)
{
	Str name = user_name(i->settings->user), number = name;
	uint64_t uid = 1;
	if (!i->settings->known)
		return;
	check_group(i, to);
	if (name.n == 0) {
		image_say(i, to, in_settings(i, OP_USER),
			  i->settings->user.n == 0 ? "runs as root: no user is set"
						   : "runs as root: only a group is set");
		return;
	}
	Names there = look_up(i, S("etc/passwd"), name, &number);
	bool numeric = user_number(name, &uid);
	if (there == NAME_THERE && (!str_u64(number, &uid) || uid != 0))
		return;
	if (uid == 0) {
		image_say(i, to, in_settings(i, OP_USER),
			  "runs as root: user '" STR_FMT "' %s the number 0", STR_ARG(name),
			  there == NAME_THERE ? "has" : "is");
	} else if (!numeric && there == NAME_MISSING) {
		image_say(i, to, in_settings(i, OP_USER),
			  "user '" STR_FMT "' is not in /etc/passwd, so that no container starts",
			  STR_ARG(name));
		lint_grade(to, LEVEL_ERROR);
	} else if (there == NAME_UNREAD && str_eq(name, S("root"))) {
		image_say(i, to, in_settings(i, OP_USER), "runs as root");
	}
}

const LintRule lint_I101 = {
	.id = "I101",
	.name = "image-root-user",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A process that is root in the container is root on the host once it gets out, and "
	       "may do anything to the files it can reach.",
	.help = "set USER to a number above 0, which needs no line in /etc/passwd",
	.aliases = LIST("CIS-DI-0001"),
	.good = LIST("config {\"User\":\"1000\"}", "config {\"User\":\"1000:0\"}",
		     "config {\"User\":\"app\"}\nf etc/passwd app:x:7:7::/:/bin/sh\\n",
		     "config {\"User\":\"7:web\"}\nf etc/group web:x:7:\\n",
		     "config {\"User\":\"app:7\"}\nf etc/passwd app:x:7:7::/:/bin/sh\\n"),
	.bad = LIST("config {}", "config {\"User\":\"0\"}", "config {\"User\":\"0:0\"}",
		    "config {\"User\":\"root\"}", "config {\"User\":\"root:root\"}",
		    "config {\"User\":\"00\"}", "config {\"User\":\"+0\"}",
		    "config {\"User\":\":1000\"}", "config {\"User\":\"app\"}",
		    "config {\"User\":\"7:web\"}\nf etc/group www:x:7:\\n",
		    "config {\"User\":\"toor\"}\nf etc/passwd toor:x:0:0::/:/bin/sh\\n",
		    "config {\"User\":\"0:app\"}\nf etc/passwd root:x:0:0::/:/bin/sh\\n"),
	.check_image = check_user,
};

/* ---- I102 health ---- */

static void check_health(const LintImage *i, LintSink *to)
{
	bool none = i->settings->health.n != 0 && str_eq(i->settings->health.at[0], S("NONE"));
	if (!i->settings->known)
		return;
	if (none)
		image_say(i, to, in_settings(i, OP_HEALTHCHECK), "its HEALTHCHECK is switched off");
	else if (!i->settings->has_health)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE}, "has no HEALTHCHECK");
}

const LintRule lint_I102 = {
	.id = "I102",
	.name = "image-no-healthcheck",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "Without one an engine takes a process that hangs for one that works. The OCI "
	       "format "
	       "has no place for it: builders lose it when they write that.",
	.help = "add HEALTHCHECK, unless an orchestrator probes it",
	.aliases = LIST("CIS-DI-0006"),
	.good = LIST("config {\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}}"),
	.bad = LIST("config {}", "config {\"Healthcheck\":{\"Test\":[\"NONE\"]}}"),
	.check_image = check_health,
};

/* ---- I103 age, tag and support ---- */

/* As images of it are called; os-release(5) of CentOS Stream is CentOS's. */
static Str image_of_system(const OsRelease *os)
{
	if (str_eq(os->id, S("amzn")))
		return S("amazonlinux");
	if (str_eq(os->id, S("ol")))
		return S("oraclelinux");
	if (str_eq(os->id, S("centos")) && !word_in("5 6 7 8", os->version_id))
		return S("");
	return os->id;
}

static void check_support(const LintImage *i, LintSink *to)
{
	enum { DAY = 86400 };
	const OsRelease *os = i->facts != NULL ? &i->facts->os : NULL;
	int64_t last;
	if (os == NULL || os->version_id.n == 0)
		return;
	const char *day = base_last_day(image_of_system(os), os->version_id);
	if (day == NULL || !time_parse(str_of(day), &last) || i->options->now < last + DAY)
		return;
	image_say(i, to, in_file(os->path, LAYER_NONE),
		  "its system, " STR_FMT " " STR_FMT ", has had no updates since %s",
		  STR_ARG(os->id), STR_ARG(os->version_id), day);
	lint_grade(to, LEVEL_WARNING);
}

static void check_age(const LintImage *i, LintSink *to)
{
	enum { DAY = 86400, OLD_DAYS = 365 };
	static const int64_t real =
		946684800; /* builds that are to be the same are of 1970, 1980 */
	Str name = str_base(i->image->reference), tag = {0};
	int64_t created;
	check_support(i, to);
	if (str_has(name, ':') && !str_has(name, '@')) {
		tag = name;
		str_cut(&tag, ':', &name);
	}
	if (str_eq(tag, S("latest")))
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "'" STR_FMT "' is another image tomorrow", STR_ARG(i->image->reference));
	if (!time_parse(i->settings->created, &created) || created < real)
		return;
	int64_t days = (i->options->now - created) / DAY;
	if (days > OLD_DAYS)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "was made %lld days ago, and nothing in it was mended since",
			  (long long)days);
}

const LintRule lint_I103 = {
	.id = "I103",
	.name = "image-tag-or-age",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "What is deployed by a tag that moves cannot be told apart or rolled back; an image "
	       "that is not made anew keeps every hole that its packages had, and so does one on a "
	       "system that nobody mends any more.",
	.help = "deploy by version or digest, and make the image anew every few weeks",
	.aliases = LIST("DKL-DI-0006"),
	.good = LIST("ref web:1.2\nconfig {}", "ref reg:5000/latest/web:1\nconfig {}",
		     "created 1970-01-01T00:00:00Z\nconfig {}",
		     "created 2025-11-01T00:00:00Z\nconfig {}", "os debian 12", "os alpine 3.22.1",
		     "os centos 9", "os gentoo 1", "os debian"),
	.bad = LIST("ref web:latest\nconfig {}", "ref reg:5000/a/web:latest\nconfig {}",
		    "created 2023-11-01T00:00:00.123Z\nconfig {}", "os debian 10",
		    "os alpine 3.12.4", "os centos 8", "os amzn 2018.03"),
	.check_image = check_age,
};

/* ---- I105 ports and volumes ---- */

static const char *bad_port(Str port)
{
	static const struct {
		const char *port, *what;
	} known[] = {
		{"21", "FTP"},
		{"22", "SSH"},
		{"23", "telnet"},
		{"512", "rexec"},
		{"513", "rlogin"},
		{"514", "rsh"},
		{"2375", "an open Docker API"},
		{"3389", "remote desktops"},
		{"5900", "VNC"},
		{"10250", "a kubelet"},
		{"2379", "etcd"},
	};
	Str rest = port, number = {0};
	str_cut(&rest, '/', &number);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_eq(number, str_of(known[i].port)) && !str_eq(rest, S("udp")))
			return known[i].what;
	return NULL;
}

static bool is_system_dir(Str path)
{
	static const char *const dirs[] = {"/bin",  "/boot", "/dev",  "/etc", "/lib", "/lib64",
					   "/proc", "/root", "/sbin", "/sys", "/usr"};
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (str_eq(path, str_of(dirs[i])))
			return true;
	return str_eq(path, S("/")) || str_eq(path, S("/var/run/docker.sock")) ||
	       str_eq(path, S("/run/docker.sock"));
}

static void check_doors(const LintImage *i, LintSink *to)
{
	for (size_t k = 0; k < i->settings->ports.n; k++) {
		const char *what = bad_port(i->settings->ports.at[k]);
		if (what != NULL)
			image_say(i, to, in_settings(i, OP_EXPOSE),
				  "port " STR_FMT " is that of %s",
				  STR_ARG(i->settings->ports.at[k]), what);
	}
	for (size_t k = 0; k < i->settings->volumes.n; k++)
		if (is_system_dir(i->settings->volumes.at[k]))
			image_say(i, to, in_settings(i, OP_VOLUME),
				  "the volume '" STR_FMT "' lies over the system",
				  STR_ARG(i->settings->volumes.at[k]));
}

const LintRule lint_I105 = {
	.id = "I105",
	.name = "image-doors",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Remote administration belongs to the engine, not into a container: docker exec "
	       "does "
	       "it without a daemon, keys and an open port. A volume over a system directory "
	       "outlives the image and hides what newer ones bring.",
	.help = "drop the EXPOSE or VOLUME, and what listens there",
	.aliases = LIST("CKV_DOCKER_1", "DKL-DI-0002"),
	.good = LIST("config {\"ExposedPorts\":{\"80/tcp\":{},\"2222/tcp\":{}},"
		     "\"Volumes\":{\"/var/lib/x\":{}}}"),
	.bad = LIST("config {\"ExposedPorts\":{\"22/tcp\":{}}}",
		    "config {\"ExposedPorts\":{\"23\":{}}}", "config {\"Volumes\":{\"/etc/\":{}}}",
		    "config {\"Volumes\":{\"/\":{}}}"),
	.check_image = check_doors,
};

/* ---- I106 shell form ---- */

static bool is_shell_form(const StrVec *v)
{
	return v->n == 3 && str_eq(v->at[0], S("/bin/sh")) && str_eq(v->at[1], S("-c")) &&
	       !str_starts(str_trim(v->at[2]), S("exec "));
}

static void check_shell(const LintImage *i, LintSink *to)
{
	if (is_shell_form(&i->settings->entrypoint))
		image_say(i, to, in_settings(i, OP_ENTRYPOINT),
			  "a shell is process 1 and hands no signal on to the ENTRYPOINT");
	else if (is_shell_form(&i->settings->cmd) && i->settings->entrypoint.n == 0)
		image_say(i, to, in_settings(i, OP_CMD),
			  "a shell is process 1 and hands no signal on to the CMD");
}

const LintRule lint_I106 = {
	.id = "I106",
	.name = "image-shell-form",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "docker stop signals process 1. A shell there waits for its child and does not tell "
	       "it, so that after ten seconds both are killed.",
	.help = "use the exec form, [\"program\", \"argument\"], or 'exec program'",
	.good = LIST("config {\"Cmd\":[\"nginx\"]}",
		     "config {\"Cmd\":[\"/bin/sh\",\"-c\",\"exec nginx\"]}"),
	.bad = LIST("config {\"Cmd\":[\"/bin/sh\",\"-c\",\"nginx\"]}",
		    "config {\"Entrypoint\":[\"/bin/sh\",\"-c\",\"nginx -g x\"]}"),
	.check_image = check_shell,
};
