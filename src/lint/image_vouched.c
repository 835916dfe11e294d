/* image_vouched.c - I308: whether anything lies beside an image that vouches for it. */
#include "base/buf.h"
#include "lint/image_rule.h"

static void check_vouched(const LintImage *i, LintSink *to)
{
	const Vouched *v = &i->image->vouched;
	Buf lacks = buf_in(i->a, 256);
	if (!v->known || v->unread.n != 0)
		return;
	if (!v->signature)
		buf_add(&lacks, S("no signature"));
	if (!v->sbom)
		buf_add(&lacks, lacks.n != 0 ? S(", no SBOM") : S("no SBOM"));
	if (!v->provenance)
		buf_add(&lacks, lacks.n != 0 ? S(", no provenance") : S("no provenance"));
	if (lacks.n != 0)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  STR_FMT " lies beside the image in its layout", STR_ARG(buf_str(&lacks)));
}

const LintRule lint_I308 = {
	.id = "I308",
	.name = "image-unvouched",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A signature tells who made the image, an SBOM what is in it, provenance how it was "
	       "made. Only OCI layouts can hold them (those of cosign, Notation, BuildKit and "
	       "subjects of any tool are found); of engines, docker save and root file systems "
	       "nothing is said, and whether they are true is not looked at.",
	.help = "build with --sbom=true --provenance=true, sign with cosign or notation, and copy "
		"these along (cosign save, oras copy -r)",
	.good = LIST("config {}", "beside signature sbom provenance", "beside unread"),
	.bad = LIST("beside", "beside signature", "beside sbom provenance"),
	.check_image = check_vouched,
};
