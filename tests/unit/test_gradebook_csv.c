#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "gradebook_text.h"

#define TOTALS                                                                 \
	"Homework Current Score,Homework Unposted Current Score,"              \
	"Homework Final Score,Homework Unposted Final Score,Current Score,"    \
	"Unposted Current Score,Final Score,Unposted Final Score"
#define MARKS(m) m "," m "," m "," m "," m "," m "," m "," m
#define ADA "\"Abara, Ife\",7,S100,iabara,Bio 1,"
#define ADA_READ "Abara, Ife|7|S100|iabara| in 0\n"
#define BEN "\"Bell, Marcus\",8,S101,mbell,Bio 1,"
#define BEN_READ "Bell, Marcus|8|S101|mbell| in 0\n"

static void
what_canvas_writes_today_is_read(void **state)
{
	static const struct gradebook_case cases[] = {
		{ "two assignments, totals, one group",
		    HEAD
		    "Quiz 1 (70411),Lab (2) (70412)," TOTALS "\n"
		    "    Points Possible,,,,,20.00,7.50," MARKS(
			"(read only)") "\n" ADA
				       "18.50,EX,90,90,90,90,90,90,90,90\n" BEN
				       "22.00,,1,1,1,1,1,1,1,1\n",
		    "section Bio 1\ngroup Homework\n"
		    "Quiz 1 (70411) of 20 column 6 in a group\n"
		    "Lab (2) (70412) of 7.5 column 7 in a group\n" ADA_READ
			BEN_READ "0/0=18.5\n0/1=22\n1/0= excused\n" },
		{ "manual posting, its row in front of the points and longer",
		    HEAD "Quiz (1),Essay (2)\n,,,,,,Manual Posting,,,,\n"
			 "    Points Possible,,,,,10.00,10.00\n" ADA
			 "5.00,6.00\n",
		    "section Bio 1\nQuiz (1) of 10 column 6\n"
		    "Essay (2) of 10 column 7 manual\n" ADA_READ
		    "0/0=5\n1/0=6\n" },
		{ "posting in another language, scores of the older Muted",
		    HEAD "Quiz (1),Essay (2)\n,,,,,Veröffentlichung von Hand,"
			 "Muted\n    Points Possible,,,,,10,10\n" ADA "5,6\n",
		    "section Bio 1\nQuiz (1) of 10 column 6 manual\n"
		    "Essay (2) of 10 column 7 manual\n" ADA_READ
		    "0/0=5\n1/0=6 unposted\n" },
		{ "LastName, FirstName, integration id and root account",
		    "LastName,FirstName,ID,SIS User ID,SIS Login ID,"
		    "Integration ID,Root Account,Section,Quiz (1)\n"
		    "    Points Possible,,,,,,,,10.00\n"
		    "Abara,Ife,7,S100,iabara,I7,canvas.example.org,Bio 1,5.00\n"
		    "Cher,,8,,cher,,,Bio 1,\n",
		    "section Bio 1\nQuiz (1) of 10 column 9\n"
		    "Abara, Ife|7|S100|iabara|I7 in 0\n"
		    "Cher|8||cher| in 0\n0/0=5\n" },
		{ "a teacher's own columns, also with numbers in parentheses",
		    HEAD "Notes,Period (3),Quiz (1)\n"
			 "    Points Possible,,,,,,,10.00\n" ADA
			 "front row,third,5.00\n",
		    "note 2 0:7 Period (3)\nsection Bio 1\n"
		    "Quiz (1) of 10 column 8\n" ADA_READ "0/0=5\n" },
		{ "totals of a grading period whose title is a number",
		    HEAD "Final Score review (1),Quiz (2),"
			 "Homework Current Score (3),Final Score (3),"
			 "Override Score (3)\n    Points Possible,,,,,10,20,"
			 "(read only),(read only),\n" ADA "5,6,50,50,\n",
		    "section Bio 1\ngroup Homework\n"
		    "Final Score review (1) of 10 column 6 in a group\n"
		    "Quiz (2) of 20 column 7 in a group\n" ADA_READ
		    "0/0=5\n1/0=6\n" },
		{ "the test student, and somebody of that name who is not",
		    HEAD "Quiz (1)\n    Points Possible,,,,,10\n"
			 "\"Student, Test\",9,S5,tstudent,Bio 1,1\n"
			 "\"Student, Test\",9,,"
			 "0123456789abcdef0123456789abcdef01234567,Bio 1,2\n",
		    "section Bio 1\nQuiz (1) of 10 column 6\n"
		    "Student, Test|9|S5|tstudent| in 0\n"
		    "Student, Test|9||0123456789abcdef0123456789abcdef01234567|"
		    "|test in 0\n0/0=1\n0/1=2\n" },
	};

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
}

