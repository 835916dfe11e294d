/* layers.c - D602 to D604, D606, D607, D609, D610: steps that could be fewer, smaller, or kept in
 * the cache. */
#include "base/buf.h"
#include "lint/limits.h"
#include "lint/packages.h"

/* ---- D602 archives ---- */

static bool is_tar(Str path)
{
	static const char *const endings[] = {".tar",  ".tar.gz", ".tgz", ".tar.bz2",
					      ".tbz2", ".tar.xz", ".txz"};
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(path, str_of(endings[i])))
			return true;
	return false;
}

static bool extracts(const LintCommand *c, Str name)
{
	bool extract = false, names = false;
	for (size_t i = 0; command_is(c, "tar bsdtar") && i < c->n; i++) {
		Str w = c->args[i].text;
		bool letters = w.n != 0 && (i == 0 || w.p[0] == '-') && !str_starts(w, S("--")) &&
			       !str_has(w, '/') && !str_has(w, '.');
		extract = extract || (letters && str_has(w, 'x')) || str_eq(w, S("--extract"));
		names = names || str_eq(str_base(w), name);
	}
	return extract && names;
}

static const LintCommand *extracted_later(const LintFile *f, size_t from, Str name)
{
	const LintStage *s = lint_stage_of(f, from);
	for (size_t i = 0; s != NULL && i < f->scripts.n; i++) {
		const LintScript *script = &f->scripts.at[i];
		if (!is_run(script) || script->index <= from || script->index >= s->end)
			continue;
		for (size_t k = 0; k < script->commands.n; k++)
			if (extracts(&script->commands.at[k], name))
				return &script->commands.at[k];
	}
	return NULL;
}

static void check_archives(const LintFile *f, LintSink *to)
{
	size_t left = LIMIT_LINT_STEPS / 100 / (f->commands + 1);
	for (size_t i = 0; i < f->d->instructions.n && left > 0; i++) {
		const Instruction *in = lint_at(f, i);
		Str from;
		if (in->op != OP_COPY || instruction_flag(in, S("from"), &from) != NULL)
			continue;
		for (size_t k = 0; k + 1 < in->args.n && left > 0; k++) {
			Str name = str_base(in->args.at[k].text);
			left -= is_tar(name);
			const LintCommand *c = is_tar(name) ? extracted_later(f, i, name) : NULL;
			if (c != NULL)
				lint_say(to, in->args.at[k].span,
					 "'" STR_FMT "' is copied, then unpacked on line %u: it is "
					 "in the image twice",
					 STR_ARG(name), c->script->in->first);
		}
	}
	if (left == 0)
		lint_gave_up(to);
}

const LintRule lint_D602 = {
	.id = "D602",
	.name = "archive-copied",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "The archive stays in the layer of COPY, beside what was unpacked from it.",
	.help = "ADD unpacks local archives; or use RUN --mount=type=bind",
	.aliases = LIST("DL3010"),
	.good = LIST("FROM a:1\nADD a.tgz /x/\n", "FROM a:1\nCOPY a.tgz /x/\nRUN tar cf b.tar x\n",
		     "FROM a:1 AS b\nCOPY a.tgz /\nFROM c:1\nRUN tar xf a.tgz\n"),
	.bad = LIST("FROM a:1\nCOPY d/a.tar.gz /x/\nRUN cd /x && tar -xzf a.tar.gz\n",
		    "FROM a:1\nCOPY a.tgz /\nRUN y\nRUN tar xf /a.tgz\n"),
	.check = check_archives,
};

/* ---- D603 RUN after RUN ---- */

bool runs_may_join(const Instruction *a, const Instruction *b)
{
	if (a->op != OP_RUN || b->op != OP_RUN || a->json || b->json || a->heredocs.n != 0 ||
	    b->heredocs.n != 0 || a->flags.n != b->flags.n)
		return false;
	for (size_t i = 0; i < a->flags.n; i++)
		if (!str_eq(a->flags.at[i].text, b->flags.at[i].text))
			return false;
	return true;
}

