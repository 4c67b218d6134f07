#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "source/ps_metadata.h"

static void
versions_are_compared_part_by_part_as_numbers(void **state)
{
	static const struct {
		const char *version, *least;
		bool at_least;
	} cases[] = {
		{ "8.3", "8.3", true },
		{ "8.2.9", "8.3", false },
		{ "8.10", "8.3", true },
		{ "8.3.0.0", "8.3", true },
		{ "8.3", "8.3.1", false },
		{ "9.2.4.0.1040000", "9.0", true },
		{ "12.1", "9.0", true },
		{ "25.7.0.0", "9.0", true },
		{ "7.11", "8.3", false },
		{ "", "8.3", false },
		{ "x", "8.3", false },
		{ "9", "9.0", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (ps_metadata_at_least(cases[i].version, cases[i].least) !=
		    cases[i].at_least)
			fail_msg("%s, %s", cases[i].version, cases[i].least);
	}
}

static struct ps_metadata
read_text(const char *text)
{
	const struct json_origin origin = { "answer", 65536, EXIT_SOURCE };
	struct ps_metadata metadata;
	struct err err = { 0 };
	struct json *document;

	document = json_parse(text, strlen(text), &origin, &err);
	assert_non_null(document);
	ps_metadata_read(&metadata, document);
	json_free(document);
	return metadata;
}

static void
metadata_takes_numbers_and_texts_with_and_without_its_outer_object(void **state)
{
	struct ps_metadata metadata;

	(void)state;
	metadata = read_text(
	    "{\"metadata\":{\"powerschool_version\":"
	    "\"25.7.0.0\",\"schema_table_query_max_page_size\":"
	    "1000,\"student_max_page_size\":\"200\","
	    "\"term_max_page_size\":100,"
	    "\"district_timezone\":\"America/Denver\"}}");
	assert_string_equal(metadata.version, "25.7.0.0");
	assert_int_equal(metadata.table_page_max, 1000);
	assert_int_equal(metadata.v1_page_max, 100);
	assert_string_equal(metadata.timezone, "America/Denver");
	metadata = read_text("{\"powerschool_version\":12.1,"
			     "\"schema_table_query_max_page_size\":\"100\"}");
	assert_string_equal(metadata.version, "12.1");
	assert_int_equal(metadata.table_page_max, 100);
	metadata = read_text("{\"metadata\":{}}");
	assert_string_equal(metadata.version, "");
	assert_int_equal(metadata.table_page_max, 0);
}

static void
what_goes_into_messages_is_a_word(void **state)
{
	struct ps_metadata metadata;

	(void)state;
	metadata = read_text("{\"powerschool_version\":\"9.1\\u001b[31m\","
			     "\"schema_table_query_max_page_size\":-5}");
	assert_string_equal(metadata.version, "9.1");
	assert_int_equal(metadata.table_page_max, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_compared_part_by_part_as_numbers),
		cmocka_unit_test(
		    metadata_takes_numbers_and_texts_with_and_without_its_outer_object),
		cmocka_unit_test(what_goes_into_messages_is_a_word),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
