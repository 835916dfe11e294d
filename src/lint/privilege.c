/* privilege.c - D3xx: who the process is, and what it may do. */
#include "base/buf.h"
#include "lint/bases.h"
#include "lint/packages.h"

/* ---- D301 root ---- */

static const Instruction *last_user(const LintFile *f, const LintStage *s)
{
	for (; s != NULL; s = lint_parent(f, s))
		for (size_t i = s->end; i-- > s->first;)
			if (lint_at(f, i)->op == OP_USER && lint_at(f, i)->args.n == 1)
				return lint_at(f, i);
	return NULL;
}

/* As it is written where it depends on a build argument. */
static Str user_of(const LintFile *f, const Instruction *in)
{
	Str rest = in->args.at[0].text, user;
	for (size_t i = 0; i < f->users.n; i++)
		if (f->users.at[i].in == in)
			rest = f->users.at[i].name;
	str_cut(&rest, ':', &user);
	return user;
}

/* Nobody is root, too; a number may have zeros in front. */
static bool is_root(Str user)
{
	size_t zeros = 0;
	while (zeros < user.n && user.p[zeros] == '0')
		zeros++;
	return str_eq(user, S("root")) || zeros == user.n;
}

static Str first_base(const LintFile *f, const LintStage *s)
{
	while (lint_parent(f, s) != NULL)
		s = lint_parent(f, s);
	return s->image.n != 0 ? s->image : s->base;
}

/* A copy of a well-known image in another registry is taken for it. */
static bool runs_as_root(Str base)
{
	Str name, tag, digest;
	image_split(base, &name, &tag, &digest);
	const KnownBase *b = base_known(name);
	return b != NULL && b->root;
}

/* Before what starts the process, at the end of the last stage. */
static void fix_root(const LintFile *f, const LintStage *s, LintSink *to)
{
	size_t at = s->end;
	while (at > s->first &&
	       (lint_at(f, at - 1)->op == OP_CMD || lint_at(f, at - 1)->op == OP_ENTRYPOINT ||
		lint_at(f, at - 1)->op == OP_HEALTHCHECK || lint_at(f, at - 1)->op == OP_EXPOSE))
		at--;
	Str user = new_line(f, S("USER"), S("65532:65532"));
	bool ends = str_ends(f->d->text, S("\n"));
	uint32_t end = (uint32_t)f->d->text.n, before = at < s->end ? lint_at(f, at)->span.at : end;
	bool heads = at < s->end && lint_at(f, at)->comments.n != 0;
	if (heads || (at == s->end && at > 0 && goes_on(f, lint_at(f, at - 1))))
		return;
	Buf b = buf_in(f->a, 64);
	if (at == s->end && !ends)
		buf_add(&b, newline_of(f));
	buf_add(&b, user);
	lint_fix(to, (Span){before, before}, buf_str(&b), false);
}

static void check_root(const LintFile *f, LintSink *to)
{
	const LintStage *s = lint_last(f);
	const Instruction *user = last_user(f, s);
	if (user != NULL) {
		if (is_root(user_of(f, user)))
			lint_say(to, user->span, "the image runs as root");
	} else if (s->from != NULL && runs_as_root(first_base(f, s))) {
		lint_say(to, s->from->span,
			 "the image runs as root, as '" STR_FMT "' does: no USER",
			 STR_ARG(first_base(f, s)));
		fix_root(f, s, to);
	}
}

const LintRule lint_D301 = {
	.id = "D301",
	.name = "root-user",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A process that is root in the container is root on the host once it gets out, and "
	       "may do "
	       "anything to the files it can reach.",
	.help = "add USER with a number above 0 after the last instruction that needs root",
	.aliases = LIST("DL3002", "DS-0002", "CKV_DOCKER_8", "CIS-DI-0001"),
	.good = LIST("FROM debian:12\nUSER 1000\n", "FROM debian:12 AS b\nUSER x\nFROM b\n",
		     "FROM gcr.io/distroless/static:nonroot\n",
		     "FROM a:1\nUSER root\nRUN x\nUSER y:y\n"),
	.bad = LIST("FROM debian:12\n", "FROM a:1\nUSER root\n", "FROM a:1\nUSER 0:0\n",
		    "FROM a:1\nUSER \"root\"\n", "FROM a:1\nARG U=00\nUSER $U:1000\n",
		    "FROM a:1\nENV U=0\nUSER ${U:-1}\n",
		    "FROM a:1 AS b\nUSER x\nFROM r:5000/library/python:3\n"),
	.check = check_root,
};