static void
every_separator_line_end_and_mark_is_read(void **state)
{
	static const char
	    want[] = "section Bio 1\nQuiz, A (1) of 1234.5 column 4\n"
		     "Abara, Ife|12345678901234567||| in 0\n0/0=8.25\n";
	static const struct gradebook_case cases[] = {
		{ "comma",
		    "Student,ID,Section,\"Quiz, A (1)\"\n"
		    "    Points Possible,,,1234.50\n"
		    "\"Abara, Ife\",12345678901234567,Bio 1,8.25\n",
		    want },
		{ "comma with decimal commas in quotes",
		    "Student,ID,Section,\"Quiz, A (1)\"\n"
		    "    Points Possible,,,\"1234,50\"\n"
		    "\"Abara, Ife\",12345678901234567,Bio 1,\"8,25\"\n",
		    want },
		{ "a byte order mark, ; and decimal commas",
		    "\xef\xbb\xbfStudent;ID;Section;Quiz, A (1)\n"
		    "    Points Possible;;;1.234,50\n"
		    "Abara, Ife;12345678901234567;Bio 1;8,25\n",
		    want },
		{ "tab, CRLF",
		    "Student\tID\tSection\tQuiz, A (1)\r\n"
		    "    Points Possible\t\t\t1,234.50\r\n"
		    "Abara, Ife\t12345678901234567\tBio 1\t8.25\r\n",
		    want },
		{ "CR",
		    "Student,ID,Section,\"Quiz, A (1)\"\r"
		    "    Points Possible,,,1234.50\r"
		    "\"Abara, Ife\",12345678901234567,Bio 1,8.25\r",
		    want },
		{ "line ends mixed, empty and blank lines between",
		    "\nStudent,ID,Section,\"Quiz, A (1)\"\r\n\r\n,,,\n;;; ;\n"
		    "    Points Possible,,,1234.50\r, ,,\n"
		    "\"Abara, Ife\",12345678901234567,Bio 1,8.25\n\n",
		    want },
		{ "the guard of a spreadsheet program",
		    "Student,ID,Section,\"Quiz, A (1)\"\n"
		    "    Points Possible,,,1234.50\n"
		    "\"=\"\"Abara, Ife\"\"\",\"=\"\"12345678901234567\"\"\","
		    "Bio 1,8.25\n",
		    want },
	};

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
}

static void
points_and_markers_are_found_in_any_language(void **state)
{
	static const struct gradebook_case cases[] = {
		{ "Swedish points and markers",
		    HEAD "Quiz (1)," TOTALS "\n    Möjliga poäng,,,,,10," MARKS(
			"(skrivskyddat)") "\n" ADA "5,1,1,1,1,1,1,1,1\n",
		    "section Bio 1\ngroup Homework\n"
		    "Quiz (1) of 10 column 6 in a group\n" ADA_READ "0/0=5\n" },
		{ "the marker in the header, no ids: older than ids",
		    "Student,ID,Section,Assignment 1,Comments,"
		    "Final Score (read only)\nPoints Possible,,,10,,\n"
		    "\"Blend, Bill\",6,My Course,-,,\n",
		    "note 1 0:4 Assignment 1\nnote 3 0:0 \n"
		    "section My Course\nBlend, Bill|6||| in 0\n" },
		{ "points without blanks in front, a hidden row by hand",
		    HEAD "Quiz (1)\nManual Posting,,,,,\n"
			 "points possible,,,, , 10\n" ADA "5\n",
		    "section Bio 1\nQuiz (1) of 10 column 6\n" ADA_READ
		    "0/0=5\n" },
		{ "no points row", HEAD "Quiz (1)\n" ADA "5\n",
		    "note 0 0:0 \nsection Bio 1\nQuiz (1) of  column 6\n" ADA_READ
		    "0/0=5\n" },
		{ "a remark below the students hides nothing",
		    HEAD "Quiz (1)\n    Points Possible,,,,,10\n" ADA
			 "5\n,,,,,checked\n",
		    "note 5 4:0 \nsection Bio 1\nQuiz (1) of 10 column 6\n" ADA_READ
		    "0/0=5\n" },
		{ "a row of averages is nobody",
		    HEAD "Quiz (1)\n    Points Possible,,,,,10\n" ADA
			 "5\nAverage,,,,,5\n",
		    "note 5 4:0 \nsection Bio 1\nQuiz (1) of 10 column 6\n" ADA_READ
		    "0/0=5\n" },
	};

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
}

