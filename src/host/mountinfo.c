/* mountinfo.c - reads mountinfo. */
#include "host/mountinfo.h"

#include "base/buf.h"

static bool is_octal(char c) { return c >= '0' && c <= '7'; }

static Str unescaped(Arena *a, Str s)
{
	if (!str_has(s, '\\'))
		return s;
	Buf b = buf_in(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		bool code = s.p[i] == '\\' && i + 3 < s.n && is_octal(s.p[i + 1]) &&
			    is_octal(s.p[i + 2]) && is_octal(s.p[i + 3]);
		if (!code) {
			buf_char(&b, s.p[i]);
			continue;
		}
		buf_char(&b, (char)((s.p[i + 1] - '0') * 64 + (s.p[i + 2] - '0') * 8 +
				    (s.p[i + 3] - '0')));
		i += 3;
	}
	return buf_str(&b);
}

/* "36 35 98:0 /root /at rw,noatime shared:1 - ext3 /dev/root rw": the optional fields end at "-".
 */
static bool read_one(Str line, Arena *a, Mount *out)
{
	enum { ROOT = 3, AT, OPTIONS, FIELDS };
	Str field[FIELDS], tag;
	for (size_t i = 0; i < FIELDS; i++)
		if (!str_cut(&line, ' ', &field[i]) || field[i].n == 0)
			return false;
	do {
		if (!str_cut(&line, ' ', &tag))
			return false;
	} while (!str_eq(tag, S("-")));
	*out = (Mount){.at = unescaped(a, field[AT]),
		       .root = unescaped(a, field[ROOT]),
		       .options = field[OPTIONS]};
	if (!str_cut(&line, ' ', &out->type) || !str_cut(&line, ' ', &out->source))
		return false;
	out->super = line;
	return true;
}

void mountinfo_read(Str text, Arena *a, MountVec *out)
{
	Str line;
	Mount m;
	while (text.n != 0 && str_cut(&text, '\n', &line) && out->n < LIMIT_MOUNTS)
		if (read_one(line, a, &m))
			vec_push(a, out, m);
}

static bool is_beneath(Str path, Str dir)
{
	return str_eq(dir, S("/")) || str_eq(path, dir) ||
	       (str_starts(path, dir) && path.p[dir.n] == '/');
}

const Mount *mount_of(const MountVec *all, Str path)
{
	const Mount *best = NULL;
	for (size_t i = 0; i < all->n; i++)
		if (is_beneath(path, all->at[i].at) &&
		    (best == NULL || all->at[i].at.n >= best->at.n))
			best = &all->at[i];
	return best;
}

const Mount *mount_at(const MountVec *all, Str path)
{
	const Mount *m = mount_of(all, path);
	return m != NULL && str_eq(m->at, path) ? m : NULL;
}

bool mount_has(Str options, Str name, Str *value)
{
	Str word, key;
	while (options.n != 0 && str_cut(&options, ',', &word)) {
		Str rest = word;
		(void)str_cut(&rest, '=', &key);
		if (!str_eq(key, name))
			continue;
		if (value != NULL)
			*value = key.n != word.n ? rest : (Str){0};
		return true;
	}
	return false;
}