static const LintScript *script_of(const LintFile *f, size_t index)
{
	for (size_t i = 0; i < f->scripts.n; i++)
		if (f->scripts.at[i].index == index)
			return &f->scripts.at[i];
	return NULL;
}

/* A list of nothing but "&&": what fails in it ends it, before and behind another "&&". */
static bool is_and_list(const LintScript *s)
{
	for (size_t i = 0; i < s->commands.n; i++) {
		const ShellCommand *c = s->commands.at[i].shell;
		bool own = c->depth == 0 && c->within == 0 && c->outer == 0;
		if (own && (c->background || c->join == JOIN_THEN || c->join == JOIN_OR))
			return false;
	}
	return s->commands.n != 0 && !s->shell.cut;
}

bool joins_behind(const LintFile *f, size_t a, size_t b)
{
	const Instruction *first = lint_at(f, a), *second = lint_at(f, b);
	const LintScript *x = script_of(f, a), *y = script_of(f, b);
	return x != NULL && y != NULL && second->comments.n == 0 && first->args.n == 1 &&
	       second->args.n == 1 && is_and_list(x) && is_and_list(y) &&
	       !str_has(first->line, '#') && !goes_on(f, first);
}

static void check_runs(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i + 1 < f->d->instructions.n; i++) {
		const Instruction *a = lint_at(f, i), *b = lint_at(f, i + 1);
		bool first = i == 0 || !runs_may_join(lint_at(f, i - 1), a);
		size_t n = 1;
		while (i + n < f->d->instructions.n && runs_may_join(a, lint_at(f, i + n)))
			n++;
		if (n < 2 || !first || !is_shipped(f, i))
			continue;
		lint_say(to, lint_keyword(b), "%zu RUN after one another: %zu layers", n, n);
		if (a->flags.n == 0 && joins_behind(f, i, i + 1))
			lint_fix(to, (Span){a->span.end, b->args.at[0].span.at},
				 and_on_next_line(f), false);
	}
}

const LintRule lint_D603 = {
	.id = "D603",
	.name = "run-after-run",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_LOW,
	.off = true,
	.why = "Each RUN is a layer; what one leaves the next cannot take away. But separate steps "
	       "are kept in the cache apart, which may be what is wanted.",
	.help = "join them with &&, or write a here-document with set -e",
	.aliases = LIST("DL3059"),
	.good = LIST("FROM a:1\nRUN x\nCOPY a b\nRUN y\n",
		     "FROM a:1 AS b\nRUN x\nRUN y\nFROM c:1\n",
		     "FROM a:1\nRUN x\nRUN --mount=type=cache,target=/x y\n"),
	.bad = LIST("FROM a:1\nRUN x\nRUN y\n", "FROM a:1\nRUN x \\\n  && z\nRUN y\n"),
	.check = check_runs,
};

/* ---- D604, D609 cd ---- */

static bool is_own_level(const LintCommand *c)
{
	return c->shell->depth == 0 && c->shell->outer == 0 && is_run(c->script);
}

static void check_cd(const LintCommand *c, LintSink *to)
{
	bool first = c->i == 0 || (c->i == 1 && command_is(c - 1, "set"));
	bool more = c->i + 1 < c->script->commands.n;
	if (command_is(c, "cd") && c->n == 1 && is_own_level(c) && first && more &&
	    str_starts(c->args[0].text, S("/")))
		lint_say(to, argument_span(c, c->n),
			 "the whole step is in '" STR_FMT "': WORKDIR says so for all that follow",
			 STR_ARG(c->args[0].text));
}

static void check_cds(const LintFile *f, LintSink *to) { each_run_command(f, to, check_cd); }

const LintRule lint_D604 = {
	.id = "D604",
	.name = "cd-not-workdir",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "The next RUN begins in WORKDIR again; who reads the file has to keep track.",
	.help = "set WORKDIR before the RUN",
	.aliases = LIST("DL3003", "DS-0013"),
	.good = LIST("FROM a:1\nWORKDIR /x\nRUN a\n", "FROM a:1\nRUN (cd /x && y) && z\n",
		     "FROM a:1\nRUN a && cd /x && b\n"),
	.bad = LIST("FROM a:1\nRUN cd /x && y\n", "FROM a:1\nRUN set -ex; cd /x; y\n"),
	.check = check_cds,
};

