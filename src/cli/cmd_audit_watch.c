/* cmd_audit_watch.c - bulwark audit watch: the kernel's audit stream as lines. */
#include <stdio.h>

#include "cli/cmd_audit.h"
#include "cli/terminal.h"
#include "flow/audit_watch.h"
#include "io/fd.h"

typedef struct WatchOpts {
	StrVec keys;
	const char *format, *engine;
	unsigned count, seconds, buffer;
	bool multicast, records, quiet, allow_unsandboxed;
} WatchOpts;

static const char *format_choice(size_t i)
{
	static const char *const names[] = {"text", "json", NULL};
	return names[i];
}

static const Opt opts[] = {
	OPT_ONE_OF(OPT_STR, 'f', "format", WatchOpts, format, "FORMAT",
		   "lines for a person, or of JSON (default text)", format_choice),
	OPT(OPT_LIST, 'k', "key", WatchOpts, keys, "LIST", "only events of rules with these keys"),
	OPT(OPT_UINT, 'n', "count", WatchOpts, count, "N", "stop after so many events"),
	OPT(OPT_UINT, 0, "for", WatchOpts, seconds, "SECONDS", "stop after so long"),
	OPT(OPT_FLAG, 0, "multicast", WatchOpts, multicast, NULL,
	    "listen beside auditd; a flood can then lose events, and gaps are counted"),
	OPT(OPT_UINT, 0, "buffer", WatchOpts, buffer, "MIB",
	    "what may wait to be read (default 64, at most 1024)"),
	OPT(OPT_FLAG, 0, "records", WatchOpts, records, NULL,
	    "with JSON: every record with all its fields, too"),
	OPT(OPT_STR, 'H', "engine", WatchOpts, engine, "URL",
	    "who knows the names of containers (default this machine's, as docker finds it)"),
	OPT(OPT_FLAG, 'q', "quiet", WatchOpts, quiet, NULL, "no account at the end"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", WatchOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine what reads the stream"),
	{0},
};

/* Written at once: a reader of the pipe waits for it. */
static void put_lines(void *ctx, Str lines)
{
	Err **failed = ctx;
	if (*failed != OK)
		return;
	*failed = fd_write(STDOUT_FILENO, lines);
	if (*failed != OK)
		audit_watch_stop();
}

static bool has_lost(const AuditWatched *w)
{
	return w->tally.counts.missing + w->tally.counts.incomplete + w->kernel_lost + w->overrun !=
		       0 ||
	       w->given_up;
}

static void account_json(Buf *b, const AuditWatched *w)
{
	const AuditTally *t = &w->tally;
	buf_fmt(b,
		"{\"type\":\"END\",\"events\":%llu,\"records\":%llu,\"shown\":%llu,\"missing\":%"
		"llu,"
		"\"incomplete\":%llu,\"kernel_lost\":%u,\"overrun\":%u,\"unread\":%llu,"
		"\"foreign\":%llu,\"given_up\":%s}\n",
		(unsigned long long)t->counts.events, (unsigned long long)t->counts.records,
		(unsigned long long)t->shown, (unsigned long long)t->counts.missing,
		(unsigned long long)t->counts.incomplete, w->kernel_lost, w->overrun,
		(unsigned long long)t->counts.unread, (unsigned long long)t->foreign,
		w->given_up ? "true" : "false");
}

