/* leftovers.c - D504 and D505: caches and lists that stay in a layer, or grow old in one. */
#include "base/buf.h"
#include "lint/packages.h"

/* ---- what empties a cache ---- */

/* Where a relative path begins: the last cd of the script. */
static Str directory_at(const LintCommand *c)
{
	EACH_BEFORE (c, b)
		if (command_is(b, "cd") && b->n == 1)
			return b->args[0].text;
	return (Str){0};
}

static bool removes(const LintCommand *c, const char *dir)
{
	bool find = command_is(c, "find") && command_has(c, "-delete -exec");
	bool rm = command_is(c, "rm");
	Str from = find || rm ? directory_at(c) : (Str){0};
	for (size_t i = 0; (find || rm) && i < c->n; i++) {
		Buf whole = buf_in(c->file->a, 8192);
		Str path = c->args[i].text;
		if (from.n != 0 && path.n != 0 && strchr("/~$", path.p[0]) == NULL) {
			buf_fmt(&whole, STR_FMT "/" STR_FMT, STR_ARG(from), STR_ARG(path));
			path = buf_str(&whole);
		}
		if (path_covers(path, dir))
			return true;
	}
	return false;
}

/* apt's lists are not emptied by clean, but by distclean. */
static bool is_clean_verb(const PkgCall *call)
{
	if (call->act != PKG_CLEAN)
		return false;
	if (call->by->family == FAMILY_APT)
		return command_has(&call->as, "distclean dist-clean");
	if (call->by->family == FAMILY_CONDA)
		return pkg_has(call, "-a --all -p --packages") ||
		       command_has(&call->as, "--tarballs -t");
	return true;
}

/* A script that says it cleans; what it does is not known. */
static bool may_clean(const LintCommand *c)
{
	size_t at;
	return str_find(c->name, S("clean"), &at) || str_has(c->name, '$');
}

static bool empties(const LintCommand *c, const PkgManager *by, const char *dir)
{
	PkgCall call;
	if (removes(c, dir) || may_clean(c))
		return true;
	return pkg_read(c, c->file->a, &call) && call.by->family == by->family &&
	       is_clean_verb(&call);
}

static bool is_empty_at(const PkgCall *call, Str cache)
{
	const LintCommand *c = &call->as;
	const char *dir = arena_cstr(c->file->a, cache);
	if (script_mounts(c->script, dir))
		return true;
	EACH_LATER (c, l)
		if (empties(l, call->by, dir))
			return true;
	return false;
}

/* One of yum's caches is filled, and which depends on the version. An option may say another. */
static bool is_emptied(const PkgCall *call)
{
	Str rest = str_of(call->by->caches), one, told;
	if (command_option(&call->as, "--cache --cache-folder --cache-dir", &told) != NULL &&
	    told.n != 0 && is_empty_at(call, told))
		return true;
	while (str_cut(&rest, ' ', &one))
		if (is_empty_at(call, one))
			return true;
	return call->by->family == FAMILY_NPM && is_empty_at(call, S("~/.npm/_cacache"));
}

/* ---- what fills one ---- */

static bool is_off(Str value)
{
	return value.n == 0 || str_eq_nocase(value, S("0")) || str_eq_nocase(value, S("off")) ||
	       str_eq_nocase(value, S("false")) || str_eq_nocase(value, S("no"));
}

static bool fills(const PkgCall *call)
{
	const PkgManager *m = call->by;
	Str value;
	bool does = call->act == m->fills ||
		    (m->fills == PKG_INSTALL &&
		     (call->act == PKG_UPGRADE || (m->distro && call->act == PKG_UPDATE)));
	if (m->fills == PKG_OTHER || !does || command_has(&call->as, "--help --version --dry-run"))
		return false;
	if (m->none != NULL && pkg_has(call, m->none))
		return false;
	if (m->env != NULL && command_env(&call->as, m->env, &value) &&
	    (m->family == FAMILY_PIP || !is_off(value))) /* pip: 0 and off say so, too */
		return false;
	if (m->family == FAMILY_PIP &&
	    (pkg_configured(call, "global.no-cache-dir") || pkg_configured(call, "no-cache-dir =")))
		return false;
	/* npm and yarn: only what fetches. */
	return !(m->family == FAMILY_RPM && m->fills == PKG_INSTALL && call->act == PKG_UPDATE &&
		 command_has(&call->as, "check-update"));
}

/* The last of the script that fills the same cache: what empties it belongs behind that. */
static bool fills_again(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	PkgCall other;
	EACH_LATER (c, l)
		if (pkg_read(l, c->file->a, &other) && other.by == call->by && fills(&other))
			return true;
	return false;
}

