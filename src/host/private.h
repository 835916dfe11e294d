/* private.h - what the checks share: the facts, and a table row a check. */
#pragma once
#include "host/host.h"
#include "model/judging.h"

typedef struct Host {
	Probe *p;
	Arena *a;
	const HostOptions *o;
	Daemon d;
	Str unseen; /* the first of what the check at hand could not look at, though it is there */
	int unseen_sys;
	size_t unseen_n;
} Host;

typedef struct HostCheck {
	CheckInfo info;
	void (*judge)(Host *h, Verdict *v);
} HostCheck;

/* One row; the body of its judge follows. */
#define CHECK(ID, NAME, SECTION, SEVERITY, REFS, TITLE, WANTED, WHY, REMEDY) \
	static void judge_##ID(Host *h, Verdict *v);                         \
	const HostCheck host_##ID = {.info = {.id = #ID,                     \
					      .name = NAME,                  \
					      .section = SECTION,            \
					      .title = TITLE,                \
					      .refs = REFS,                  \
					      .severity = SEVERITY,          \
					      .why = WHY,                    \
					      .wanted = WANTED,              \
					      .remedy = REMEDY},             \
				     .judge = judge_##ID};                   \
	static void judge_##ID(Host *h, Verdict *v)

/* ---- looking ---- */

/* As probe_*(); what is there and cannot be looked at is noted, and a check that finds nothing
 * wrong is then ERROR. What they hand out lives as long as the run. */
int see_read(Host *h, Str path, Str *out);
int see_list(Host *h, Str path, StrVec *names);
int see_dir(Host *h, Str path, ProbeEntryVec *out);
int see_stat(Host *h, Str path, ProbeStat *out);
int see_lstat(Host *h, Str path, ProbeStat *out);
int see_link(Host *h, Str path, Str *out);
int see_md5(Host *h, Str path, Str *out);
int see_sha1(Host *h, Str path, Str *out);
int see_sha256(Host *h, Str path, Str *out);

/* ---- what is there ---- */

/* False, and the verdict says so, on an unpacked host. */
bool host_is_live(Host *h, Verdict *v);
bool host_is_there(Host *h, Str path); /* whatever it is; a link that leads nowhere is not */
static inline bool host_is_absent(int sys) { return sys == ENOENT || sys == ENOTDIR; }
/* Something of this machine runs or is meant to run containers. */
bool host_has_engine(Host *h);
Str host_program(Host *h, const char *name); /* its usual place; empty: it is nowhere */
/* It ends with a NUL, too. */
Str host_path(Host *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A file's text without blanks at its ends. 0 or errno. */
int host_text(Host *h, Str path, Str *out);
bool host_has_word(Str text, Str word); /* between blanks */
/* The next line without its comment and outer blanks; lines of nothing else are passed over. */
bool host_line(Str *rest, Str *line);
Str host_word(Str *rest); /* up to a blank, which is eaten; empty: no more */

bool host_is_trusted(const Host *h, Str user); /* root, or named by whoever asks */

/* ---- kernel switches ---- */

typedef struct Sysctl {
	const char *key;  /* below /proc/sys: "kernel/randomize_va_space" */
	int64_t min, max; /* what it may be */
} Sysctl;

enum { ANY_MORE = INT32_MAX };

/* All are looked at; those that this kernel lacks do not count. */
void host_sysctls(Host *h, Verdict *v, const Sysctl *all, size_t n);
/* 0 or errno; ERANGE: it is not a number. */
int host_sysctl(Host *h, const char *key, int64_t *out);

#define SYSCTLS(ID, NAME, SECTION, SEVERITY, REFS, TITLE, WANTED, WHY, REMEDY, ...) \
	CHECK(ID, NAME, SECTION, SEVERITY, REFS, TITLE, WANTED, WHY, REMEDY)        \
	{                                                                           \
		static const Sysctl all[] = {__VA_ARGS__};                          \
		host_sysctls(h, v, all, sizeof all / sizeof all[0]);                \
	}
