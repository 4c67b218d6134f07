#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

/* A yardstick: one bare pass of libcsv over files, counting cells and rows. */

struct count {
	unsigned long long cells, rows;
};

static void
cell(void *bytes, size_t len, void *arg)
{
	struct count *count;

	(void)bytes;
	(void)len;
	count = arg;
	count->cells++;
}

static void
row(int end, void *arg)
{
	struct count *count;

	(void)end;
	count = arg;
	count->rows++;
}

int
main(int argc, char **argv)
{
	static char block[1 << 16];
	struct csv_parser parser;
	struct count count = { 0, 0 };
	size_t got;
	FILE *in;
	int i;

	for (i = 1; i < argc; i++) {
		in = fopen(argv[i], "r");
		if (in == NULL || csv_init(&parser, CSV_STRICT) != 0)
			return 1;
		while ((got = fread(block, 1, sizeof(block), in)) > 0) {
			if (csv_parse(&parser, block, got, cell, row, &count) !=
			    got)
				return 1;
		}
		csv_fini(&parser, cell, row, &count);
		csv_free(&parser);
		fclose(in);
	}
	printf("%llu cells, %llu rows\n", count.cells, count.rows);
	return 0;
}
