/* replay.c - runs a fuzz target over every file of its corpus, without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *dir, const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return -1;
	uint8_t *data = NULL;
	size_t n = 0, got;
	do {
		data = realloc(data, n + 65536);
		got = data != NULL ? fread(data + n, 1, 65536, f) : 0;
		n += got;
	} while (got != 0);
	fclose(f);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
	if (d == NULL) {
		fprintf(stderr, "replay: no corpus directory\n");
		return 1;
	}
	unsigned n = 0;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.' && replay(argv[1], e->d_name) == 0)
			n++;
	closedir(d);
	printf("%u inputs\n", n);
	return n == 0;
}