static void
every_form_of_a_cell_is_read(void **state)
{
	static const struct gradebook_case cases[] = {
		{ "scores",
		    HEAD "Q (1)\n    Points Possible,,,,,\n" ADA "85.00\n" BEN
			 "-3.5\n" ADA "1.234\n" BEN "\"1,234\"\n",
		    "note 9 5:0 \nnote 9 6:0 \nsection Bio 1\n"
		    "Q (1) of  column 6\n" ADA_READ BEN_READ ADA_READ BEN_READ
		    "0/0=85\n0/1=-3.5\n0/2=1.234\n0/3=1.234\n" },
		{ "a share of the points, and of none",
		    HEAD "Q (1),R (2)\n    Points Possible,,,,,20,\n" ADA
			 "85%,85%\n",
		    "section Bio 1\nQ (1) of 20 column 6\nR (2) of  column 7\n" ADA_READ
		    "0/0=17\n1/0=85%\n" },
		{ "excused in any case, not assigned, blank, -",
		    HEAD "Q (1),R (2),S (3),T (4)\n    Points Possible,,,,,"
			 "1,1,1,1\n" ADA "ex,N/A,, - \n",
		    "section Bio 1\nQ (1) of 1 column 6\nR (2) of 1 column 7\n"
		    "S (3) of 1 column 8\nT (4) of 1 column 9\n" ADA_READ
		    "0/0= excused\n1/0= unassigned\n" },
		{ "letters of a GPA scale, and one word among numbers",
		    HEAD "Q (1),R (2)\n    Points Possible,,,,,4,4\n" ADA
			 "A-,3\n" BEN "B,18/20\n",
		    "section Bio 1\nQ (1) of 4 column 6 gpa\n"
		    "R (2) of 4 column 7\n" ADA_READ BEN_READ
		    "0/0=A-\n0/1=B\n1/0=3\n1/1=18/20\n" },
		{ "ids that were rounded are nobody's",
		    HEAD "Q (1)\n    Points Possible,,,,,4\n"
			 "\"Abara, Ife\",1.00000E+16,\"1,23E+11\",E+mily,Bio 1,"
			 "1\n",
		    "note 8 3:2 \nnote 8 3:3 \n"
		    "section Bio 1\nQ (1) of 4 column 6\n"
		    "Abara, Ife|||E+mily| in 0\n0/0=1\n" },
	};

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
}

static void
what_is_no_gradebook_is_refused_with_what_it_is(void **state)
{
	static const struct {
		const char *bytes;
		size_t len; /* 0: strlen */
		const char *want;
	} cases[] = {
		{ "", 0, "4 g.csv:1:1: empty," },
		{ "\r\n \n", 0, "4 g.csv:1:1: empty," },
		{ "PK\x03\x04\x14", 0, "4 g.csv:1:1: an Excel workbook" },
		{ "\xd0\xcf\x11\xe0", 0, "4 g.csv:1:1: an old Excel" },
		{ "\xff\xfeS\0t\0", 6, "4 g.csv:1:1: a file in UTF-16" },
		{ "%PDF-1.7", 0, "4 g.csv:1:1: a PDF" },
		{ "\n<!DOCTYPE html>", 0, "4 g.csv:1:1: a web page" },
		{ "{\"errors\":[]}", 0, "4 g.csv:1:1: JSON" },
		{ "Teacher Name:,D,\nClass:,B,\n", 0,
		    "4 g.csv:1:1: a score template of PowerTeacher" },
		{ "Student Num,Student Name,Score\n1,\"A, B\",4\n", 0,
		    "4 g.csv:1:1: a list of scores of PowerTeacher" },
		{ "Student name,Student ID,Student SIS ID,Outcome\n", 0,
		    "4 g.csv:1:1: the first line is not the header" },
		{ "name,id,sis_id,section\n", 0,
		    "4 g.csv:1:1: the first line is not the header" },
		{ "\"1,asdf,fdsa \\\"rew qwer q\\\" ljhg,zxcv\"\n", 0,
		    "4 g.csv:1:1: the first line is not the header" },
		{ QUIZ "\"M\xfcller, A\",1,,,Bio,1\n", 0,
		    "4 g.csv:3:3: a byte that is not UTF-8" },
		{ QUIZ "a,1,,,Bio \"1\",1\n", 0,
		    "4 g.csv:3:11: a quote within a cell" },
		{ QUIZ "\"a,1,,,Bio,1\n", 0,
		    "4 g.csv:3:1: a quote is opened and never closed" },
		{ QUIZ "a,1,,,B\0o,1\n", sizeof(QUIZ "a,1,,,B\0o,1\n") - 1,
		    "4 g.csv:3:8: a byte that is NUL" },
		{ QUIZ "Abara, Ife,1,S1,l,Bio 1,1\n", 0,
		    "4 g.csv:3:25: the row has 7 cells, the header 6" },
		{ QUIZ "Abara, Ife,1,S1,l,Bio 1,\n", 0,
		    "4 g.csv:3:25: the row has 7 cells, the header 6" },
		{ QUIZ "\"Abara, Ife\",1,S1,l,Bio 1,8,25\n", 0,
		    "4 g.csv:3:29: the row has 7 cells, the header 6" },
		{ HEAD "\"Q, a (1)\",R (1)\n    Points Possible,,,,,4\n", 0,
		    "4 g.csv:1:56: columns 6 and 7 are both assignment 1" },
		{ HEAD "Q (1)\n", 0,
		    "4 g.csv:1:1: the file ends behind its"
		    " header: it was cut" },
	};
	const char *said;
	struct buf out;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out = (struct buf){ 0 };
		len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].bytes);
		assert_int_equal(
		    gradebook_text_read(cases[i].bytes, len, NULL, &out), -1);
		/* The error stands behind the notes. */
		said = strstr(out.data, "4 g.csv");
		if (said == NULL ||
		    strncmp(said, cases[i].want, strlen(cases[i].want)) != 0)
			fail_msg("%s: %s", cases[i].want, out.data);
		buf_free(&out);
	}
}

