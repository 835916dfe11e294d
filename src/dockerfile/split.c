/* split.c - a logical line to keyword, flags and the rest. */
#include "base/buf.h"
#include "dockerfile/limits.h"
#include "dockerfile/private.h"

static const struct {
	const char *name;
	DockerOp op;
} ops[] = {
	{"ADD", OP_ADD},
	{"ARG", OP_ARG},
	{"CMD", OP_CMD},
	{"COPY", OP_COPY},
	{"ENTRYPOINT", OP_ENTRYPOINT},
	{"ENV", OP_ENV},
	{"EXPOSE", OP_EXPOSE},
	{"FROM", OP_FROM},
	{"HEALTHCHECK", OP_HEALTHCHECK},
	{"LABEL", OP_LABEL},
	{"MAINTAINER", OP_MAINTAINER},
	{"ONBUILD", OP_ONBUILD},
	{"RUN", OP_RUN},
	{"SHELL", OP_SHELL},
	{"STOPSIGNAL", OP_STOPSIGNAL},
	{"USER", OP_USER},
	{"VOLUME", OP_VOLUME},
	{"WORKDIR", OP_WORKDIR},
};

DockerOp docker_op(Str keyword)
{
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
		if (str_eq_nocase(keyword, str_of(ops[i].name)))
			return ops[i].op;
	return OP_UNKNOWN;
}

/* The end of a flag that starts at s: the first blank outside quotes. Its text without them. */
static size_t take_flag(Str s, Buf *text)
{
	char quote = '\0';
	size_t i = 0;
	for (; i < s.n; i++) {
		char c = s.p[i];
		if (quote == '\0' && is_space(c))
			break;
		if (c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '\'' || c == '"')) {
			quote = c;
		} else {
			if (c == '\\' && i + 1 < s.n)
				c = s.p[++i];
			else if (c == '\\')
				continue;
			buf_char(text, c);
		}
	}
	return i;
}

/* Flags stand in front; "--" alone ends them. */
static Str take_flags(Reading *r, Instruction *i, Str rest)
{
	for (;;) {
		Str s = trim_left(rest);
		if (i->flags.n >= LIMIT_DOCKERFILE_FLAGS)
			r->over = "an instruction with more flags than are read";
		if (!str_starts(s, S("--")) || r->over != NULL)
			return s;
		Buf text = buf_in(r->a, s.n + 1);
		size_t n = take_flag(s, &text);
		rest = str_skip(s, n);
		if (str_eq(buf_str(&text), S("--")))
			return trim_left(rest);
		vec_push(r->a, &i->flags,
			 (DockerWord){buf_str(&text), instruction_span(i, str_first(s, n))});
	}
}

void read_instruction(Reading *r, Instruction *i)
{
	Str s = trim(i->line);
	size_t n = 0;
	while (n < s.n && !is_space(s.p[n]))
		n++;
	i->keyword = str_first(s, n);
	i->op = docker_op(i->keyword);
	i->rest = trim(take_flags(r, i, str_skip(s, n)));
	r->now = i;
	read_arguments(r, i);
}
