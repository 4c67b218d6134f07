#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"

static void
it_grows_and_keeps_every_byte(void **state)
{
	struct buf buf = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 10000; i++)
		buf_printf(&buf, "%d,", i % 10);
	assert_int_equal(buf.len, 20000);
	assert_memory_equal(buf.data + 19990, "5,6,7,8,9,", 10);
	buf_free(&buf);
	assert_null(buf.data);
}

static void
bytes_texts_and_characters_stand_one_behind_another(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_add(&buf, "a\0b", 3);
	buf_adds(&buf, "cd");
	buf_addc(&buf, 'e');
	buf_add(&buf, NULL, 0);
	buf_adds(&buf, "");
	assert_int_equal(buf.len, 6);
	assert_memory_equal(buf.data, "a\0bcde", 6);
	buf_free(&buf);
}

static void
the_string_ends_with_a_nul_that_is_not_counted(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	assert_string_equal(buf_str(&buf), "");
	assert_int_equal(buf.len, 0);
	buf_adds(&buf, "abc");
	assert_string_equal(buf_str(&buf), "abc");
	buf_addc(&buf, 'd');
	assert_string_equal(buf_str(&buf), "abcd");
	assert_int_equal(buf.len, 4);
	buf_free(&buf);
}

static void
reserved_room_is_behind_what_is_there(void **state)
{
	struct buf buf = { 0 };
	char *at;

	(void)state;
	buf_adds(&buf, "abc");
	at = buf_reserve(&buf, 100000);
	assert_ptr_equal(at, buf.data + 3);
	assert_true(buf.cap - buf.len >= 100000);
	memset(at, 'x', 100000);
	assert_memory_equal(buf.data, "abcx", 4);
	assert_int_equal(buf.len, 3);
	buf_free(&buf);
	assert_int_equal(buf.cap, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grows_and_keeps_every_byte),
		cmocka_unit_test(
		    bytes_texts_and_characters_stand_one_behind_another),
		cmocka_unit_test(
		    the_string_ends_with_a_nul_that_is_not_counted),
		cmocka_unit_test(reserved_room_is_behind_what_is_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
