#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/json_rows.h"

/*
 * A pass of json_rows over an invented answer of class enrolments, in pieces
 * as they come from a network, with a record function that only counts.
 *
 * usage: json_rows_pass MEGABYTES [parse]
 *   parse  every record by json_parse_part(), for comparison
 */

#define PIECE 16384

static const char *const columns[] = { "dcid", "id", "studentid", "sectionid",
	"termid", "dateenrolled", "dateleft", "schoolid", "course_number",
	"section_number" };
#define NCOLUMNS (sizeof(columns) / sizeof(columns[0]))

static int
find(void *arg, const char *parent, const char *key)
{
	size_t i;

	(void)arg;
	(void)parent;
	for (i = 0; i < NCOLUMNS; i++) {
		if (strcmp(key, columns[i]) == 0)
			return (int)i;
	}
	return -1;
}

static int
count_bytes(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	uint64_t *total;
	size_t i;

	(void)line;
	total = arg;
	for (i = 0; i < ncells; i++)
		*total += cells[i].len;
	return 0;
}

/* Every seventh class enrolment has no date of leaving: null is left out. */
static void
add_record(struct buf *answer, unsigned n)
{
	buf_printf(answer,
	    "{\"_name\":\"cc\",\"_id\":%u,\"dcid\":\"%u\",\"id\":\"%u\","
	    "\"studentid\":\"%u\",\"sectionid\":\"%u\",\"termid\":\"3501\","
	    "\"dateenrolled\":\"2025-08-25\",",
	    700123 + n, 700123 + n, 698001 + n, 4410 + n / 7, 12001 + n % 997);
	if (n % 7 != 0)
		buf_adds(answer, "\"dateleft\":\"2026-01-17\",");
	buf_printf(answer,
	    "\"schoolid\":\"%u\",\"course_number\":\"CSC%u\","
	    "\"section_number\":\"%u\"}",
	    300 + n % 5, 100 + n % 89, n % 12);
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	const struct json_origin origin = { "answer", 1 << 25, EXIT_SOURCE };
	struct json_rows_columns want = { NCOLUMNS, find, count_bytes, NULL };
	struct buf answer = { 0 };
	struct err err = { 0 };
	struct json_rows *rows;
	uint64_t total;
	double start, seconds;
	size_t at, size;
	unsigned n;

	if (argc < 2 || (size = strtoul(argv[1], NULL, 10)) == 0) {
		fprintf(stderr, "usage: %s MEGABYTES [parse]\n", argv[0]);
		return 2;
	}
	buf_adds(&answer, "{\"name\":\"cc\",\"record\":[");
	for (n = 0; answer.len < size * 1000000; n++) {
		if (n > 0)
			buf_addc(&answer, ',');
		add_record(&answer, n);
	}
	buf_adds(&answer, "],\"@extensions\":\"\"}");
	total = 0;
	want.arg = &total;
	start = now();
	rows = json_rows_begin("record", &want, &origin);
	if (argc > 2)
		json_rows_parse_all(rows);
	for (at = 0; at < answer.len; at += PIECE) {
		if (json_rows_add(rows, answer.data + at,
			answer.len - at < PIECE ? answer.len - at : PIECE,
			&err) != 0)
			break;
	}
	if (err.code != EXIT_DONE || json_rows_end(rows, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	seconds = now() - start;
	printf("%zu bytes, %llu records, %llu bytes of cells: %.3f s of CPU,"
	       " %.0f MB/s\n",
	    answer.len, (unsigned long long)json_rows_count(rows),
	    (unsigned long long)total, seconds,
	    (double)answer.len / seconds / 1e6);
	json_rows_free(rows);
	buf_free(&answer);
	return 0;
}
