/* ignore.c - patterns are walked with all their places at a time, so that none takes long. */
#include "dockerfile/ignore.h"

#include "base/buf.h"
#include "dockerfile/limits.h"

/* ---- pieces of a pattern ---- */

typedef enum PieceKind {
	PIECE_BYTE,
	PIECE_CLASS, /* [a-z] */
	PIECE_ANY,   /* ?: not '/' */
	PIECE_NAME,  /* *: no '/' in it */
	PIECE_DEEP,  /* ** before more: nothing, or */
	PIECE_DIRS,  /* what follows DEEP: anything that ends in '/' */
	PIECE_REST,  /* ** at the end: anything */
} PieceKind;

struct IgnorePiece {
	PieceKind kind;
	char c;
	Str set; /* of a class */
};

typedef struct Pieces {
	Arena *a;
	VEC(IgnorePiece) made;
} Pieces;

static void add(Pieces *to, IgnorePiece p) { vec_push(to->a, &to->made, p); }

static Str add_stars(Pieces *to, Str s)
{
	if (!str_starts(s, S("**"))) {
		add(to, (IgnorePiece){.kind = PIECE_NAME});
		return str_skip(s, 1);
	}
	s = str_skip(s, 2);
	s = str_skip(s, str_starts(s, S("/")));
	if (s.n == 0) {
		add(to, (IgnorePiece){.kind = PIECE_REST});
	} else {
		add(to, (IgnorePiece){.kind = PIECE_DEEP});
		add(to, (IgnorePiece){.kind = PIECE_DIRS});
	}
	return s;
}

/* The ']' that ends the class at s; 0: there is none. */
static size_t class_end(Str s)
{
	for (size_t i = 2; i < s.n; i++) {
		if (s.p[i] == ']')
			return i;
		i += s.p[i] == '\\';
	}
	return 0;
}

static void take_apart(Str s, Pieces *to)
{
	while (s.n != 0) {
		char c = s.p[0];
		size_t end = c == '[' ? class_end(s) : 0;
		if (c == '*') {
			s = add_stars(to, s);
			continue;
		}
		if (end != 0) {
			add(to, (IgnorePiece){.kind = PIECE_CLASS, .set = {s.p + 1, end - 1}});
			s = str_skip(s, end);
		} else if (c == '?') {
			add(to, (IgnorePiece){.kind = PIECE_ANY});
		} else {
			if (c == '\\' && s.n > 1)
				s = str_skip(s, 1);
			add(to, (IgnorePiece){.kind = PIECE_BYTE, .c = s.p[0]});
		}
		s = str_skip(s, 1);
	}
}

static bool in_class(Str set, char c)
{
	bool negated = str_starts(set, S("^")), found = false;
	for (size_t i = negated; i < set.n; i++) {
		i += set.p[i] == '\\' && i + 1 < set.n;
		char from = set.p[i], to = from;
		if (i + 2 < set.n && set.p[i + 1] == '-') {
			to = set.p[i + 2];
			i += 2;
		}
		found = found || (c >= from && c <= to);
	}
	return found != negated;
}

/* ---- reading ---- */

static bool is_parent(Str part) { return str_eq(part, S("..")); }

Str path_clean(Arena *a, Str path)
{
	StrVec parts = {0};
	Buf b = buf_in(a, path.n + 2);
	Str part, rest = path;
	bool absolute = str_starts(path, S("/"));
	while (rest.n != 0 && str_cut(&rest, '/', &part)) {
		bool climbs = is_parent(part);
		if (part.n == 0 || str_eq(part, S(".")) || (climbs && absolute && parts.n == 0))
			continue;
		if (climbs && parts.n != 0 && !is_parent(parts.at[parts.n - 1]))
			parts.n--;
		else
			vec_push(a, &parts, part);
	}
	for (size_t i = 0; i < parts.n; i++) {
		if (i != 0 || absolute)
			buf_char(&b, '/');
		buf_add(&b, parts.at[i]);
	}
	if (b.n == 0)
		buf_char(&b, absolute ? '/' : '.');
	return buf_str(&b);
}