/*
 * Cut anywhere within a line, a gradebook is refused, or noted, or the same
 * but for the scores of the lines behind.
 */
static void
a_file_cut_within_a_line_is_never_quietly_shorter(void **state)
{
	static const char csv[] = HEAD
	    "\"Quiz, \"\"A\"\" (1)\",R (2),S (3)\r\n,,,,,,Manual Posting,\r\n"
	    "    Points Possible,,,,,10.00,5.50,1.00\r\n"
	    "\"M\xc3\xbcller, A\",7,S1,am,Bio 1,9.50,EX,0.50\r\n"
	    "\"Ng, B\",8,S2,bn,Bio 1,8.00,,1.25\r\n";
	struct buf whole = { 0 }, cut;
	size_t len;
	bool at_end;
	int rc;

	(void)state;
	assert_int_equal(
	    gradebook_text_read(csv, sizeof(csv) - 1, NULL, &whole), 0);
	for (len = 0; len < sizeof(csv) - 1; len++) {
		cut = (struct buf){ 0 };
		at_end = len > 0 &&
		    (csv[len - 1] == '\r' || csv[len - 1] == '\n');
		rc = gradebook_text_read(csv, len, NULL, &cut);
		if (rc == 0 && !at_end)
			assert_memory_equal(cut.data, "note 7 ", 7);
		if (rc == 0 && at_end && len + 1 < sizeof(csv) - 1)
			assert_true(strstr(cut.data, "note 4") != NULL ||
			    strstr(cut.data, "Ng, B") == NULL);
		if (rc == 0 && at_end && len + 1 == sizeof(csv) - 1)
			assert_string_equal(cut.data, whole.data);
		buf_free(&cut);
	}
	buf_free(&whole);
}

static void
a_line_without_an_end_counts_when_its_last_cell_is_not_read(void **state)
{
	static const struct gradebook_case cases[] = {
		{ "the last column is a total",
		    HEAD "Q (1),Final Score\n    Points Possible,,,,,4,"
			 "(read only)\n" ADA "1,25",
		    "section Bio 1\n" QUIZ_READ ADA_READ "0/0=1\n" },
		{ "the last column is an assignment", QUIZ ADA "1",
		    "note 7 3:6 \nsection Bio 1\n" QUIZ_READ ADA_READ
		    "0/0=1\n" },
		{ "a line with an end that lacks an assignment",
		    HEAD "Q (1),R (2)\n    Points Possible,,,,,4,4\n" ADA "1\n",
		    "note 6 3:6 \nsection Bio 1\n" QUIZ_READ
		    "R (2) of 4 column 7\n" ADA_READ "0/0=1\n" },
	};

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
}

