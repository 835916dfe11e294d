/* completion.c - completion scripts for bash, zsh and fish.
 *
 * Names of commands, options and choices are made of [a-z0-9.-], which no shell reads as
 * anything else; a test over the whole table keeps it so. Other texts are quoted here. */
#include "cli/completion.h"

#include "cli/help.h"

typedef void Visit(Buf *b, const char *path, const Command *c);

/* Every command and subcommand; paths start with a blank: " db update". */
static void walk(Buf *b, const Command *const *table, const char *of, Visit *visit)
{
	for (; *table != NULL; table++) {
		Buf path = buf_in(b->arena, 256);
		buf_fmt(&path, "%s %s%c", of, (*table)->name, '\0');
		visit(b, buf_str(&path).p, *table);
		if ((*table)->subcommands != NULL)
			walk(b, (*table)->subcommands, buf_str(&path).p, visit);
	}
}

static void each_option(Buf *b, const char *path, const Command *c,
			void (*visit)(Buf *b, const char *path, const Opt *o))
{
	for (const Opt *o = c->opts; o != NULL && o->type != OPT_END; o++)
		visit(b, path, o);
	for (const Opt *o = common_opts; o->type != OPT_END; o++)
		visit(b, path, o);
}

static void command_names(Buf *b, const Command *const *table)
{
	for (; *table != NULL; table++)
		buf_fmt(b, " %s", (*table)->name);
}

static void names(Buf *b, const char *(*choice)(size_t i))
{
	const char *name;
	for (size_t i = 0; choice != NULL && (name = choice(i)) != NULL; i++)
		buf_fmt(b, "%s%s", i != 0 ? " " : "", name);
}

static void choices(Buf *b, const Opt *o) { names(b, o->choice); }

/* Files or folders are among its operands. */
static bool takes_paths(const Command *c)
{
	static const char *const kinds[] = {"FILE", "DIR", "TARGET", "IMAGE"};
	bool takes = false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		takes = takes || strstr(c->operands, kinds[i]) != NULL;
	return takes;
}

/* `s` with each of `special` behind a backslash, and ' as the shell wants it inside '...'. */
static void quoted(Buf *b, const char *s, const char *special, const char *quote)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'') {
			buf_add(b, str_of(quote));
			continue;
		}
		if (strchr(special, *s) != NULL)
			buf_char(b, '\\');
		buf_char(b, *s);
	}
}

/* ---- bash ---- */

static void bash_path(Buf *b, const char *path, const Command *c)
{
	(void)c;
	buf_fmt(b, "\t\t'%s') path='%s' ;;\n", path, path);
}

static void bash_value(Buf *b, const char *path, const Opt *o)
{
	if (o->type == OPT_FLAG)
		return;
	buf_fmt(b, "\t'%s --%s'", path, o->name);
	if (o->letter != 0)
		buf_fmt(b, "|'%s -%c'", path, o->letter);
	buf_add(b, S(") words='"));
	choices(b, o);
	buf_fmt(b, "' files=%d ;;\n", opt_wants_path(o));
}

static void bash_values(Buf *b, const char *path, const Command *c)
{
	each_option(b, path, c, bash_value);
}

static void bash_name(Buf *b, const char *path, const Opt *o)
{
	(void)path;
	buf_fmt(b, " --%s", o->name);
}

static void bash_words(Buf *b, const char *path, const Command *c)
{
	buf_fmt(b, "\t\t'%s') words='", path);
	if (c->subcommands != NULL)
		command_names(b, c->subcommands);
	names(b, c->operand);
	buf_add(b, S("' options='"));
	each_option(b, path, c, bash_name);
	buf_fmt(b, "' files=%d ;;\n", takes_paths(c));
}

static void bash(Buf *b)
{
	buf_add(b, S("# bash completion of bulwark\n"
		     "_bulwark() {\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		     "\tlocal path= words= options= files=0 head= i\n"
		     "\t[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
		     "\t[[ $cur == = ]] && cur=\n"
		     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		     "\t\tcase \"$path ${COMP_WORDS[i]}\" in\n"));
	walk(b, commands, "", bash_path);
	buf_add(b, S("\t\tesac\n\tdone\n\tcase \"$path $prev\" in\n"));
	walk(b, commands, "", bash_values);
	buf_add(b, S("\t*)\n\t\tcase $path in\n"));
	walk(b, commands, "", bash_words);
	buf_add(b, S("\t\t*) words='"));
	command_names(b, commands);
	buf_add(b, S("' options='--help --version' ;;\n\t\tesac ;;\n\tesac\n"
		     "\t[[ $cur == -* && -n $options ]] && words=$options files=0\n"
		     "\t[[ $cur == *,* ]] && head=${cur%,*},\n"
		     "\tmapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$words\" -- "
		     "\"${cur#\"$head\"}\")\n"
		     "\tif ((files)); then\n"
		     "\t\tcompopt -o filenames 2>/dev/null\n"
		     "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
		     "\tfi\n"
		     "}\n"
		     "complete -F _bulwark bulwark\n"));
}

/* ---- zsh ---- */

static void zsh_quoted(Buf *b, const char *s) { quoted(b, s, "[]:\\", "'\\''"); }

static void zsh_describe(Buf *b, const char *indent, const Command *const *table)
{
	buf_fmt(b, "%slocal -a names=(\n", indent);
	for (; *table != NULL; table++) {
		buf_fmt(b, "%s\t'%s:", indent, (*table)->name);
		zsh_quoted(b, (*table)->summary);
		buf_add(b, S("'\n"));
	}
	buf_fmt(b, "%s)\n%s_describe command names ;;\n", indent, indent);
}