static void add_line(Arena *a, Str line, uint32_t number, Dockerignore *out)
{
	IgnorePattern p = {.line = number};
	line = str_trim(line);
	p.takes_back = str_starts(line, S("!"));
	line = str_trim(str_skip(line, p.takes_back));
	if (line.n == 0)
		return;
	p.text = path_clean(a, line);
	if (p.text.n > 1 && p.text.p[0] == '/')
		p.text = str_skip(p.text, 1);
	Pieces to = {.a = a};
	take_apart(p.text, &to);
	p.pieces = to.made.at;
	p.n = to.made.n;
	out->takes_back = out->takes_back || p.takes_back;
	vec_push(a, &out->patterns, p);
}

Result dockerignore_read(Str text, Arena *a, Dockerignore *out)
{
	Str line;
	uint32_t number = 0;
	*out = (Dockerignore){0};
	if (str_starts(text, S("\xef\xbb\xbf")))
		text = str_skip(text, 3);
	while (str_cut(&text, '\n', &line)) {
		number++;
		if (out->patterns.n >= LIMIT_DOCKERIGNORE_PATTERNS)
			FAIL(ERR_LIMIT, "more than %u patterns", LIMIT_DOCKERIGNORE_PATTERNS);
		if (line.n > LIMIT_DOCKERIGNORE_LINE && line.p[0] != '#')
			FAIL(ERR_LIMIT, "line %u is longer than %u bytes", number,
			     LIMIT_DOCKERIGNORE_LINE);
		if (!str_starts(line, S("#")))
			add_line(a, line, number, out);
	}
	return OK;
}

typedef struct Places {
	bool is[LIMIT_DOCKERIGNORE_LINE + 3]; /* the pieces before this one have matched */
} Places;

/* ---- matching ---- */

static void reach(const IgnorePattern *p, Places *to, size_t i)
{
	for (; !to->is[i]; i++) {
		to->is[i] = true;
		if (i == p->n)
			return;
		PieceKind k = p->pieces[i].kind;
		if (k == PIECE_DEEP)
			reach(p, to, i + 2);
		else if (k != PIECE_NAME && k != PIECE_REST)
			return;
	}
}

static void eat(const IgnorePattern *p, const Places *from, Places *to, char c)
{
	*to = (Places){0};
	for (size_t i = 0; i < p->n; i++) {
		const IgnorePiece *q = &p->pieces[i];
		bool slash = c == '/';
		if (!from->is[i])
			continue;
		bool stays = (q->kind == PIECE_NAME && !slash) || q->kind == PIECE_REST ||
			     q->kind == PIECE_DIRS;
		bool goes = (q->kind == PIECE_BYTE && q->c == c) ||
			    (q->kind == PIECE_ANY && !slash) || (q->kind == PIECE_DIRS && slash) ||
			    (q->kind == PIECE_CLASS && in_class(q->set, c));
		if (stays)
			to->is[i] = true;
		if (stays && q->kind != PIECE_DIRS)
			reach(p, to, i + 1);
		if (goes)
			reach(p, to, i + 1);
	}
}

static bool has_meta(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\0' && strchr("*?[]\\", s.p[i]) != NULL)
			return true;
	return false;
}

/* The path, or a directory above it. */
static bool matches(const IgnorePattern *p, Str path)
{
	Places a = {0}, b;
	Str tail = str_skip(p->text, 2);
	/* "**x" alone is what ends in x. */
	bool is_tail = str_starts(p->text, S("**")) && tail.n != 0 && tail.p[0] != '/' &&
		       !has_meta(tail);
	if (is_tail) {
		for (Str s = path; s.n != 0; s = str_dir(s))
			if (str_ends(s, tail))
				return true;
		return false;
	}
	reach(p, &a, 0);
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '/' && i != 0 && a.is[p->n])
			return true;
		eat(p, &a, &b, path.p[i]);
		a = b;
	}
	return a.is[p->n];
}

const IgnorePattern *dockerignore_excludes(const Dockerignore *d, Str path)
{
	const IgnorePattern *by = NULL;
	while (str_starts(path, S("/")) || str_starts(path, S("./")))
		path = str_skip(path, path.p[0] == '/' ? 1 : 2);
	if (path.n == 0 || str_eq(path, S(".")) || path.n > LIMIT_DOCKERIGNORE_LINE)
		return NULL;
	for (size_t i = 0; i < d->patterns.n; i++) {
		const IgnorePattern *p = &d->patterns.at[i];
		if (p->takes_back == (by != NULL) && matches(p, path))
			by = p->takes_back ? NULL : p;
	}
	return by;
}
