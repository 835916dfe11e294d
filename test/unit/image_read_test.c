/* image_read_test.c - whole images, right and wrong, by every road that needs no engine. */
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "image/target.h"
#include "tap.h"

extern char **environ;
static Arena arena;
static char top[64];

/* ---- images to read ---- */

static const char *script(void)
{
	static char path[4096];
	const char *root = getenv("MESON_SOURCE_ROOT");
	snprintf(path, sizeof path, "%s/test/tools/image_cases.py", root != NULL ? root : ".");
	if (access(path, R_OK) != 0)
		snprintf(path, sizeof path, "../test/tools/image_cases.py");
	return path;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void remove_cases(void) { nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

static void make_cases(void)
{
	if (top[0] != '\0')
		return;
	snprintf(top, sizeof top, "/tmp/bulwark-image-XXXXXX");
	CHECK(mkdtemp(top) != NULL);
	atexit(remove_cases);
	char name[] = "python3", *argv[] = {name, (char *)(uintptr_t)script(), top, NULL};
	pid_t pid;
	int status = -1;
	CHECK(posix_spawnp(&pid, "python3", NULL, NULL, argv, environ) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* ---- reading them ---- */

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	return str_ends(f->path, S(".txt")) ? sieve_whole(a, f->size, 2000) : NULL;
}

static void put_file(Buf *b, const Captured *f)
{
	if (f->layer == LAYER_NONE)
		buf_add(b, S("-"));
	else
		buf_fmt(b, "%u", f->layer + 1);
	buf_add(b, str_trim(f->error.n != 0 ? S("!") : f->body));
	if (f->below != NULL) {
		buf_char(b, '<');
		put_file(b, f->below);
	}
}

static Result describe(void *ctx, const Image *image, Arena *a, Str *answer)
{
	(void)ctx;
	Buf b = buf_in(a, 1 << 20);
	buf_fmt(&b, STR_FMT " " STR_FMT "/" STR_FMT STR_FMT " %zu:", STR_ARG(image->reference),
		STR_ARG(image->os), STR_ARG(image->arch), STR_ARG(image->variant), image->layers.n);
	for (size_t i = 0; i < image->files.files.n; i++) {
		const Captured *f = &image->files.files.at[i];
		buf_fmt(&b, " " STR_FMT "=", STR_ARG(f->path));
		put_file(&b, f);
	}
	buf_fmt(&b, "%s%s%s", image->vouched.signature ? " +signature" : "",
		image->vouched.sbom ? " +sbom" : "",
		image->vouched.provenance ? " +provenance" : "");
	if (image->vouched.unread.n != 0)
		buf_fmt(&b, " (" STR_FMT ")", STR_ARG(image->vouched.unread));
	return buf_done(&b, "answer", answer);
}

static Str platform;

static Result read_target(const char *form, const char *name, ImageAnswer *out)
{
	static const char *const exact[] = {"etc/os.txt", "lib/a.txt", NULL};
	static const Selector want = {.exact = exact, .pick = pick};
	make_cases();
	Buf b = buf_in(&arena, 8192);
	buf_fmt(&b, "%s%s/%s", form, top, name);
	const ImageRequest r = {.target = buf_str(&b),
				.platform = platform,
				.allow_unsandboxed = true,
				.in_place = true,
				.selector = &want,
				.then = describe};
	return image_read(&r, &arena, out);
}

static Str answer_of(const char *form, const char *name)
{
	ImageAnswer out = {0};
	Err *e = read_target(form, name, &out);
	if (e == OK)
		return out.answer;
	Str text = arena_str(&arena, str_of(e->text));
	err_free(e);
	return text;
}

#define READS(form, name, want) CHECK_STR(answer_of(form, name), S(want))

static void refuses(const char *where, const char *form, const char *name, ErrKind kind,
		    const char *words)
{
	ImageAnswer out = {0};
	Err *e = read_target(form, name, &out);
	size_t at;
	if (e == OK || e->kind != kind || !str_find(str_of(e->text), str_of(words), &at)) {
		printf("# %s: %s%s: %s\n", where, form, name, e == OK ? "was read" : e->text);
		tap_bad++;
	}
	if (e != OK && (strchr(e->text, '\n') != NULL || strlen(e->text) > 1000))
		tap_fail(where, "the message is not one line");
	err_free(e);
}

#define REFUSES(form, name, kind, words) refuses(ERR_HERE, form, name, kind, words)

#define FILES " app/b.txt=1linked etc/os.txt=1base lib/a.txt=2two<1one n.txt=2!"
#define BASE3 "repo/name:1.2 linux/amd64 3:" FILES " platform.txt=3amd64"
#define BASE "repo/name:1.2 linux/amd64 2:" FILES

TEST(docker_archives_plain_and_compressed_outside_and_inside)
{
	READS("archive:", "save-plain", BASE);
	READS("archive:", "save-gzip", BASE);
	READS("archive:", "save-zstd", BASE);
	READS("archive:", "save-layers-gzip", BASE);
	READS("archive:", "save-layers-zstd", BASE);
	READS("archive:", "both-gzip", BASE);
	READS("", "save-plain", BASE);
}

TEST(oci_layouts_and_their_archives)
{
	READS("oci:", "oci-plain", BASE);
	READS("oci:", "oci-gzip", BASE);
	READS("oci:", "oci-zstd", BASE);
	READS("", "oci-gzip", BASE);
	READS("oci-archive:", "ocitar-plain", BASE);
	READS("oci-archive:", "ocitar-gzip", BASE);
	READS("oci-archive:", "ocitar-zstd", BASE);
	READS("archive:", "ocitar-gzip", BASE);
}

TEST(a_root_file_system_has_no_layer)
{
	READS("rootfs:", "rootfs", " / 0: etc/os.txt=-base gone.txt=-gone lib/a.txt=-one");
	READS("", "rootfs", " / 0: etc/os.txt=-base gone.txt=-gone lib/a.txt=-one");
}

TEST(layers_that_come_twice_are_read_once)
{
	const char *want = "test:latest linux/amd64 3: app/b.txt=1linked etc/os.txt=3base<1base "
			   "gone.txt=3gone lib/a.txt=3one<2two<1one n.txt=2!";
	CHECK_STR(answer_of("archive:", "twice"), str_of(want));
	CHECK_STR(answer_of("archive:", "twice-gzip"), str_of(want));
}

TEST(no_layers_and_empty_layers_are_images_too)
{
	READS("archive:", "no-layers", "test:latest linux/amd64 0:");
	READS("archive:", "empty-layer",
	      "test:latest linux/amd64 2: etc/os.txt=2base gone.txt=2gone lib/a.txt=2one");
	READS("archive:", "empty-layer-gzip",
	      "test:latest linux/amd64 2: etc/os.txt=2base gone.txt=2gone lib/a.txt=2one");
}

TEST(many_layers_are_read_side_by_side)
{
	Str got = answer_of("archive:", "many");
	CHECK(str_starts(got, S("test:latest linux/amd64 150: n0.txt=10 n1.txt=21 n10.txt=1110")));
}

TEST(the_platform_that_is_asked_for_is_read)
{
	platform = S("linux/arm64");
	READS("oci:", "platforms", "repo/name:1.2 linux/arm64v8 3:" FILES " platform.txt=3arm64v8");
	platform = S("linux/arm/v7");
	READS("oci-archive:", "platforms-tar",
	      "repo/name:1.2 linux/armv7 3:" FILES " platform.txt=3armv7");
	READS("oci-archive:", "platforms-gzip",
	      "repo/name:1.2 linux/armv7 3:" FILES " platform.txt=3armv7");
	platform = S("amd64");
	READS("oci:", "platforms", BASE3);
	platform = S("linux/riscv64");
	REFUSES("oci:", "platforms", ERR_USAGE,
		"it has: linux/amd64, linux/arm64/v8, linux/arm/v6, linux/arm/v7, windows/amd64");
	REFUSES("archive:", "save-plain", ERR_USAGE, "is for linux/amd64, not for linux/riscv64");
	platform = S("one/two/three/four");
	REFUSES("oci:", "platforms", ERR_USAGE, "want os/arch");
	platform = S("");
}

TEST(the_only_image_is_read_whatever_it_is_for)
{
	READS("oci:", "s390x", "repo/name:1.2 linux/s390x 2:" FILES);
	READS("archive:", "s390x-save", "repo/name:1.2 linux/s390x 2:" FILES);
	READS("oci:", "attested", BASE);
}

TEST(what_vouches_for_an_image_is_found_and_taken_for_no_image)
{
	static const char *const cases[][2] = {
		{"cosign-tag", " +signature"},
		{"cosign-save", " +signature"},
		{"cosign-other", ""},
		{"attested", " +provenance"},
		{"bundle", " +signature"},
		{"bundle-sbom", " +sbom"},
		{"notation", " +signature"},
		{"sbom", " +sbom"},
		{"fallback", " +signature"},
		{"buildkit", " +sbom +provenance"},
		{"saved", ""},
		{"tar", " +signature +sbom +provenance"},
		{"lost", " (a document beside it is missing or cannot be read)"},
		{"much", " +signature (there are more documents beside it than are read)"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char name[64], want[256];
		snprintf(name, sizeof name, "vouched-%s", cases[i][0]);
		snprintf(want, sizeof want, "%s%s", BASE, cases[i][1]);
		CHECK_STR(answer_of(i < 10 || i > 11 ? "oci:" : "archive:", name), str_of(want));
	}
}

TEST(a_tag_or_a_digest_chooses_among_several)
{
	READS("oci:", "tags:a", "r/n:a linux/amd64 1: x.txt=1a");
	READS("oci:", "tags:n:b", "r/n:b linux/amd64 1: x.txt=1b");
	REFUSES("oci:", "tags", ERR_USAGE, "holds several images: r/n:a, r/n:b");
	REFUSES("oci:", "tags:c", ERR_USAGE, "holds no image c; it has: r/n:a, r/n:b");
	REFUSES("oci:", "tags@sha256:00", ERR_USAGE, "holds no image @sha256:00");
	READS("archive:", "save-two:2", "other:2 linux/amd64 2:" FILES);
	REFUSES("archive:", "save-two", ERR_USAGE, "holds several images: repo/name:1.2, other:2");
	REFUSES("archive:", "save-two:3", ERR_USAGE, "holds no image 3");
}

static void refused_by_all(const char *name, ErrKind kind, const char *words)
{
	char path[64];
	snprintf(path, sizeof path, "bad-%s", name);
	REFUSES("oci:", path, kind, words);
	snprintf(path, sizeof path, "bad-tar-%s", name);
	REFUSES("oci-archive:", path, kind, words);
	snprintf(path, sizeof path, "bad-gzip-%s", name);
	REFUSES("oci-archive:", path, kind, words);
}

TEST(what_differs_from_its_digest_is_not_trusted)
{
	refused_by_all("layer-digest", ERR_TRUST, "digest differs: sha256:");
	refused_by_all("diff-id", ERR_TRUST, "abababab is expected, sha256:");
	REFUSES("archive:", "save-diff-id", ERR_TRUST, "abababab is expected, sha256:");
}

TEST(manifests_that_lie_are_refused_in_one_line)
{
	refused_by_all("layer-missing", ERR_INPUT, "its blob is missing");
	refused_by_all("layer-size", ERR_INPUT, "its descriptor says");
	refused_by_all("diff-id-form", ERR_INPUT, "diffID 1: a digest that is not sha256");
	refused_by_all("diff-id-count", ERR_INPUT, "2 layers, but 3 diffIDs");
	refused_by_all("digest-form", ERR_INPUT, "layer 1: a digest that is not sha256");
	refused_by_all("digest-algorithm", ERR_INPUT, "layer 1: a digest that is not sha256");
	refused_by_all("media-type", ERR_INPUT, "is of type 'application/x-unheard-of'");
	refused_by_all("encrypted", ERR_INPUT, "is encrypted");
	refused_by_all("schema1", ERR_INPUT, "schema 1");
	refused_by_all("huge-manifest", ERR_LIMIT, "larger than");
	refused_by_all("many-layers", ERR_LIMIT, "4000 layers, at most");
	refused_by_all("index-cycle", ERR_TRUST, "digest differs");
	refused_by_all("index-deep", ERR_LIMIT, "indexes inside each other");
}

TEST(a_foreign_layer_that_is_there_is_read) { READS("oci:", "bad-foreign", BASE); }

TEST(archives_that_lie_are_refused_in_one_line)
{
	REFUSES("archive:", "save-duplicate", ERR_INPUT, "holds manifest.json twice");
	REFUSES("archive:", "save-diff-id-count", ERR_INPUT, "2 layers, but 3 diffIDs");
	REFUSES("archive:", "save-no-layer", ERR_INPUT, "layer none/layer.tar: is missing");
	REFUSES("archive:", "save-no-layer-gzip", ERR_INPUT, "layer none/layer.tar: is missing");
	REFUSES("archive:", "save-no-config", ERR_INPUT, "config ../../etc/passwd: is missing");
	REFUSES("archive:", "save-no-config-gzip", ERR_INPUT, "is missing");
	REFUSES("archive:", "save-not-tar", ERR_INPUT, "layer manifest.json");
	REFUSES("archive:", "save-not-tar-gzip", ERR_INPUT, "is not a tar");
	REFUSES("archive:", "both-differ-plain", ERR_TRUST, "depends on the tool");
	REFUSES("archive:", "both-differ-gzip", ERR_TRUST, "depends on the tool");
	REFUSES("archive:", "both-differ-plain:1.2", ERR_TRUST, "depends on the tool");
}

TEST(a_cut_archive_is_an_error)
{
	REFUSES("archive:", "cut-100", ERR_INPUT, "cut short");
	REFUSES("archive:", "cut-700", ERR_INPUT, "cut short");
	REFUSES("archive:", "cut-3000", ERR_INPUT, "cut short");
	REFUSES("archive:", "cut-gzip-3000", ERR_INPUT, "gzip");
	REFUSES("archive:", "cut-gzip-9000", ERR_INPUT, "gzip");
}

TEST(what_is_no_image_says_what_it_is)
{
	REFUSES("archive:", "text", ERR_INPUT, "tar");
	REFUSES("archive:", "nothing", ERR_INPUT, "neither manifest.json nor index.json");
	REFUSES("archive:", "zeros", ERR_INPUT, "neither manifest.json nor index.json");
	REFUSES("archive:", "rootfs", ERR_USAGE, "is a directory");
	REFUSES("oci:", "not-a-layout", ERR_INPUT, "no index.json");
	REFUSES("oci:", "oci-symlink", ERR_INPUT, "symbolic link");
	REFUSES("archive:", "none", ERR_SYS, "No such file");
	REFUSES("rootfs:", "none", ERR_SYS, "No such file");
	REFUSES("rootfs:", "save-plain", ERR_SYS, "Not a directory");
}

TEST(targets_that_name_nothing_are_refused)
{
	const ImageRequest r = {.target = S("archive:")}, reg = {.target = S("registry:alpine")};
	ImageAnswer out;
	CHECK_ERR(image_read(&r, &arena, &out), ERR_USAGE);
	CHECK_ERR(image_read(&reg, &arena, &out), ERR_USAGE);
}

TEST(a_second_reading_is_remarked)
{
	ImageAnswer out = {0};
	CHECK_OK(read_target("archive:", "save-gzip", &out));
	CHECK_STR(out.road, S("archive; 1 layer read twice for files wanted under another name"));
	CHECK_OK(read_target("archive:", "no-layers", &out));
	CHECK_STR(out.road, S("archive"));
}
