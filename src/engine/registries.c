/* registries.c - tables of registries.conf, line by line: version 2 says "insecure = true" within a
 * [[registry]], version 1 has a list of its own. */
#include "engine/registries.h"

typedef struct Table {
	bool insecure, list; /* list: [registries.insecure] of version 1 */
	Str name;
} Table;

static Str unquoted(Str s)
{
	s = str_trim(s);
	if (s.n > 1 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		return str_first(str_skip(s, 1), s.n - 2);
	return s;
}

/* Up to a '#' that is not within quotes. */
static Str without_comment(Str line)
{
	char quote = 0;
	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		if (quote == 0 && c == '#')
			return str_first(line, i);
		if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (c == quote)
			quote = 0;
	}
	return line;
}

static void table_ends(Table *t, Arena *a, StrVec *out)
{
	if (t->insecure)
		vec_push(a, out, t->name.n != 0 ? t->name : S("a registry without a name"));
	*t = (Table){0};
}

/* ['a', "b"]: also over several lines, of which each is given here. */
static void add_listed(Str value, Arena *a, StrVec *out)
{
	Str word;
	while (value.n != 0 && str_cut(&value, ',', &word)) {
		word = str_trim(word);
		if (str_starts(word, S("[")))
			word = str_trim(str_skip(word, 1));
		if (str_ends(word, S("]")))
			word = str_trim(str_first(word, word.n - 1));
		word = unquoted(word);
		if (word.n != 0)
			vec_push(a, out, word);
	}
}

void registries_insecure(Str text, Arena *a, StrVec *out)
{
	Table t = {0};
	Str line, key;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		line = str_trim(without_comment(line));
		bool header = str_starts(line, S("[")) && str_ends(line, S("]")) && !t.list;
		if (header || str_starts(line, S("[registries."))) {
			table_ends(&t, a, out);
			t.list = str_eq(line, S("[registries.insecure]"));
			continue;
		}
		Str value = line;
		bool pair = str_has(line, '=');
		(void)str_cut(&value, '=', &key);
		key = str_trim(key);
		if (t.list)
			add_listed(pair ? value : line, a, out);
		else if (pair && (str_eq(key, S("location")) || str_eq(key, S("prefix"))))
			t.name = unquoted(value);
		else if (pair && str_eq(key, S("insecure")))
			t.insecure = !str_eq(str_trim(value), S("false"));
	}
	table_ends(&t, a, out);
}
