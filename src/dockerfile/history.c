/* history.c - which builder wrote a line of history, and what it says. */
#include "dockerfile/history.h"

#include "base/buf.h"
#include "dockerfile/private.h"

enum { LIST_BYTES_MAX = 1 << 20 };

/* ---- the instruction ---- */

static bool is_name_char(char c, bool first)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	return letter || (!first && ((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '/'));
}

/* How many bytes of "name=" it starts with; 0: it does not. */
static size_t assignment(Str s)
{
	size_t n = 0;
	while (n < s.n && is_name_char(s.p[n], n == 0))
		n++;
	return n != 0 && n < s.n && s.p[n] == '=' ? n + 1 : 0;
}

static Str next_word(Str *rest)
{
	Str word = {0};
	*rest = trim_left(*rest);
	str_cut(rest, ' ', &word);
	return word;
}

/* BuildKit signs its lines, Buildah appends what else made the layer different. */
static Str without_marks(Str s)
{
	static const char *const flags[] = {"|unsetLabel=", "|unsetAnnotation=", "|inheritLabels=",
					    "|inheritAnnotations=", "|force-mtime"};
	size_t at;
	s = trim(s);
	if (str_ends(s, S("# buildkit")))
		s.n -= strlen("# buildkit");
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (str_find(s, str_of(flags[i]), &at))
			s.n = at;
	return trim(s);
}

static bool is_shell(Str path)
{
	static const char *const names[] = {"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox"};
	Str base = str_base(path);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(base, str_of(names[i])))
			return true;
	return false;
}

/* "/bin/bash -o pipefail -ec SCRIPT" without its first words. False: it is no shell's. */
static bool cut_shell(Str *s)
{
	Str rest = *s, word = next_word(&rest);
	bool value = false;
	if (!is_shell(word))
		return false;
	while (rest.n != 0) {
		word = next_word(&rest);
		bool option = word.n > 1 && (word.p[0] == '-' || word.p[0] == '+');
		if (option && word.p[0] == '-' && str_ends(word, S("c"))) {
			*s = rest;
			return true;
		}
		if (!option && !value)
			return false;
		value = option && str_ends(word, S("o")) && !str_starts(word, S("--"));
	}
	return false;
}

/* "|2 a=b c=d e /bin/sh -c SCRIPT": values are not quoted, so the shell ends them. */
static bool cut_arguments(Str *s, Str *args)
{
	Str rest = *s, count;
	uint64_t n;
	if (!str_starts(rest, S("|")))
		return false;
	rest = str_skip(rest, 1);
	if (!str_cut(&rest, ' ', &count) || !str_u64(count, &n))
		return false;
	if (n == 0)
		*s = rest;
	if (n == 0 || assignment(rest) == 0)
		return n == 0;
	for (size_t i = 0; i + 1 < rest.n; i++) {
		Str script = str_skip(rest, i + 1);
		if (rest.p[i] != ' ' || script.p[0] != '/' || !cut_shell(&script))
			continue;
		*args = str_first(rest, i);
		*s = str_skip(rest, i + 1);
		return true;
	}
	return false;
}

static HistoryLine run_line(Str text)
{
	HistoryLine l = {.op = OP_RUN, .rest = trim(text)};
	cut_arguments(&l.rest, &l.args);
	cut_shell(&l.rest);
	return l;
}

static HistoryLine instruction_line(Str text)
{
	Str rest = text, word = next_word(&rest);
	bool upper = word.n != 0;
	for (size_t i = 0; i < word.n; i++)
		upper = upper && word.p[i] >= 'A' && word.p[i] <= 'Z';
	DockerOp op = upper ? docker_op(word) : OP_UNKNOWN;
	if (op == OP_RUN)
		return run_line(rest);
	if (op == OP_FROM)
		op = OP_UNKNOWN;
	return (HistoryLine){.op = op, .rest = op == OP_UNKNOWN ? text : trim(rest)};
}

HistoryLine history_line(Str created_by)
{
	enum { PREFIX_MAX = 256 };
	Str text = without_marks(created_by), script = text, args = {0};
	size_t at;
	if (str_find(str_first(text, PREFIX_MAX), S("#(nop)"), &at))
		return instruction_line(trim(str_skip(text, at + strlen("#(nop)"))));
	HistoryLine l = instruction_line(text);
	if (l.op == OP_UNKNOWN && (cut_arguments(&script, &args) || cut_shell(&script)))
		return run_line(text);
	return l;
}

/* ---- Go's lists ---- */

/* A Go string's text, up to its quote. */
static Str unquoted(Str *rest, Arena *a)
{
	Buf b = buf_in(a, LIST_BYTES_MAX);
	while (rest->n != 0 && rest->p[0] != '"') {
		char c = rest->p[0];
		*rest = str_skip(*rest, 1);
		if (c == '\\' && rest->n != 0) {
			char e = rest->p[0];
			*rest = str_skip(*rest, 1);
			c = e == 'n' ? '\n' : e == 't' ? '\t' : e;
			if (e != 'n' && e != 't' && e != '"' && e != '\\')
				buf_char(&b, '\\'); /* \x00 and its like stay as they are */
		}
		buf_char(&b, c);
	}
	*rest = str_skip(*rest, 1);
	return buf_str(&b);
}

static Str bare_word(Str *rest)
{
	size_t n = 0;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ']')
		n++;
	Str word = str_first(*rest, n);
	*rest = str_skip(*rest, n);
	return str_ends(word, S(":{}")) ? str_first(word, word.n - 3) : word;
}

bool history_list(Str text, Arena *a, StrVec *out, Str *after)
{
	Str rest = text;
	if (str_starts(rest, S("&{")))
		rest = str_skip(rest, 2);
	if (str_starts(rest, S("map")))
		rest = str_skip(rest, 3);
	if (!str_starts(rest, S("[")))
		return false;
	rest = str_skip(rest, 1);
	for (;;) {
		while (rest.n != 0 && (rest.p[0] == ' ' || rest.p[0] == ','))
			rest = str_skip(rest, 1);
		if (rest.n == 0)
			return false;
		if (rest.p[0] == ']')
			break;
		if (rest.p[0] == '"') {
			rest = str_skip(rest, 1);
			vec_push(a, out, unquoted(&rest, a));
		} else {
			vec_push(a, out, bare_word(&rest));
		}
	}
	*after = str_skip(rest, 1);
	return true;
}

void history_pairs(Str text, Arena *a, StrVec *out)
{
	text = trim(text);
	size_t start = 0;
	for (size_t i = 1; i < text.n; i++) {
		if (text.p[i - 1] != ' ' || assignment(str_skip(text, i)) == 0)
			continue;
		vec_push(a, out, trim((Str){text.p + start, i - start}));
		start = i;
	}
	if (text.n != 0)
		vec_push(a, out, str_skip(text, start));
}
