#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "grades/gradebook_csv.h"

/*
 * Whatever the bytes: a gradebook is read whole or refused with its place.
 * Its rows refer to rows that are there, its scores stand in order, and each
 * is a number or has another form, never both; and the same bytes cut within
 * a line are refused, noted, or give the same scores as far as they go.
 */

/* What an odd first byte puts in front, so that rows are reached. */
static const char header
    [] = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (1),Essay (2)\n"
	 "    Points Possible,,,,,10.00,4.00\n";

const char *const fuzz_words[] = { "Student,ID,Section,",
	"Student,ID,SIS User ID,SIS Login ID,Section,", "Student;ID;Section;",
	"LastName,FirstName,ID,Section,", "Quiz (1),", "Lab (2)", "Notes,",
	"Final Score", "\n", "\r\n", "\r", "    Points Possible,,,", "10.00",
	",,,,", "Manual Posting", "Muted", "(read only)", "\"Abara, Ife\",7,",
	"S1,l,", "Bio 1,", "Art", " and ", "\"Art, Bio 1, and Chem\",", ",",
	";", "8.50", "\"8,50\"", "1.234,5", "EX", "N/A", "-", "A-", "85%", "\"",
	"\"=\"\"x\"\"\"", "\xef\xbb\xbf", "\xc3\xa9", "\xff", "1.5E+16", NULL };

struct seen {
	struct course *course;
	struct err err;
	unsigned notes[GRADEBOOK_NOTES];
	int rc;
};

static void
see_note(void *arg, const struct gradebook_note *note)
{
	struct seen *seen;

	seen = arg;
	must(note->kind < GRADEBOOK_NOTES);
	must(*gradebook_note_text(note->kind) != '\0');
	must(strlen(note->subject) < ((size_t)1 << 20));
	seen->notes[note->kind]++;
}

static void
see(struct seen *seen, const char *bytes, size_t len)
{
	const struct gradebook_options options = { NULL, see_note, seen };
	char *copy;

	copy = mem_zalloc(1, len + GRADEBOOK_SPARE);
	if (len > 0)
		memcpy(copy, bytes, len);
	seen->course = course_new(COURSE_FROM_CSV);
	seen->rc = gradebook_csv_parse(
	    "fuzz", copy, len, &options, seen->course, &seen->err);
	free(copy);
}

static void
check_rows(const struct course *course)
{
	const struct course_score *score;
	size_t i;

	for (i = 0; i < course->nscores; i++) {
		score = &course->scores[i];
		must(score->assignment < course->nassignments);
		must(score->student < course->nstudents);
		must(*score->score == '\0' || *score->grade == '\0');
		must((*score->score != '\0' || *score->grade != '\0') ==
		    ((score->flags & SCORE_GRADED) != 0));
		must(course_score_of(course, score->assignment, score->student,
			 COURSE_NONE) == score);
	}
	for (i = 0; i < course->nenrollments; i++) {
		must(course->enrollments[i].student < course->nstudents);
		must(course->enrollments[i].section < course->nsections);
	}
	for (i = 0; i < course->nassignments; i++)
		must(*course->assignments[i].id != '\0');
}

/* Scores of a gradebook that was cut stand in the whole one. */
static void
check_cut(const struct course *cut, const struct course *whole)
{
	const struct course_score *a, *b;
	size_t i;

	must(cut->nstudents <= whole->nstudents);
	/* Fewer rows may show less of what a column is. */
	if (cut->nassignments != whole->nassignments)
		return;
	for (i = 0; i < cut->nscores; i++) {
		a = &cut->scores[i];
		b = course_score_of(
		    whole, a->assignment, a->student, COURSE_NONE);
		must(b != NULL && a->flags == b->flags);
		must(strcmp(a->score, b->score) == 0);
		must(strcmp(a->grade, b->grade) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct seen whole = { 0 }, cut = { 0 };
	size_t size, front;
	char *text;

	if (len < 2)
		return 0;
	front = (bytes[0] & 1) != 0 ? sizeof(header) - 1 : 0;
	size = front + len - 1;
	text = mem_alloc(size);
	memcpy(text, header, front);
	memcpy(text + front, bytes + 1, len - 1);
	see(&whole, text, size);
	must(whole.rc == 0 || whole.err.code == EXIT_SOURCE);
	must(whole.rc == 0 || strncmp(whole.err.msg, "fuzz:", 5) == 0);
	if (whole.rc == 0) {
		check_rows(whole.course);
		see(&cut, text, size - (bytes[0] >> 1) % size);
		if (cut.rc == 0 && cut.notes[GRADEBOOK_NO_LINE_END] == 0)
			check_cut(cut.course, whole.course);
	}
	free(text);
	course_free(whole.course);
	course_free(cut.course);
	return 0;
}
