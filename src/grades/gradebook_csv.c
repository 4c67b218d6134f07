#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/gradebook_csv.h"
#include "grades/gradebook_reading.h"
#include "grades/gradebook_students.h"
#include "grades/gradebook_survey.h"

#define HINT                                                                   \
	"in Canvas: Grades, Export, Export Entire Gradebook; give that file"   \
	" as it was saved"

/*
 * A file that was cut ends within a line. A line without an end is whole when
 * it has all cells and the last of them is none that is read.
 */
static int
check_end(struct gradebook_reading *r)
{
	const struct gradebook_header *header;
	char last;

	header = &r->header;
	last = r->file.bytes[r->file.len - 1];
	if (r->nkinds == 1 ||
	    (last != '\n' && last != '\r' && r->last_cells < header->ncolumns))
		return err_set(r->err, EXIT_SOURCE,
		    "%s:%" PRIu32 ":1: the file ends %s: it was cut; nothing"
		    " was written",
		    r->file.name, r->last_line + 1,
		    r->nkinds == 1 ? "behind its header" : "within a line");
	if (last != '\n' && last != '\r' && r->last_cells == header->ncolumns &&
	    header->columns[header->ncolumns - 1].role <= GRADEBOOK_ASSIGNMENT)
		gradebook_reading_say(r, GRADEBOOK_NO_LINE_END,
		    r->last_line + 1, header->ncolumns);
	return 0;
}

static int
check_assignments(struct gradebook_reading *r)
{
	const struct gradebook_column *column;
	struct intern *ids;
	struct idmap seen = { 0 };
	uint32_t first;
	size_t i;
	sym id;
	int rc;

	ids = intern_new();
	rc = 0;
	for (i = 0; i < r->header.ncolumns && rc == 0; i++) {
		column = &r->header.columns[i];
		if (column->role != GRADEBOOK_ASSIGNMENT)
			continue;
		id = intern_add(ids, column->id.bytes, column->id.len);
		if (idmap_get(&seen, id.id, &first))
			rc = err_set(r->err, EXIT_SOURCE,
			    "%s:1:%zu: columns %" PRIu32 " and %zu are both"
			    " assignment %.*s; nothing was written",
			    r->file.name, gradebook_file_column(&r->file, 0, i),
			    first, i + 1, (int)column->id.len,
			    column->id.bytes);
		idmap_put(&seen, id.id, (uint32_t)i + 1);
	}
	idmap_free(&seen);
	intern_free(ids);
	return rc;
}

/* The course code stands in the name that Canvas gives the file. */
static void
take_course_code(struct course *course, const char *name)
{
	const char *start, *end;

	start = strstr(name, "_Grades-");
	if (start == NULL)
		return;
	start += strlen("_Grades-");
	end = strstr(start, ".csv");
	if (end == NULL || strchr(start, '/') != NULL)
		return;
	course->course_code = course_keep(course, start, (size_t)(end - start));
}

/* Room for the scores that were counted, all at once. */
static void
make_room(struct course *course, const struct gradebook_header *header)
{
	const struct gradebook_column *column;
	size_t i, count;

	count = 0;
	for (i = 0; i < header->ncolumns; i++) {
		column = &header->columns[i];
		if (column->role == GRADEBOOK_ASSIGNMENT)
			count += column->numbers + column->marks +
			    column->words;
	}
	if (count > course->capscores) {
		course->scores = mem_realloc(
		    course->scores, count, sizeof(*course->scores));
		course->capscores = count;
	}
}

static void
ignore_note(void *arg, const struct gradebook_note *note)
{
	(void)arg;
	(void)note;
}

static int
read_twice(struct gradebook_reading *r)
{
	gradebook_note_fn *note;

	note = r->options->note == NULL ? ignore_note : r->options->note;
	if (gradebook_file_records(
		&r->file, gradebook_survey_record, r, r->err) != 0)
		return -1;
	gradebook_header_settle(&r->header, r->course, note, r->options->arg);
	if (check_end(r) != 0 || check_assignments(r) != 0)
		return -1;
	gradebook_sections_settle(
	    r->sections, r->course, note, r->options->arg);
	make_room(r->course, &r->header);
	if (gradebook_file_records(
		&r->file, gradebook_students_record, r, r->err) != 0)
		return -1;
	if (r->course->nassignments == 0)
		gradebook_reading_say(r, GRADEBOOK_NO_ASSIGNMENTS, 0, 0);
	if (r->course->nstudents == 0)
		gradebook_reading_say(r, GRADEBOOK_NO_STUDENTS, 0, 0);
	course_sort_scores(r->course);
	return 0;
}

int
gradebook_csv_parse(const char *name, char *bytes, size_t len,
    const struct gradebook_options *options, struct course *course,
    struct err *err)
{
	struct gradebook_reading r = {
		.options = options, .course = course, .err = err
	};
	int rc;

	course->source = course_keep(course, name, strlen(name));
	take_course_code(course, name);
	r.sections = gradebook_sections_new(options->sections);
	r.people = intern_new();
	rc = gradebook_file_open(&r.file, name, bytes, len,
	    gradebook_header_fits, "a Gradebook CSV of Canvas", err);
	if (rc == 0)
		rc = read_twice(&r);
	if (rc != 0)
		err_hint(err, "%s", HINT);
	gradebook_header_free(&r.header);
	gradebook_sections_free(r.sections);
	intern_free(r.people);
	idmap_free(&r.lines);
	free(r.kinds);
	return rc;
}

int
gradebook_csv_read(const char *path, const struct gradebook_options *options,
    struct course *course, struct err *err)
{
	struct buf buf = { 0 };
	int rc;

	rc = gradebook_file_load(path, GRADEBOOK_BYTES_MAX, &buf, err);
	if (rc == 0)
		rc = gradebook_csv_parse(
		    path, buf.data, buf.len, options, course, err);
	buf_free(&buf);
	return rc;
}
