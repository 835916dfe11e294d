/* dockerfile_rebuild_test.c - what builders write into a history, and the Dockerfile it becomes. */
#include "dockerfile/rebuild.h"

#include "tap.h"

static Arena arena;

static Rebuilt rebuild(const char *const *lines)
{
	Image image = {.reference = S("web:1")};
	Rebuilt r = {0};
	for (; *lines != NULL; lines++)
		vec_push(&arena, &image.settings.history,
			 (HistoryStep){.created_by = str_of(*lines), .layer = LAYER_NONE});
	CHECK_OK(dockerfile_rebuild(&image, &arena, &r));
	return r;
}

/* What one line of history becomes. */
static Str rebuilt(const char *line)
{
	Rebuilt r = rebuild((const char *const[]){line, NULL});
	size_t at = 0;
	CHECK(str_find(r.text, S("FROM scratch\n"), &at));
	Str text = str_skip(r.text, at + strlen("FROM scratch\n"));
	CHECK(str_ends(text, S("\n")));
	return str_first(text, text.n - 1);
}

#define REBUILT(line, want) CHECK_STR(rebuilt(line), S(want))

TEST(the_classic_builders_lines)
{
	REBUILT("/bin/sh -c #(nop) ADD file:0123abcd in / ", "ADD file:0123abcd /");
	REBUILT("/bin/sh -c #(nop) COPY dir:0123456789abcdef in /app",
		"COPY dir:0123456789ab /app");
	REBUILT("/bin/sh -c #(nop)  CMD [\"nginx\" \"-g\" \"daemon off;\"]",
		"CMD [\"nginx\", \"-g\", \"daemon off;\"]");
	REBUILT("/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"nginx -x\"]", "CMD nginx -x");
	REBUILT("/bin/sh -c #(nop)  ENTRYPOINT &{[\"/x\"]}", "ENTRYPOINT [\"/x\"]");
	REBUILT("/bin/sh -c #(nop)  EXPOSE 80/tcp 443/tcp", "EXPOSE 80/tcp 443/tcp");
	REBUILT("/bin/bash -o pipefail -c #(nop)  USER app", "USER app");
	REBUILT("/bin/sh -c #(nop)  MAINTAINER me <me@example.org>",
		"MAINTAINER me <me@example.org>");
	REBUILT("/bin/sh -c apt-get update", "RUN apt-get update");
	REBUILT("|2 A=hello world B=2 /bin/sh -c make install",
		"# built with A=hello world B=2\nRUN make install");
}

TEST(buildkits_lines)
{
	REBUILT("RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update");
	REBUILT("RUN |1 A=x /bin/bash -eo pipefail -c make # buildkit",
		"# built with A=x\nRUN make");
	REBUILT("RUN |0 /bin/sh -c make # buildkit", "RUN make");
	REBUILT("COPY --chown=app . /app # buildkit", "COPY --chown=app . /app");
	REBUILT("EXPOSE map[80/tcp:{} 443/tcp:{}]", "EXPOSE 80/tcp 443/tcp");
	REBUILT("EXPOSE [8080/tcp]", "EXPOSE 8080/tcp");
	REBUILT("VOLUME [/data /x]", "VOLUME [\"/data\", \"/x\"]");
	REBUILT("SHELL [/bin/bash -o pipefail -c]",
		"SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]");
	REBUILT("HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f x || exit 1\"] \"30s\" \"3s\" \"0s\" "
		"\"0s\" "
		"'\\x03'}",
		"HEALTHCHECK --interval=30s --timeout=3s CMD curl -f x || exit 1");
	REBUILT("HEALTHCHECK &{[\"CMD\" \"x\" \"y\"] \"0s\" \"0s\" \"5s\" '\\x00'}",
		"HEALTHCHECK --start-period=5s CMD [\"x\", \"y\"]");
	REBUILT("HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}", "HEALTHCHECK NONE");
	REBUILT("ENV A=hello world B=2", "ENV A=\"hello world\" B=2");
	REBUILT("LABEL org.example/x=a \"b\" $c", "LABEL org.example/x=\"a \\\"b\\\" \\$c\"");
}

TEST(what_stood_on_several_lines_stands_on_several_lines)
{
	REBUILT("RUN /bin/sh -c set -e\necho hi\n # buildkit", "RUN <<EOF\nset -e\necho hi\nEOF");
	REBUILT("RUN /bin/sh -c cat <<EOF > /x\nfoo\nEOF # buildkit",
		"RUN <<EOF1\ncat <<EOF > /x\nfoo\nEOF\nEOF1");
	REBUILT("RUN /bin/sh -c apt-get update     && apt-get install -y --no-install-recommends "
		"curl ca-certificates \t&& rm -rf /var/lib/apt/lists/* && echo 'a  && b'",
		"RUN apt-get update \\\n    && apt-get install -y --no-install-recommends curl "
		"ca-certificates \\\n    && rm -rf /var/lib/apt/lists/* \\\n    && echo 'a  && b'");
	REBUILT("RUN /bin/sh -c --strange", "RUN <<EOF\n--strange\nEOF");
}

TEST(other_builders_lines)
{
	REBUILT("/bin/sh -c #(nop) ENV a=b|unsetLabel=true", "ENV a=b");
	REBUILT("/bin/sh -c #(nop) COPY file:01 in /x|inheritLabels=false|force-mtime=3",
		"COPY file:01 /x");
	REBUILT("RUN apk add curl", "RUN apk add curl");
	REBUILT("bazel build ...", "# made by: bazel build ...");
	REBUILT("# debian.sh --arch 'amd64'", "# made by: # debian.sh --arch 'amd64'");
	REBUILT("run away", "# made by: run away");
	REBUILT("", "# made by: not said");
	REBUILT("USER x\\", "USER x");
	REBUILT("COPY <<EOF /x", "# made by: COPY <<EOF /x");
}

TEST(a_step_knows_its_line)
{
	Rebuilt r = rebuild((const char *const[]){"RUN a\nb", "USER x", "USER y", NULL});
	CHECK(r.steps.at[0].op == OP_RUN && r.steps.at[0].line == 4 && r.steps.at[0].last == 7);
	CHECK(r.steps.at[1].line == 8);
	CHECK(rebuilt_last(&r, OP_USER)->line == 9);
	CHECK_STR(rebuilt_text(&r, &r.steps.at[0]), S("RUN <<EOF\na\nb\nEOF"));
	CHECK_STR(rebuilt_text(&r, &r.steps.at[2]), S("USER y"));
	CHECK(rebuilt_last(&r, OP_CMD) == NULL);
}
