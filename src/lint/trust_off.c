/* trust_off.c - D507: signatures and certificates that are not looked at. */
#include "lint/packages.h"

typedef struct Switch {
	const char *programs;
	const char *options; /* as they stand; "-k": also among others, "-sk" */
	const char *what;
} Switch;

static const Switch switches[] = {
	{"curl", "-k --insecure --proxy-insecure", "certificates are not checked"},
	{"wget wget2", "--no-check-certificate", "certificates are not checked"},
	{"pip pip3 pipx uv", "--trusted-host --allow-insecure-host",
	 "certificates are not checked"},
	{"apk", "--allow-untrusted", "signatures are not checked"},
	{"apt-get apt aptitude",
	 "--allow-unauthenticated --force-yes --allow-insecure-repositories --no-gpg-check",
	 "signatures are not checked"},
	{"yum dnf dnf5 microdnf tdnf", "--nogpgcheck --no-gpgchecks --no-gpg-checks --nogpgchecks",
	 "signatures are not checked"},
	{"zypper", "--no-gpg-checks --gpg-auto-import-keys --allow-unsigned-rpm",
	 "signatures are not checked"},
	{"rpm", "--nodigest --nosignature --noverify --nofiledigest", "signatures are not checked"},
	{"npm yarn pnpm", "--strict-ssl=false --no-strict-ssl", "certificates are not checked"},
	{"gem", "--no-verify-ssl", "certificates are not checked"},
	{"conda mamba", "--insecure -k", "certificates are not checked"},
	{"helm", "--insecure-skip-tls-verify", "certificates are not checked"},
	{"go", "-insecure", "certificates are not checked"},
	{"apt-key", "add adv", "the key is trusted for every source there is"},
};

/* Of NAME=VALUE: assigned, exported, ENV or ARG. */
static const struct {
	const char *name, *values; /* NULL: any but "" */
} variables[] = {
	{"GIT_SSL_NO_VERIFY", "1 true yes on"},
	{"GOINSECURE", NULL},
	{"GONOSUMCHECK", NULL},
	{"GOSUMDB", "off"},
	{"NODE_TLS_REJECT_UNAUTHORIZED", "0"},
	{"NPM_CONFIG_STRICT_SSL", "false"},
	{"npm_config_strict_ssl", "false"},
	{"PIP_TRUSTED_HOST", NULL},
	{"PYTHONHTTPSVERIFY", "0"},
	{"YARN_STRICT_SSL", "false"},
};

/* Words that switch it off wherever they stand. */
static const char *const words[] = {
	"http.sslVerify=false",
	"trusted=yes",
	"sslverify=0",
	"sslverify=false",
	"gpgcheck=0",
	"Verify-Peer=false",
	"AllowUnauthenticated=true",
	"AllowUnauthenticated=1",
	"AllowInsecureRepositories=true",
};

/* ---- commands ---- */

static bool is_option(Str word, Str option)
{
	Str rest = word, name;
	if (str_eq(word, option))
		return true;
	bool is_short = option.n == 2 && option.p[0] == '-';
	if (is_short)
		return word.n > 2 && word.p[0] == '-' && word.p[1] != '-' && !str_has(word, '=') &&
		       word.n < 8 && str_has(word, option.p[1]) && !str_has(word, '/');
	str_cut(&rest, '=', &name);
	return str_starts(option, S("--")) && str_eq(name, option);
}

static void say_switch(const LintCommand *c, size_t arg, const char *what, LintSink *to)
{
	lint_say(to, argument_span(c, arg), "'" STR_FMT "': %s", STR_ARG(c->args[arg].text), what);
}

static void check_switches(const PkgCall *call, const LintCommand *c, LintSink *to)
{
	Str name = call != NULL ? call->as.name : c->name;
	for (size_t k = 0; k < sizeof switches / sizeof switches[0]; k++)
		for (size_t i = 0; word_in(switches[k].programs, name) && i < c->n; i++) {
			Str rest = str_of(switches[k].options), option;
			while (str_cut(&rest, ' ', &option))
				if (is_option(c->args[i].text, option)) {
					say_switch(c, i, switches[k].what, to);
					break;
				}
		}
}

/* "npm config set strict-ssl false", "git config --global http.sslVerify false" */
static void check_config(const LintCommand *c, LintSink *to)
{
	for (size_t i = 0; command_is(c, "npm yarn pnpm git") && i + 1 < c->n; i++) {
		bool key = str_eq_nocase(c->args[i].text, S("strict-ssl")) ||
			   str_eq_nocase(c->args[i].text, S("http.sslVerify"));
		if (key && word_in("false 0 no off", c->args[i + 1].text))
			say_switch(c, i, "certificates are not checked", to);
	}
}

static void check_words(const LintCommand *c, LintSink *to)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
			size_t at;
			if (!str_find(c->args[i].text, str_of(words[k]), &at) ||
			    str_find(c->args[i].text, S(" file:"), &at))
				continue; /* what stands here already needs no signature */
			lint_say(to, argument_span(c, i), "'%s': %s", words[k],
				 k == 0 || words[k][0] == 's' || words[k][0] == 'V'
					 ? "certificates are not checked"
					 : "signatures are not checked");
			break;
		}
}

static void check_plain(const LintCommand *c, LintSink *to)
{
	for (size_t i = 0; command_is(c, "curl wget") && i < c->n; i++) {
		Str w = c->args[i].text;
		bool proxy = i > 0 &&
			     word_in("-x --proxy --preproxy -e --referer", c->args[i - 1].text);
		if (str_starts(w, S("http://")) && !is_local_address(w) && !str_has(w, '$') &&
		    !proxy && !is_verified(c))
			lint_say(to, argument_span(c, i),
				 "fetched without TLS: anybody on the way can change it");
	}
}