static void check_last_cd(const LintCommand *c, LintSink *to)
{
	Str value;
	bool last = c->i + 1 >= c->script->commands.n;
	if (command_is(c, "cd pushd") && is_own_level(c) && last)
		lint_say(to, command_span(c),
			 "this " STR_FMT " changes nothing: the step ends here", STR_ARG(c->name));
	bool exported = last && is_own_level(c) && command_is(c, "export") && c->n == 1 &&
			c->script->commands.n == 1 && !command_env(c, "-", &value);
	if (exported)
		lint_say(to, command_span(c), "what is exported here is gone when the step ends");
}

static void check_last_cds(const LintFile *f, LintSink *to)
{
	each_run_command(f, to, check_last_cd);
}

const LintRule lint_D609 = {
	.id = "D609",
	.name = "lost-at-the-end",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Every RUN is a new shell: its directory and its variables end with it.",
	.help = "use WORKDIR and ENV",
	.good = LIST("FROM a:1\nRUN cd /x && y\n", "FROM a:1\nRUN export A=1 && x\n"),
	.bad = LIST("FROM a:1\nRUN cd /x\n", "FROM a:1\nRUN mkdir /x && cd /x\n",
		    "FROM a:1\nRUN export A=1\n"),
	.check = check_last_cds,
};

/* ---- D606 /bin/sh ---- */

static void check_link(const LintCommand *c, LintSink *to)
{
	for (size_t i = 1; command_is(c, "ln") && i < c->n; i++)
		if (str_eq(c->args[i].text, S("/bin/sh")) && i + 1 == c->n)
			lint_say(to, command_span(c), "puts another shell in the place of /bin/sh");
}

static void check_links(const LintFile *f, LintSink *to) { each_run_command(f, to, check_link); }

const LintRule lint_D606 = {
	.id = "D606",
	.name = "shell-replaced",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Every script of the image runs in it from then on, and a package's upgrade may put "
	       "the "
	       "old one back.",
	.help = "write SHELL [\"/bin/bash\", \"-c\"]",
	.aliases = LIST("DL4005"),
	.good = LIST("FROM a:1\nSHELL [\"/bin/bash\", \"-c\"]\nRUN ln -s /bin/sh /x\n"),
	.bad = LIST("FROM a:1\nRUN ln -sf /bin/bash /bin/sh\n",
		    "FROM a:1\nRUN rm /bin/sh && ln -s bash /bin/sh\n"),
	.check = check_links,
};

/* ---- D607 progress bars ---- */

static bool is_quiet(const LintCommand *c)
{
	for (size_t i = 0; i < c->n; i++) {
		Str w = c->args[i].text;
		if (str_starts(w, S("--progress")) || str_starts(w, S("--output-document=-")) ||
		    word_in("--quiet --no-verbose --append-output --output-file --background "
			    "--spider "
			    "--version --help --config",
			    w))
			return true;
		bool letters = w.n > 1 && w.p[0] == '-' && w.p[1] != '-';
		if (letters && (str_has(w, 'q') || str_has(w, 'o') || str_starts(w, S("-nv")) ||
				str_ends(w, S("nv"))))
			return true;
	}
	return false;
}

static void check_wget(const LintCommand *c, LintSink *to)
{
	Span at;
	if (!command_is(c, "wget") || c->n == 0 || is_quiet(c))
		return;
	lint_say(to, argument_span(c, c->n), "wget fills the log with its progress bar");
	/* BusyBox' wget fails on that option. */
	if (script_span(c->script, c->shell->words.at[c->at].at, &at) &&
	    c->script->starts == NULL && !is_alpine(c->file, c->script->index))
		lint_fix(to, (Span){at.end, at.end}, S(" --progress=dot:giga"),
			 is_debian(c->file, c->script->index));
}

