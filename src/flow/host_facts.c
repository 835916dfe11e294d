/* host_facts.c - packages, digests and versions, in a worker; then asks the advisory database. */
#include "flow/host_facts.h"

#include <stdlib.h>
#include <sys/utsname.h>

#include "advisory/db.h"
#include "base/limits.h"
#include "base/time.h"
#include "catalog/catalog.h"
#include "catalog/recorded.h"
#include "engine/api.h"
#include "flow/db_locate.h"
#include "match/match.h"
#include "model/walk.h"
#include "model/wire.h"
#include "version/scheme.h"

typedef struct Said { /* by the engine, of itself and of what it starts */
	Str name, version;
} Said;
typedef VEC(Said) SaidVec;

typedef struct Found {
	Facts facts;
	Image image; /* for the wire */
	VEC(HostDigest) digests;
	SaidVec said;
} Found;

/* ---- in the worker: files ---- */

typedef struct Wanted { /* what is read of a host, and what could not be */
	FileSet set;
	StrVec unread; /* one line each */
} Wanted;

static void add_file(Probe *p, Str path, Arena *a, Wanted *to)
{
	Str body, full;
	Buf b = buf_in(a, path.n + 2);
	buf_fmt(&b, "/" STR_FMT, STR_ARG(path));
	full = buf_str(&b);
	int sys = probe_read_large(p, full, a, &body);
	if (sys == ENOENT || sys == ENOTDIR)
		return;
	if (sys != 0) {
		Buf why = buf_in(a, path.n + 256);
		buf_fmt(&why, STR_FMT ": %s", STR_ARG(full), strerrordesc_np(sys));
		vec_push(a, &to->unread, buf_str(&why));
		return;
	}
	vec_push(a, &to->set.files,
		 (Captured){.path = path,
			    .info = {.path = path, .type = FILE_REGULAR, .size = body.n},
			    .body = body,
			    .layer = LAYER_NONE});
}

/* "dir/" and a star: every file there. */
static void add_files(Probe *p, Str pattern, Arena *a, Wanted *to)
{
	StrVec names;
	if (!str_ends(pattern, S("/*"))) {
		add_file(p, pattern, a, to);
		return;
	}
	Str dir = str_first(pattern, pattern.n - 2);
	Buf full = buf_in(a, dir.n + 2);
	buf_fmt(&full, "/" STR_FMT, STR_ARG(dir));
	if (probe_list(p, buf_str(&full), a, &names) != 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		Buf path = buf_in(a, dir.n + names.at[i].n + 2);
		buf_fmt(&path, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names.at[i]));
		add_file(p, buf_str(&path), a, to);
	}
}

/* Lists of dpkg's: of the engine's packages only, or reading them takes longer than all else. */
static void add_sums(Probe *p, Arena *a, Wanted *to)
{
	for (size_t i = 0; host_engine_package(i) != NULL; i++) {
		Buf path = buf_in(a, 256);
		buf_fmt(&path, "var/lib/dpkg/info/%s.md5sums", host_engine_package(i));
		add_file(p, buf_str(&path), a, to);
	}
}

static void note_digest(Found *f, const Recorded *r, Arena *a, const char *dir, const char *program)
{
	static const HostSum sums[] = {
		[SUM_MD5] = HOST_MD5, [SUM_SHA1] = HOST_SHA1, [SUM_SHA256] = HOST_SHA256};
	Buf path = buf_in(a, 256), hex = buf_in(a, 256);
	buf_fmt(&path, "%s/%s", dir, program);
	const RecordedFile *file = recorded_get(r, buf_str(&path));
	if (file == NULL)
		return;
	for (unsigned i = 0; i < sum_bytes(file->sum); i++)
		buf_fmt(&hex, "%02x", file->digest[i]);
	vec_push(a, &f->digests,
		 (HostDigest){buf_str(&path), file->package, sums[file->sum], buf_str(&hex)});
}

