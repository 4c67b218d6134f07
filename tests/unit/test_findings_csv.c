#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/findings_csv.h"

#define HEADER "rule,severity,file,line,key,message,fix\n"

/* findings.csv as text; the caller frees it. */
static char *
written(struct district *d)
{
	struct district_sink sink = { .file = "findings.csv" };
	const struct emit_sink to = { &sink, district_begin, district_write,
		district_end };
	struct err err = { 0 };

	assert_int_equal(findings_csv(d->roster, &d->findings, &to, &err), 0);
	buf_str(&sink.text);
	return sink.text.data;
}

/* Line n, from 1 behind the header, without the fix. */
static void
assert_line(const char *text, int n, const char *want)
{
	const char *line, *end;

	for (line = text; n > 0; n--) {
		line = strchr(line, '\n') + 1;
		assert_int_not_equal(*line, '\0');
	}
	end = strchr(line, '\n');
	if (strncmp(line, want, strlen(want)) != 0)
		fail_msg("%.*s", (int)(end - line), line);
}

static void
without_findings_there_is_a_header_alone(void **state)
{
	struct district d;
	char *text;

	(void)state;
	district_make(&d, NULL, NULL);
	text = written(&d);
	assert_string_equal(text, HEADER);
	free(text);
	district_free(&d);
}

static void
lines_are_in_the_order_of_files_lines_and_rules(void **state)
{
	static const struct export changes[] = {
		{ "cc.csv",
		    "id,dcid,studentid,sectionid,dateenrolled,"
		    "dateleft\n5,,7,99,2026-08-17,2027-06-05\n"
		    "\n6,66,98,41,2026-08-17,soon\n" },
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id,email\n"
		    "71,7,Ann,,100,0,aash,x y\n" },
		{ 0 }
	};
	struct district d;
	char *text;

	(void)state;
	district_make(&d, changes, NULL);
	text = written(&d);
	assert_line(text, 1, "USER-EMAIL-BLANK,info,,,100,");
	/* Files stand in the order in which they were read. */
	assert_line(text, 2,
	    "NAME-BLANK,warning,students.csv,2,71,"
	    "last_name: a name that Canvas needs is blank,");
	assert_line(text, 3, "USER-EMAIL-BAD,warning,students.csv,2,71,");
	assert_line(text, 4,
	    "REF-SECTION,error,cc.csv,2,5,"
	    "\"sectionid \"\"99\"\" names a section that is in no file\",");
	assert_line(text, 5, "REF-STUDENT,error,cc.csv,4,66,");
	assert_line(text, 6,
	    "SRC-DATE,error,cc.csv,4,66,\"dateleft: not a"
	    " date, or a date that does not exist\",");
	free(text);
	district_free(&d);
}

static void
a_finding_never_shows_a_persons_name_or_e_mail(void **state)
{
	static const struct export changes[] = {
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id,email\n"
		    "71,7,Secretfirst,Secretlast,100,0,secretlogin,"
		    "secret@mail@example.org\n"
		    "81,8,Secretfirst,Secretlast,100,0,secretlogin,\n"
		    "91,9,Secret&eacute;first,,999,0,,secret\n" },
		{ 0 }
	};
	struct district d;
	char *text;

	(void)state;
	district_make(&d, changes, NULL);
	assert_true(d.findings.count > 5);
	text = written(&d);
	assert_null(strcasestr(text, "secret"));
	free(text);
	district_free(&d);
}

/* However their texts were numbered while they were read. */
static void
lines_about_schools_are_in_the_order_of_their_numbers(void **state)
{
	static const char *const orders[] = { "B1 A2 A10 200 30",
		"30 200 A10 A2 B1", "A10 30 B1 200 A2" };
	struct export changes[] = { { "schools.csv", NULL },
		{ "students.csv", NULL }, { 0 } };
	struct buf schools, students;
	struct district d;
	const char *at;
	char *text;
	size_t i, len;
	int n;

	(void)state;
	for (i = 0; i < 3; i++) {
		schools = students = (struct buf){ 0 };
		buf_adds(&schools, "school_number,name\n100,Alder\n");
		buf_adds(&students,
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n");
		for (at = orders[i], n = 1; *at != '\0'; n++) {
			len = strcspn(at, " ");
			buf_printf(&schools, "%.*s,X\n", (int)len, at);
			buf_printf(&students, "%d,%d,A,B,%.*s,0,u%d\n", n, n,
			    (int)len, at, n);
			at += len + (at[len] == ' ');
		}
		changes[0].text = buf_str(&schools);
		changes[1].text = buf_str(&students);
		district_make(&d, changes, NULL);
		text = written(&d);
		assert_line(text, 1, "USER-EMAIL-BLANK,info,,,A10,");
		assert_line(text, 2, "USER-EMAIL-BLANK,info,,,A2,");
		assert_line(text, 3, "USER-EMAIL-BLANK,info,,,B1,");
		assert_line(text, 4, "USER-EMAIL-BLANK,info,,,30,");
		assert_line(text, 5, "USER-EMAIL-BLANK,info,,,200,");
		free(text);
		district_free(&d);
		buf_free(&schools);
		buf_free(&students);
	}
}

static void
a_held_parent_is_named(void **state)
{
	static const struct export changes[] = {
		{ "schools.csv",
		    "school_number,name\n100,Alder\n"
		    "100,Other\n" },
		{ 0 }
	};
	struct district d;
	char *text;

	(void)state;
	district_make(&d, changes, NULL);
	text = written(&d);
	assert_line(text, 1,
	    "SRC-DUPLICATE,error,schools.csv,2,100,several"
	    " rows have this key and different content,");
	assert_line(text, 3,
	    "HELD-PARENT,error,terms.csv,2,100-3600,a row"
	    " that this one belongs to is held: school 100,");
	free(text);
	district_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_findings_there_is_a_header_alone),
		cmocka_unit_test(
		    lines_are_in_the_order_of_files_lines_and_rules),
		cmocka_unit_test(
		    a_finding_never_shows_a_persons_name_or_e_mail),
		cmocka_unit_test(
		    lines_about_schools_are_in_the_order_of_their_numbers),
		cmocka_unit_test(a_held_parent_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
