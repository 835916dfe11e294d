/* io_zip_test.c - right archives are read, damaged ones and bombs refused. */
#include "io/zip.h"
#include "tap.h"
#include "zip_maker.h"

/* Reads everything; bodies are joined by '|'. */
static Err *read_all(const void *bytes, size_t n, Arena *a, Str *out)
{
	char *all = arena_array(a, char, 8192);
	size_t used = 0;
	bool more = true;
	int fd = fd_with(bytes, n);
	Zip *z = NULL;
	Err *e = zip_open(fd, &z);
	while (e == OK && more) {
		ZipEntry entry;
		Str body = {0};
		e = zip_next(z, &entry, &more);
		if (e == OK && more)
			e = zip_read(z, &entry, a, 4096, &body);
		if (e == OK && more)
			used += (size_t)snprintf(all + used, 8192 - used, STR_FMT "=" STR_FMT "|",
						 STR_ARG(entry.name), STR_ARG(body));
	}
	zip_close(z);
	close(fd);
	*out = (Str){all, used};
	return e;
}

static ZipMaker two_entries(void)
{
	ZipMaker z = {0};
	zip_add(&z, "a.json", S("stored text"), 0);
	zip_add(&z, "b/c.json", S("packed packed packed packed"), 8);
	zip_add(&z, "empty", S(""), 8);
	zip_end(&z);
	return z;
}

TEST(stored_and_deflated_entries_are_read)
{
	Arena a = {0};
	ZipMaker z = two_entries();
	Str all;
	CHECK_OK(read_all(z.bytes, z.n, &a, &all));
	CHECK_STR(all, S("a.json=stored text|b/c.json=packed packed packed packed|empty=|"));
	arena_finish(&a);
}

TEST(an_archive_of_nothing_is_read)
{
	Arena a = {0};
	ZipMaker z = {0};
	Str all;
	zip_end(&z);
	CHECK_OK(read_all(z.bytes, z.n, &a, &all));
	CHECK_STR(all, S(""));
	arena_finish(&a);
}

TEST(every_cut_is_refused)
{
	ZipMaker z = two_entries();
	for (size_t n = 0; n < z.n; n++) {
		Arena a = {0};
		Str all;
		CHECK_ERR(read_all(z.bytes, n, &a, &all), ERR_INPUT);
		arena_finish(&a);
	}
}

TEST(every_flipped_byte_is_an_answer_or_an_error)
{
	ZipMaker good = two_entries();
	for (size_t i = 0; i < good.n; i++) {
		Arena a = {0};
		ZipMaker z = good;
		Str all;
		z.bytes[i] ^= 0xff;
		err_free(read_all(z.bytes, z.n, &a, &all));
		arena_finish(&a);
	}
}

TEST(a_changed_body_is_refused)
{
	Arena a = {0};
	ZipMaker z = two_entries();
	Str all;
	z.bytes[36] ^= 1; /* "stored text" */
	CHECK_ERR(read_all(z.bytes, z.n, &a, &all), ERR_INPUT);
	arena_finish(&a);
}

TEST(entries_that_share_their_bytes_are_refused)
{
	Arena a = {0};
	ZipMaker z = {0};
	char text[1000];
	Str all;
	memset(text, 'x', sizeof text);
	zip_add(&z, "a", (Str){text, sizeof text}, 0);
	size_t one = z.central_n;
	memcpy(z.central + one, z.central, one); /* the same entry, listed again */
	z.central_n += one;
	z.entries++;
	zip_end(&z);
	CHECK_ERR(read_all(z.bytes, z.n, &a, &all), ERR_INPUT);
	arena_finish(&a);
}

TEST(limits_are_limits)
{
	Arena a = {0};
	ZipMaker z = {0};
	char text[4097] = {0};
	Str all;
	zip_add(&z, "a", (Str){text, sizeof text}, 8);
	zip_end(&z);
	CHECK_ERR(read_all(z.bytes, z.n, &a, &all), ERR_LIMIT);
	arena_finish(&a);
}

TEST(a_size_that_deflate_cannot_reach_is_refused)
{
	Arena a = {0};
	ZipMaker z = {0};
	Str all;
	zip_add(&z, "a", S(""), 8);
	z.central[25] = 0x0f; /* claims 3,840 bytes in 2 */
	zip_end(&z);
	CHECK_ERR(read_all(z.bytes, z.n, &a, &all), ERR_INPUT);
	arena_finish(&a);
}

TEST(encrypted_entries_and_other_methods_are_refused)
{
	for (size_t at = 8; at <= 10; at += 2) {
		Arena a = {0};
		ZipMaker z = {0};
		Str all;
		zip_add(&z, "a", S("text"), 0);
		z.central[at] = 1;
		zip_end(&z);
		CHECK_ERR(read_all(z.bytes, z.n, &a, &all), ERR_INPUT);
		arena_finish(&a);
	}
}

TEST(zip64_archives_are_read)
{
	Arena a = {0};
	ZipMaker z = two_entries();
	Str all;
	size_t end = z.n - 22, n = end;
	size_t at = end - z.central_n;
	zip_bytes(z.bytes, &n, "PK\6\6", 4);
	zip_u(z.bytes, &n, 44, 8);
	zip_u(z.bytes, &n, 45, 2);
	zip_u(z.bytes, &n, 45, 2);
	zip_u(z.bytes, &n, 0, 8);
	zip_u(z.bytes, &n, z.entries, 8);
	zip_u(z.bytes, &n, z.entries, 8);
	zip_u(z.bytes, &n, z.central_n, 8);
	zip_u(z.bytes, &n, at, 8);
	zip_bytes(z.bytes, &n, "PK\6\7\0\0\0\0", 8);
	zip_u(z.bytes, &n, end, 8);
	zip_u(z.bytes, &n, 1, 4);
	zip_bytes(z.bytes, &n, "PK\5\6\0\0\0\0\377\377\377\377", 12);
	zip_u(z.bytes, &n, 0xffffffff, 4);
	zip_u(z.bytes, &n, 0xffffffff, 4);
	zip_u(z.bytes, &n, 0, 2);
	CHECK_OK(read_all(z.bytes, n, &a, &all));
	CHECK_STR(str_first(all, 18), S("a.json=stored text"));
	arena_finish(&a);
}
