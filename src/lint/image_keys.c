/* image_keys.c - I205, I206: keys and credentials that lie in an image, or under one of its layers.
 */
#include "lint/image_gather.h"

typedef enum KeyKind {
	KEY_NONE,
	KEY_PEM,    /* counts when it holds a private key */
	KEY_STORE,  /* is one by its name */
	KEY_HOST,   /* of sshd: the same in every container */
	KEY_LOGINS, /* counts when it holds what is looked for */
	KEY_ACCESS, /* who may log in */
} KeyKind;

typedef struct KeyName {
	KeyKind kind;
	const char *ends;  /* the path ends so, at a name's start; or at any place when it starts in
			      '.' */
	const char *holds; /* KEY_LOGINS: one of these, with blanks between */
	const char *what;
} KeyName;

static const KeyName names[] = {
	{KEY_PEM, "id_rsa", NULL, "a private SSH key"},
	{KEY_PEM, "id_dsa", NULL, "a private SSH key"},
	{KEY_PEM, "id_ecdsa", NULL, "a private SSH key"},
	{KEY_PEM, "id_ed25519", NULL, "a private SSH key"},
	{KEY_HOST, "ssh_host_rsa_key", NULL, "an SSH host key"},
	{KEY_HOST, "ssh_host_dsa_key", NULL, "an SSH host key"},
	{KEY_HOST, "ssh_host_ecdsa_key", NULL, "an SSH host key"},
	{KEY_HOST, "ssh_host_ed25519_key", NULL, "an SSH host key"},
	{KEY_ACCESS, ".ssh/authorized_keys", NULL, "a list of who may log in"},
	{KEY_PEM, ".pem", NULL, "a private key"},
	{KEY_PEM, ".key", NULL, "a private key"},
	{KEY_PEM, ".ppk", NULL, "a private SSH key"},
	{KEY_STORE, ".p12", NULL, "a key store (PKCS #12)"},
	{KEY_STORE, ".pfx", NULL, "a key store (PKCS #12)"},
	{KEY_STORE, ".jks", NULL, "a Java key store"},
	{KEY_STORE, ".kdbx", NULL, "a password store"},
	{KEY_LOGINS, ".aws/credentials", "aws_secret_access_key", "AWS credentials"},
	{KEY_LOGINS, ".docker/config.json", "\"auth\" \"identitytoken\"", "registry logins"},
	{KEY_LOGINS, ".dockercfg", "\"auth\"", "registry logins"},
	{KEY_LOGINS, ".kube/config", "client-key-data token: password:", "cluster credentials"},
	{KEY_LOGINS, ".kubeconfig", "client-key-data token: password:", "cluster credentials"},
	{KEY_LOGINS, ".npmrc", "_authToken _password _auth", "a registry token"},
	{KEY_LOGINS, ".yarnrc.yml", "npmAuthToken", "a registry token"},
	{KEY_LOGINS, ".pypirc", "password", "a registry password"},
	{KEY_LOGINS, ".netrc", "password", "a login"},
	{KEY_LOGINS, ".pgpass", ":", "database passwords"},
	{KEY_LOGINS, ".my.cnf", "password", "a database password"},
	{KEY_LOGINS, ".git-credentials", "://", "Git logins"},
	{KEY_LOGINS, "application_default_credentials.json", "private_key refresh_token",
	 "Google Cloud credentials"},
	{KEY_LOGINS, ".config/gh/hosts.yml", "oauth_token", "a GitHub token"},
	{KEY_LOGINS, ".azure/accessTokens.json", "accessToken", "Azure tokens"},
	{KEY_LOGINS, ".cargo/credentials.toml", "token", "a registry token"},
	{KEY_LOGINS, ".m2/settings.xml", "<password>", "a repository password"},
	{KEY_LOGINS, "terraform.tfstate", "\"private_key \"password \"secret \"token",
	 "a Terraform state with secrets"},
};

static bool ends_in(Str path, const char *ending)
{
	Str end = str_of(ending);
	if (!str_ends(path, end))
		return false;
	return path.n == end.n || ending[0] == '.' || path.p[path.n - end.n - 1] == '/';
}

static const KeyName *key_name(Str path)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (ends_in(path, names[i].ends))
			return &names[i];
	return NULL;
}

bool names_key(Str path) { return key_name(path) != NULL; }

/* ---- what is in it ---- */

static bool holds(Str body, const char *words)
{
	Str rest = str_of(words), word;
	size_t at;
	while (str_cut(&rest, ' ', &word))
		if (str_find(body, word, &at))
			return true;
	return false;
}

static bool has_private_key(Str body)
{
	size_t at;
	return str_find(body, S("PRIVATE KEY-----"), &at) ||
	       str_starts(body, S("PuTTY-User-Key-File"));
}

/* One that a passphrase protects; OpenSSH's own form says so in base64 ("none" twice). */
static bool is_protected(Str body)
{
	size_t at;
	if (str_find(body, S("ENCRYPTED"), &at))
		return true;
	return str_find(body, S("BEGIN OPENSSH"), &at) &&
	       !str_find(body, S("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"), &at);
}