/* It has no use for lists or caches. */
static bool is_idle(const LintCommand *c)
{
	return c->name.n == 0 ||
	       command_is(c,
			  "rm echo printf true : set cd mkdir touch chmod chown export exit test "
			  "[ ls cat clear sleep date");
}

/* Something after it may use the lists: a call of a package manager, or what is not known. */
static bool is_used(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	PkgCall other;
	EACH_LATER (c, l)
		if (pkg_read(l, c->file->a, &other) && other.by->family == call->by->family) {
			if (other.act != PKG_CLEAN && other.act != PKG_UPDATE &&
			    other.act != PKG_REMOVE)
				return true;
		} else if (!is_idle(l)) {
			return true;
		}
	return false;
}

/* ---- D504 ---- */

static bool is_last_of_family(const PkgCall *call, const LintCommand *c)
{
	PkgCall other;
	EACH_LATER (c, l)
		if (pkg_read(l, c->file->a, &other) && other.by->family == call->by->family)
			return false;
	return true;
}

static const LintCommand *last_of_family(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	PkgCall other;
	if (is_last_of_family(call, c))
		return c;
	EACH_LATER (c, l)
		if (pkg_read(l, c->file->a, &other) && is_last_of_family(call, l))
			return l;
	return c;
}

static bool is_apt(const LintCommand *c, PkgAct act)
{
	PkgCall call;
	return pkg_read(c, c->file->a, &call) && call.by->family == FAMILY_APT && call.act == act;
}

/* A later RUN lives on the lists: nothing in this one does, or it installs and does not fetch them
 * itself. */
static bool are_needed_later(const PkgCall *call)
{
	const LintFile *f = call->as.file;
	if (call->by->family != FAMILY_APT)
		return false;
	if (!is_used(call))
		return true;
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		bool fetched = s->index <= call->as.script->index;
		for (size_t k = 0; !fetched && k < s->commands.n; k++) {
			if (is_apt(&s->commands.at[k], PKG_INSTALL))
				return true;
			fetched = is_apt(&s->commands.at[k], PKG_UPDATE);
		}
	}
	return false;
}

/* Behind the last call; when something follows that may have a use for it, at the very end. */
static const LintCommand *last_use(const PkgCall *call)
{
	const LintCommand *last = last_of_family(call), *used = last;
	EACH_LATER (last, l)
		if (!is_idle(l))
			used = l;
	if (used == last)
		return last;
	used = last->script->commands.at + last->script->commands.n - 1;
	while (used > last && used->shell->outer != 0)
		used--;
	return used;
}

/* Who is not root removes with the same help; NULL: another root or user, which is not followed. */
static const char *helper(const LintCommand *c)
{
	const char *by = "";
	for (size_t i = 0; i < c->at && i < c->shell->words.n; i++) {
		Str word = str_base(c->shell->words.at[i].text);
		if (word_in("chroot gosu su-exec setpriv xargs", word))
			return NULL;
		by = str_eq(word, S("sudo")) ? "sudo " : str_eq(word, S("doas")) ? "doas " : by;
	}
	return by;
}

/* What parts it from what stands before it; NULL: nothing may stand there. A failure in the middle
 * of a list of && does not stop a script under set -e, so that none is made of what was none. */
static const char *part_behind(const LintCommand *at)
{
	const LintScript *s = at->script;
	const LintCommand *next = at + 1 < s->commands.at + s->commands.n ? at + 1 : NULL;
	while (next != NULL && next->shell->outer != 0)
		next = next + 1 < s->commands.at + s->commands.n ? next + 1 : NULL;
	if (at->shell->depth != 0 || at->shell->within != 0 || at->shell->outer != 0 ||
	    at->shell->background || at->shell->negated || at->shell->join == JOIN_OR)
		return NULL;
	if (next == NULL || next->shell->join == JOIN_AND)
		return " && ";
	return next->shell->join == JOIN_THEN ? "; " : NULL;
}

static void fix_behind(const PkgCall *call, LintSink *to)
{
	const LintCommand *last = last_use(call);
	const char *part = part_behind(last), *by = helper(&call->as);
	Span at;
	Buf b = buf_in(call->as.file->a, 256);
	if (part == NULL || by == NULL || last->script->starts != NULL || last->script->shell.cut ||
	    !script_span(last->script, last->shell->raw, &at) || are_needed_later(call))
		return;
	Str before, after = str_of(call->by->cleaner);
	str_cut(&after, '%', &before);
	buf_fmt(&b, "%s%s" STR_FMT, part, by, STR_ARG(before));
	if (after.p != NULL)
		buf_fmt(&b, STR_FMT STR_FMT, STR_ARG(call->as.name), STR_ARG(str_skip(after, 1)));
	lint_fix(to, (Span){at.end, at.end}, buf_str(&b), true);
}

