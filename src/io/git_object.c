/* git_object.c - steps over the lines of commits and tags and the entries of trees. */
#include "io/git_object.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool repo_name_parse(Str digits, GitName *out)
{
	GitName n;
	if (digits.p == NULL || digits.n != GIT_NAME_DIGITS)
		return false;
	for (size_t i = 0; i < GIT_NAME_BYTES; i++) {
		int high = hex(digits.p[2 * i]), low = hex(digits.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		n.b[i] = (uint8_t)(high << 4 | low);
	}
	*out = n;
	return true;
}

void repo_name_text(const GitName *n, char out[static GIT_NAME_DIGITS + 1])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < GIT_NAME_BYTES; i++) {
		out[2 * i] = digits[n->b[i] >> 4];
		out[2 * i + 1] = digits[n->b[i] & 15];
	}
	out[GIT_NAME_DIGITS] = '\0';
}

/* "KEY 40 digits\n" at the start. */
static bool take_name(Str *rest, Str key, GitName *out)
{
	size_t n = key.n + GIT_NAME_DIGITS + 1;
	if (rest->n < n || !str_starts(*rest, key) || rest->p[n - 1] != '\n' ||
	    !repo_name_parse((Str){rest->p + key.n, GIT_NAME_DIGITS}, out))
		return false;
	*rest = str_skip(*rest, n);
	return true;
}

/* "author Name <mail> 1700000000 +0100": the number, 0 when there is none. */
static int64_t authored(Str line)
{
	uint64_t t = 0;
	const char *mail = line.n != 0 ? memrchr(line.p, '>', line.n) : NULL;
	Str rest = mail != NULL ? str_skip(line, (size_t)(mail - line.p) + 1) : (Str){0}, word;
	while (str_cut(&rest, ' ', &word))
		if (word.n != 0)
			return str_u64(word, &t) && t <= INT64_MAX ? (int64_t)t : 0;
	return 0;
}

/* What stands behind the first empty line. */
static Str message_of(Str body)
{
	size_t at;
	return str_find(body, S("\n\n"), &at) ? str_skip(body, at + 2) : (Str){0};
}

bool repo_commit_read(Str body, GitCommit *out)
{
	GitCommit c = {.message = message_of(body)};
	GitName parent;
	Str line;
	if (!take_name(&body, S("tree "), &c.tree))
		return false;
	c.parents = body;
	while (take_name(&body, S("parent "), &parent))
		continue;
	c.parents.n = (size_t)(body.p - c.parents.p);
	if (str_cut(&body, '\n', &line) && str_starts(line, S("author ")))
		c.authored = authored(line);
	*out = c;
	return true;
}

bool repo_commit_parent(const GitCommit *c, size_t i, GitName *out)
{
	enum { LINE = 7 + GIT_NAME_DIGITS + 1 };
	Str at = str_skip(c->parents, i * LINE);
	return at.n != 0 && i < c->parents.n / LINE && take_name(&at, S("parent "), out);
}

static GitEntryKind kind_of(Str mode)
{
	if (str_eq(mode, S("40000")) || str_eq(mode, S("040000")))
		return GIT_FOLDER;
	return str_starts(mode, S("100")) ? GIT_FILE : GIT_OTHER;
}

bool repo_tree_next(Str *rest, GitEntry *out, bool *bad)
{
	Str mode, name;
	if (rest->n == 0)
		return false;
	*bad = true;
	if (!str_cut(rest, ' ', &mode) || !str_cut(rest, '\0', &name) || name.n == 0 ||
	    str_has(name, '/') || rest->n < GIT_NAME_BYTES)
		return false;
	*bad = false;
	*out = (GitEntry){.name = name, .kind = kind_of(mode)};
	memcpy(out->object.b, rest->p, GIT_NAME_BYTES);
	*rest = str_skip(*rest, GIT_NAME_BYTES);
	return true;
}

bool repo_tag_read(Str body, GitName *target, Str *message)
{
	*message = message_of(body);
	return take_name(&body, S("object "), target);
}

bool repo_ref_read(Str line, GitName *out)
{
	if (str_starts(line, S("^"))) /* what the tag above leads to */
		line = str_skip(line, 1);
	return repo_name_parse(str_first(line, GIT_NAME_DIGITS), out) &&
	       (line.n == GIT_NAME_DIGITS || line.p[GIT_NAME_DIGITS] <= ' ');
}

bool repo_ref_is_sha256(Str line)
{
	enum { DIGITS = 64 };
	if (line.n < DIGITS)
		return false;
	for (size_t i = 0; i < DIGITS; i++)
		if (hex(line.p[i]) < 0)
			return false;
	return true;
}
