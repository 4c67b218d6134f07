#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "base/mem.h"
#include "grades/csv_list.h"

#define SPARE 16 /* bytes that csvio may read behind a block */
#define BYTES_MAX ((off_t)1 << 30)

/* A list that is being read. */
struct reading {
	const char *path;
	const char *const *columns;
	size_t ncolumns, ncells;
	size_t place[CSV_LIST_COLUMNS];
	bool has_header;
	csv_list_fn *row;
	void *arg;
	struct buf cells;
	struct err *err;
};

static int
cannot_read(const char *path, int errnum, struct err *err)
{
	err_set_errno(err, EXIT_IO, errnum,
	    "%s cannot be read, nothing was published", path);
	return err_hint(err, "Look at the disk and at who owns the file.");
}

/* The bytes of a file; 0, 1 when it is not there, -1. */
static int
read_whole(const char *path, struct buf *bytes, struct err *err)
{
	struct stat st;
	ssize_t got;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ?
		    1 :
		    cannot_read(path, errno, err);
	rc = 0;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size >= BYTES_MAX) {
		rc = cannot_read(path, errno == 0 ? EINVAL : errno, err);
		close(fd);
		return rc;
	}
	buf_reserve(bytes, (size_t)st.st_size + SPARE);
	while ((got = read(fd, buf_reserve(bytes, 65536 + SPARE), 65536)) > 0)
		bytes->len += (size_t)got;
	if (got == -1)
		rc = cannot_read(path, errno, err);
	memset(buf_reserve(bytes, SPARE), 0, SPARE);
	close(fd);
	return rc;
}

static int
not_a_list(const struct reading *reading, uint32_t line, const char *why)
{
	err_set(reading->err, EXIT_SOURCE, "%s:%u: %s; nothing was published",
	    reading->path, line, why);
	return err_hint(reading->err,
	    "Take the file as the program wrote it; a spreadsheet may have"
	    " changed it.");
}

static int
take_header(struct reading *reading, const struct csv_cell *cells, size_t n)
{
	size_t c, i;
	char *why;
	int rc;

	reading->has_header = true;
	reading->ncells = n;
	for (c = 0; c < reading->ncolumns; c++) {
		for (i = 0; i < n; i++) {
			if (cells[i].len == strlen(reading->columns[c]) &&
			    memcmp(cells[i].bytes, reading->columns[c],
				cells[i].len) == 0)
				break;
		}
		if (i == n) {
			why = mem_printf(
			    "there is no column %s", reading->columns[c]);
			rc = not_a_list(reading, 1, why);
			free(why);
			return rc;
		}
		reading->place[c] = i;
	}
	return 0;
}

static int
take_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	const char *texts[CSV_LIST_COLUMNS];
	size_t offsets[CSV_LIST_COLUMNS];
	struct reading *reading;
	size_t c;

	reading = arg;
	if (!reading->has_header)
		return take_header(reading, cells, ncells);
	if (ncells != reading->ncells)
		return not_a_list(reading, line + 1,
		    "the row has not as many cells as the header");
	reading->cells.len = 0;
	for (c = 0; c < reading->ncolumns; c++) {
		offsets[c] = reading->cells.len;
		buf_add(&reading->cells, cells[reading->place[c]].bytes,
		    cells[reading->place[c]].len);
		buf_addc(&reading->cells, '\0');
	}
	for (c = 0; c < reading->ncolumns; c++)
		texts[c] = reading->cells.data + offsets[c];
	return reading->row(reading->arg, texts, line + 1, reading->err);
}

int
csv_list_read(const char *path, const char *const *columns, csv_list_fn *row,
    void *arg, struct err *err)
{
	const struct csv_format format = { ',', true, true };
	struct reading reading = { .path = path,
		.columns = columns,
		.row = row,
		.arg = arg,
		.err = err };
	struct csv_problem problem = { 0 };
	struct buf bytes = { 0 };
	uint32_t lines;
	size_t whole;
	int rc;

	while (columns[reading.ncolumns] != NULL)
		reading.ncolumns++;
	rc = read_whole(path, &bytes, err);
	if (rc == 0) {
		whole = csv_whole_records(&format, bytes.data, bytes.len, true);
		if (csv_read_block(&format, bytes.data, whole, take_record,
			&reading, &lines, &problem) != 0)
			rc = problem.fault == CSV_FAULT_STOPPED ?
			    -1 :
			    not_a_list(&reading, problem.line + 1,
				"the quotes are not those of a CSV");
		else if (!reading.has_header)
			rc = not_a_list(&reading, 1, "the file is empty");
		else if (whole != bytes.len)
			rc = not_a_list(
			    &reading, lines + 1, "the file was cut short");
	}
	buf_free(&reading.cells);
	buf_free(&bytes);
	return rc;
}
