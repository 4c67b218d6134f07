#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/emit.h"

/* Everything that a sink is told, as text; fails at one call if asked. */
struct recorder {
	struct buf text;
	size_t calls, fail_at; /* 0: never */
};

static int
record(struct recorder *r, struct err *err)
{
	if (++r->calls != r->fail_at)
		return 0;
	return err_set(err, EXIT_IO, "disk full");
}

static int
record_begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct recorder *r = arg;

	buf_printf(&r->text, "<%s%s>", file, empty ? " empty" : "");
	return record(r, err);
}

static int
record_write(void *arg, const void *bytes, size_t len, struct err *err)
{
	static const char zeros[16];
	struct recorder *r = arg;

	/* Whole rows, and 16 zeros behind them. */
	assert_true(len > 0 && ((const char *)bytes)[len - 1] == '\n');
	assert_memory_equal((const char *)bytes + len, zeros, sizeof(zeros));
	buf_add(&r->text, bytes, len);
	return record(r, err);
}

static int
record_end(void *arg, struct err *err)
{
	struct recorder *r = arg;

	buf_adds(&r->text, "</>");
	return record(r, err);
}

static int
emit(const struct district *d, struct recorder *r, struct emit_count *counts,
    struct err *err)
{
	const struct emit_sink sink = { r, record_begin, record_write,
		record_end };
	struct sheet_orders *orders;
	int rc;

	orders = sheet_orders_make(&d->map);
	rc = emit_sheets(&d->map, orders, &sink, counts, err);
	sheet_orders_free(orders);
	buf_str(&r->text);
	return rc;
}

static void
sheets_come_whole_and_in_order(void **state)
{
	struct emit_count counts[SHEETS] = { { 0 } };
	struct recorder r = { 0 };
	struct err err = { 0 };
	struct district d;

	(void)state;
	district_make(&d, NULL, NULL);
	assert_int_equal(emit(&d, &r, counts, &err), 0);
	assert_string_equal(r.text.data,
	    "<accounts.csv>account_id,parent_account_id,name,status\n"
	    "100,,Alder,active\n</>"
	    "<terms.csv>term_id,name,status,start_date,end_date\n"
	    "100-3600,2026-2027 Full Year - Alder,active,"
	    "2026-08-17T07:00:00Z,2027-06-05T06:59:59Z\n</>"
	    "<users.csv>user_id,login_id,first_name,last_name,email,status\n"
	    "S71,aash,Ann,Ash,ann@example.org,active\n"
	    "T9,bbirch,Ben,Birch,ben@example.org,active\n</>"
	    "<courses.csv>course_id,short_name,long_name,account_id,term_id,"
	    "status\n"
	    "sec-9001,MA1.1,Algebra I (1),100,100-3600,active\n</>"
	    "<sections.csv>section_id,course_id,name,status\n"
	    "sec-9001,sec-9001,Algebra I (1),active\n</>"
	    "<enrollments.csv>section_id,user_id,role,status\n"
	    "sec-9001,S71,student,active\nsec-9001,T9,teacher,active\n</>");
	assert_string_equal(counts[2].file, "users.csv");
	assert_int_equal(counts[0].rows, 1);
	assert_int_equal(counts[2].rows, 2);
	assert_int_equal(counts[5].rows, 2);
	buf_free(&r.text);
	district_free(&d);
}

static void
a_sheet_without_rows_is_a_header_and_said_to_be_empty(void **state)
{
	static const struct export changes[] = {
		{ "sections.csv",
		    "dcid,id,course_number,section_number,"
		    "schoolid,termid\n9001,41,MA1,1,100,3500\n" },
		{ 0 }
	};
	struct emit_count counts[SHEETS] = { { 0 } };
	struct recorder r = { 0 };
	struct err err = { 0 };
	struct district d;

	(void)state;
	district_make(&d, changes, NULL);
	assert_int_equal(emit(&d, &r, counts, &err), 0);
	assert_non_null(strstr(r.text.data, "<accounts.csv>"));
	assert_non_null(strstr(r.text.data,
	    "<terms.csv empty>"
	    "term_id,name,status,start_date,end_date\n</>"));
	assert_non_null(strstr(r.text.data,
	    "<enrollments.csv empty>"
	    "section_id,user_id,role,status\n</>"));
	assert_int_equal(counts[5].rows, 0);
	buf_free(&r.text);
	district_free(&d);
}

static void
cells_are_quoted_where_they_must_be(void **state)
{
	static const struct export changes[] = {
		{ "schools.csv",
		    "school_number,name\n100,\"Al,der\"\n"
		    "200,\"Bi\"\"rch\"\n300,\"Ce\ndar\"\n400,O'Neil & Co\n"
		    "500,&#13;Elm&#13;x\n" },
		{ 0 }
	};
	struct district d;

	(void)state;
	district_make(&d, changes, NULL);
	district_assert_rows(&d, "accounts.csv",
	    "100,,\"Al,der\",active\n200,,\"Bi\"\"rch\",active\n"
	    "300,,\"Ce\ndar\",active\n400,,O'Neil & Co,active\n"
	    "500,,\"Elm\rx\",active\n");
	district_free(&d);
}

