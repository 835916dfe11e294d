/* git_object_fuzz.c - any bytes as a commit, a tree, a tag and a reference. */
#include <stdlib.h>

#include "io/git_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_within(Str part, Str whole)
{
	if (part.n != 0 && (part.p < whole.p || part.p + part.n > whole.p + whole.n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str all = {(const char *)data, size}, rest = all, message;
	GitCommit c;
	GitEntry e;
	GitName n;
	bool bad = false;
	if (repo_commit_read(all, &c)) {
		must_be_within(c.message, all);
		must_be_within(c.parents, all);
		for (size_t i = 0; repo_commit_parent(&c, i, &n); i++)
			continue;
	}
	while (repo_tree_next(&rest, &e, &bad))
		must_be_within(e.name, all);
	if (repo_tag_read(all, &n, &message))
		must_be_within(message, all);
	(void)repo_ref_read(all, &n);
	(void)repo_ref_is_sha256(all);
	return 0;
}
