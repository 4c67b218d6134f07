#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "source/ps_query.h"
#include "source/ps_table.h"

static void
a_year_is_asked_for_in_both_ranges_of_termid(void **state)
{
	char filters[PS_TABLE_RANGES][64];

	(void)state;
	assert_int_equal(ps_table_ranges(T_CC, 36, filters), 2);
	assert_string_equal(filters[0], "termid=ge=3600;termid=lt=3700");
	assert_string_equal(filters[1], "termid=gt=-3700;termid=le=-3600");
	assert_int_equal(ps_table_ranges(T_SECTION, 9, filters), 2);
	assert_string_equal(filters[0], "termid=ge=900;termid=lt=1000");
	assert_string_equal(filters[1], "termid=gt=-1000;termid=le=-900");
	assert_int_equal(ps_table_ranges(T_TERM, 36, filters), 1);
	assert_string_equal(filters[0], "yearid==36");
	assert_int_equal(ps_table_ranges(T_STUDENT, 36, filters), 1);
	assert_string_equal(filters[0], "");
}

static void
a_filter_is_encoded_as_a_query_wants_it(void **state)
{
	struct buf out = { 0 };

	(void)state;
	ps_table_put_encoded(&out, "a==-1;b_c=lt=2 &\xc3\xa9~.");
	assert_string_equal(
	    buf_str(&out), "a%3D%3D-1%3Bb_c%3Dlt%3D2%20%26%C3%A9~.");
	buf_free(&out);
}

static void
a_query_gets_its_year_as_the_argument_that_it_takes(void **state)
{
	char *body;
	int t;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		body = ps_query_body(feed_queries_of((enum table_id)t), 36);
		assert_string_equal(body,
		    feed_queries_of((enum table_id)t)->takes_yearid ?
			"{\"yearid\":\"36\"}" :
			"{}");
		free(body);
	}
}

static void
ways_are_found_in_the_order_of_the_setting(void **state)
{
	struct source_options options = { .ways = " Table,query , fax" };
	struct err err = { 0 };

	(void)state;
	assert_string_equal(ps_way_of(&options, 0, &err)->name, "table");
	assert_string_equal(ps_way_of(&options, 1, &err)->name, "query");
	assert_int_equal(err.code, EXIT_DONE);
	assert_null(ps_way_of(&options, 2, &err));
	assert_int_equal(err.code, EXIT_SETTINGS);
	err = (struct err){ 0 };
	assert_null(ps_way_of(&options, 3, &err));
	assert_int_equal(err.code, EXIT_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year_is_asked_for_in_both_ranges_of_termid),
		cmocka_unit_test(a_filter_is_encoded_as_a_query_wants_it),
		cmocka_unit_test(
		    a_query_gets_its_year_as_the_argument_that_it_takes),
		cmocka_unit_test(ways_are_found_in_the_order_of_the_setting),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
