/* image_papers_test.c - documents that vouch for an image, cosign's own among them. */
#include "image/papers.h"
#include "oracle.h"
#include "tap.h"

static void reads(const char *text, const char *about, const char *says)
{
	Arena a = {0};
	Paper p = {0};
	bool is = false;
	char got[64];
	CHECK_OK(paper_read(str_of(text), &a, &p, &is));
	snprintf(got, sizeof got, "%s%s%s%s", is ? "paper" : "none",
		 p.says.signature ? " signature" : "", p.says.sbom ? " sbom" : "",
		 p.says.provenance ? " provenance" : "");
	CHECK_STR(str_of(got), str_of(says));
	CHECK_STR(p.about, str_of(about));
	arena_finish(&a);
}

TEST(an_image_is_no_paper)
{
	reads("{}", "", "none");
	reads("[]", "", "none");
	reads("{\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\"},"
	      "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\"}]}",
	      "", "none");
	reads("{\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}", "", "none");
	reads("{\"layers\":{\"mediaType\":\"spdx\"},\"subject\":[],\"annotations\":7}", "", "none");
}

TEST(papers_say_what_they_are_in_many_ways)
{
	reads("{\"subject\":{\"digest\":\"d\"}}", "d", "paper");
	reads("{\"artifactType\":\"application/x\"}", "", "paper");
	reads("{\"artifactType\":\"application/vnd.cyclonedx+json\",\"subject\":{\"digest\":\"d\"}"
	      "}",
	      "d", "paper sbom");
	reads("{\"artifactType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"}", "",
	      "paper signature");
	reads("{\"artifactType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
	      "\"annotations\":{\"dev.sigstore.bundle.predicateType\":"
	      "\"https://slsa.dev/provenance/v1\"}}",
	      "", "paper provenance");
	reads("{\"mediaType\":\"application/vnd.oci.artifact.manifest.v1+json\","
	      "\"blobs\":[{\"mediaType\":\"text/spdx\"}],\"subject\":{\"digest\":\"d\"}}",
	      "d", "paper sbom");
}

TEST(what_is_no_json_is_refused)
{
	Arena a = {0};
	Paper p;
	bool is;
	CHECK_ERR(paper_read(S("{"), &a, &p, &is), ERR_INPUT);
	arena_finish(&a);
}

TEST(a_signature_that_cosign_wrote)
{
	Arena a = {0};
	Str text;
	if (oracle_load(&a, "trust", "m.json", &text))
		reads(arena_cstr(&a, text),
		      "sha256:1dd7b5af7f2b78e623feb68e886dd73e997a6075154377c2c020cdc2ed02f378",
		      "paper signature");
	else
		tap_skip("no trust/m.json among the oracles");
	arena_finish(&a);
}