/* The option for this call, and for those before it of which this remark is, too. */
static void fix_options(const PkgCall *call, const char *option, LintSink *to)
{
	const LintScript *s = call->as.script;
	PkgCall other;
	for (size_t i = 0; i <= call->as.i; i++)
		if (pkg_read(&s->commands.at[i], call->as.file->a, &other) &&
		    other.by == call->by && fills(&other))
			pkg_fix_option(&other, option, true, to);
}

static void leaves(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	if (!fills(call) || fills_again(call) || is_emptied(call) ||
	    !is_shipped(c->file, c->script->index))
		return;
	lint_say(to, argument_span(c, call->verb),
		 "'" STR_FMT " " STR_FMT "' leaves %s in the layer", STR_ARG(c->name),
		 STR_ARG(call->verb < c->n ? c->args[call->verb].text : S("install")),
		 call->by->family == FAMILY_APT ? "its lists" : "its cache");
	Str none = call->by->none != NULL ? str_of(call->by->none) : (Str){0}, option;
	if (str_cut(&none, ' ', &option))
		fix_options(call, arena_cstr(c->file->a, option), to);
	else if (call->by->cleaner != NULL)
		fix_behind(call, to);
}

static void check_leftovers(const LintFile *f, LintSink *to) { each_pkg_call(f, to, leaves); }

const LintRule lint_D504 = {
	.id = "D504",
	.name = "cache-left",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "What a package manager keeps for the next time makes the image larger, and a later "
	       "RUN that removes it does not make it smaller.",
	.help = "empty it in the same RUN, or give it a --mount=type=cache",
	.aliases = LIST("DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060",
			"DS-0015", "DS-0019", "DS-0020", "DS-0025", "DS-0027", "DKL-DI-0004",
			"DKL-DI-0005"),
	.good = LIST("FROM a:1\nRUN apt-get update && x && rm -rf /var/lib/apt/lists/*\n",
		     "FROM a:1\nRUN apt-get update && rm -rf /tmp/x /var/lib/{apt,dpkg}/\n",
		     "FROM a:1\nRUN apt-get update && apt-get distclean\n",
		     "FROM a:1\nRUN apt-get update && cd /var/lib && rm -rf apt dpkg\n",
		     "FROM a:1\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
		     "FROM a:1 AS b\nRUN apt-get update && pip install a\nFROM c:1\n",
		     "FROM a:1\nRUN apk add --no-cache a && apk --no-cache add b\n",
		     "FROM a:1\nRUN apk add a && rm -rf /var/cache/apk/*\n",
		     "FROM a:1\nRUN apk add --no-network --virtual .a $B\n",
		     "FROM a:1\nRUN yum -y install a && yum clean all\n",
		     "FROM a:1\nRUN microdnf install -y a && microdnf clean all\n",
		     "FROM a:1\nRUN zypper -n in a && zypper clean -a\n",
		     "FROM a:1\nRUN pip install --no-cache-dir a\n",
		     "FROM a:1\nENV PIP_NO_CACHE_DIR=1\nRUN pip install a\n",
		     "FROM a:1\nRUN --mount=type=cache,target=/root/.cache pip install a\n",
		     "FROM a:1\nRUN pip install a && rm -rf ~/.cache/pip\n",
		     "FROM a:1\nRUN yarn install && yarn cache clean\n",
		     "FROM a:1\nRUN npm ci && npm cache clean --force\n",
		     "FROM a:1\nRUN npm ci && rm -rf /root/.npm/_cacache\n",
		     "FROM a:1\nRUN npm ci --cache /tmp/c && rm -rf /tmp/c\n",
		     "FROM a:1\nRUN yarn --cache-folder=/c install && rm -r /c/\n",
		     "FROM a:1\nRUN pip config set global.no-cache-dir 1 && pip install a\n",
		     "FROM a:1\nRUN conda install -y a && conda clean -afy\n"),
	.bad = LIST("FROM a:1\nRUN apt-get update && apt-get install -y a && rm -rf /tmp/*\n",
		    "FROM a:1\nRUN apt-get update && apt-get install -y a && apt-get clean\n",
		    "FROM a:1\nRUN rm -rf /var/lib/apt/lists/* && apt-get update\n",
		    "FROM a:1\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n",
		    "FROM a:1\nRUN apk add a\n", "FROM a:1\nRUN yum -y install a\n",
		    "FROM a:1\nRUN yum -y install a && yum clean metadata\n",
		    "FROM a:1\nRUN microdnf install -y a\n", "FROM a:1\nRUN zypper -n in a\n",
		    "FROM a:1\nRUN pip install a\n",
		    "FROM a:1\nRUN yarn install && yarn cache list\n", "FROM a:1\nRUN npm ci\n",
		    "FROM a:1\nRUN conda install -y a\n", "FROM a:1 AS b\nRUN apk add a\nFROM b\n"),
	.check = check_leftovers,
};