static void read_digests(Probe *p, const FileSet *packages, Arena *a, Found *f)
{
	static const char *const dirs[] = {
		"usr/bin", "usr/sbin", "usr/libexec/docker", "usr/libexec/podman", "usr/local/bin",
		"bin",     "sbin"};
	Wanted sums = {0};
	Recorded r = {0};
	StrVec why = {0};
	for (size_t i = 0; i < packages->files.n; i++)
		if (recorded_wants(packages->files.at[i].path))
			vec_push(a, &sums.set.files, packages->files.at[i]);
	add_sums(p, a, &sums);
	fileset_index(&sums.set, a);
	recorded_from(&sums.set, a, &r, &why);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		for (size_t k = 0; host_engine_program(k) != NULL; k++)
			note_digest(f, &r, a, dirs[i], host_engine_program(k));
}

/* ---- in the worker: packages ---- */

static bool is_one_of(Str name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

/* What holds a container, or what everything on the host is linked to. */
static const char *const held_by[] = {
	"docker.io",      "docker-ce", "docker-ce-cli", "docker-cli",    "docker",
	"moby-engine",    "moby-cli",  "containerd",    "containerd.io", "moby-containerd",
	"runc",           "moby-runc", "crun",          "podman",        "conmon",
	"cri-o",          "buildah",   "openssl",       "openssl-libs",  "libssl3",
	"libssl3t64",     "libssl1.1", "libssl1.0.0",   "libcrypto3",    "libc6",
	"glibc",          "musl",      "libseccomp",    "libseccomp2",   "sudo",
	"openssh-server", "systemd",   "linux-lts",     "linux-virt",    NULL};

/* Of the kernels that are installed only the one that runs counts. */
static bool is_kernel(const Pkg *p, Str release)
{
	static const Str image = {"linux-image-", 12};
	if (p->type == PKG_DEB && str_starts(p->name, image))
		return release.n != 0 ? str_eq(str_skip(p->name, image.n), release)
				      : p->name.n > image.n && p->name.p[image.n] >= '0' &&
						p->name.p[image.n] <= '9';
	if (p->type != PKG_RPM ||
	    (!str_eq(p->name, S("kernel-core")) && !str_eq(p->name, S("kernel-uek-core"))))
		return false;
	return release.n == 0 || str_starts(release, p->version);
}

static Str source_of(const Pkg *p) { return p->source_name.n != 0 ? p->source_name : p->name; }

/* Several of one source have the same holes: the first stands for all. */
static bool is_twin(const Facts *f, size_t kept, const Pkg *p)
{
	for (size_t i = 0; i < kept; i++)
		if (str_eq(source_of(&f->pkgs.at[i]), source_of(p)) &&
		    str_eq(f->pkgs.at[i].version, p->version))
			return true;
	return false;
}

static void keep_packages(Facts *f, Str release)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->pkgs.n; i++) {
		Pkg *p = &f->pkgs.at[i];
		p->files = (StrVec){0};
		p->owner = 0;
		if ((is_one_of(p->name, held_by) || is_kernel(p, release)) && !is_twin(f, kept, p))
			f->pkgs.at[kept++] = *p;
	}
	f->pkgs.n = kept;
}

static void ask_engine(Probe *p, Arena *a, Found *f)
{
	unsigned status;
	Str why;
	const Value *version = api_get(p, S("/version"), a, &status, &why);
	const Value *parts = value_items(version, S("Components"));
	for (size_t i = 0; parts != NULL && i < parts->n; i++) {
		const Value *c = parts->items[i];
		Str name = value_str(c, S("Name"));
		if (str_eq(name, S("Engine")))
			name = S("docker");
		else if (str_eq(name, S("Podman Engine")))
			name = S("podman");
		vec_push(a, &f->said, (Said){name, value_str(c, S("Version"))});
	}
}

/* ---- through the pipe ---- */

static void digest(Walk *w, HostDigest *d)
{
	uint32_t sum = (uint32_t)d->sum;
	walk_text(w, &d->path);
	walk_text(w, &d->package);
	walk_number32(w, &sum);
	walk_text(w, &d->hex);
	w->bad = w->bad || sum < HOST_MD5 || sum > HOST_SHA256;
	d->sum = (HostSum)sum;
}

static void said(Walk *w, Said *s)
{
	walk_text(w, &s->name);
	walk_text(w, &s->version);
}

static void rest(Walk *w, Found *f)
{
	WALK_ITEMS(w, &f->digests, digest);
	WALK_ITEMS(w, &f->said, said);
}

typedef struct Ask {
	Str release; /* of the kernel that runs; empty: any */
} Ask;

