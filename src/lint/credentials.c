/* credentials.c - D401, D404: secrets that are written out, and commands that leave one behind. */
#include "lint/packages.h"

/* ---- D401: the secrets engine's hits, handed in ---- */

static void check_values(const LintFile *f, LintSink *to)
{
	const LintBeside *b = f->options->beside;
	for (size_t i = 0; b != NULL && i < b->secrets.n; i++) {
		const LintSecret *s = &b->secrets.at[i];
		lint_say(to, s->at, "%s: " STR_FMT " (" STR_FMT ")", "a secret stands in this file",
			 STR_ARG(s->name), STR_ARG(s->masked));
	}
}

const LintRule lint_D401 = {
	.id = "D401",
	.name = "secret-value",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever has the file or the image has the secret; removing it later does not take "
	       "it "
	       "back.",
	.help = "revoke it, then hand it in with RUN --mount=type=secret or at run time",
	.good = LIST("FROM a:1\nRUN --mount=type=secret,id=x y\n"),
	.bad = LIST("FROM a:1\nENV K=<value of a secret>\n"),
	.check = check_values,
};

/* ---- D404 ---- */

static bool has_secret_mount(const LintCommand *c)
{
	for (size_t i = 0; i < c->script->in->flags.n; i++)
		if (str_starts(c->script->in->flags.at[i].text, S("--mount=type=secret")))
			return true;
	return false;
}

/* "scheme://user:password@host", "https://$TOKEN@host". */
static bool has_password(const ShellWord *w)
{
	Str rest = w->text, host, user;
	size_t at;
	if (!str_find(w->text, S("://"), &at))
		return false;
	rest = str_skip(w->text, at + 3);
	str_cut(&rest, '/', &host);
	if (!str_has(host, '@'))
		return false;
	rest = host;
	str_cut(&rest, '@', &user);
	bool token = str_starts(user, S("$")) && str_starts(w->text, S("http"));
	str_cut(&user, ':', &rest);
	return token || (user.p != NULL && user.n != 0);
}

typedef struct Login {
	const char *program, *verb; /* verb: NULL, or a word that must be there */
	const char *options;        /* whose value is the secret */
} Login;

static const Login logins[] = {
	{"docker podman buildah skopeo", "login", "-p --password"},
	{"az", "login", "-p --password"},
	{"doctl", "auth", "-t --access-token"},
	{"helm", "login", "-p --password"},
	{"oc", "login", "-p -t --password --token"},
	{"gh", "login", "--token"},
	{"heroku", "login", "--password"},
	{"vault", "login", "-token"},
	{"mysql mysqladmin mysqldump mariadb", NULL, "--password"},
	{"wget", NULL, "--password --http-password --ftp-password"},
	{"sshpass", NULL, "-p"},
	{"twine", NULL, "-p --password"},
	{"rclone", NULL, "--password"},
	{"svn", NULL, "--password"},
};

static const ShellWord *login_secret(const LintCommand *c, Str *value)
{
	for (size_t i = 0; i < sizeof logins / sizeof logins[0]; i++) {
		const ShellWord *w = NULL;
		if (command_is(c, logins[i].program) &&
		    (logins[i].verb == NULL || command_has(c, logins[i].verb)))
			w = command_option(c, logins[i].options, value);
		if (w != NULL && value->n != 0)
			return w;
	}
	return NULL;
}

/* "mysql -psecret": what stands apart from -p is a database, and the password is asked for. */
static const ShellWord *joined_secret(const LintCommand *c)
{
	for (size_t i = 0; command_is(c, "mysql mysqladmin mysqldump mariadb") && i < c->n; i++)
		if (str_starts(c->args[i].text, S("-p")) && c->args[i].text.n > 2)
			return &c->args[i];
	return NULL;
}

/* PGPASSWORD=secret psql: variables that are nothing but a password. */
static const ShellWord *assigned_secret(const LintCommand *c)
{
	for (size_t i = 0; i < c->shell->assignments.n; i++) {
		const ShellWord *w = &c->shell->assignments.at[i];
		Str value = w->text, name;
		str_cut(&value, '=', &name);
		if (word_in("PGPASSWORD MYSQL_PWD SSHPASS REDISCLI_AUTH", name) && value.n != 0)
			return w;
	}
	return NULL;
}

/* "aws configure set aws_secret_access_key X", "npm config set //r/:_authToken X" */
static const ShellWord *configured_secret(const LintCommand *c)
{
	static const char *const keys[] = {
		"secret_access_key", "session_token", "_authToken", "_auth",       "_password",
		"http-basic",        "github-oauth",  "bearer",     "gitlab-token"};
	for (size_t i = 0; command_is(c, "aws npm yarn composer pip") && i < c->n; i++)
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
			size_t at;
			bool follows = i + 1 < c->n || str_has(c->args[i].text, '=');
			if (follows && str_find(c->args[i].text, str_of(keys[k]), &at) &&
			    command_has(c, "set config configure"))
				return &c->args[i];
		}
	return NULL;
}

static const ShellWord *curl_secret(const LintCommand *c)
{
	Str value;
	const ShellWord *w = command_is(c, "curl") ? command_option(c, "-u --user", &value) : NULL;
	if (w != NULL && str_has(value, ':') && !str_ends(value, S(":")))
		return w;
	for (size_t i = 0; command_is(c, "curl wget") && i < c->n; i++) {
		size_t at;
		Str t = c->args[i].text;
		if (str_find(t, S("Authorization:"), &at) ||
		    str_find(t, S("PRIVATE-TOKEN:"), &at) || str_find(t, S("X-Auth-Token:"), &at))
			return &c->args[i];
	}
	return NULL;
}

