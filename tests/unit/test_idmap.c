#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/idmap.h"

static void
an_empty_map_has_nothing(void **state)
{
	struct idmap map = { 0 };
	uint32_t value;

	(void)state;
	value = 7;
	assert_false(idmap_get(&map, 0, &value));
	assert_false(idmap_get(&map, 1, NULL));
	assert_int_equal(value, 7);
	idmap_free(&map);
}

static void
the_last_value_under_a_key_counts(void **state)
{
	struct idmap map = { 0 };
	uint32_t value;

	(void)state;
	idmap_put(&map, 0, 1);
	idmap_put(&map, 5, 2);
	idmap_put(&map, 0, 3);
	assert_int_equal(map.count, 2);
	assert_true(idmap_get(&map, 0, &value));
	assert_int_equal(value, 3);
	assert_true(idmap_get(&map, 5, NULL));
	assert_false(idmap_get(&map, 1, NULL));
	idmap_free(&map);
	assert_false(idmap_get(&map, 0, NULL));
}

/* Keys that differ only in their upper or only in their lower half. */
static uint64_t
nth_key(uint32_t n)
{
	return n % 2 == 0 ? n : (uint64_t)n << 32;
}

static void
many_keys_are_kept_apart(void **state)
{
	struct idmap map = { 0 };
	uint32_t n, value;

	(void)state;
	for (n = 0; n < 100000; n++)
		idmap_put(&map, nth_key(n), n);
	assert_int_equal(map.count, 100000);
	for (n = 0; n < 100000; n++) {
		assert_true(idmap_get(&map, nth_key(n), &value));
		assert_int_equal(value, n);
	}
	assert_false(idmap_get(&map, 100000, NULL));
	assert_false(idmap_get(&map, 1, NULL));
	idmap_free(&map);
}

static void
a_pair_is_another_key_than_the_pair_turned_round(void **state)
{
	const sym a = { 3 }, b = { 4 }, none = { 0 };

	(void)state;
	assert_true(idmap_pair(a, b) != idmap_pair(b, a));
	assert_true(idmap_pair(a, none) != idmap_pair(none, a));
	assert_true(idmap_pair(a, b) == idmap_pair(a, b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(the_last_value_under_a_key_counts),
		cmocka_unit_test(many_keys_are_kept_apart),
		cmocka_unit_test(
		    a_pair_is_another_key_than_the_pair_turned_round),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
