#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "grades/pst_folder.h"
#include "scoresheets.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A template that a test puts into its folder. */
struct file {
	const char *path, *class_name, *name;
	const char *students; /* numbers of one digit each */
};

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
folder_remove(const char *folder)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
write_file(const char *folder, const struct file *file)
{
	char path[256], *slash;
	const char *number;
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, file->path);
	for (slash = path + strlen(folder) + 1;
	     (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
		*slash = '\0';
		mkdir(path, 0700);
	}
	out = fopen(path, "w");
	assert_non_null(out);
	if (file->class_name != NULL)
		fprintf(out,
		    "Teacher Name:,K,\nClass:,%s,\nAssignment Name:,%s,\n"
		    "Due Date:,2026-10-09,\nPoints Possible:,20.0,\n"
		    "Extra Points:,0.0,\nScore Type:,POINTS,\n",
		    file->class_name, file->name);
	fprintf(out, "Student Num,Student Name,Score\n");
	for (number = file->students; *number != '\0'; number++)
		fprintf(out, "%c,N N,\n", *number);
	assert_int_equal(fclose(out), 0);
}

static void
take_refused(void *arg, const char *path, const struct err *why)
{
	assert_int_equal(why->code, EXIT_SOURCE);
	buf_printf(arg, "%s;", strrchr(path, '/') + 1);
}