/* ---- D505 lists that grow old ---- */

/* "&&" with the RUN that follows. */
static void fix_alone(const LintCommand *c, LintSink *to)
{
	const LintFile *f = c->file;
	size_t at = c->script->index;
	if (at + 1 >= f->d->instructions.n)
		return;
	const Instruction *a = lint_at(f, at), *b = lint_at(f, at + 1);
	if (runs_may_join(a, b) && a->flags.n == 0 && joins_behind(f, at, at + 1) &&
	    c->i + 1 == c->script->commands.n)
		lint_fix(to, (Span){a->span.end, b->args.at[0].span.at}, and_on_next_line(f),
			 false);
}

static void update_alone(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	bool mounted = call->by->caches != NULL &&
		       script_mounts(c->script, call->by->family == FAMILY_APK
							? "/var/cache/apk"
							: "/var/lib/apt/lists");
	if (!call->by->distro || call->act != PKG_UPDATE || is_used(call) || mounted ||
	    !is_run(c->script))
		return;
	lint_say(to, argument_span(c, call->verb), "'" STR_FMT " " STR_FMT "' in a RUN of its own",
		 STR_ARG(c->name), STR_ARG(c->args[call->verb].text));
	fix_alone(c, to);
}

static bool is_updated_before(const PkgCall *call)
{
	const LintCommand *c = &call->as;
	PkgCall other;
	EACH_BEFORE (c, b)
		if (!is_idle(b) &&
		    (!pkg_read(b, c->file->a, &other) ||
		     (other.by->family == call->by->family && other.act == PKG_UPDATE)))
			return true;
	return false;
}

static bool has_file_only(const PkgCall *call)
{
	for (size_t i = 0; i < call->packages.n; i++) {
		const ShellWord *w = &call->as.args[call->packages.at[i]];
		if (!str_has(w->text, '/') && !str_ends(w->text, S(".deb")) && !w->dynamic)
			return false;
	}
	return true;
}

/* Another RUN of the stage updated: its lists may be from another year. */
static bool is_updated_elsewhere(const PkgCall *call)
{
	const LintFile *f = call->as.file;
	for (size_t i = 0; i < f->scripts.n; i++)
		for (size_t k = 0; f->scripts.at[i].index < call->as.script->index &&
				   k < f->scripts.at[i].commands.n;
		     k++) {
			PkgCall other;
			if (pkg_read(&f->scripts.at[i].commands.at[k], f->a, &other) &&
			    other.by->family == FAMILY_APT && other.act == PKG_UPDATE)
				return true;
		}
	return false;
}

static void install_alone(const PkgCall *call, LintSink *to)
{
	const LintCommand *c = &call->as;
	if (call->by->family == FAMILY_APT && call->act == PKG_INSTALL && !has_file_only(call) &&
	    !is_updated_before(call) && is_updated_elsewhere(call) &&
	    !script_mounts(c->script, "/var/lib/apt/lists"))
		lint_say(to, argument_span(c, call->verb),
			 "installs from the lists that another RUN fetched, some day");
}

static void check_lists(const LintFile *f, LintSink *to)
{
	each_pkg_call(f, to, update_alone);
	each_pkg_call(f, to, install_alone);
}

const LintRule lint_D505 = {
	.id = "D505",
	.name = "update-alone",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "The layer with the lists is kept in the cache: later builds install what was new "
	       "when it was made, without its security updates, or do not find it at all.",
	.help = "update and install in the same RUN",
	.aliases = LIST("DS-0017", "CKV_DOCKER_5", "CIS-DI-0007"),
	.good = LIST("FROM a:1\nRUN apt-get update && apt-get install -y a\n",
		     "FROM a:1\nRUN apt-get update && ./install.sh\n",
		     "FROM a:1\nRUN apt-get update; sudo apt-get install a\n",
		     "FROM a:1\nRUN yum makecache && yum install -y a\n",
		     "FROM a:1\nRUN x && apt-get install -y a\n", "FROM a:1\nRUN npm update\n"),
	.bad = LIST("FROM a:1\nRUN apt-get update\nRUN apt-get install -y a\n",
		    "FROM a:1\nRUN apk update\n",
		    "FROM a:1\nRUN apt-get update && rm -rf /tmp/x\n"),
	.check = check_lists,
};
