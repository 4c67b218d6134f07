#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "grades/pst_template.h"

#define CSV_SLACK 16		/* csv_read_block() reads behind the end */
#define SIZE_LARGEST (16 << 20) /* a real one has some kilobytes */
#define READ_SIZE ((size_t)64 << 10)
#define NO_COLUMN SIZE_MAX

static const char *const labels[PST_LABELS] = {
	[PST_TEACHER_NAME] = "Teacher Name:",
	[PST_CLASS] = "Class:",
	[PST_ASSIGNMENT_NAME] = "Assignment Name:",
	[PST_DUE_DATE] = "Due Date:",
	[PST_POINTS_POSSIBLE] = "Points Possible:",
	[PST_EXTRA_POINTS] = "Extra Points:",
	[PST_SCORE_TYPE] = "Score Type:",
};

static const char *const types[] = {
	[PST_POINTS] = "POINTS",
	[PST_PERCENT] = "PERCENT",
	[PST_GRADESCALE] = "GRADESCALE",
	[PST_COLLECTED] = "COLLECTED",
};

/* While a template is read. */
struct parser {
	struct pst_template *pst;
	struct err *err;
	size_t at; /* in the bytes: where the next record begins */
	size_t number, name, score; /* columns; NO_COLUMN: none */
	size_t columns;		    /* of the header; 0: not seen yet */
};

static int
refuse(struct parser *p, uint32_t line, size_t column, const char *why)
{
	err_set(p->err, EXIT_SOURCE,
	    "%.300s:%u:%zu: %s; it is no score template of PowerTeacher, and"
	    " nothing was taken from it",
	    p->pst->file, line, column, why);
	return err_hint(p->err,
	    "Export the template of the assignment from PowerTeacher again,"
	    " and leave it as it is.");
}

static struct csv_cell
trimmed(struct csv_cell cell)
{
	while (cell.len > 0 && strchr(" \t", *cell.bytes) != NULL) {
		cell.bytes++;
		cell.len--;
	}
	while (cell.len > 0 && strchr(" \t", cell.bytes[cell.len - 1]) != NULL)
		cell.len--;
	return cell;
}

static bool
says(struct csv_cell cell, const char *text)
{
	cell = trimmed(cell);
	return cell.len == strlen(text) &&
	    strncasecmp(cell.bytes, text, cell.len) == 0;
}

/* A copy in UTF-8; what is none is taken for Latin-1. */
static char *
keep(struct csv_cell cell)
{
	struct buf out = { 0 };
	char bytes[4];
	size_t i;

	cell = trimmed(cell);
	if (utf8_valid(cell.bytes, cell.len) == cell.len)
		return mem_strndup(cell.bytes, cell.len);
	for (i = 0; i < cell.len; i++)
		buf_add(&out, bytes,
		    utf8_encode((unsigned char)cell.bytes[i], bytes));
	buf_str(&out);
	return out.data;
}

/*
 * Where the cell that begins at from ends. libcsv has read the bytes already,
 * so that quotes are where they may be.
 */
static size_t
cell_end(const struct buf *bytes, size_t from)
{
	bool inside;
	size_t i;

	inside = false;
	for (i = from; i < bytes->len; i++) {
		if (bytes->data[i] == '"')
			inside = !inside;
		else if (!inside && strchr(",\r\n", bytes->data[i]) != NULL)
			break;
	}
	return i;
}

/*
 * Passes over the next record in the bytes; the cell in that column stands
 * from *from to *to. Returns how many cells there are.
 */
static size_t
pass_record(struct parser *p, size_t column, size_t *from, size_t *to)
{
	const struct buf *bytes;
	size_t i, end;

	bytes = &p->pst->bytes;
	while (strchr("\r\n", bytes->data[p->at]) != NULL)
		p->at++;
	for (i = 0;; i++) {
		end = cell_end(bytes, p->at);
		if (i == column) {
			*from = p->at;
			*to = end;
		}
		p->at = end + 1;
		if (end == bytes->len || bytes->data[end] != ',')
			return i + 1;
	}
}

