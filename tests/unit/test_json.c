#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"

/* Prints and frees the document. */
static void
assert_prints(struct json *json, const char *want)
{
	char *got;

	got = json_print(json);
	json_free(json);
	assert_string_equal(got, want);
	free(got);
}

static void
keys_keep_the_order_in_which_they_were_set(void **state)
{
	struct json *json, *files;

	(void)state;
	json = json_object();
	json_set_text(json, "zulu", "last letter");
	json_set_number(json, "alpha", 7);
	json_set_yes(json, "held", false);
	json_set_yes(json, "clean", true);
	json_set_null(json, "approval");
	files = json_array();
	json_append_text(files, "users.csv");
	json_append(files, json_array());
	json_set(json, "files", files);
	json_set_text(json, "zulu", "again");
	assert_prints(json, "{\n\t\"zulu\": \"again\",\n\t\"alpha\": 7,\n"
	    "\t\"held\": false,\n\t\"clean\": true,\n\t\"approval\": null,\n"
	    "\t\"files\": [\"users.csv\", []]\n}\n");
}

static void
keys_that_differ_in_case_are_two_keys(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_number(json, "id", 1);
	json_set_number(json, "ID", 2);
	assert_prints(json, "{\n\t\"id\": 1,\n\t\"ID\": 2\n}\n");
}

static void
large_numbers_keep_every_digit(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_number(json, "beyond_double", 9007199254740993u);
	json_set_number(json, "largest", UINT64_MAX);
	assert_prints(json, "{\n\t\"beyond_double\": 9007199254740993,\n"
	    "\t\"largest\": 18446744073709551615\n}\n");
}

static void
text_is_escaped_and_a_tab_behind_a_colon_survives(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_text(json, "a\":\t", "x:\ty\n\x01\\ \"q\" \xC3\xA9");
	assert_prints(json, "{\n\t\"a\\\":\\t\": "
	    "\"x:\\ty\\n\\u0001\\\\ \\\"q\\\" \xC3\xA9\"\n}\n");
}

static void
each_byte_that_is_not_utf8_becomes_one_replacement(void **state)
{
	struct json *json;

	(void)state;
	json = json_array();
	json_append_text(json, "Ren\xE9 \xC3\xA9\xFF\xFE");
	json_append_text(json, "\xC3");
	json_append_text(json, "");
	assert_prints(json, "[\"Ren\xEF\xBF\xBD \xC3\xA9\xEF\xBF\xBD"
	    "\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\"]\n");
}

static void
freeing_nothing_is_allowed(void **state)
{
	(void)state;
	json_free(NULL);
}

int
main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_keep_the_order_in_which_they_were_set),
		cmocka_unit_test(keys_that_differ_in_case_are_two_keys),
		cmocka_unit_test(large_numbers_keep_every_digit),
		cmocka_unit_test(
		    text_is_escaped_and_a_tab_behind_a_colon_survives),
		cmocka_unit_test(
		    each_byte_that_is_not_utf8_becomes_one_replacement),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