static void check_wgets(const LintFile *f, LintSink *to) { each_run_command(f, to, check_wget); }

const LintRule lint_D607 = {
	.id = "D607",
	.name = "wget-progress",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Thousands of lines of dots hide what went wrong.",
	.help = "add -nv, or --progress=dot:giga",
	.aliases = LIST("DL3047"),
	.good = LIST("FROM a:1\nRUN wget -q https://e.example && wget -nv x && wget -qO- y\n",
		     "FROM a:1\nRUN wget --progress=dot:giga x\n"),
	.bad = LIST("FROM a:1\nRUN wget https://e.example\n",
		    "FROM a:1\nRUN wget -O x https://e\n"),
	.check = check_wgets,
};

/* ---- D610 cache order ---- */

static bool copies_all(const Instruction *in)
{
	Str from;
	if ((in->op != OP_COPY && in->op != OP_ADD) || in->args.n < 2 ||
	    instruction_flag(in, S("from"), &from) != NULL)
		return false;
	for (size_t k = 0; k + 1 < in->args.n; k++)
		if (word_in(". ./ /", in->args.at[k].text))
			return true;
	return false;
}

/* Fetches what a lock file or a list names. */
static bool installs_dependencies(const LintCommand *c)
{
	PkgCall call;
	if (command_is(c, "bundle poetry pipenv mvn gradle") &&
	    command_has(c, "install dependency:go-offline dependency:resolve"))
		return !command_is(c, "mvn gradle") || command_has(c, "dependency:go-offline");
	if (command_is(c, "go") && c->n > 1 && command_has(c, "mod") && command_has(c, "download"))
		return true;
	if (!pkg_read(c, c->file->a, &call) || call.act != PKG_INSTALL)
		return false;
	if (call.by->family == FAMILY_PIP)
		return command_has(c, "-r --requirement");
	return (call.by->family == FAMILY_NPM || call.by->family == FAMILY_YARN ||
		call.by->family == FAMILY_PNPM || call.by->family == FAMILY_COMPOSER) &&
	       call.packages.n == 0;
}

static const LintCommand *dependencies_in(const LintFile *f, size_t from, size_t end)
{
	for (size_t i = 0; i < f->scripts.n; i++)
		for (size_t k = 0; f->scripts.at[i].index >= from && f->scripts.at[i].index < end &&
				   is_run(&f->scripts.at[i]) && k < f->scripts.at[i].commands.n;
		     k++)
			if (installs_dependencies(&f->scripts.at[i].commands.at[k]))
				return &f->scripts.at[i].commands.at[k];
	return NULL;
}

static void check_order(const LintFile *f, LintSink *to)
{
	for (size_t s = 0; s < f->stages.n; s++) {
		const LintStage *stage = &f->stages.at[s];
		for (size_t i = stage->first; i < stage->end; i++) {
			if (!copies_all(lint_at(f, i)))
				continue;
			const LintCommand *c = dependencies_in(f, i + 1, stage->end);
			bool before = dependencies_in(f, stage->first, i) != NULL;
			if (c != NULL && !before)
				lint_say(to, lint_keyword(lint_at(f, i)),
					 "everything is copied before '" STR_FMT
					 "' on line %u: any "
					 "change fetches all dependencies again",
					 STR_ARG(c->name), c->script->in->first);
			break;
		}
	}
}

const LintRule lint_D610 = {
	.id = "D610",
	.name = "copy-before-install",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "A step is taken from the cache when nothing before it changed; after COPY . . "
	       "something always did.",
	.help = "copy the lock files first, install, then copy the rest",
	.good = LIST("FROM a:1\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n",
		     "FROM a:1\nCOPY . .\nRUN make\n"),
	.bad = LIST("FROM a:1\nCOPY . .\nRUN npm ci\n",
		    "FROM a:1\nADD . /x\nRUN pip install -r r\n",
		    "FROM a:1\nCOPY ./ /x\nRUN x && go mod download\n"),
	.check = check_order,
};