/* Level 0: nothing to say. */
static Level grade(const KeyName *k, const Captured *f)
{
	if (f->body.p == NULL || f->body.n == 0)
		return (Level)0;
	switch (k->kind) {
	case KEY_PEM:
		if (!has_private_key(f->body))
			return (Level)0;
		return is_protected(f->body) ? LEVEL_WARNING : LEVEL_ERROR;
	case KEY_HOST: return has_private_key(f->body) ? LEVEL_ERROR : (Level)0;
	case KEY_LOGINS: return holds(f->body, k->holds) ? LEVEL_ERROR : (Level)0;
	case KEY_STORE:
	case KEY_ACCESS: return LEVEL_WARNING;
	case KEY_NONE: break;
	}
	return (Level)0;
}

static bool is_owned(const LintImage *i, Str path)
{
	EACH_FILE(i, f, TRAIT_KEY)
	if (f->owner != NULL && str_eq(f->info.path, path))
		return true;
	return false;
}

/* ---- I205 ---- */

static void check_keys(const LintImage *i, LintSink *to)
{
	for (size_t k = 0; k < i->image->files.files.n; k++) {
		const Captured *f = &i->image->files.files.at[k];
		const KeyName *name = key_name(f->info.path);
		Level level = name != NULL ? grade(name, f) : (Level)0;
		if (level == 0 || is_owned(i, f->info.path))
			continue;
		image_say(i, to, in_file(f->info.path, f->layer), "%s%s", name->what,
			  name->kind == KEY_HOST ? ", the same in every container" : "");
		lint_grade(to, level);
	}
}

#define PEM "-----BEGIN PRIVATE KEY-----\\nMIGHAgEAMBMG\\n-----END PRIVATE KEY-----\\n"

const LintRule lint_I205 = {
	.id = "I205",
	.name = "image-keys",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever has the image has the key, and so has every container of it, and every "
	       "cache "
	       "it went through.",
	.help = "take it out, make a new one, and hand it over at run time; at build time with RUN "
		"--mount=type=secret or --mount=type=ssh",
	.aliases = LIST("CIS-DI-0010"),
	.good = LIST("f srv/tls/ca.pem -----BEGIN CERTIFICATE-----\\nMII\\n",
		     "pkg python-tests usr/lib/t/key.pem\nf usr/lib/t/key.pem " PEM,
		     "f root/.npmrc fund=false\\n", "f srv/i18n.key title\\n"),
	.bad = LIST("f srv/tls/server.key " PEM, "f root/.ssh/id_ed25519 " PEM,
		    "f etc/ssh/ssh_host_rsa_key " PEM, "f root/.ssh/authorized_keys ssh-rsa AAA\\n",
		    "f root/.aws/credentials aws_secret_access_key = x\\n",
		    "f srv/.npmrc //r/:_authToken=x\\n", "f srv/store.p12 x"),
	.check_image = check_keys,
};

/* ---- I206 ---- */

/* The same bytes are still to be seen under the same path. */
static bool still_there(const LintImage *i, const Captured *hidden)
{
	const Captured *now = fileset_get(&i->image->files, hidden->path);
	return now != NULL && str_eq(now->body, hidden->body);
}

static void check_hidden(const LintImage *i, LintSink *to)
{
	enum { SHOWN = 60 };
	for (size_t k = 0; k < i->image->hidden.n; k++) {
		const Captured *f = &i->image->hidden.at[k];
		const KeyName *name = key_name(f->path);
		Level level = name != NULL ? grade(name, f) : (Level)0;
		const Contents *c = i->image->contents;
		bool removed = c == NULL || !c->leads(c, f->path);
		if (level == 0 || name->kind == KEY_ACCESS || still_there(i, f))
			continue;
		Str by = str_first(instruction_of(i, f->hidden_by), SHOWN);
		image_say(i, to, in_file(f->path, f->layer),
			  "%s, %s by layer %u%s" STR_FMT "%s, is still in the image", name->what,
			  removed ? "removed" : "replaced", f->hidden_by + 1, by.n != 0 ? " (" : "",
			  STR_ARG(by), by.n != 0 ? ")" : "");
		lint_grade(to, level);
	}
}

const LintRule lint_I206 = {
	.id = "I206",
	.name = "image-deleted-keys",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "A layer cannot take away what a lower one brought: it only hides it. docker save, "
	       "or "
	       "a pull of the lower layer alone, gives it to everybody.",
	.help = "build again without ever copying it (RUN --mount=type=secret), and make a new one",
	.good = LIST("f srv/tls/server.key " PEM, "f a x\n--\nw a",
		     "f srv/a.pem -----BEGIN CERTIFICATE-----\\n\n--\nw srv/a.pem"),
	.bad = LIST("f root/.ssh/id_rsa " PEM "\n--\nw root/.ssh/id_rsa",
		    "f root/.ssh/id_rsa " PEM "\n--\nw root",
		    "f root/.netrc machine x password y\\n\n--\nf root/.netrc\n",
		    "f srv/k.key " PEM "\n--\no srv"),
	.check_image = check_hidden,
};