static void say_word(const LintCommand *c, const ShellWord *w, const char *what, LintSink *to)
{
	Span at;
	(void)script_span(c->script, w->at, &at);
	lint_say(to, at, "%s", what);
}

static bool is_kept(Str path)
{
	return path.n != 0 && !str_starts(path, S("/dev/")) && !str_starts(path, S("/tmp/")) &&
	       !str_starts(path, S("/run/")) && path.p[0] != '&';
}

static bool is_credential_file(Str path)
{
	return word_in(".netrc .npmrc .pypirc .git-credentials .dockercfg .pgpass credentials "
		       ".yarnrc.yml auth.json id_rsa id_ed25519",
		       str_base(path));
}

static bool is_removed(const LintCommand *c, Str path)
{
	EACH_LATER (c, l)
		for (size_t i = 0; command_is(l, "rm shred") && i < l->n; i++)
			if (str_eq(str_base(l->args[i].text), str_base(path)))
				return true;
	return false;
}

/* cat /run/secrets/x > f, cp /run/secrets/x f, echo $T > ~/.netrc */
static void check_left(const LintCommand *c, LintSink *to)
{
	bool reads = false;
	for (size_t i = 0; i < c->n; i++)
		reads = reads || str_starts(c->args[i].text, S("/run/secrets/"));
	for (size_t i = 0; i < c->shell->targets.n; i++) {
		const ShellWord *w = &c->shell->targets.at[i];
		bool writes = command_is(c, "echo printf cat") && is_credential_file(w->text);
		if (is_kept(w->text) && (reads || writes) && !is_removed(c, w->text))
			say_word(c, w, "the secret is left in the layer", to);
	}
	bool copies = reads && command_is(c, "cp install ln") && c->n > 1;
	if (copies && is_kept(c->args[c->n - 1].text) && !is_removed(c, c->args[c->n - 1].text))
		say_word(c, &c->args[c->n - 1], "the secret is left in the layer", to);
}

/* The value is known when the step runs only, and so is not in the history. */
static bool is_open(const LintCommand *c, const ShellWord *w)
{
	return w->dynamic || (w + 1 < c->args + c->n && w[1].dynamic);
}

static void check_credential(const LintCommand *c, LintSink *to)
{
	Str value = {0};
	const ShellWord *w = login_secret(c, &value);
	bool mounted = has_secret_mount(c);
	check_left(c, to);
	if (w == NULL)
		w = joined_secret(c);
	if (w == NULL)
		w = configured_secret(c);
	if (w == NULL)
		w = curl_secret(c);
	if (w != NULL && !(mounted && is_open(c, w)))
		say_word(c, w, "a credential on the command line stays in the history", to);
	w = assigned_secret(c);
	if (w != NULL && !(mounted && w->dynamic))
		say_word(c, w, "a password on the command line stays in the history", to);
	for (size_t i = 0; i < c->n; i++)
		if (has_password(&c->args[i]) && !(mounted && c->args[i].dynamic))
			say_word(c, &c->args[i], "an address with a password in it", to);
}

static void check_credentials(const LintFile *f, LintSink *to)
{
	each_run_command(f, to, check_credential);
}

const LintRule lint_D404 = {
	.id = "D404",
	.name = "credential-command",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "The command line of a RUN is in the image's history with the values of its ARGs, "
	       "and "
	       "what it writes is in the layer, also when a later step removes it.",
	.help = "use RUN --mount=type=secret, and read the secret where it is needed",
	.aliases = LIST("DS-0031"),
	.good = LIST(
		"FROM a:1\nRUN --mount=type=secret,id=t curl -u x:$(cat /run/secrets/t) "
		"https://e\n",
		"FROM a:1\nRUN docker login --password-stdin < /run/secrets/x\n",
		"FROM a:1\nRUN git clone ssh://git@e.example/x && curl -u x https://e.example\n",
		"FROM a:1\nRUN cat /run/secrets/x | y && echo a > /etc/x\n",
		"FROM a:1\nRUN mysql -u root -p db && mysql -P 3306 x\n",
		"FROM a:1\nRUN --mount=type=secret,id=p PGPASSWORD=$(cat /run/secrets/p) psql x\n",
		"FROM a:1\nRUN echo $T > ~/.netrc && x && rm ~/.netrc\n"),
	.bad = LIST("FROM a:1\nRUN docker login -u x -p y\n",
		    "FROM a:1\nRUN mysql -u root -pgeheim < x.sql\n",
		    "FROM a:1\nRUN PGPASSWORD=geheim psql -f x.sql\n",
		    "FROM a:1\nRUN git clone https://x:y@e.example/z\n",
		    "FROM a:1\nARG T\nRUN git clone https://${T}@e.example/z\n",
		    "FROM a:1\nRUN curl -u x:y https://e.example\n",
		    "FROM a:1\nRUN aws configure set aws_secret_access_key x\n",
		    "FROM a:1\nRUN npm config set //r.example/:_authToken x\n",
		    "FROM a:1\nRUN --mount=type=secret,id=x cat /run/secrets/x > /etc/x\n",
		    "FROM a:1\nRUN --mount=type=secret,id=x cp /run/secrets/x /root/.npmrc\n",
		    "FROM a:1\nRUN echo machine x password y > ~/.netrc\n",
		    "FROM a:1\nRUN curl -H 'Authorization: token x' https://e.example\n"),
	.check = check_credentials,
};
