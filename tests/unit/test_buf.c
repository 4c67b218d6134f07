#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

static void
buf_grows_and_keeps_every_byte(void **state)
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
first_failure_wins(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, EXIT_SOURCE, "cc.csv:%d: bad", 3), -1);
	err_set(&err, EXIT_IO, "later");
	assert_int_equal(err.code, EXIT_SOURCE);
	assert_string_equal(err.msg, "cc.csv:3: bad");
}

static void
sha256_is_that_of_fips_180_4(void **state)
{
	char hex[HASH_HEX_SIZE];
	struct hash *hash;

	(void)state;
	hash = hash_begin();
	hash_add(hash, "a", 1);
	hash_add(hash, "bc", 2);
	hash_end(hash, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_grows_and_keeps_every_byte),
		cmocka_unit_test(first_failure_wins),
		cmocka_unit_test(sha256_is_that_of_fips_180_4),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
