/* proc_text.c - reads lines and columns of /proc. */
#include "engine/proc_text.h"

/* The next column; blanks part them. */
static bool column(Str *line, Str *out)
{
	*line = str_trim(*line);
	size_t n = 0;
	while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t')
		n++;
	*out = str_first(*line, n);
	*line = str_skip(*line, n);
	return n != 0;
}

static bool hex(Str s, uint64_t *out)
{
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
				 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
							: 16;
		if (digit == 16)
			return false;
		v = v << 4 | digit;
	}
	*out = v;
	return s.n != 0 && s.n <= 16;
}

/* "0\t1000\t0\t0": real, effective, saved, of the file system. */
static bool effective(Str ids, uint32_t *out)
{
	Str real, word;
	uint64_t v;
	if (!column(&ids, &real) || !column(&ids, &word) || !str_u64(word, &v) || v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

bool proc_status(Str text, ProcStatus *out)
{
	Str line, key;
	ProcStatus s = {0};
	unsigned met = 0;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		uint64_t n;
		if (!str_cut(&line, ':', &key))
			continue;
		Str value = str_trim(line);
		if (str_eq(key, S("CapEff")))
			met += hex(value, &s.cap_effective);
		else if (str_eq(key, S("CapBnd")))
			met += hex(value, &s.cap_bounding);
		else if (str_eq(key, S("Uid")))
			met += effective(value, &s.uid);
		else if (str_eq(key, S("Seccomp")) && str_u64(value, &n))
			s.seccomp = (unsigned)(n & 3);
		else if (str_eq(key, S("NoNewPrivs")) && str_u64(value, &n))
			s.no_new_privs = n != 0;
	}
	*out = s;
	return met == 3;
}

uint32_t proc_uid_of_root(Str text)
{
	Str line, word[3];
	uint64_t inside, outside, count;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		for (size_t i = 0; i < 3; i++)
			if (!column(&line, &word[i]))
				return UINT32_MAX;
		if (str_u64(word[0], &inside) && inside == 0 && str_u64(word[1], &outside) &&
		    str_u64(word[2], &count) && count != 0 && outside < UINT32_MAX)
			return (uint32_t)outside;
	}
	return UINT32_MAX;
}

bool proc_socket(Str link, uint64_t *inode)
{
	if (!str_starts(link, S("socket:[")) || !str_ends(link, S("]")))
		return false;
	Str number = str_skip(link, strlen("socket:["));
	return str_u64(str_first(number, number.n - 1), inode);
}

/* Address, references, protocol, flags, type, state, inode, path. */
bool proc_unix_listener(Str line, Str *path, uint64_t *inode)
{
	Str field[7];
	for (size_t i = 0; i < 7; i++)
		if (!column(&line, &field[i]))
			return false;
	*path = str_skip(line, 1);
	bool listens = str_eq(field[3], S("00010000")); /* __SO_ACCEPTCON */
	return listens && str_starts(*path, S("/")) && str_u64(field[6], inode);
}

static bool ends_nocase(Str s, Str tail)
{
	return s.n >= tail.n && str_eq_nocase(str_skip(s, s.n - tail.n), tail);
}

/* The kernel prints each 32 bits of an address in the machine's order: 127.0.0.1 is 0100007F, ::1
 * ends in 01000000, ::ffff:127.0.0.1 in FFFF00000100007F. */
static void scope(Str address, TcpListener *to)
{
	Str zeros = S("00000000000000000000000000000000");
	Str head = str_first(address, address.n - 8);
	bool mapped = head.n == 24 && ends_nocase(head, S("FFFF0000"));
	bool no_head = head.n == 0 || str_starts(zeros, head);
	to->any = str_starts(zeros, address);
	to->loopback = (head.n == 0 || mapped) ? ends_nocase(address, S("7F"))
					       : no_head && ends_nocase(address, S("01000000"));
}

/* "sl: local remote state queues timer retransmits uid timeout inode ...". */
bool proc_tcp_listener(Str line, TcpListener *out)
{
	Str field[10], address, port;
	uint64_t number;
	TcpListener l = {0};
	for (size_t i = 0; i < 10; i++)
		if (!column(&line, &field[i]))
			return false;
	port = field[1];
	if (!str_eq(field[3], S("0A")) || !str_u64(field[9], &l.inode) || /* TCP_LISTEN */
	    !str_cut(&port, ':', &address) || !hex(port, &number) || number > 65535 ||
	    (address.n != 8 && address.n != 32))
		return false;
	l.port = (unsigned)number;
	scope(address, &l);
	*out = l;
	return true;
}
