/* process.c - D105, D308, D310, D311: what runs in a container, and what has no business there. */
#include "base/buf.h"
#include "lint/packages.h"

/* ---- D105 a script that does not stop ---- */

static bool stops(const LintScript *s)
{
	for (size_t i = 0; i < s->commands.n; i++)
		if (command_sets(&s->commands.at[i], "e") ||
		    command_sets(&s->commands.at[i], "errexit"))
			return true;
	return s->errexit;
}

/* A command whose failure nobody sees: something follows it regardless. */
static bool is_unwatched(const LintScript *s)
{
	size_t steps = 0;
	for (size_t i = 0; i < s->commands.n; i++) {
		const LintCommand *c = &s->commands.at[i];
		bool counts = c->shell->depth == 0 && c->shell->outer == 0 && c->name.n != 0 &&
			      !command_is(c, "echo printf set export cd true :");
		steps += counts && (c->shell->join == JOIN_THEN || c->shell->join == JOIN_FIRST);
	}
	return steps > 1;
}

/* Behind a "#!" line. */
static Span first_line(const LintScript *s)
{
	Str line, rest = s->text;
	uint32_t at = s->body.at;
	if (str_starts(s->text, S("#!")) && str_cut(&rest, '\n', &line))
		at += (uint32_t)line.n + 1;
	return (Span){at, at};
}

static void check_bodies(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->scripts.n; i++) {
		const LintScript *s = &f->scripts.at[i];
		if (!is_run(s) || !s->heredoc || !shell_is_shell(s->program) || stops(s) ||
		    !is_unwatched(s))
			continue;
		lint_say(to, lint_keyword(s->in),
			 "this script goes on when a command fails, and the build with it");
		Buf b = buf_in(f->a, 16);
		buf_fmt(&b, "set -e" STR_FMT, STR_ARG(newline_of(f)));
		lint_fix(to, first_line(s), buf_str(&b), false);
	}
}

const LintRule lint_D105 = {
	.id = "D105",
	.name = "script-goes-on",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "The commands of a here-document are joined by nothing: only the last one's failure "
	       "stops the build.",
	.help = "begin the script with set -e, or SHELL [\"/bin/sh\", \"-ec\"]",
	.good = LIST("FROM a:1\nRUN <<E\nset -eux\nx\ny\nE\n", "FROM a:1\nRUN <<E\nx\nE\n",
		     "FROM a:1\nRUN <<E\nx && y\nE\n", "FROM a:1\nRUN bash -e <<E\nx\ny\nE\n",
		     "FROM a:1\nRUN <<E\n#!/bin/sh -e\nx\ny\nE\n",
		     "FROM a:1\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN "
		     "<<E\nx\ny\nE\n",
		     "FROM a:1\nRUN <<E\n#!/usr/bin/env python3\nx\ny\nE\n"),
	.bad = LIST("FROM a:1\nRUN <<E\nx\ny\nE\n", "FROM a:1\nRUN <<E\n#!/bin/bash\nx\ny\nE\n",
		    "FROM a:1\nRUN bash <<'E'\nx\ny\nE\n"),
	.check = check_bodies,
};

/* ---- D308 several services ---- */

static bool starts_service(const LintCommand *c)
{
	bool init_d = str_eq(
		str_dir(c->shell->words.n != 0 ? c->shell->words.at[c->at].text : S("")),
		S("/etc/init.d"));
	return (command_is(c, "service") && command_has(c, "start restart")) ||
	       (init_d && command_has(c, "start restart")) ||
	       (command_is(c, "systemctl") && command_has(c, "start restart"));
}

static void check_started(const LintCommand *c, LintSink *to)
{
	bool named = c->at < c->shell->words.n;
	bool last = c->i + 1 >= c->script->commands.n;
	if (is_run(c->script) || c->script->in->op == OP_HEALTHCHECK || !named)
		return;
	if (command_is(c, "supervisord circusd runsvdir s6-svscan systemd monit"))
		lint_say(to, argument_span(c, c->n), STR_FMT " runs several services",
			 STR_ARG(c->name));
	else if (starts_service(c))
		lint_say(to, argument_span(c, c->n), "starts a service beside the process");
	else if (c->shell->background && !last && c->script->starts == NULL)
		lint_say(to, argument_span(c, c->n),
			 "'" STR_FMT "' runs beside the process, and nobody minds it",
			 STR_ARG(c->name));
}

static void check_services(const LintFile *f, LintSink *to) { each_command(f, to, check_started); }

