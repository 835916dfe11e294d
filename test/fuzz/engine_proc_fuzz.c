/* engine_proc_fuzz.c - any bytes as a text of /proc: what is read is within its bounds. */
#include <stdlib.h>

#include "engine/proc_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one_line(Str line)
{
	Str path;
	uint64_t inode;
	TcpListener l;
	if (proc_unix_listener(line, &path, &inode) && !str_starts(path, S("/")))
		abort();
	if (proc_tcp_listener(line, &l) && (l.port > 65535 || (l.any && l.loopback)))
		abort();
	(void)proc_socket(line, &inode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ProcStatus status;
	Str text = {(const char *)data, size}, line;
	if (proc_status(text, &status) && status.seccomp > 3)
		abort();
	(void)proc_uid_of_root(text);
	while (text.n != 0 && str_cut(&text, '\n', &line))
		one_line(line);
	return 0;
}
