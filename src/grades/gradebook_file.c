#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "grades/gradebook_cell.h"
#include "grades/gradebook_file.h"

#define STEP ((size_t)1 << 16)
#define SPARE 16 /* csv_read_block() reads behind the end */
#define NOTHING_DONE "nothing was written"

int
gradebook_file_load(
    const char *path, size_t max, struct buf *buf, struct err *err)
{
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return err_set_errno(
		    err, EXIT_SOURCE, errno, "%s: not opened", path);
	do {
		got = read(fd, buf_reserve(buf, STEP + SPARE), STEP);
		if (got == -1 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got == -1)
			err_set_errno(err, EXIT_SOURCE, errno,
			    "%s: reading failed", path);
		else
			buf->len += (size_t)got;
		if (buf->len > max) {
			err_set(err, EXIT_SOURCE,
			    "%s: more than %zu MiB, " NOTHING_DONE, path,
			    max >> 20);
			got = -1;
		}
	} while (got > 0);
	close(fd);
	memset(buf_reserve(buf, SPARE), 0, SPARE);
	return got == 0 ? 0 : -1;
}

/* The line and column, from 1, of a byte. */
static void
place_of(const struct gradebook_file *file, size_t offset, uint32_t *line,
    size_t *column)
{
	const char *p, *start;

	*line = 1;
	start = file->bytes;
	for (p = file->bytes; p < file->bytes + offset; p++) {
		if (*p != '\n' && (*p != '\r' || p[1] == '\n'))
			continue;
		++*line;
		start = p + 1;
	}
	*column = (size_t)(p - start) + 1;
}

size_t
gradebook_file_column(
    const struct gradebook_file *file, uint32_t line, size_t cell)
{
	const char *p, *start, *end;
	bool inside;

	end = file->bytes + file->len;
	for (p = file->bytes; p < end && line > 0; p++)
		line -= *p == '\n' || (*p == '\r' && p[1] != '\n');
	start = p;
	for (inside = false; p < end && cell > 0; p++) {
		if (*p == '"')
			inside = !inside;
		else if (!inside)
			cell -= *p == file->format.separator;
	}
	return (size_t)(p - start) + 1;
}

/* What a file that is no CSV is by its first bytes, NULL: no idea. */
static const char *
kind_by_bytes(const char *bytes, size_t len)
{
	static const struct {
		const char *start;
		const char *what;
	} kinds[] = {
		{ "PK\x03\x04", "an Excel workbook or a zip" },
		{ "\xd0\xcf\x11\xe0", "an old Excel workbook" },
		{ "%PDF", "a PDF" },
		{ "\xff\xfe", "a file in UTF-16" },
		{ "\xfe\xff", "a file in UTF-16" },
		{ "<", "a web page or XML, perhaps of a login" },
		{ "{", "JSON" },
		{ "[", "JSON" },
		{ "Teacher Name:", "a score template of PowerTeacher" },
		{ "Student Num,", "a list of scores of PowerTeacher" },
		{ "Student Number,", "a list of scores of PowerTeacher" },
	};
	size_t i, size;

	while (len > 0 && strchr(" \t\r\n", *bytes) != NULL && *bytes != '\0') {
		bytes++;
		len--;
	}
	if (len == 0)
		return "empty";
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size = strlen(kinds[i].start);
		if (len >= size && memcmp(bytes, kinds[i].start, size) == 0)
			return kinds[i].what;
	}
	return NULL;
}

struct first_record {
	gradebook_file_fits_fn *fits;
	bool fitted;
};

static int
take_first(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct first_record *first;

	(void)line;
	first = arg;
	first->fitted = first->fits(cells, ncells);
	return -1; /* one is enough */
}

static bool
find_separator(struct gradebook_file *file, gradebook_file_fits_fn *fits)
{
	static const char separators[] = { ',', ';', '\t' };
	struct first_record first = { fits, false };
	struct csv_problem problem;
	uint32_t lines;
	size_t i;

	for (i = 0; i < sizeof(separators) && !first.fitted; i++) {
		file->format = (struct csv_format){ separators[i], true, true };
		csv_read_block(&file->format, file->bytes, file->len,
		    take_first, &first, &lines, &problem);
	}
	return first.fitted;
}

int
gradebook_file_open(struct gradebook_file *file, const char *name, char *bytes,
    size_t len, gradebook_file_fits_fn *fits, const char *wanted,
    struct err *err)
{
	const char *what, *nul;
	size_t bad, column;
	uint32_t line;

	*file = (struct gradebook_file){ .name = name, .bytes = bytes };
	file->len = len;
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		file->bytes += 3;
		file->len -= 3;
	}
	what = kind_by_bytes(file->bytes, file->len);
	bad = utf8_valid(file->bytes, file->len);
	nul = memchr(file->bytes, '\0', bad);
	if (nul != NULL)
		bad = (size_t)(nul - file->bytes);
	if (what == NULL && bad < file->len) {
		place_of(file, bad, &line, &column);
		err_set(err, EXIT_SOURCE,
		    "%s:%u:%zu: a byte that %s, " NOTHING_DONE, name, line,
		    column, nul != NULL ? "is NUL" : "is not UTF-8");
		return err_hint(err, "save it again as CSV UTF-8");
	}
	if (bad == file->len && find_separator(file, fits))
		return 0;
	if (what != NULL)
		return err_set(err, EXIT_SOURCE,
		    "%s:1:1: %s, but %s is wanted; " NOTHING_DONE, name, what,
		    wanted);
	return err_set(err, EXIT_SOURCE,
	    "%s:1:1: the first line is not the header of %s; " NOTHING_DONE,
	    name, wanted);
}

int
gradebook_file_records(const struct gradebook_file *file, csv_record_fn *record,
    void *arg, struct err *err)
{
	static const char *const faults[] = {
		[CSV_FAULT_NUL] = "a byte that is NUL",
		[CSV_FAULT_STRAY_QUOTE] = "a quote within a cell",
		[CSV_FAULT_OPEN_QUOTE] = "a quote is opened and never closed",
		[CSV_FAULT_LONG_FIELD] = "a cell of more than 1 MiB",
	};
	struct csv_problem problem;
	uint32_t lines;

	if (csv_read_block(&file->format, file->bytes, file->len, record, arg,
		&lines, &problem) == 0)
		return 0;
	if (problem.fault == CSV_FAULT_STOPPED)
		return -1;
	return err_set(err, EXIT_SOURCE, "%s:%u:%zu: %s; " NOTHING_DONE,
	    file->name, problem.line + 1, problem.column,
	    faults[problem.fault]);
}