/* ---- D313 nobody named ---- */

static bool says_nonroot(Str base)
{
	size_t at;
	return str_find(base, S("nonroot"), &at) || str_find(base, S("rootless"), &at) ||
	       str_find(base, S("unprivileged"), &at);
}

static void check_no_user(const LintFile *f, LintSink *to)
{
	const LintStage *s = lint_last(f);
	if (s->from == NULL || last_user(f, s) != NULL)
		return;
	Str base = first_base(f, s);
	if (!runs_as_root(base) && !says_nonroot(base))
		lint_say(to, s->from->span,
			 "no USER here, so that '" STR_FMT "' decides who it runs as",
			 STR_ARG(base));
}

const LintRule lint_D313 = {
	.id = "D313",
	.name = "no-user",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_LOW,
	.why = "Most base images run as root, and one that does not today may tomorrow.",
	.help = "add USER, even when the base image has one",
	.aliases = LIST("CKV_DOCKER_3"),
	.good = LIST("FROM a:1\nUSER 1\n", "FROM debian:12\n", "FROM a:nonroot\n"),
	.bad = LIST("FROM example.com/a:1\n"),
	.check = check_no_user,
};

/* ---- D302 number ---- */

static void check_number(const LintFile *f, LintSink *to)
{
	const Instruction *user = last_user(f, lint_last(f));
	uint64_t number;
	if (user == NULL || is_windows_stage(f, lint_last(f)))
		return;
	Str name = user_of(f, user);
	if (!str_has(name, '$') && !str_u64(name, &number) && !is_root(name))
		lint_say(to, user->args.at[0].span, "user '" STR_FMT "' is not a number",
			 STR_ARG(name));
}

const LintRule lint_D302 = {
	.id = "D302",
	.name = "user-by-name",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "Kubernetes' runAsNonRoot cannot tell whether a name is root, and refuses to start "
	       "it.",
	.help = "write the user's number",
	.aliases = LIST("DL3066"),
	.good = LIST("FROM a:1\nUSER 1000:1000\n", "FROM a:1\nARG U\nUSER $U\n",
		     "FROM example.com/windows/nanoserver:1\nUSER ContainerUser\n"),
	.bad = LIST("FROM a:1\nUSER app\n"),
	.check = check_number,
};

/* ---- D305 the host's ---- */

static bool below(Str path, const char *dir)
{
	Str d = str_of(dir);
	return str_starts(path, d) && (path.n == d.n || path.p[d.n] == '/');
}

static bool of_system(Str path)
{
	static const char *const dirs[] = {"/proc", "/sys", "/dev", "/boot"};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (below(path, dirs[i]))
			return true;
	return false;
}

static void check_run_flags(const Instruction *in, LintSink *to)
{
	Str value;
	const DockerWord *flag = instruction_flag(in, S("security"), &value);
	if (flag != NULL && str_eq(value, S("insecure")))
		lint_say(to, flag->span, "this step runs with all privileges of the builder");
	flag = instruction_flag(in, S("network"), &value);
	if (flag != NULL && str_eq(value, S("host")))
		lint_say(to, flag->span, "this step shares the builder's network");
}

static void check_host(const LintFile *f, LintSink *to)
{
	size_t at;
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (in->op == OP_RUN)
			check_run_flags(in, to);
		if (in->op != OP_VOLUME && in->op != OP_WORKDIR)
			continue;
		for (size_t k = 0; k < in->args.n; k++) {
			Str path = in->args.at[k].text;
			if (of_system(path) || str_find(path, S("docker.sock"), &at))
				lint_say(to, in->args.at[k].span,
					 "'" STR_FMT "' belongs to the host", STR_ARG(path));
		}
	}
}