static int
read_type(struct parser *p, uint32_t line)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcasecmp(p->pst->values[PST_SCORE_TYPE], types[i]) == 0) {
			p->pst->type = (enum pst_type)i;
			return 0;
		}
	}
	return refuse(p, line, sizeof("Score Type:,"),
	    "the score type is none of POINTS, PERCENT, GRADESCALE and"
	    " COLLECTED");
}

/* A line above the header. */
static int
read_label(struct parser *p, struct csv_cell *cells, size_t n, uint32_t line)
{
	size_t i;

	for (i = 0; i < PST_LABELS && !says(cells[0], labels[i]);)
		i++;
	if (i == PST_LABELS)
		return 0;
	if (p->pst->values[i] != NULL)
		return refuse(p, line, 1, "the line stands there twice");
	p->pst->values[i] = n > 1 ? keep(cells[1]) : mem_strdup("");
	return i == PST_SCORE_TYPE ? read_type(p, line) : 0;
}

static int
all_labels_seen(struct parser *p, uint32_t line)
{
	char why[80];
	size_t i, seen;

	seen = 0;
	for (i = 0; i < PST_LABELS; i++)
		seen += p->pst->values[i] != NULL;
	if (seen == 0)
		return refuse(p, line, 1,
		    "the seven lines from Teacher Name: to Score Type: are"
		    " missing, and without them PowerTeacher imports 0 scores");
	for (i = 0; i < PST_LABELS && p->pst->values[i] != NULL;)
		i++;
	if (i == PST_LABELS)
		return 0;
	snprintf(
	    why, sizeof(why), "the line %s is missing above it", labels[i]);
	return refuse(p, line, 1, why);
}

/* The header, if it is one. */
static int
read_header(struct parser *p, struct csv_cell *cells, size_t n, uint32_t line)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (says(cells[i], "Student Num") ||
		    says(cells[i], "Student Number"))
			p->number = i;
		else if (says(cells[i], "Student Name"))
			p->name = i;
		else if (says(cells[i], "Score"))
			p->score = i;
	}
	if (p->number == NO_COLUMN)
		return read_label(p, cells, n, line);
	if (p->score == NO_COLUMN)
		return refuse(p, line, 1, "the column Score is missing");
	p->columns = n;
	return all_labels_seen(p, line);
}

static bool
is_blank_row(struct csv_cell *cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (trimmed(cells[i]).len > 0)
			return false;
	}
	return true;
}

static int
read_record(void *arg, struct csv_cell *cells, size_t n, uint32_t line)
{
	struct pst_template *pst;
	struct parser *p;
	struct pst_row *row;
	size_t from, to;

	p = arg;
	pst = p->pst;
	from = to = 0;
	if (pass_record(p, p->score, &from, &to) != n)
		return refuse(p, line + 1, 1, "its cells cannot be told apart");
	if (p->columns == 0)
		return read_header(p, cells, n, line + 1);
	if (is_blank_row(cells, n))
		return 0;
	pst->rows = mem_grow(
	    pst->rows, pst->nrows, &pst->caprows, sizeof(*pst->rows));
	row = &pst->rows[pst->nrows++];
	*row = (struct pst_row){ .line = line + 1 };
	row->misshapen = n != p->columns || trimmed(cells[p->number]).len == 0;
	row->student_number = p->number < n ? keep(cells[p->number]) :
					      mem_strdup("");
	row->student_name = p->name < n ? keep(cells[p->name]) : mem_strdup("");
	row->score = p->score < n ? keep(cells[p->score]) : mem_strdup("");
	row->from = from;
	row->to = to;
	return 0;
}

static int
refuse_csv(struct parser *p, const struct csv_problem *problem)
{
	static const char *const why[] = {
		[CSV_FAULT_NONE] = "it cannot be read",
		[CSV_FAULT_NUL] = "a NUL byte stands there",
		[CSV_FAULT_STRAY_QUOTE] =
		    "a quote in a cell, or text behind one",
		[CSV_FAULT_OPEN_QUOTE] = "the quote is never closed",
		[CSV_FAULT_LONG_FIELD] = "the cell is too long",
		[CSV_FAULT_STOPPED] = "it cannot be read",
	};

	return refuse(
	    p, problem->line + 1, problem->column, why[problem->fault]);
}

