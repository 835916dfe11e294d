/* lint_image_fuzz.c - any config, accounts, entries and history through the rules about images.
 *
 * Parts are parted by 0xff: the config's JSON, passwd, shadow, group, a key, entries a line each
 * ("MODE PATH -> LINK", hidden when MODE starts in 'h'), then lines of history. */
#include "base/limits.h"
#include "image/settings.h"
#include "lint/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct LineContents {
	Contents base;
	Str text;
} LineContents;

static void each(const Contents *c, void (*visit)(void *ctx, const Entry *e), void *ctx)
{
	for (int hidden = 0; hidden < 2; hidden++) {
		Str rest = ((const LineContents *)(const void *)c)->text, line, mode;
		while (rest.n != 0 && str_cut(&rest, '\n', &line)) {
			size_t at;
			Entry e = {.info = {.type = FILE_REGULAR, .size = line.n * 100000}};
			str_cut(&line, ' ', &mode);
			e.hidden = str_starts(mode, S("h"));
			for (size_t i = e.hidden; i < mode.n; i++)
				e.info.mode = (e.info.mode << 3 | ((unsigned char)mode.p[i] & 7u)) &
					      07777u;
			e.info.path = line;
			if (str_find(line, S(" -> "), &at)) {
				e.info.type = FILE_SYMLINK;
				e.info.path = str_first(line, at);
				e.link = str_skip(line, at + 4);
			}
			if (e.hidden == (hidden != 0))
				visit(ctx, &e);
		}
	}
}

static bool leads(const Contents *c, Str path)
{
	(void)c;
	return path.n % 2 == 0;
}

static void add_file(Image *image, Arena *a, const char *path, Str body)
{
	Captured f = {.path = str_of(path), .info = {.path = str_of(path)}, .body = body};
	vec_push(a, &image->files.files, f);
	vec_push(a, &image->hidden, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Image image = {.target = S("x"), .reference = S("x:latest")};
	Facts facts = {.arena = &a};
	RemarkReport report = {0};
	LintOptions options = {.now = 1764000000};
	Str rest = {(const char *)data, size}, part[6] = {{0}}, line;
	Value *config = NULL;
	for (size_t i = 0; i < 6 && rest.n != 0; i++)
		str_cut(&rest, '\xff', &part[i]);
	err_free(value_from_json(part[0], &a, &config));
	settings_read(config, &a, &image.settings);
	vec_push(&a, &image.layers, (Layer){.diff_id = S("sha256:00")});
	add_file(&image, &a, "etc/passwd", part[1]);
	add_file(&image, &a, "etc/shadow", part[2]);
	add_file(&image, &a, "etc/group", part[3]);
	add_file(&image, &a, "root/.ssh/id_rsa", part[4]);
	add_file(&image, &a, "root/.npmrc", part[4]);
	fileset_index(&image.files, &a);
	LineContents contents = {{each, leads}, part[5]};
	image.contents = &contents.base;
	while (rest.n != 0 && str_cut(&rest, '\xff', &line))
		vec_push(&a, &image.settings.history,
			 (HistoryStep){.created_by = line, .layer = LAYER_NONE});
	err_free(lint_image(&image, &facts, &options, &a, &report));
	arena_finish(&a);
	return 0;
}
