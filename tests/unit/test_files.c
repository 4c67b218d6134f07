#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "rows.h"
#include "base/buf.h"
#include "source/files.h"
#include "source/source.h"

/* The smallest folder that is read. */
static const struct export district[] = {
	{ "cc.csv",
	    "studentid,sectionid,dateenrolled,dateleft\n"
	    "7,41,2026-08-17,2027-06-05\n" },
	{ "courses.csv", "course_number,course_name\nMA1,Algebra I\n" },
	{ "schools.csv", "school_number,name\n100,Alder\n" },
	{ "schoolstaff.csv", "id,users_dcid,schoolid\n31,9,100\n" },
	{ "sections.csv",
	    "dcid,id,course_number,section_number,schoolid,"
	    "termid\n9001,41,MA1,1,100,3600\n" },
	{ "sectionteacher.csv", "sectionid,teacherid\n41,31\n" },
	{ "students.csv",
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status\n71,7,Ann,Ash,100,0\n" },
	{ "terms.csv",
	    "id,schoolid,yearid,name,firstday,lastday\n"
	    "3600,100,36,Year,2026-08-17,2027-06-04\n" },
	{ "users.csv", "dcid,first_name,last_name\n9,Ben,Birch\n" }, { 0 }
};

static char folder[64];

/* Lists this many names, then fails; -1: lists all. */
static int names_listed = -1;

struct dirent *
readdir(DIR *dir)
{
	struct dirent *(*real)(DIR *);
	void *symbol;

	if (names_listed == 0) {
		errno = EIO;
		return NULL;
	}
	if (names_listed > 0)
		names_listed--;
	symbol = dlsym(RTLD_NEXT, "readdir");
	memcpy(&real, &symbol, sizeof(real));
	return real(dir);
}

static char *
path_of(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static void
put_file(const char *name, const char *text)
{
	FILE *file;
	char *path;

	path = path_of(name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	free(path);
}

static void
drop(const char *name)
{
	char *path;

	path = path_of(name);
	assert_int_equal(remove(path), 0);
	free(path);
}

static int
folder_make(void **state)
{
	size_t i;

	(void)state;
	strcpy(folder, "/tmp/test_files.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	for (i = 0; district[i].file != NULL; i++)
		put_file(district[i].file, district[i].text);
	return 0;
}

static int
folder_remove(void **state)
{
	struct dirent *entry;
	DIR *dir;

	(void)state;
	names_listed = -1;
	dir = opendir(folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name,
		    entry->d_type == DT_DIR ? AT_REMOVEDIR : 0);
	closedir(dir);
	return rmdir(folder);
}

/* What pulling the folder gave. */
struct pull {
	struct source_options options;
	struct source_report report;
	struct roster *roster;
	struct err err;
};

static struct pull
pull_folder(bool good)
{
	struct pull pull = { .options = { .encoding = "auto", .jobs = 2 } };
	char *url;
	int rc;

	url = mem_printf("files:%s", folder);
	pull.options.url = url;
	pull.roster = roster_new();
	rc = source_pull(&pull.options, pull.roster, &pull.report, &pull.err);
	free(url);
	if ((rc == 0) != good)
		fail_msg("%d: %s", rc, pull.err.msg);
	assert_int_equal(rc == 0, pull.err.code == EXIT_DONE);
	return pull;
}

static void
pull_free(struct pull *pull)
{
	source_report_free(&pull->report);
	roster_free(pull->roster);
}

/* The folder has to be refused; the message says so. */
static void
assert_folder_refused(const char *what)
{
	struct pull pull;

	pull = pull_folder(false);
	assert_int_equal(pull.err.code, EXIT_SOURCE);
	if (strstr(pull.err.msg, what) == NULL)
		fail_msg("%s", pull.err.msg);
	assert_non_null(strstr(pull.err.msg, "nothing was published"));
	assert_true(strlen(pull.err.hint) > 10);
	pull_free(&pull);
}

static void
every_table_is_read_and_reported(void **state)
{
	struct pull pull;
	char hex[HASH_HEX_SIZE];
	char *path;
	size_t i, t;

	(void)state;
	pull = pull_folder(true);
	for (t = 0; t < TABLES; t++)
		assert_int_equal(pull.roster->tables[t].nrows,
		    t == T_ROLEDEF || t == T_STUDENTEMAIL ? 0 : 1);
	assert_false(pull.roster->users_by_number);
	for (i = 0; district[i].file != NULL; i++) {
		/* In the order of their names. */
		assert_string_equal(
		    pull.report.files[i].name, district[i].file);
		assert_int_equal(pull.report.files[i].rows, 1);
		assert_int_equal(
		    pull.report.files[i].bytes, strlen(district[i].text));
		assert_string_equal(pull.report.files[i].encoding, "utf-8");
		path = path_of(district[i].file);
		assert_int_equal(hash_file(path, hex), 0);
		assert_string_equal(pull.report.files[i].sha256, hex);
		free(path);
	}
	assert_int_equal(pull.report.nfiles, i);
	pull_free(&pull);
}

static void
several_files_of_a_table_are_one_table(void **state)
{
	struct pull pull;
	uint32_t line;

	(void)state;
	put_file("students-2.csv",
	    "last_name,first_name,id,dcid,schoolid,"
	    "enroll_status,email\r\nCedar,Cy,8,81,100,0,cy@example.org\r\n");
	put_file("README.txt", "no table");
	pull = pull_folder(true);
	assert_int_equal(pull.roster->tables[T_STUDENT].nrows, 2);
	/* "students-2.csv" sorts before "students.csv". */
	rows_assert_cell(pull.roster, T_STUDENT, STUDENT_ID, 0, "8");
	rows_assert_cell(pull.roster, T_STUDENT, STUDENT_ID, 1, "7");
	assert_string_equal(
	    roster_place(pull.roster, T_STUDENT, 1, &line)->name,
	    "students.csv");
	assert_int_equal(line, 2);
	pull_free(&pull);
}

static void
a_needed_table_must_be_there(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; district[i].file != NULL; i++) {
		char what[128], name[64];

		drop(district[i].file);
		strcpy(name, district[i].file);
		*strchr(name, '.') = '\0';
		snprintf(what, sizeof(what), "holds no %s export", name);
		assert_folder_refused(what);
		put_file(district[i].file, "");
		snprintf(
		    what, sizeof(what), "%s:1:1: is empty", district[i].file);
		assert_folder_refused(what);
		put_file(district[i].file, district[i].text);
	}
}

/* A header alone is most often a failed export. */
static void
a_needed_table_must_have_rows(void **state)
{
	char header[128], what[128];
	size_t i, len;

	(void)state;
	for (i = 0; district[i].file != NULL; i++) {
		len = (size_t)(strchr(district[i].text, '\n') -
			  district[i].text) +
		    1;
		memcpy(header, district[i].text, len);
		header[len] = '\0';
		put_file(district[i].file, header);
		snprintf(what, sizeof(what),
		    "%s:1:1: has a header but no"
		    " rows",
		    district[i].file);
		assert_folder_refused(what);
		put_file(district[i].file, district[i].text);
	}
}

static void
roledef_and_studentemail_may_lack_or_have_no_rows(void **state)
{
	struct pull pull;

	(void)state;
	put_file("roledef.csv", "id,name\n");
	put_file("studentemail.csv", "studentid,email\n7,a@example.org\n");
	pull = pull_folder(true);
	assert_int_equal(pull.roster->tables[T_ROLEDEF].nrows, 0);
	assert_int_equal(pull.roster->tables[T_STUDENTEMAIL].nrows, 1);
	pull_free(&pull);
}

static void
teachers_stand_in_for_users_schoolstaff_and_sectionteacher(void **state)
{
	struct pull pull;

	(void)state;
	drop("users.csv");
	drop("schoolstaff.csv");
	drop("sectionteacher.csv");
	drop("cc.csv");
	put_file("teachers.csv",
	    "id,teachernumber,first_name,last_name,"
	    "schoolid\n31,T9,Ben,Birch,100\n");
	put_file("student_schedules.csv", "studentid,sectionid\n7,41\n");
	pull = pull_folder(true);
	assert_true(pull.roster->users_by_number);
	assert_int_equal(pull.roster->tables[T_USER].nrows, 1);
	assert_int_equal(pull.roster->tables[T_SCHOOLSTAFF].nrows, 1);
	assert_int_equal(pull.roster->tables[T_CC].nrows, 1);
	pull_free(&pull);
}

static void
what_is_no_ordinary_file_is_refused_without_waiting(void **state)
{
	char *path;

	(void)state;
	drop("cc.csv");
	path = path_of("cc.csv");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_folder_refused("cc.csv:1:1: is not an ordinary file");
	drop("cc.csv");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_folder_refused("cc.csv:1:1: is not an ordinary file");
	drop("cc.csv");
	assert_int_equal(symlink("/nonexistent/cc.csv", path), 0);
	assert_folder_refused("cc.csv:1:1: cannot be read");
	drop("cc.csv");
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_folder_refused("cc.csv:1:1: is not an ordinary file");
	free(path);
}

static void
a_link_to_an_ordinary_file_is_read(void **state)
{
	struct pull pull;
	char *from, *to;

	(void)state;
	from = path_of("cc.csv");
	to = path_of("moved");
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(symlink("moved", from), 0);
	pull = pull_folder(true);
	assert_int_equal(pull.roster->tables[T_CC].nrows, 1);
	pull_free(&pull);
	free(from);
	free(to);
}

static void
one_bad_file_refuses_the_whole_folder(void **state)
{
	(void)state;
	put_file("cc-2.csv",
	    "studentid,sectionid,dateenrolled,dateleft\n"
	    "7,41,2026-08-17,2027-06-05\n7,41,2026-08-17\n");
	assert_folder_refused("cc-2.csv:3:1: the row has 3 cells");
	put_file("cc-2.csv", "studentid,sectionid,dateenrolled\n7,41,x\n");
	assert_folder_refused("cc-2.csv:1:1: the column dateleft is missing");
	put_file("cc-2.csv",
	    "studentid,sectionid,dateenrolled,dateleft\n"
	    "7,41,2026-08-17,2027-06-05");
	assert_folder_refused("cc-2.csv:2:1: the last line has no line end");
}

static void
a_folder_without_exports_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; district[i].file != NULL; i++)
		drop(district[i].file);
	put_file("attendance.csv", "x\n1\n");
	assert_folder_refused("holds no table export");
	drop("attendance.csv");
	assert_folder_refused("holds no table export");
	strcat(folder, "/absent");
	assert_folder_refused("No such file or directory");
	*strrchr(folder, '/') = '\0';
}

/* A list of files that broke off must not pass for a shorter one. */
static void
a_folder_that_cannot_be_listed_to_its_end_is_refused(void **state)
{
	struct pull pull;
	int n;

	(void)state;
	put_file("cc-2.csv", district[0].text);
	/* ., .., nine tables, cc-2.csv. */
	for (n = 0; n < 13; n++) {
		names_listed = n;
		assert_folder_refused(folder);
	}
	names_listed = -1;
	pull = pull_folder(true);
	assert_int_equal(pull.roster->tables[T_CC].nrows, 2);
	pull_free(&pull);
}

static void
an_unknown_source_is_a_wrong_setting(void **state)
{
	static const char *const urls[] = { "", "fixtures", "file:x", "FILES:x",
		"ftp://powerschool.example.org", ":" };
	struct source_report report = { 0 };
	struct source_options options = { .encoding = "auto", .jobs = 1 };
	struct roster *roster;
	size_t i;

	(void)state;
	roster = roster_new();
	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct err err = { 0 };

		options.url = urls[i];
		assert_int_equal(
		    source_pull(&options, roster, &report, &err), -1);
		assert_int_equal(err.code, EXIT_SETTINGS);
		assert_non_null(strstr(err.hint, "files:"));
	}
	roster_free(roster);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_table_is_read_and_reported),
		IN_FOLDER(several_files_of_a_table_are_one_table),
		IN_FOLDER(a_needed_table_must_be_there),
		IN_FOLDER(a_needed_table_must_have_rows),
		IN_FOLDER(roledef_and_studentemail_may_lack_or_have_no_rows),
		IN_FOLDER(
		    teachers_stand_in_for_users_schoolstaff_and_sectionteacher),
		IN_FOLDER(what_is_no_ordinary_file_is_refused_without_waiting),
		IN_FOLDER(a_link_to_an_ordinary_file_is_read),
		IN_FOLDER(one_bad_file_refuses_the_whole_folder),
		IN_FOLDER(a_folder_without_exports_is_refused),
		IN_FOLDER(a_folder_that_cannot_be_listed_to_its_end_is_refused),
		cmocka_unit_test(an_unknown_source_is_a_wrong_setting),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