const LintRule lint_D308 = {
	.id = "D308",
	.name = "several-services",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "An engine watches, restarts, limits and logs one process; of several it sees only "
	       "the "
	       "first.",
	.help = "make an image for each, and join them with Compose or a pod",
	.good = LIST("FROM a:1\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
		     "FROM a:1\nRUN service a start && x\n", "FROM a:1\nCMD exec a\n"),
	.bad = LIST("FROM a:1\nCMD [\"/usr/bin/supervisord\", \"-n\"]\n",
		    "FROM a:1\nENTRYPOINT [\"tini\", \"-g\", \"--\", \"supervisord\"]\n",
		    "FROM a:1\nCMD service a start && tail -f /x\n", "FROM a:1\nCMD a & b\n",
		    "FROM a:1\nENTRYPOINT /etc/init.d/a start && b\n"),
	.check = check_services,
};

/* ---- D310 a read-only root ---- */

static bool is_volume(const LintFile *f, Str path)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_VOLUME && k < in->args.n; k++)
			if (path_covers(in->args.at[k].text, arena_cstr(f->a, path)))
				return true;
	}
	return false;
}

static bool is_fleeting(Str path)
{
	static const char *const dirs[] = {"/tmp", "/dev", "/proc", "/run", "/var/run", "/var/tmp"};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (str_starts(path, str_of(dirs[i])) &&
		    (path.n == strlen(dirs[i]) || path.p[strlen(dirs[i])] == '/'))
			return true;
	return false;
}

static void check_written(const LintCommand *c, LintSink *to)
{
	if (c->script->in->op != OP_CMD && c->script->in->op != OP_ENTRYPOINT)
		return;
	for (size_t i = 0; i < c->shell->targets.n; i++) {
		const ShellWord *w = &c->shell->targets.at[i];
		Span at;
		if (!str_starts(w->text, S("/")) || is_fleeting(w->text) ||
		    is_volume(c->file, w->text))
			continue;
		(void)script_span(c->script, w->at, &at);
		lint_say(to, at, "writes '" STR_FMT "' in the container's own layer",
			 STR_ARG(w->text));
	}
}

static void check_writes(const LintFile *f, LintSink *to) { each_command(f, to, check_written); }

const LintRule lint_D310 = {
	.id = "D310",
	.name = "writes-at-run-time",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "Such an image cannot be run with --read-only, which keeps an intruder from leaving "
	       "anything behind.",
	.help = "write to a VOLUME, a tmpfs, or standard output",
	.good = LIST("FROM a:1\nCMD a > /tmp/x 2> /dev/null\n",
		     "FROM a:1\nVOLUME /data\nCMD a > /data/x\n", "FROM a:1\nRUN a > /etc/x\n"),
	.bad = LIST("FROM a:1\nCMD a > /var/log/x\n", "FROM a:1\nENTRYPOINT env > /etc/x; a\n"),
	.check = check_writes,
};

/* ---- D311 commands without sense ---- */

static void check_sense(const LintCommand *c, LintSink *to)
{
	bool service = starts_service(c);
	bool agent = false;
	for (size_t i = 0; i < c->script->in->flags.n; i++)
		agent = agent || str_starts(c->script->in->flags.at[i].text, S("--mount=type=ssh"));
	bool alone = command_is(c, "free top htop vim vi nano emacs less shutdown reboot halt "
				   "poweroff") ||
		     (command_is(c, "ssh") && !agent);
	if (alone && c->shell->join != JOIN_PIPE && !command_has(c, "--version -version -V"))
		lint_say(to, argument_span(c, c->n), "'" STR_FMT "' does nothing useful in a build",
			 STR_ARG(c->name));
	else if (service && c->i + 1 >= c->script->commands.n)
		lint_say(to, argument_span(c, c->n),
			 "a service that is started here is gone when the step ends");
}

static void check_senses(const LintFile *f, LintSink *to) { each_run_command(f, to, check_sense); }

const LintRule lint_D311 = {
	.id = "D311",
	.name = "senseless-command",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A build has no terminal and no running system: such a command waits, fails, or is "
	       "forgotten when the step ends.",
	.help = "remove it, or do it when the container starts",
	.aliases = LIST("DL3001"),
	.good = LIST("FROM a:1\nRUN service a start && b\nRUN echo top | less\n",
		     "FROM a:1\nRUN --mount=type=ssh ssh -T git@e.example\n"),
	.bad = LIST("FROM a:1\nRUN top\n", "FROM a:1\nRUN a && service b start\n",
		    "FROM a:1\nRUN vim /etc/x\n", "FROM a:1\nONBUILD RUN ssh a\n"),
	.check = check_senses,
};
