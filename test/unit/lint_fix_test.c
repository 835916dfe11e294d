/* lint_fix_test.c - files as --fix leaves them, round after round: what a build does is the same,
 * nothing is left to mend, and all rounds together are edits of the file as it was. */
#include "base/buf.h"
#include "lint/lint.h"
#include "lint/mend.h"
#include "tap.h"

static bool mend_once(Str text, bool risky, Arena *a, Mended *out)
{
	RemarkReport r = {0};
	LintOptions o = {.now = 1764000000};
	CHECK_OK(lint_dockerfile(S("Dockerfile"), text, &o, a, &r));
	lint_mend(&r.remarks, S("Dockerfile"), text, risky, a, out);
	return out->fixes != 0;
}

static Str edited(Arena *a, Str text, const Mended *m)
{
	Buf b = buf_in(a, 1u << 20);
	uint32_t from = 0;
	for (size_t i = 0; i < m->edits.n; i++) {
		CHECK(m->edits.at[i].at >= from);
		buf_add(&b, (Str){text.p + from, m->edits.at[i].at - from});
		buf_add(&b, m->edits.at[i].text);
		from = m->edits.at[i].end;
	}
	buf_add(&b, str_skip(text, from));
	return buf_str(&b);
}

static Str mended(Arena *a, Str text, bool risky)
{
	Mended all = {.text = text}, next;
	for (int i = 0; i < 10 && mend_once(all.text, risky, a, &next); i++)
		lint_mend_further(&all, &next, text, a);
	CHECK(!mend_once(all.text, risky, a, &next));
	CHECK_STR(edited(a, text, &all), all.text);
	return all.text;
}

#define MENDS_AS(risky, text, as)                                        \
	do {                                                             \
		Arena a_ = {0};                                          \
		CHECK_STR(mended(&a_, str_of(text), risky), str_of(as)); \
		arena_finish(&a_);                                       \
	} while (0)
#define RUNS(risky, text, as) \
	MENDS_AS(risky, "FROM debian:13\n" text "USER 1\n", "FROM debian:13\n" as "USER 1\n")
#define STAYS(risky, text) RUNS(risky, text, text)

#define CLEAN "rm -rf /var/lib/apt/lists/*"

TEST(lists_go_when_nothing_needs_them_any_more)
{
	RUNS(false, "RUN apt-get update && apt-get install -y a && make\n",
	     "RUN apt-get update && apt-get install -y a && make && " CLEAN "\n");
	RUNS(false, "RUN apt-get update && apt-get install -y a && mkdir b\n",
	     "RUN apt-get update && apt-get install -y a && " CLEAN " && mkdir b\n");
	RUNS(false, "RUN apt-get update && ./install.sh\n",
	     "RUN apt-get update && ./install.sh && " CLEAN "\n");
	RUNS(false, "RUN apt-get update; { a; apt-get install -y b; }; c\n",
	     "RUN apt-get update; { a; apt-get install -y b; }; c && " CLEAN "\n");
	RUNS(false, "RUN apt-get update && apt-get install -y a # b\n",
	     "RUN apt-get update && apt-get install -y a && " CLEAN " # b\n");
	RUNS(false, "RUN <<E\nset -e\napt-get update\napt-get install -y a\nmkdir b\nE\n",
	     "RUN <<E\nset -e\napt-get update\napt-get install -y a; " CLEAN "\nmkdir b\nE\n");
}

TEST(a_step_that_fails_still_fails)
{
	RUNS(false, "RUN set -e; apt-get update; apt-get install -y a; mkdir b\n",
	     "RUN set -e; apt-get update; apt-get install -y a; " CLEAN "; mkdir b\n");
	STAYS(false, "RUN apt-get update && for p in a b; do apt-get install -y $p; done\n");
	STAYS(false, "RUN apt-get update && apt-get install -y a &\n");
	STAYS(false, "RUN apt-get update && a || b\n");
	STAYS(true, "RUN apt-get update\nRUN ./a; b\n");
	STAYS(false, "RUN chroot /x apt-get update && chroot /x apt-get install -y a\n");
	STAYS(true,
	      "RUN apt-get update\nRUN set -e; apt-get install -y --no-install-recommends a; b\n");
	MENDS_AS(true,
		 "# escape=`\nFROM debian:13\nSHELL [\"sh\", \"-c\"]\nRUN apt-get update\nRUN "
		 "./a\nUSER 1\n",
		 "# escape=`\nFROM debian:13\nSHELL [\"sh\", \"-c\"]\nRUN apt-get update && `\n    "
		 "./a && " CLEAN "\nUSER 1\n");
}