static Err *look(void *ctx, Probe *p, Reply *reply)
{
	const Ask *ask = ctx;
	Arena a = {0};
	Found f = {.facts = {.arena = &a}};
	Wanted wanted = {0};
	Buf packages = buf_in(&a, LIMIT_WORKER_REPLY_BYTES), all = packages;
	Str bytes;
	for (const char *const *path = catalog_selector()->exact; *path != NULL; path++)
		add_files(p, str_of(*path), &a, &wanted);
	for (size_t i = 0; i < wanted.unread.n; i++)
		vec_push(&a, &f.image.undecided,
			 (Undecided){S("package database"), wanted.unread.at[i]});
	f.image.files = wanted.set;
	fileset_index(&f.image.files, &a);
	TRY(catalog_read(&f.image, &f.facts));
	read_digests(p, &f.image.files, &a, &f);
	keep_packages(&f.facts, ask->release);
	ask_engine(p, &a, &f);
	wire_write(&packages, &f.image, &f.facts);
	TRY(buf_done(&packages, "the list of packages", &bytes));
	Walk w = {.to = &all};
	walk_text(&w, &bytes);
	rest(&w, &f);
	TRY(buf_done(&all, "what is installed", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Result read_back(Str from, Arena *a, Found *out)
{
	Str packages = {0};
	Walk w = {.from = from, .arena = a};
	walk_text(&w, &packages);
	rest(&w, out);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled");
	return wire_read(packages, a, &out->image, &out->facts);
}

/* ---- versions ---- */

/* "27.1.1" of 5:27.1.1-1~debian.12~bookworm, of v27.1.1+incompatible, of 27.1.1+dfsg1. */
static Str upstream(Str version)
{
	Str epoch, tail = version;
	if (str_cut(&tail, ':', &epoch) && epoch.n != version.n)
		version = tail;
	if (str_starts(version, S("v")))
		version = str_skip(version, 1);
	size_t n = 0;
	while (n < version.n &&
	       (version.p[n] == '.' || (version.p[n] >= '0' && version.p[n] <= '9')))
		n++;
	while (n != 0 && version.p[n - 1] == '.')
		n--;
	return str_first(version, n);
}

typedef struct Part { /* of an engine, whoever packs it */
	const char *name;
	const char *distribution[4]; /* names of packages that its advisories judge */
	const char *makers[4];       /* names of packages of its makers, which nobody's do */
	const char *module;          /* under which Go's advisories have it */
	const char *product;         /* under which endoflife.date has it; NULL: not at all */
} Part;

static const Part parts[] = {
	{"docker",
	 {"docker.io", "docker", "moby-engine"},
	 {"docker-ce"},
	 "github.com/docker/docker",
	 "docker-engine"},
	{"containerd",
	 {"containerd", "moby-containerd"},
	 {"containerd.io"},
	 "github.com/containerd/containerd",
	 "containerd"},
	{"runc", {"runc", "moby-runc"}, {NULL}, "github.com/opencontainers/runc", NULL},
	{"podman", {"podman"}, {NULL}, "github.com/containers/podman", "podman"},
};

static const Pkg *installed(const Facts *f, const char *const names[4])
{
	for (size_t k = 0; k < 4 && names[k] != NULL; k++)
		for (size_t i = 0; i < f->pkgs.n; i++)
			if (str_eq(f->pkgs.at[i].name, str_of(names[k])))
				return &f->pkgs.at[i];
	return NULL;
}

static Str version_of(const Found *f, const Part *part, const Pkg *own, const Pkg *makers)
{
	for (size_t i = 0; i < f->said.n; i++)
		if (str_eq(f->said.at[i].name, str_of(part->name)))
			return upstream(f->said.at[i].version);
	const Pkg *p = own != NULL ? own : makers;
	return p != NULL ? upstream(p->version) : (Str){0};
}

/* Go modules past their first major version say so in their path. */
static void add_module(Arena *a, Facts *f, const Part *part, Str version)
{
	Str major = {0}, tail = version;
	uint64_t n = 0;
	(void)str_cut(&tail, '.', &major);
	Buf module = buf_in(a, 256), text = buf_in(a, 256);
	buf_fmt(&module, "%s", part->module);
	bool docker = str_eq(str_of(part->name), S("docker"));
	if (!docker && str_u64(major, &n) && n >= 2)
		buf_fmt(&module, "/v%llu", (unsigned long long)n);
	buf_fmt(&text, "v" STR_FMT "%s", STR_ARG(version), docker ? "+incompatible" : "");
	vec_push(a, &f->pkgs,
		 (Pkg){.type = PKG_GOLANG,
		       .name = buf_str(&module),
		       .version = buf_str(&text),
		       .layer = LAYER_NONE});
}

/* The makers' packages are none that a distribution's advisories know: as Go modules they are. */
static void drop_makers(Facts *f)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->pkgs.n; i++) {
		bool makers = false;
		for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
			for (size_t n = 0; n < 4 && parts[k].makers[n] != NULL; n++)
				makers = makers ||
					 str_eq(f->pkgs.at[i].name, str_of(parts[k].makers[n]));
		makers = makers || str_eq(f->pkgs.at[i].name, S("docker-ce-cli"));
		if (!makers)
			f->pkgs.at[kept++] = f->pkgs.at[i];
	}
	f->pkgs.n = kept;
}

/* ---- the database ---- */

static Result end_of(AdvisoryDb *db, Arena *a, const Part *part, HostComponent *c)
{
	Lifecycle l = {0};
	bool found = false;
	for (size_t n = c->version.n; n != 0 && !found; n--) {
		if (n != c->version.n && c->version.p[n] != '.')
			continue; /* 27.1.1, then 27.1, then 27 */
		Buf key = buf_in(a, 256);
		buf_fmt(&key, "%s:" STR_FMT, part->product, STR_ARG(str_first(c->version, n)));
		TRY(advisory_db_lifecycle(db, a, buf_str(&key), &l, &found));
	}
	c->ends = l.end_of_life;
	if (!found)
		c->why = S("no end of life in this database; run: bulwark db update");
	return OK;
}

static Result judge_parts(AdvisoryDb *db, Arena *a, Found *f, HostPackages *out)
{
	size_t n = f->facts.pkgs.n;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		const Part *part = &parts[i];
		Facts before = f->facts;
		before.pkgs.n = n;
		const Pkg *own = installed(&before, part->distribution);
		const Pkg *makers = installed(&before, part->makers);
		HostComponent c = {.name = str_of(part->name),
				   .version = version_of(f, part, own, makers),
				   .by_distribution = own != NULL};
		if (c.version.n == 0)
			continue;
		if (own == NULL)
			add_module(a, &f->facts, part, c.version);
		if (part->product == NULL)
			continue;
		TRY(end_of(db, a, part, &c));
		vec_push(a, &out->components, c);
	}
	drop_makers(&f->facts);
	return OK;
}