const LintRule lint_D305 = {
	.id = "D305",
	.name = "host-access",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "What reaches into the host's kernel, devices, network or engine can take it over.",
	.help = "do without it; what a build needs of the network, it can fetch",
	.aliases = LIST("DKL-DI-0002", "DS-0030"),
	.good = LIST("FROM a:1\nVOLUME /data\nWORKDIR /srv\nRUN --network=none x\n"),
	.bad = LIST("FROM a:1\nVOLUME /sys\n", "FROM a:1\nRUN --security=insecure x\n",
		    "FROM a:1\nRUN --network=host x\n",
		    "FROM a:1\nVOLUME [\"/var/run/docker.sock\"]\n", "FROM a:1\nWORKDIR /proc/1\n"),
	.check = check_host,
};

/* ---- D306 remote login ---- */

static void check_ports(const LintFile *f, LintSink *to)
{
	static const char *const ports[] = {"22", "23", "3389"};
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_EXPOSE && k < in->args.n; k++) {
			Str rest = in->args.at[k].text, port;
			str_cut(&rest, '/', &port);
			for (size_t n = 0; n < sizeof ports / sizeof ports[0]; n++)
				if (str_eq(port, str_of(ports[n])))
					lint_say(to, in->args.at[k].span,
						 "port " STR_FMT " is for logging in from afar",
						 STR_ARG(port));
		}
	}
}

static void login_installed(const PkgCall *call, LintSink *to)
{
	for (size_t i = 0; call->act == PKG_INSTALL && i < call->packages.n; i++) {
		Str name = call->as.args[call->packages.at[i]].text;
		if (call->by->distro &&
		    word_in("openssh-server openssh-sftp-server dropbear telnetd inetutils-telnetd "
			    "telnet-server xrdp vsftpd",
			    name) &&
		    is_shipped(call->as.file, call->as.script->index))
			lint_say(to, argument_span(&call->as, call->packages.at[i]),
				 "'" STR_FMT "' is for logging in from afar", STR_ARG(name));
	}
}

static void check_logins(const LintFile *f, LintSink *to)
{
	check_ports(f, to);
	each_pkg_call(f, to, login_installed);
}

const LintRule lint_D306 = {
	.id = "D306",
	.name = "remote-login",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "A login server in a container is a second way in, with keys and passwords of its "
	       "own.",
	.help = "use docker exec, and remove the server",
	.aliases = LIST("DS-0004", "CKV_DOCKER_1"),
	.good = LIST("FROM a:1\nEXPOSE 8080 2222\n"),
	.bad = LIST("FROM a:1\nEXPOSE 22\n", "FROM a:1\nEXPOSE 80 22/tcp\n",
		    "FROM a:1\nRUN apt-get install -y openssh-server\n"),
	.check = check_logins,
};

/* ---- D307 health ---- */

static void check_health(const LintFile *f, LintSink *to)
{
	const LintStage *last = lint_last(f);
	for (const LintStage *s = last; s != NULL; s = lint_parent(f, s))
		for (size_t i = s->first; i < s->end; i++)
			if (lint_at(f, i)->op == OP_HEALTHCHECK)
				return;
	if (last->from != NULL)
		lint_say(to, last->from->span, "the last stage has no HEALTHCHECK");
}

const LintRule lint_D307 = {
	.id = "D307",
	.name = "no-healthcheck",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.off = true,
	.why = "Without one an engine cannot tell a hung process from a working one. Kubernetes "
	       "has probes "
	       "of its own.",
	.help = "add HEALTHCHECK, or HEALTHCHECK NONE for a job",
	.aliases = LIST("DL3057", "DS-0026", "CKV_DOCKER_2", "CIS-DI-0006"),
	.good = LIST("FROM a:1\nHEALTHCHECK CMD [\"x\"]\n", "FROM a:1\nHEALTHCHECK NONE\n"),
	.bad = LIST("FROM a:1\nRUN x\n"),
	.check = check_health,
};
