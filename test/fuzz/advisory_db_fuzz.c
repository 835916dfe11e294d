/* advisory_db_fuzz.c - any bytes as a database: opened or refused, asked, verified. The digests
 * are made right first, or the fuzzer would never get past them. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "advisory/db.h"
#include "advisory/db_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* data: the directory. The file: a header that fits it, then the directory. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t h[DB_HEADER_BYTES] = {0};
	char path[64];
	int fd = memfd_create("db", MFD_CLOEXEC);
	memcpy(h, DB_MAGIC, 8);
	h[16] = DB_HEADER_BYTES;
	for (unsigned i = 0; i < 8; i++)
		h[24 + i] = (uint8_t)(size >> 8 * i);
	sha256_of((Str){(const char *)data, size}, h + 32);
	if (write(fd, h, sizeof h) != (ssize_t)sizeof h || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	Arena a = {0};
	AdvisoryDb *db = NULL;
	Err *e = advisory_db_open(path, &db);
	if (e == OK) {
		AdvisoryVec rows = {0};
		DbStamp stamp;
		uint64_t shards;
		err_free(advisory_db_package(db, &a, S("x"), S("y"), &rows));
		err_free(advisory_db_stamp(db, &a, &stamp));
		err_free(advisory_db_verify(db, &shards));
	}
	err_free(e);
	advisory_db_close(db);
	close(fd);
	arena_finish(&a);
	return 0;
}