static void
columns_that_the_settings_ask_for_come_last(void **state)
{
	static const char *const settings[] = {
		"users.authentication_provider_id=saml",
		"users.staff_declared_user_type=teacher",
		"users.student_integration_id={student.student_number}", NULL
	};
	struct district d;
	char *text;

	(void)state;
	district_make(&d, NULL, settings);
	text = district_sheet(&d, "users.csv");
	assert_string_equal(text,
	    "user_id,login_id,first_name,last_name,"
	    "email,status,authentication_provider_id,declared_user_type,"
	    "integration_id\n"
	    "S71,aash,Ann,Ash,ann@example.org,active,saml,,70007\n"
	    "T9,bbirch,Ben,Birch,ben@example.org,active,saml,teacher,\n");
	free(text);
	district_free(&d);
}

static void
a_large_sheet_is_written_in_pieces(void **state)
{
	struct emit_count counts[SHEETS] = { { 0 } };
	struct export changes[] = { { "students.csv", NULL }, { 0 } };
	struct buf students = { 0 };
	struct recorder r = { 0 };
	struct err err = { 0 };
	struct district d;
	int i;

	(void)state;
	buf_adds(&students,
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status,student_web_id\n");
	for (i = 0; i < 40000; i++)
		buf_printf(&students, "%d,%d,Ann,Ash,100,0,user-%d-%040d\n", i,
		    i, i, i);
	changes[0].text = buf_str(&students);
	district_make(&d, changes, NULL);
	assert_int_equal(emit(&d, &r, counts, &err), 0);
	assert_int_equal(counts[SHEET_USER].rows, 40001);
	/* Six files are begun, written and ended; users in three pieces. */
	assert_true(r.calls > 18);
	buf_free(&r.text);
	buf_free(&students);
	district_free(&d);
}

/* Wherever the sink fails, that is the end. */
static void
a_failing_sink_ends_the_writing(void **state)
{
	struct emit_count counts[SHEETS] = { { 0 } };
	struct district d;
	size_t n;

	(void)state;
	district_make(&d, NULL, NULL);
	for (n = 1; n <= 18; n++) {
		struct recorder r = { .fail_at = n };
		struct err err = { 0 };

		assert_int_equal(emit(&d, &r, counts, &err), -1);
		assert_int_equal(err.code, EXIT_IO);
		assert_int_equal(r.calls, n);
		buf_free(&r.text);
	}
	district_free(&d);
}

static void
the_crosswalk_names_what_was_sent_by_powerschools_ids(void **state)
{
	static const struct export changes[] = {
		{ "sections.csv",
		    "dcid,id,course_number,section_number,"
		    "schoolid,termid\n9001,41,MA1,\"0,1\",100,3600\n"
		    "9002,-42,MA1,2,100,3600\n9003,43,MA1,3,100,3500\n" },
		{ "users.csv",
		    "dcid,first_name,last_name,loginid,"
		    "teachernumber\n9,Ben,Birch,b,T009\n" },
		{ 0 }
	};
	struct recorder r = { 0 };
	const struct emit_sink sink = { &r, record_begin, record_write,
		record_end };
	struct sheet_orders *orders;
	struct err err = { 0 };
	struct district d;
	uint64_t rows;

	(void)state;
	district_make(&d, changes, NULL);
	orders = sheet_orders_make(&d.map);
	assert_int_equal(emit_crosswalk(&d.map, orders, &sink, &rows, &err), 0);
	sheet_orders_free(orders);
	assert_string_equal(buf_str(&r.text),
	    "<crosswalk.csv>"
	    "sheet,canvas_id,dcid,id,number\n"
	    "sections,sec-9001,9001,41,\"0,1\"\nsections,sec-9002,9002,42,2\n"
	    "users,S71,71,7,70007\nusers,T9,9,,T009\n</>");
	assert_int_equal(rows, 4);
	buf_free(&r.text);
	district_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sheets_come_whole_and_in_order),
		cmocka_unit_test(
		    a_sheet_without_rows_is_a_header_and_said_to_be_empty),
		cmocka_unit_test(cells_are_quoted_where_they_must_be),
		cmocka_unit_test(columns_that_the_settings_ask_for_come_last),
		cmocka_unit_test(a_large_sheet_is_written_in_pieces),
		cmocka_unit_test(a_failing_sink_ends_the_writing),
		cmocka_unit_test(
		    the_crosswalk_names_what_was_sent_by_powerschools_ids),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