/* ---- findings ---- */

static VersionScheme scheme_of(PkgType t)
{
	switch (t) {
	case PKG_DEB: return SCHEME_DEB;
	case PKG_RPM: return SCHEME_RPM;
	case PKG_APK: return SCHEME_APK;
	case PKG_GOLANG: return SCHEME_SEMVER;
	case PKG_PYPI: break;
	}
	return SCHEME_PEP440;
}

static void add_finding(Arena *a, const Pkg *p, const Finding *f, HostFlaw *to)
{
	enum { SHOWN = 3 };
	int order = 0;
	const Scheme *s = scheme_get(scheme_of(p->type));
	if (to->n++ < SHOWN) {
		Buf ids = buf_in(a, 4096);
		buf_fmt(&ids, STR_FMT "%s" STR_FMT, STR_ARG(to->ids), to->n > 1 ? ", " : "",
			STR_ARG(f->id));
		to->ids = buf_str(&ids);
	} else if (to->n == SHOWN + 1) {
		Buf ids = buf_in(a, 4096);
		buf_fmt(&ids, STR_FMT " ...", STR_ARG(to->ids));
		to->ids = buf_str(&ids);
	}
	to->severity = f->severity > to->severity ? f->severity : to->severity;
	if (to->fixed.n == 0 || (s->compare(f->fixed_version, to->fixed, &order) && order > 0))
		to->fixed = f->fixed_version;
}

static int worst_first(const void *a, const void *b)
{
	const HostFlaw *x = a, *y = b;
	int order = (int)y->severity - (int)x->severity;
	return order != 0 ? order : str_cmp(x->package, y->package);
}

