#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/hash.h"

#define MILLION 1000000

static void
the_examples_of_fips_180_4_come_out(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "",
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[HASH_HEX_SIZE];
	struct hash *hash;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hash = hash_begin();
		hash_add(hash, cases[i].text, strlen(cases[i].text));
		hash_end(hash, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void
cutting_the_bytes_anywhere_changes_nothing(void **state)
{
	char bytes[200], want[HASH_HEX_SIZE], got[HASH_HEX_SIZE];
	struct hash *hash;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	hash = hash_begin();
	hash_add(hash, bytes, sizeof(bytes));
	hash_end(hash, want);
	for (i = 0; i <= sizeof(bytes); i++) {
		hash = hash_begin();
		hash_add(hash, bytes, i);
		hash_add(hash, bytes + i, sizeof(bytes) - i);
		hash_end(hash, got);
		assert_string_equal(got, want);
	}
	hash_end(NULL, got);
}

static void
a_file_is_hashed_to_its_end(void **state)
{
	char path[] = "/tmp/test_hash.XXXXXX", hex[HASH_HEX_SIZE];
	char *bytes;
	int fd;

	(void)state;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(hash_file(path, hex), 0);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	bytes = malloc(MILLION);
	memset(bytes, 'a', MILLION);
	assert_int_equal(write(fd, bytes, MILLION), MILLION);
	free(bytes);
	close(fd);
	assert_int_equal(hash_file(path, hex), 0);
	assert_string_equal(hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
	unlink(path);
}

static void
a_file_that_cannot_be_read_is_an_error(void **state)
{
	char hex[HASH_HEX_SIZE];

	(void)state;
	errno = 0;
	assert_int_equal(hash_file("/nonexistent/file", hex), -1);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(hash_file("/", hex), -1);
	assert_int_equal(errno, EISDIR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_fips_180_4_come_out),
		cmocka_unit_test(cutting_the_bytes_anywhere_changes_nothing),
		cmocka_unit_test(a_file_is_hashed_to_its_end),
		cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
