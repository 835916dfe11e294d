/* listeners.h - what listens on the network (/proc/net/tcp, tcp6, udp, udp6), and whose socket it
 * is. */
#pragma once
#include "host/private.h"

typedef enum Reach { REACH_LOCAL = 1, REACH_ONE, REACH_ALL } Reach;

typedef struct Listener {
	uint64_t inode;
	unsigned port;
	Reach reach; /* this host, one address, every address */
	bool udp;
} Listener;
typedef VEC(Listener) ListenerVec;

/* Adds those of one file. Lines of another kind are passed over. */
void listeners_read(Str text, bool udp, Arena *a, ListenerVec *out);
/* All of this machine; 0 or errno. */
int listeners_look(Host *h, ListenerVec *out);
const char *reach_name(Reach r); /* "every address" */