/* A row by its number. */
struct numbered {
	struct pst_row *row;
};

static int
by_number(const void *a, const void *b)
{
	const struct numbered *x, *y;

	x = a;
	y = b;
	return strcmp(x->row->student_number, y->row->student_number);
}

static void
mark_repeated(struct pst_template *pst)
{
	struct numbered *sorted;
	size_t i, n;

	sorted = mem_zalloc(pst->nrows + 1, sizeof(*sorted));
	for (i = n = 0; i < pst->nrows; i++) {
		if (*pst->rows[i].student_number != '\0')
			sorted[n++].row = &pst->rows[i];
	}
	qsort(sorted, n, sizeof(*sorted), by_number);
	for (i = 1; i < n; i++) {
		if (by_number(&sorted[i - 1], &sorted[i]) == 0)
			sorted[i - 1].row->repeated = sorted[i]
							  .row->repeated = true;
	}
	free(sorted);
}

static int
parse(struct parser *p)
{
	static const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	uint32_t lines;
	char *copy;
	size_t len;
	int rc;

	len = p->pst->bytes.len;
	if (len >= 3 && memcmp(p->pst->bytes.data, "\xef\xbb\xbf", 3) == 0)
		p->at = 3;
	len -= p->at;
	copy = mem_zalloc(1, len + CSV_SLACK);
	if (len > 0)
		memcpy(copy, p->pst->bytes.data + p->at, len);
	rc = csv_read_block(
	    &format, copy, len, read_record, p, &lines, &problem);
	free(copy);
	if (rc != 0)
		return refuse_csv(p, &problem);
	if (p->columns == 0)
		return refuse(p, lines > 0 ? lines : 1, 1,
		    "the line Student Num,Student Name,Score is missing");
	mark_repeated(p->pst);
	return 0;
}

struct pst_template *
pst_template_parse(
    const char *file, const char *bytes, size_t len, struct err *err)
{
	struct parser p = { .err = err,
		.number = NO_COLUMN,
		.name = NO_COLUMN,
		.score = NO_COLUMN };

	p.pst = mem_zalloc(1, sizeof(*p.pst));
	p.pst->file = mem_strdup(file);
	buf_add(&p.pst->bytes, bytes, len);
	buf_str(&p.pst->bytes);
	if (parse(&p) != 0) {
		pst_template_free(p.pst);
		return NULL;
	}
	return p.pst;
}

static int
read_file(const char *path, struct buf *bytes, struct err *err)
{
	struct stat st;
	ssize_t n;
	int fd, rc;

	rc = -1;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) != 0) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "the template %.300s cannot be read; nothing was taken"
		    " from it",
		    path);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > SIZE_LARGEST) {
		err_set(err, EXIT_SOURCE,
		    "%.300s is no file, or too large for a score template of"
		    " PowerTeacher; nothing was taken from it",
		    path);
		goto out;
	}
	while ((n = read(fd, buf_reserve(bytes, READ_SIZE), READ_SIZE)) > 0)
		bytes->len += (size_t)n;
	if (n != 0) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "the template %.300s cannot be read to its end; nothing"
		    " was taken from it",
		    path);
		goto out;
	}
	rc = 0;
out:
	if (fd != -1)
		close(fd);
	return rc;
}

struct pst_template *
pst_template_read(const char *path, struct err *err)
{
	struct pst_template *pst;
	struct buf bytes = { 0 };

	pst = NULL;
	if (read_file(path, &bytes, err) == 0)
		pst = pst_template_parse(path, buf_str(&bytes), bytes.len, err);
	buf_free(&bytes);
	return pst;
}

void
pst_template_free(struct pst_template *pst)
{
	size_t i;

	if (pst == NULL)
		return;
	for (i = 0; i < pst->nrows; i++) {
		free(pst->rows[i].student_number);
		free(pst->rows[i].student_name);
		free(pst->rows[i].score);
	}
	for (i = 0; i < PST_LABELS; i++)
		free(pst->values[i]);
	free(pst->rows);
	free(pst->file);
	buf_free(&pst->bytes);
	free(pst);
}