/* A module by the name of the part it is. */
static void call_by_name(const Pkg *p, HostFlaw *to)
{
	to->package = p->name;
	to->version = p->version;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && p->type == PKG_GOLANG; i++) {
		if (!str_starts(p->name, str_of(parts[i].module)))
			continue;
		to->package = str_of(parts[i].name);
		to->version = upstream(p->version);
		to->fixed = upstream(to->fixed);
	}
}

static void add_undecided(Arena *a, const Undecided *u, HostPackages *out)
{
	vec_push(a, &out->not_evaluated, (CheckItem){.name = u->subject, .seen = u->reason});
}

static void sum_up(Arena *a, const Report *r, HostPackages *out)
{
	const Facts *f = r->facts;
	HostFlaw *flaws = arena_array(a, HostFlaw, f->pkgs.n + 1);
	for (size_t i = 0; i < r->findings.n; i++) {
		const Finding *found = &r->findings.at[i];
		if (found->status == STATUS_NOT_AFFECTED)
			continue;
		if (found->fixed_version.n == 0)
			out->open++;
		else
			add_finding(a, &f->pkgs.at[found->pkg], found, &flaws[found->pkg]);
	}
	for (size_t i = 0; i < f->pkgs.n; i++) {
		call_by_name(&f->pkgs.at[i], &flaws[i]);
		vec_push(a, &out->judged, flaws[i].package);
		if (flaws[i].n != 0)
			vec_push(a, &out->flaws, flaws[i]);
	}
	if (out->flaws.n > 1)
		qsort(out->flaws.at, out->flaws.n, sizeof out->flaws.at[0], worst_first);
	for (size_t i = 0; i < r->image->undecided.n; i++)
		add_undecided(a, &r->image->undecided.at[i], out);
	for (size_t i = 0; i < f->undecided.n; i++)
		add_undecided(a, &f->undecided.at[i], out);
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		add_undecided(a, &r->not_evaluated.at[i], out);
	out->os_end_of_life = r->os_end_of_life;
}

static Result ask_database(const HostFactsRequest *r, Arena *a, Found *f, HostPackages *out)
{
	const char *path;
	DbOrigin origin;
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	Report report = {.image = &f->image, .facts = &f->facts};
	MatchOptions options = {.kernel = true, .now = r->now};
	TRY(db_locate(r->db_path, a, &path, &origin));
	TRY(advisory_db_open(path, &db));
	TRY_IN(judge_parts(db, a, f, out), "%s", path);
	TRY_IN(match_report(db, &options, a, &report), "%s", path);
	sum_up(a, &report, out);
	Buf name = buf_in(a, 512);
	buf_fmt(&name, "advisories of " STR_FMT "%s", STR_ARG(date_format(a, report.db.built)),
		report.db.bundled ? " (the snapshot that came with Bulwark; bulwark db update has "
				    "newer ones)"
				  : "");
	out->database = buf_str(&name);
	Buf os = buf_in(a, 1024);
	buf_fmt(&os, STR_FMT " " STR_FMT, STR_ARG(f->facts.os.id), STR_ARG(f->facts.os.version_id));
	out->os = buf_str(&os);
	return OK;
}

/* A database that the user named and that is none is an error; without any it is a reason. */
static Result judge(const HostFactsRequest *r, Arena *a, Found *f, HostPackages *out)
{
	HostPackages p = {0};
	Err *e = ask_database(r, a, f, &p);
	if (e != OK && r->db_path != NULL)
		return e;
	if (e != OK)
		p = (HostPackages){.why = arena_str(a, str_of(e->text))};
	err_free(e);
	*out = p;
	return OK;
}

Result host_facts(const HostFactsRequest *r, Arena *a, HostOptions *out)
{
	struct utsname machine;
	Ask ask = {0};
	Str answer;
	Found *f = arena_new(a, Found);
	ProbeRun run = r->run;
	run.judge = look;
	run.ctx = &ask;
	if (r->live && uname(&machine) == 0)
		ask.release = arena_str(a, str_of(machine.release));
	TRY(probe_run(&run, a, &answer, NULL));
	TRY(read_back(answer, a, f));
	for (size_t i = 0; i < f->digests.n; i++)
		vec_push(a, &out->digests, f->digests.at[i]);
	return judge(r, a, f, &out->packages);
}