static void zsh_option(Buf *b, const char *path, const Opt *o)
{
	(void)path;
	buf_add(b, S(" \\\n\t\t\t"));
	if (o->letter != 0)
		buf_fmt(b, "'(-%c --%s)'{-%c,--%s}'[", o->letter, o->name, o->letter, o->name);
	else
		buf_fmt(b, "'--%s[", o->name);
	zsh_quoted(b, o->help);
	buf_char(b, ']');
	if (o->type != OPT_FLAG) {
		buf_char(b, ':');
		zsh_quoted(b, o->arg);
		buf_char(b, ':');
	}
	if (o->choice != NULL) {
		buf_add(b, o->type == OPT_LIST ? S("_sequence compadd - ") : S("("));
		choices(b, o);
		buf_add(b, o->type == OPT_LIST ? S("") : S(")"));
	} else if (opt_wants_path(o)) {
		buf_add(b, S("_files"));
	}
	buf_char(b, '\'');
}

static void zsh_command(Buf *b, const char *path, const Command *c)
{
	buf_fmt(b, "\t'%s')\n", path);
	if (c->subcommands != NULL) {
		zsh_describe(b, "\t\t", c->subcommands);
		return;
	}
	buf_add(b, S("\t\t_arguments -s"));
	each_option(b, path, c, zsh_option);
	if (c->operand != NULL) {
		buf_add(b, S(" \\\n\t\t\t'1:"));
		zsh_quoted(b, c->operands);
		buf_add(b, S(":("));
		names(b, c->operand);
		buf_add(b, S(")'"));
	}
	if (takes_paths(c)) {
		buf_add(b, S(" \\\n\t\t\t'*:"));
		zsh_quoted(b, c->operands);
		buf_add(b, S(":_files'"));
	}
	buf_add(b, S(" ;;\n"));
}

static void zsh_path(Buf *b, const char *path, const Command *c)
{
	(void)c;
	buf_fmt(b, "\t\t'%s') path_='%s'; depth=$i ;;\n", path, path);
}

static void zsh(Buf *b)
{
	buf_add(b, S("#compdef bulwark\n"
		     "_bulwark() {\n"
		     "\tlocal path_= depth=1 i\n"
		     "\tfor ((i = 2; i < CURRENT; i++)); do\n"
		     "\t\tcase \"$path_ ${words[i]}\" in\n"));
	walk(b, commands, "", zsh_path);
	buf_add(b, S("\t\tesac\n\tdone\n"
		     "\tshift $((depth - 1)) words\n"
		     "\t((CURRENT -= depth - 1))\n"
		     "\tcase $path_ in\n"));
	walk(b, commands, "", zsh_command);
	buf_add(b, S("\t*)\n"));
	zsh_describe(b, "\t\t", commands);
	/* Autoloaded, the file is the function's first call; sourced, it only defines it. */
	buf_add(b, S("\tesac\n}\n"
		     "if [[ $funcstack[1] == _bulwark ]]; then\n"
		     "\t_bulwark \"$@\"\n"
		     "else\n"
		     "\tcompdef _bulwark bulwark\n"
		     "fi\n"));
}

/* ---- fish ---- */

static void fish_quoted(Buf *b, const char *s) { quoted(b, s, "\\", "\\'"); }

/* The condition: all words of the path were typed. */
static void fish_when(Buf *b, const char *path)
{
	Str word, rest = str_of(path + 1);
	buf_add(b, S("complete -c bulwark -n '"));
	for (bool first = true; str_cut(&rest, ' ', &word); first = false)
		buf_fmt(b, "%s__fish_seen_subcommand_from " STR_FMT, first ? "" : "; and ",
			STR_ARG(word));
	buf_char(b, '\'');
}

static void fish_option(Buf *b, const char *path, const Opt *o)
{
	fish_when(b, path);
	if (o->letter != 0)
		buf_fmt(b, " -s %c", o->letter);
	buf_fmt(b, " -l %s", o->name);
	if (o->type != OPT_FLAG)
		buf_add(b, opt_wants_path(o) ? S(" -r -F") : S(" -x"));
	if (o->choice != NULL) {
		buf_add(b, S(" -a '"));
		choices(b, o);
		buf_char(b, '\'');
	}
	buf_add(b, S(" -d '"));
	fish_quoted(b, o->help);
	buf_add(b, S("'\n"));
}

static void fish_name(Buf *b, const Command *c)
{
	buf_fmt(b, " -f -a %s -d '", c->name);
	fish_quoted(b, c->summary);
	buf_add(b, S("'\n"));
}

static void fish_command(Buf *b, const char *path, const Command *c)
{
	if (c->operand != NULL) {
		fish_when(b, path);
		buf_fmt(b, "%s -a '", takes_paths(c) ? "" : " -f");
		names(b, c->operand);
		buf_add(b, S("'\n"));
	}
	for (const Command *const *s = c->subcommands; s != NULL && *s != NULL; s++) {
		fish_when(b, path);
		fish_name(b, *s);
	}
	each_option(b, path, c, fish_option);
}

static void fish(Buf *b)
{
	buf_add(b, S("# fish completion of bulwark\n"));
	for (size_t i = 0; commands[i] != NULL; i++) {
		buf_add(b, S("complete -c bulwark -n __fish_use_subcommand"));
		fish_name(b, commands[i]);
	}
	walk(b, commands, "", fish_command);
}

/* ---- all of them ---- */

static const struct Shell {
	const char *name;
	CompletionWriter *write;
} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
enum { SHELLS = sizeof shells / sizeof shells[0] };

const char *completion_shell(size_t i) { return i < SHELLS ? shells[i].name : NULL; }

CompletionWriter *completion_writer(Str shell)
{
	for (size_t i = 0; i < SHELLS; i++)
		if (str_eq(shell, str_of(shells[i].name)))
			return shells[i].write;
	return NULL;
}