static void
folder_make(char folder[64], const struct file *files, size_t n)
{
	size_t i;

	strcpy(folder, "/tmp/templates.XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (i = 0; i < n; i++)
		write_file(folder, &files[i]);
}

/* What a sheet is, and the template that it should have. */
struct wanted {
	const char *section, *class_name, *name, *students;
	enum pst_match how;
	const char *path; /* NULL: none */
};

static void
assert_matches(struct pst_folder *folder, const char *path,
    const struct wanted *wanted, size_t n)
{
	struct scoresheet_row rows[16][9];
	const struct scoresheet *sheets[16];
	struct scoresheet all[16];
	struct pst_matched matched[16];
	char numbers[16][9][2], want[128];
	size_t i, k;

	assert_true(n <= 16);
	for (i = 0; i < n; i++) {
		for (k = 0; wanted[i].students[k] != '\0'; k++) {
			numbers[i][k][0] = wanted[i].students[k];
			numbers[i][k][1] = '\0';
			rows[i][k] = (struct scoresheet_row)SCORE(
			    numbers[i][k], "N N", "1");
		}
		all[i] = scoresheet_with(rows[i], k);
		all[i].section = wanted[i].section;
		all[i].class_name = wanted[i].class_name;
		all[i].name = wanted[i].name;
		sheets[i] = &all[i];
	}
	pst_folder_match(folder, sheets, n, matched);
	for (i = 0; i < n; i++) {
		assert_int_equal(matched[i].how, wanted[i].how);
		if (wanted[i].path == NULL) {
			assert_null(matched[i].pst);
			continue;
		}
		snprintf(want, sizeof(want), "%s/%s", path, wanted[i].path);
		assert_non_null(matched[i].pst);
		assert_string_equal(matched[i].pst->file, want);
	}
}

static void
assert_unmatched(const struct pst_folder *folder, size_t want)
{
	size_t i, n;

	for (i = n = 0; i < folder->count; i++)
		n += !folder->all[i].matched;
	assert_int_equal(n, want);
}

static void
templates_are_found_by_section_and_assignment(void **state)
{
	static const struct file files[] = {
		{ "CHEM-04/CHEM-04_AcidsQuiz_pst.csv", "Chemistry",
		    "Acids Quiz", "123" },
		{ "CHEM-05/anything.CSV", "Chemistry", "Acids Quiz", "456" },
		{ "more/PHYS 1_Motion_pst (2).csv", "Physics", "Motion",
		    "123" },
		{ "x_Heat_pst.csv", "Physics", "Heat", "123" },
		{ "a/Cells.csv", "Biology", "Cells", "78" },
		{ "b/Unit1FormativeAs.csv", "PHYS 1",
		    "Unit 1 Formative Assessment", "12" },
		{ "c/nobody.csv", "Physics", "Motion", "999" },
		{ "bare.csv", NULL, NULL, "1" },
		{ ".hidden.csv", NULL, NULL, "1" },
		{ "notes.txt", NULL, NULL, "1" },
	};
	static const struct wanted wanted[] = {
		{ "CHEM-04", "Chemistry", "Acids Quiz", "1234", PST_MATCH_EXACT,
		    "CHEM-04/CHEM-04_AcidsQuiz_pst.csv" },
		{ "chem-05", "Chemistry", "Acids Quiz", "4567", PST_MATCH_EXACT,
		    "CHEM-05/anything.CSV" },
		{ "CHEM-06", "Chemistry", "Acids Quiz", "89", PST_MATCH_NONE,
		    NULL },
		{ "PHYS 1", "Physics", "Motion", "123", PST_MATCH_EXACT,
		    "more/PHYS 1_Motion_pst (2).csv" },
		{ "PHYS 1", "Physics", "Heat", "123", PST_MATCH_EXACT,
		    "x_Heat_pst.csv" },
		{ "PHYS 1", "Physics", "Unit 1 formative asks", "123",
		    PST_MATCH_SHORT, "b/Unit1FormativeAs.csv" },
		{ "BIO-1", "Biology", "Cells", "7", PST_MATCH_NONE, NULL },
		{ "BIO-2", "Biology", "Cells", "789", PST_MATCH_EXACT,
		    "a/Cells.csv" },
	};
	struct buf refused = { 0 };
	struct pst_folder folder;
	struct err err = { 0 };
	char path[64];

	(void)state;
	folder_make(path, files, COUNT(files));
	assert_int_equal(
	    pst_folder_read(path, &folder, take_refused, &refused, &err), 0);
	assert_string_equal(buf_str(&refused), "bare.csv;");
	assert_int_equal(folder.count, 7);
	assert_matches(&folder, path, wanted, COUNT(wanted));
	assert_unmatched(&folder, 1);
	pst_folder_free(&folder);
	buf_free(&refused);
	folder_remove(path);
}

static void
what_fits_several_is_never_guessed(void **state)
{
	static const struct file files[] = {
		{ "S1/quiz.csv", "C", "Quiz", "12" },
		{ "S1/quiz (1).csv", "C", "Quiz", "12" },
		{ "S1/u.csv", "C", "Unit 1 Formative Assessment", "12" },
		{ "e.csv", "C", "Essay", "12" },
	};
	static const struct wanted first[] = {
		{ "S1", "C", "Quiz", "12", PST_MATCH_AMBIGUOUS, NULL },
		{ "S1", "C", "Unit 1 Formative Ask", "12", PST_MATCH_AMBIGUOUS,
		    NULL },
		{ "S1", "C", "Unit 1 Formative Asset", "12",
		    PST_MATCH_AMBIGUOUS, NULL },
		{ "S2", "C", "Essay", "12", PST_MATCH_EXACT, "e.csv" },
	};
	static const struct wanted second[] = {
		{ "S3", "C", "Essay", "12", PST_MATCH_AMBIGUOUS, NULL },
	};
	struct buf refused = { 0 };
	struct pst_folder folder;
	struct err err = { 0 };
	char path[64];

	(void)state;
	folder_make(path, files, COUNT(files));
	assert_int_equal(
	    pst_folder_read(path, &folder, take_refused, &refused, &err), 0);
	assert_matches(&folder, path, first, COUNT(first));
	assert_matches(&folder, path, second, COUNT(second));
	assert_unmatched(&folder, 3);
	pst_folder_free(&folder);
	buf_free(&refused);
	folder_remove(path);
}

static void
the_whole_name_comes_before_the_short_one(void **state)
{
	static const struct file files[] = {
		{ "S1/a.csv", "C", "Unit 1 Formative Assessment", "12" },
		{ "S1/b.csv", "C", "Unit 1 Formative Assignment", "12" },
	};
	static const struct wanted wanted[] = {
		{ "S1", "C", "Unit 1 Formative Ask", "12", PST_MATCH_SHORT,
		    "S1/b.csv" },
		{ "S1", "C", "Unit 1 Formative Assessment", "12",
		    PST_MATCH_EXACT, "S1/a.csv" },
	};
	struct buf refused = { 0 };
	struct pst_folder folder;
	struct err err = { 0 };
	char path[64], with_slash[66];

	(void)state;
	folder_make(path, files, COUNT(files));
	snprintf(with_slash, sizeof(with_slash), "%s/", path);
	assert_int_equal(
	    pst_folder_read(with_slash, &folder, take_refused, &refused, &err),
	    0);
	assert_matches(&folder, path, wanted, COUNT(wanted));
	assert_unmatched(&folder, 0);
	pst_folder_free(&folder);
	buf_free(&refused);
	folder_remove(path);
}

static void
a_folder_that_is_not_there_is_a_failure(void **state)
{
	struct pst_folder folder;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
	    pst_folder_read("/nowhere", &folder, take_refused, NULL, &err), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	pst_folder_free(&folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_found_by_section_and_assignment),
		cmocka_unit_test(what_fits_several_is_never_guessed),
		cmocka_unit_test(the_whole_name_comes_before_the_short_one),
		cmocka_unit_test(a_folder_that_is_not_there_is_a_failure),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