static void
a_file_is_read_from_disk_and_its_name_gives_the_course_code(void **state)
{
	char path[] = "/tmp/XXXXXX_Grades-BIO1-02.csv";
	const struct gradebook_options options = { NULL, NULL, NULL };
	struct course *course;
	struct err err = { 0 };
	int fd;

	(void)state;
	fd = mkstemps(path, (int)strlen("_Grades-BIO1-02.csv"));
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, QUIZ ADA "1\n", strlen(QUIZ ADA "1\n")),
	    strlen(QUIZ ADA "1\n"));
	close(fd);
	course = course_new(COURSE_FROM_CSV);
	assert_int_equal(gradebook_csv_read(path, &options, course, &err), 0);
	assert_string_equal(course->course_code, "BIO1-02");
	assert_string_equal(course->source, path);
	assert_int_equal(course->students[0].line, 3);
	assert_int_equal(course->nscores, 1);
	course_free(course);
	unlink(path);
	course = course_new(COURSE_FROM_CSV);
	assert_int_equal(gradebook_csv_read(path, &options, course, &err), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	course_free(course);
}

/* Reads every file of a folder whose name ends in .csv; how many there are. */
static unsigned
read_folder(const char *folder)
{
	const struct gradebook_options options = { NULL, NULL, NULL };
	struct course *course;
	struct dirent *entry;
	struct err err;
	unsigned count;
	char *path;
	bool bad;
	DIR *dir;

	dir = opendir(folder);
	assert_non_null(dir);
	count = 0;
	while ((entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".csv") == NULL ||
		    strcmp(entry->d_name, "assignments.csv") == 0)
			continue;
		count++;
		err = (struct err){ 0 };
		bad = strncmp(entry->d_name, "bad-", 4) == 0;
		path = mem_printf("%s/%s", folder, entry->d_name);
		course = course_new(COURSE_FROM_CSV);
		if (gradebook_csv_read(path, &options, course, &err) !=
		    (bad ? -1 : 0))
			fail_msg("%s: %s", path, err.msg);
		assert_int_equal(err.code, bad ? EXIT_SOURCE : EXIT_DONE);
		assert_true(bad || course->nscores > 0);
		course_free(course);
		free(path);
	}
	closedir(dir);
	return count;
}

static void
every_fixture_is_read_or_refused_as_its_name_says(void **state)
{
	(void)state;
	assert_int_equal(read_folder("fixtures/gradebooks/variants"), 15);
	assert_int_equal(read_folder("fixtures/gradebooks/maple-valley"), 3);
}

/* 2,000 students with 300 assignments; all of it must be there. */
static void
a_large_gradebook_is_read_whole(void **state)
{
	struct buf csv = { 0 }, out = { 0 };
	unsigned i, j;
	const char *last;

	(void)state;
	buf_adds(&csv, "Student,ID,SIS User ID,SIS Login ID,Section");
	for (j = 0; j < 300; j++)
		buf_printf(&csv, ",Assignment %u (%u)", j, 70000 + j);
	buf_adds(&csv, "\n    Points Possible,,,,");
	for (j = 0; j < 300; j++)
		buf_adds(&csv, ",100.00");
	for (i = 0; i < 2000; i++) {
		buf_printf(&csv, "\n\"Last%u, First\",%u,S%u,l%u,Bio %u", i,
		    i + 1, i, i, i % 60);
		for (j = 0; j < 300; j++)
			buf_printf(&csv, ",%u.%02u", (i + j) % 101, j % 100);
	}
	buf_addc(&csv, '\n');
	assert_int_equal(gradebook_text_read(csv.data, csv.len, NULL, &out), 0);
	last = "299/1999=76.99\n";
	assert_string_equal(out.data + out.len - strlen(last), last);
	buf_free(&csv);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_canvas_writes_today_is_read),
		cmocka_unit_test(every_separator_line_end_and_mark_is_read),
		cmocka_unit_test(points_and_markers_are_found_in_any_language),
		cmocka_unit_test(every_form_of_a_cell_is_read),
		cmocka_unit_test(
		    what_is_no_gradebook_is_refused_with_what_it_is),
		cmocka_unit_test(
		    a_file_cut_within_a_line_is_never_quietly_shorter),
		cmocka_unit_test(
		    a_line_without_an_end_counts_when_its_last_cell_is_not_read),
		cmocka_unit_test(
		    a_file_is_read_from_disk_and_its_name_gives_the_course_code),
		cmocka_unit_test(
		    every_fixture_is_read_or_refused_as_its_name_says),
		cmocka_unit_test(a_large_gradebook_is_read_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