TEST(who_is_not_root_has_the_same_help)
{
	RUNS(false, "RUN sudo apt-get update && sudo apt-get install -y a\n",
	     "RUN sudo apt-get update && sudo apt-get install -y a && sudo " CLEAN "\n");
	RUNS(false, "RUN sudo dnf install -y a\n",
	     "RUN sudo dnf install -y a && sudo dnf clean all\n");
}

TEST(options_are_those_of_the_program)
{
	RUNS(false, "RUN apk update && apk add a\n",
	     "RUN apk update --no-cache && apk add --no-cache a\n");
	STAYS(false, "RUN pipx install a==1\n");
	RUNS(false, "RUN pacman -Sy --noconfirm a\n",
	     "RUN pacman -Sy --noconfirm a && rm -rf /var/cache/pacman/pkg/*\n");
	RUNS(false, "RUN apt update && apt upgrade -y && rm -rf /var/lib/apt/lists/\n",
	     "RUN apt-get update && apt-get upgrade --with-new-pkgs -y && rm -rf "
	     "/var/lib/apt/lists/\n");
	RUNS(false, "RUN yum update\n", "RUN yum update -y && yum clean all\n");
	RUNS(false, "RUN wget https://e.example\n",
	     "RUN wget --progress=dot:giga https://e.example\n");
	MENDS_AS(true, "FROM alpine:3.22\nRUN wget https://e.example\nUSER 1\n",
		 "FROM alpine:3.22\nRUN wget https://e.example\nUSER 1\n");
	MENDS_AS(false, "FROM a:1\nRUN wget https://e.example\nUSER 1\n",
		 "FROM a:1\nRUN wget https://e.example\nUSER 1\n");
}

TEST(copy_is_add_where_it_does_the_same)
{
	RUNS(false, "ADD --chown=1 a /b\n", "COPY --chown=1 a /b\n");
	STAYS(true, "ADD --unpack=false a /b\nADD --keep-git-dir=true c /d\n");
	STAYS(false, "ADD dist/* /b/\nADD a.tar* /c/\nADD a.tbz /d/\n");
	MENDS_AS(false, "from debian:13\nAdd a /b\nuser 1\n",
		 "from debian:13\ncopy a /b\nuser 1\n");
	RUNS(false, "COPY a b \"/c\"\nCOPY [\"a\", \"b\", \"/c\"]\nCOPY a b '/c/'\n",
	     "COPY a b \"/c/\"\nCOPY [\"a\", \"b\", \"/c/\"]\nCOPY a b '/c/'\n");
}

TEST(values_stay_what_they_are)
{
	RUNS(false, "ENV A $B:/c\nENV D \"e f\"\nENV G h\\ i\nENV J k  l\n",
	     "ENV A=$B:/c\nENV D=\"e f\"\nENV G=h\\ i\nENV J=\"k  l\"\n");
	STAYS(false, "ENV A it's\nENV B \\\n# why\n  c\n");
	MENDS_AS(
		false,
		"# escape=`\nFROM a:1\nENV A c:\\d\nENV B c `d e\nMAINTAINER \"x\" c:\\y\nUSER 1\n",
		"# escape=`\nFROM a:1\nENV A=c:\\d\nENV B c `d e\n"
		"LABEL org.opencontainers.image.authors=\"`\"x`\" c:\\y\"\nUSER 1\n");
	RUNS(true, "CMD ['a', 'b c']\n", "CMD [\"a\", \"b c\"]\n");
}

TEST(what_is_added_is_written_as_the_rest)
{
	MENDS_AS(true,
		 "from debian:13\r\nmaintainer me\r\nrun a | b\r\nrun a | b\r\ncmd [\"x\"]\r\n",
		 "from debian:13\r\nlabel org.opencontainers.image.authors=\"me\"\r\n"
		 "shell [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\r\nrun a | b\r\nrun a | b\r\n"
		 "user 65532:65532\r\ncmd [\"x\"]\r\n");
	MENDS_AS(true, "FROM debian:13\nRUN a \\\n", "FROM debian:13\nRUN a \\\n");
	RUNS(false, "RUN a \\\n\n  && b \\\n \n\n  && c\n", "RUN a \\\n  && b \\\n  && c\n");
	RUNS(true, "RUN <<E\r\na\r\nb\r\nE\r\n", "RUN <<E\r\nset -e\na\r\nb\r\nE\r\n");
}