static void account_text(Buf *b, const AuditWatched *w)
{
	const AuditTally *t = &w->tally;
	buf_fmt(b, "%llu events of %llu records, %llu shown", (unsigned long long)t->counts.events,
		(unsigned long long)t->counts.records, (unsigned long long)t->shown);
	if (!has_lost(w))
		buf_add(b, S("; none lost"));
	if (t->counts.missing != 0)
		buf_fmt(b, "; %llu lost", (unsigned long long)t->counts.missing);
	if (t->counts.incomplete != 0)
		buf_fmt(b, "; %llu incomplete", (unsigned long long)t->counts.incomplete);
	if (w->kernel_lost != 0)
		buf_fmt(b, "; the kernel dropped %u records", w->kernel_lost);
	if (w->overrun != 0)
		buf_fmt(b, "; %u records found the buffer full", w->overrun);
	if (t->foreign != 0)
		buf_fmt(b, "; %llu messages were not the kernel's", (unsigned long long)t->foreign);
	buf_char(b, '\n');
	if (w->given_up)
		buf_add(b, S("The kernel took this reader for dead: what came afterwards is "
			     "not known.\n"));
	if (w->rules == 0)
		buf_add(b, S("No audit rule is loaded: see 'bulwark audit rules --load'.\n"));
}

static Result watch(const WatchOpts *o, Arena *a, int *exit_code)
{
	Err *failed = OK;
	bool json = o->format != NULL && o->format[0] == 'j';
	AuditWatchRequest r = {.multicast = o->multicast,
			       .json = json,
			       .records = o->records,
			       .keys = o->keys,
			       .count = o->count,
			       .seconds = o->seconds,
			       .buffer_mib = o->buffer,
			       .engine = o->engine,
			       .allow_unsandboxed = o->allow_unsandboxed,
			       .lines = put_lines,
			       .ctx = &failed};
	AuditWatched w = {0};
	Str missing = {0};
	Err *e = audit_watch_run(&r, a, &w, &missing);
	terminal_warn_unconfined("bulwark audit watch", missing);
	if (e == OK && failed != OK && failed->sys == EPIPE) { /* as `| head` does */
		err_free(failed);
		return OK;
	}
	if (e == OK && failed != OK)
		return err_in(failed, "standard output");
	err_free(failed);
	TRY(e);
	Buf b = buf_in(a, 4096);
	if (json)
		account_json(&b, &w);
	else
		account_text(&b, &w);
	*exit_code = has_lost(&w) ? EXIT_FINDINGS : EXIT_CLEAN;
	return o->quiet ? OK : fd_write(json ? STDOUT_FILENO : STDERR_FILENO, buf_str(&b));
}

static Result watch_run(const void *from, int argc, char **argv, int *exit_code)
{
	const WatchOpts *o = from;
	Arena a = {0};
	if (argc != 0)
		FAIL(ERR_USAGE, "'%s': no operand is taken; see 'bulwark help audit watch'",
		     argv[0]);
	if (o->records && (o->format == NULL || o->format[0] != 'j'))
		FAIL(ERR_USAGE, "--records goes with --format json");
	Err *e = watch(o, &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Without auditd",
	 "The kernel gives its records to one reader, and holds up system calls rather than lose "
	 "one. While nobody else is that reader, this is, and auditing is switched on; at the end "
	 "all is as it was. With --multicast another reader, such as auditd, keeps its place; "
	 "then a flood can overrun this one.\n"},
	{"Containers",
	 "A process's container is told by its cgroup. When it is gone before its record is read, "
	 "its parent's container is told (\"by\":\"parent\" in JSON).\n"},
	{"The account",
	 "Serials of events leave no gap, so every one that did not arrive is counted: lost when "
	 "nothing of it came, incomplete when a record of it is missing.\n"},
	{"Exit status", "  0  no event was lost\n"
			"  1  some were, or were incomplete\n"
			"  2  the command line or the configuration is wrong\n"
			"  3  the kernel's audit could not be read\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark audit watch", "bulwark audit watch --key bulwark-connects,bulwark-config",
	"bulwark audit watch --format json --for 3600 > hour.jsonl", NULL};

const Command cmd_audit_watch = {
	.name = "watch",
	.operands = "",
	.opts = opts,
	.opts_size = sizeof(WatchOpts),
	.run = watch_run,
	.summary = "show what the kernel's audit records, with the container it happened in",
	.sections = sections,
	.examples = examples,
};
