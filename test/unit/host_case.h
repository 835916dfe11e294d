/* host_case.h - a made machine as a table row: files, and what a check says of them. */
#pragma once
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "host/host.h"
#include "tap.h"

enum { CASE_FILES = 16 };

typedef struct HostCase {
	const char *id;
	Outcome want;
	const char
		*says; /* within what was seen, or an item's name and what was seen; may be NULL */
	/* "path[@MODE[:UID[:GID]]]=text"; a path that ends in '/' is a directory, a text that
	 * begins with "->" a link; "<socket>" makes one. */
	const char *files[CASE_FILES];
	void (*with)(HostOptions *o); /* may be NULL */
	bool unpacked;
} HostCase;

static char case_root[64];

static void case_parents(char *path)
{
	for (char *c = path + strlen(case_root) + 1; *c != '\0'; c++)
		if (*c == '/') {
			*c = '\0';
			mkdir(path, 0755);
			*c = '/';
		}
}

static void case_put(const char *spec)
{
	char path[512], *end;
	const char *text = strchr(spec, '=');
	const char *at = text != NULL ? memchr(spec, '@', (size_t)(text - spec)) : NULL;
	unsigned long mode = 0644, uid = 0, gid = 0;
	CHECK(text != NULL);
	if (text == NULL)
		return;
	snprintf(path, sizeof path, "%s/%.*s", case_root, (int)((at != NULL ? at : text) - spec),
		 spec);
	if (at != NULL) {
		mode = strtoul(at + 1, &end, 8);
		if (*end == ':')
			uid = strtoul(end + 1, &end, 10);
		if (*end == ':')
			gid = strtoul(end + 1, &end, 10);
	}
	case_parents(path);
	text++;
	if (path[strlen(path) - 1] == '/') {
		chmod(path, at != NULL ? (mode_t)mode : 0755);
	} else if (strcmp(text, "<socket>") == 0) {
		struct sockaddr_un at_path = {.sun_family = AF_UNIX};
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		snprintf(at_path.sun_path, sizeof at_path.sun_path, "%s", path);
		CHECK(bind(fd, (const struct sockaddr *)&at_path, sizeof at_path) == 0);
		close(fd);
		CHECK(chmod(path, (mode_t)mode) == 0);
	} else if (strncmp(text, "->", 2) == 0) {
		CHECK(symlink(text + 2, path) == 0);
		return;
	} else {
		FILE *f = fopen(path, "w");
		CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
		CHECK(chown(path, (uid_t)uid, (gid_t)gid) == 0);
		CHECK(chmod(path, (mode_t)mode) == 0);
		return;
	}
	CHECK(chown(path, (uid_t)uid, (gid_t)gid) == 0);
}

static int case_remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path);
}

static Err *case_judge(void *ctx, Probe *p, Reply *reply)
{
	Arena a = {0};
	CheckReport r = {0};
	Str bytes;
	Buf b = buf_in(&a, 16u << 20);
	TRY(host_judge(p, ctx, &a, &r));
	checks_write(&b, &r);
	TRY(buf_done(&b, "the verdicts", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static bool case_says(const Verdict *v, const char *what)
{
	size_t at;
	bool found = what == NULL || str_find(v->seen, str_of(what), &at);
	for (size_t i = 0; i < v->items.n && !found; i++)
		found = str_find(v->items.at[i].seen, str_of(what), &at) ||
			str_find(v->items.at[i].name, str_of(what), &at);
	return found;
}

static void case_tell(const HostCase *c, const CheckReport *r)
{
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		printf("# %s: want %s (%s), got %s: " STR_FMT "\n", c->id, outcome_name(c->want),
		       c->says != NULL ? c->says : "", outcome_name(v->outcome), STR_ARG(v->seen));
		for (size_t k = 0; k < v->items.n; k++)
			printf("#   " STR_FMT ": " STR_FMT "\n", STR_ARG(v->items.at[k].name),
			       STR_ARG(v->items.at[k].seen));
	}
}

static bool case_holds(const HostCase *c)
{
	Arena a = {0};
	Str answer;
	CheckReport r = {0};
	HostOptions o = {.live = !c->unpacked, .now = 1800000000, .daemon = {.offline = true}};
	vec_push(&a, &o.selection.only, str_of(c->id));
	if (c->with != NULL)
		c->with(&o);
	snprintf(case_root, sizeof case_root, "/tmp/bulwark-host-XXXXXX");
	if (mkdtemp(case_root) == NULL || chmod(case_root, 0755) != 0)
		abort();
	for (size_t i = 0; i < CASE_FILES && c->files[i] != NULL; i++)
		case_put(c->files[i]);
	const ProbeRun run = {
		.root = case_root, .allow_unsandboxed = true, .judge = case_judge, .ctx = &o};
	Err *e = probe_run(&run, &a, &answer, NULL);
	if (e == OK)
		e = checks_read(answer, host_check_named, &a, &r);
	bool good = e == OK && r.verdicts.n == 1 && r.verdicts.at[0].outcome == c->want &&
		    case_says(&r.verdicts.at[0], c->says);
	if (e != OK)
		printf("# %s: %s\n", c->id, e->text);
	if (!good)
		case_tell(c, &r);
	err_free(e);
	nftw(case_root, case_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_finish(&a);
	return good;
}
