/* terminal.c - asks the system what it is printing on. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/limits.h"
#include "report/text.h"

bool terminal_color(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	if (no != NULL && no[0] != '\0')
		return false;
	return term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0 && isatty(fd) == 1;
}

unsigned terminal_columns(int fd)
{
	struct winsize size = {0};
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void terminal_say(FILE *to, Str s)
{
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_LINE_BYTES);
	text_clean(&b, s);
	Str text = buf_str(&b);
	fwrite(text.p, 1, text.n, to);
	arena_finish(&a);
}

void terminal_warn_unconfined(const char *tool, Str missing)
{
	if (missing.n == 0)
		return;
	fprintf(stderr, "%s: warning: the reader was not fully confined; the kernel lacks ", tool);
	terminal_say(stderr, missing);
	fputc('\n', stderr);
}