/* ---- variables ---- */

static bool is_off_by(Str name, Str value)
{
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		if (!str_eq(name, str_of(variables[i].name)))
			continue;
		if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\''))
			value = (Str){value.p + 1, value.n - 2};
		return variables[i].values != NULL ? word_in(variables[i].values, value)
						   : value.n != 0;
	}
	return false;
}

static void say_variable(LintSink *to, Span at, Str name)
{
	lint_say(to, at, "'" STR_FMT "' switches checks off", STR_ARG(name));
}

static void check_assigned(const LintCommand *c, const ShellWord *w, LintSink *to)
{
	Str rest = w->text, name;
	Span at;
	if (!str_cut(&rest, '=', &name) || rest.p == NULL || !is_off_by(name, rest))
		return;
	(void)script_span(c->script, w->at, &at);
	say_variable(to, at, name);
}

static void check_command(const LintCommand *c, LintSink *to)
{
	PkgCall call;
	bool is_call = pkg_read(c, c->file->a, &call);
	check_switches(is_call ? &call : NULL, c, to);
	check_config(c, to);
	check_words(c, to);
	check_plain(c, to);
	for (size_t i = 0; i < c->shell->assignments.n; i++)
		check_assigned(c, &c->shell->assignments.at[i], to);
	for (size_t i = 0; i < c->shell->words.n; i++)
		check_assigned(c, &c->shell->words.at[i], to);
}

static void check_declared(const Instruction *in, LintSink *to)
{
	for (size_t k = 0; in->op == OP_ENV && k + 1 < in->args.n; k += 2)
		if (is_off_by(in->args.at[k].text, in->args.at[k + 1].text))
			say_variable(to, in->args.at[k].span, in->args.at[k].text);
	for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++) {
		Str rest = in->args.at[k].text, name;
		if (str_cut(&rest, '=', &name) && rest.p != NULL && is_off_by(name, rest))
			say_variable(to, in->args.at[k].span, name);
	}
}

static void check_trust(const LintFile *f, LintSink *to)
{
	each_command(f, to, check_command);
	for (size_t i = 0; i < f->d->instructions.n; i++)
		check_declared(lint_at(f, i), to);
}

const LintRule lint_D507 = {
	.id = "D507",
	.name = "checks-off",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Without the signature or the certificate anybody between here and the server can "
	       "put something else in.",
	.help = "leave the checks on; install the certificate or the key that is missing",
	.aliases = LIST("CKV2_DOCKER_2", "CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_5",
			"CKV2_DOCKER_6", "CKV2_DOCKER_7", "CKV2_DOCKER_8", "CKV2_DOCKER_9",
			"CKV2_DOCKER_10", "CKV2_DOCKER_11", "CKV2_DOCKER_12", "CKV2_DOCKER_13",
			"CKV2_DOCKER_14", "CKV2_DOCKER_15", "CKV2_DOCKER_16"),
	.good = LIST(
		"FROM a:1\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=\n",
		"FROM a:1\nRUN curl -fsSL https://e.example/k -o x && apt-get install -y a\n",
		"FROM a:1\nRUN curl http://localhost:80/\n",
		"FROM a:1\nHEALTHCHECK CMD curl -f http://0.0.0.0:80/ || wget http://[::1]/\n",
		"FROM a:1\nRUN curl -O http://e.example/x && echo y x | sha256sum -c\n",
		"FROM a:1\nRUN curl -x http://proxy:3128 https://e.example/x\n",
		"FROM a:1\nRUN echo \"deb [ trusted=yes ] file://$t ./\" > /etc/apt/x\n",
		"FROM a:1\nRUN npm config set strict-ssl true\n",
		"FROM a:1\nRUN wget -q https://e.example && rpm -ivh x.rpm && git clone -k x\n"),
	.bad = LIST("FROM a:1\nRUN curl -k https://e.example\n",
		    "FROM a:1\nRUN curl -fsSkL https://e.example\n",
		    "FROM a:1\nRUN wget --no-check-certificate https://e.example\n",
		    "FROM a:1\nRUN pip install --trusted-host e.example a==1\n",
		    "FROM a:1\nRUN python -m pip install --trusted-host=e.example a==1\n",
		    "FROM a:1\nENV PYTHONHTTPSVERIFY=0\n",
		    "FROM a:1\nARG NODE_TLS_REJECT_UNAUTHORIZED=\"0\"\n",
		    "FROM a:1\nRUN apk add --allow-untrusted x.apk\n",
		    "FROM a:1\nRUN apt-get install -y --allow-unauthenticated a\n",
		    "FROM a:1\nRUN apt-get -y --force-yes install a\n",
		    "FROM a:1\nRUN dnf install -y --nogpgcheck a\n",
		    "FROM a:1\nRUN rpm -i --nosignature x.rpm\n",
		    "FROM a:1\nENV NPM_CONFIG_STRICT_SSL=false\n",
		    "FROM a:1\nRUN npm config set strict-ssl false\n",
		    "FROM a:1\nRUN GIT_SSL_NO_VERIFY=1 git clone https://e.example\n",
		    "FROM a:1\nRUN git -c http.sslVerify=false clone https://e.example\n",
		    "FROM a:1\nRUN export GIT_SSL_NO_VERIFY=true\n",
		    "FROM a:1\nRUN yum install -y --setopt=sslverify=0 a\n",
		    "FROM a:1\nENV PIP_TRUSTED_HOST=e.example\n",
		    "FROM a:1\nRUN echo 'deb [trusted=yes] http://e.example x main' > /etc/apt/x\n",
		    "FROM a:1\nRUN curl https://e.example/k | apt-key add -\n",
		    "FROM a:1\nRUN wget http://e.example/x\n"),
	.check = check_trust,
};
