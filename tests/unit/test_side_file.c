#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gradebook_text.h"
#include "grades/side_file.h"

static void
add_assignment(struct course *course, const char *id, const char *name)
{
	struct course_assignment *row;

	row = course_add_assignment(course);
	row->id = id;
	row->name = name;
}

static void
side_note(void *arg, const struct side_file_note *note)
{
	buf_printf(
	    arg, "note %d %u %s\n", (int)note->kind, note->line, note->subject);
}

/* What comes of a course of four assignments; or the error. */
static void
apply(const char *csv, struct buf *out)
{
	const struct course_assignment *row;
	struct side_file *side;
	struct course *course;
	struct err err = { 0 };
	char *copy;
	size_t i;

	copy = mem_zalloc(1, strlen(csv) + GRADEBOOK_SPARE);
	memcpy(copy, csv, strlen(csv));
	side = side_file_parse("a.csv", copy, strlen(csv), &err);
	memset(copy, '#', strlen(csv));
	free(copy);
	if (side == NULL) {
		buf_printf(out, "%d %s", (int)err.code, err.msg);
		buf_str(out);
		return;
	}
	course = course_new(COURSE_FROM_CSV);
	add_assignment(course, "12345678901234567", "Quiz");
	add_assignment(course, "2", "Lab");
	add_assignment(course, "3", "Essay");
	add_assignment(course, "4", "Essay");
	side_file_apply(side, course);
	side_file_notes(side, side_note, out);
	side_file_free(side);
	for (i = 0; i < course->nassignments; i++) {
		row = &course->assignments[i];
		buf_printf(out, "%s|%s|%s|%s\n", row->due_date, row->category,
		    row->abbreviation, row->extra_points);
	}
	course_free(course);
	buf_str(out);
}

static void
rows_find_their_assignments(void **state)
{
	static const struct {
		const char *csv, *want;
	} cases[] = {
		{ "assignment id,due date,category,abbreviation,extra points\n"
		  "12345678901234567,2026-09-30,Quiz,Qz1,2\n"
		  "2,9/5/2026,,,\"1,50\"\n",
		    "2026-09-30|Quiz|Qz1|2\n2026-09-05|||1.5\n|||\n|||\n" },
		{ "\xef\xbb\xbf"
		  "Extra Points;NAME;Due Date\r\n"
		  "0;Lab;2026-10-01\r\n\r\n;;\r\n;Essay;2026-10-02\r\n"
		  ";Ode;2026-10-02",
		    "note 2 5 Essay\nnote 1 6 Ode\n"
		    "|||\n2026-10-01|||0\n|||\n|||\n" },
		{ "name,assignment id,category,Teacher\nLab,3,Test,Dana\n"
		  "Quiz,9,Test,\nEssay,4,Home\n",
		    "note 0 1 Teacher\nnote 1 3 9\n|||\n|||\n|Test||\n"
		    "|Home||\n" },
		{ "name,assignment id,category\nLab,,A\nLab,2,B\n",
		    "note 1 2 Lab\n|||\n|B||\n|||\n|||\n" },
		{ "Section,Canvas Assignment ID,Name,Category\nA,2,Lab,Home\n"
		  "B,2,Lab,Home\n",
		    "note 0 1 Section\n|||\n|Home||\n|||\n|||\n" },
	};
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out = (struct buf){ 0 };
		apply(cases[i].csv, &out);
		assert_string_equal(out.data, cases[i].want);
		buf_free(&out);
	}
}

static void
what_cannot_be_meant_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *csv, *want;
	} cases[] = {
		{ "", "4 a.csv:1:1: empty" },
		{ "name,points\nLab,4\n",
		    "4 a.csv:1:1: the first line is not"
		    " the header of a list of" },
		{ "name,due date\nLab,30.9.2026\n",
		    "4 a.csv:2:5: not a date as 2026-09-30" },
		{ "name,due date\n\"La,b\",2026-02-30\n",
		    "4 a.csv:2:8: not a date" },
		{ "name,extra points\nLab,some\n",
		    "4 a.csv:2:5: not a number of points" },
		{ "name,extra points\nLab,-1\n",
		    "4 a.csv:2:5: not a number of points" },
		{ "name,extra points\nLab,5%\n",
		    "4 a.csv:2:5: not a number of points" },
		{ "assignment id,category\n1.23E+16,Quiz\n",
		    "4 a.csv:2:1: an id that a spreadsheet" },
		{ "name,category\n,Quiz\n",
		    "4 a.csv:2:1: no assignment id and no name" },
		{ "name,category\nLab,Quiz,x\n",
		    "4 a.csv:2:10: the row is longer" },
		{ "name,category,Category\nLab,Quiz,x\n",
		    "4 a.csv:1:15: a second column of that title" },
		{ "name,category\nLab,Quiz\nOde,A\nLab,Test\n",
		    "4 a.csv:4:5: line 2 says something else" },
		{ "name,category\n\"Lab,Quiz\n",
		    "4 a.csv:2:1: a quote is opened" },
	};
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out = (struct buf){ 0 };
		apply(cases[i].csv, &out);
		if (strncmp(out.data, cases[i].want, strlen(cases[i].want)) !=
		    0)
			fail_msg("%s: %s", cases[i].want, out.data);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_find_their_assignments),
		cmocka_unit_test(
		    what_cannot_be_meant_is_refused_with_its_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
