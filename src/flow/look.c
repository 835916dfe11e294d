/* look.c - catalog, linter, secrets and malware over one image, in the worker; their answers side
 * by side. */
#include "flow/look.h"

#include "base/limits.h"
#include "catalog/catalog.h"
#include "flow/secrets.h"
#include "lint/image.h"
#include "model/tee.h"
#include "model/wire.h"
#include "secrets/redact.h"

enum { LENGTH_BYTES = 8 };

typedef enum Room { CATALOG, LINT, SECRETS, MALWARE, RECORDED, ROOMS } Room;

static void add_room(Look *l, const Selector **rooms, unsigned *n, Room room, const Selector *s)
{
	l->places[room] = *n;
	rooms[(*n)++] = s;
}

static Result begin_malware(Look *l, Arena *a)
{
	MalwareRequest *ask = arena_new(a, MalwareRequest);
	TRY(malware_engines_open(ask, a, &l->engines));
	l->malware = malware_sieves(&l->engines, NULL, CONFIDENCE_MEDIUM);
	return OK;
}

Result look_begin(Look *l, const ScanRequest *r, Arena *a)
{
	const Selector **rooms = arena_array(a, const Selector *, ROOMS + 1);
	unsigned n = 0;
	*l = (Look){.request = r};
	add_room(l, rooms, &n, CATALOG, catalog_selector());
	/* Rules are compiled here: the worker makes nothing executable. */
	if ((r->scanners & (SCAN_LINT | SCAN_SECRETS | SCAN_MALWARE)) != 0)
		TRY(secrets_set((UserText){0}, a, &l->secret_set));
	if ((r->scanners & SCAN_LINT) != 0)
		add_room(l, rooms, &n, LINT, lint_selector());
	if ((r->scanners & SCAN_SECRETS) != 0) {
		l->secrets = file_sieves_create(
			&(FileSieveWant){.set = l->secret_set, .least = CONFIDENCE_MEDIUM});
		add_room(l, rooms, &n, SECRETS, file_sieves_selector(l->secrets));
	}
	if ((r->scanners & SCAN_MALWARE) != 0) {
		TRY(begin_malware(l, a));
		add_room(l, rooms, &n, MALWARE, file_sieves_selector(l->malware));
	}
	if ((r->scanners & (SCAN_SECRETS | SCAN_MALWARE)) != 0)
		add_room(l, rooms, &n, RECORDED, recorded_selector());
	l->selector = tee_selectors(rooms, a);
	return OK;
}

void look_end(Look *l)
{
	file_sieves_destroy(l->secrets);
	secret_set_close(l->secret_set);
	file_sieves_destroy(l->malware);
	malware_engines_close(&l->engines);
}

static void tell_secrets(const Look *l, const Image *image, Arena *a, RemarkReport *remarks)
{
	Image files, databases;
	tee_part(image, l->places[SECRETS], a, &files);
	tee_part(image, l->places[RECORDED], a, &databases);
	secret_image_tell(l->secrets, &files, &databases, a, remarks);
}

static void tell_malware(const Look *l, const Image *image, Arena *a, RemarkReport *remarks)
{
	Image files, databases;
	tee_part(image, l->places[MALWARE], a, &files);
	tee_part(image, l->places[RECORDED], a, &databases);
	malware_image_tell(&l->engines, l->malware, &files, &databases, a, remarks);
}

/* What all rooms say of the image is in the report already. */
static bool is_said(const Image *image, const Unread *all, size_t n)
{
	for (size_t i = 0; i < image->undecided.n; i++)
		if (str_eq(image->undecided.at[i].subject, all[n].what) &&
		    str_eq(image->undecided.at[i].reason, all[n].why))
			return true;
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].what, all[n].what) && str_eq(all[i].why, all[n].why))
			return true;
	return false;
}

static void drop_said(const Image *image, RemarkReport *remarks)
{
	size_t kept = 0;
	for (size_t i = 0; i < remarks->not_evaluated.n; i++) {
		remarks->not_evaluated.at[kept] = remarks->not_evaluated.at[i];
		kept += !is_said(image, remarks->not_evaluated.at, kept);
	}
	remarks->not_evaluated.n = kept;
}

static Result pack(const Image *image, Facts *facts, const RemarkReport *remarks, Arena *a,
		   Str *answer)
{
	Buf b = buf_in(a, LIMIT_WORKER_REPLY_BYTES);
	for (size_t i = 0; i < facts->pkgs.n; i++) /* the report has no use for them */
		facts->pkgs.at[i].files = (StrVec){0};
	char length[LENGTH_BYTES] = {0};
	buf_add(&b, (Str){length, sizeof length});
	wire_write(&b, image, facts);
	for (size_t i = 0; i < LENGTH_BYTES && !b.full; i++)
		b.p[i] = (char)((uint64_t)(b.n - LENGTH_BYTES) >> 8 * i);
	remarks_write(&b, remarks);
	return buf_done(&b, "what was found", answer);
}

/* What made the layers, without the secrets that stand in it. */
static void hide_secrets(const SecretSet *set, Arena *a, Image *image)
{
	Layer *layers = arena_array(a, Layer, image->layers.n);
	AUTO_SECRET_SCAN SecretScan *scan = secret_scan_create(set);
	for (size_t i = 0; i < image->layers.n; i++) {
		layers[i] = image->layers.at[i];
		layers[i].created_by = secret_redact(scan, S("history.sh"), layers[i].created_by,
						     a);
	}
	image->layers.at = layers;
}

Result look_at_image(void *ctx, const Image *image, Arena *a, Str *answer)
{
	const Look *l = ctx;
	Facts facts = {.arena = a};
	RemarkReport remarks = {0};
	Image part;
	tee_part(image, l->places[CATALOG], a, &part);
	TRY(catalog_read(&part, &facts));
	Image seen = part;
	if ((l->request->scanners & SCAN_LINT) != 0) {
		tee_part(image, l->places[LINT], a, &part);
		if ((l->request->scanners & SCAN_VULN) != 0 && image->undecided.n != 0) {
			part.undecided.at += image->undecided.n; /* those are told already */
			part.undecided.n -= image->undecided.n;
		}
		TRY(lint_image(&part, &facts, &l->request->lint, a, &remarks));
	}
	if ((l->request->scanners & SCAN_SECRETS) != 0)
		tell_secrets(l, image, a, &remarks);
	if ((l->request->scanners & SCAN_MALWARE) != 0)
		tell_malware(l, image, a, &remarks);
	drop_said(image, &remarks);
	if (l->secret_set != NULL) {
		secret_hide_origins(l->secret_set, a, &remarks);
		hide_secrets(l->secret_set, a, &seen);
	}
	return pack(&seen, &facts, &remarks, a, answer);
}

Result look_read(Str answer, Arena *a, Image *image, Facts *facts, RemarkReport *remarks)
{
	uint64_t n = 0;
	for (size_t i = 0; i < LENGTH_BYTES && i < answer.n; i++)
		n |= (uint64_t)(unsigned char)answer.p[i] << 8 * i;
	if (answer.n < LENGTH_BYTES || n > answer.n - LENGTH_BYTES)
		FAIL(ERR_BUG, "the worker's answer is cut short");
	answer = str_skip(answer, LENGTH_BYTES);
	TRY(wire_read(str_first(answer, n), a, image, facts));
	TRY(remarks_read(str_skip(answer, n), a, remarks));
	remarks_sort(&remarks->remarks);
	return OK;
}
