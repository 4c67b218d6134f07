#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/net_pace.h"

static void
back_off_is_anything_up_to_a_bound_that_doubles_to_a_minute(void **state)
{
	static const unsigned bounds[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60, 60 };
	const struct net_pace pace = { .unit_ms = 1000 };
	unsigned tries;
	uint64_t half;

	(void)state;
	for (tries = 1; tries <= 10; tries++) {
		assert_int_equal(net_pace_backoff(&pace, tries, 0), 0);
		assert_int_equal(net_pace_backoff(&pace, tries, UINT32_MAX),
		    bounds[tries - 1] * 1000);
		half = net_pace_backoff(&pace, tries, UINT32_MAX / 2);
		assert_in_range(
		    half, bounds[tries - 1] * 500 - 1, bounds[tries - 1] * 500);
	}
}

static void
what_a_server_asks_for_is_bounded(void **state)
{
	static const struct {
		int64_t seconds;
		uint64_t ms;
	} cases[] = {
		{ INT64_MIN, 1000 },
		{ -5, 1000 },
		{ 0, 1000 },
		{ 1, 1000 },
		{ 300, 300000 },
		{ 301, 300000 },
		{ 2300820783, 300000 },
		{ INT64_MAX, 300000 },
	};
	const struct net_pace pace = { .unit_ms = 1000 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    net_pace_asked(&pace, cases[i].seconds), cases[i].ms);
}

static void
starts_keep_their_interval_and_the_longest_hold(void **state)
{
	struct net_pace pace = { .unit_ms = 1000, .interval_ms = 50 };

	(void)state;
	assert_int_equal(net_pace_wait(&pace, 1000), 0);
	net_pace_start(&pace, 1000);
	assert_int_equal(net_pace_wait(&pace, 1000), 50);
	assert_int_equal(net_pace_wait(&pace, 1049), 1);
	assert_int_equal(net_pace_wait(&pace, 1050), 0);
	net_pace_hold(&pace, 3000);
	net_pace_start(&pace, 1050);
	net_pace_hold(&pace, 2000);
	assert_int_equal(net_pace_wait(&pace, 1100), 1900);
}

static void
the_budget_pays_for_what_goes_on_and_only_once(void **state)
{
	struct net_pace pace = { .unit_ms = 1000, .budget_ms = 100 };

	(void)state;
	assert_int_equal(net_pace_left(&pace, 5000), 100);
	net_pace_enter(&pace, 5000);
	assert_int_equal(net_pace_left(&pace, 5030), 70);
	net_pace_enter(&pace, 5030); /* a fetch within a run */
	net_pace_leave(&pace, 5040);
	assert_int_equal(net_pace_left(&pace, 5040), 60);
	net_pace_leave(&pace, 5050);
	assert_int_equal(net_pace_left(&pace, 9000), 50);
	net_pace_enter(&pace, 9000);
	assert_int_equal(net_pace_left(&pace, 9049), 1);
	assert_int_equal(net_pace_left(&pace, 9050), 0);
	assert_int_equal(net_pace_left(&pace, 99999), 0);
}

static void
the_clock_runs_forward(void **state)
{
	uint64_t first = net_pace_now();

	(void)state;
	assert_true(first > 0);
	assert_true(net_pace_now() >= first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    back_off_is_anything_up_to_a_bound_that_doubles_to_a_minute),
		cmocka_unit_test(what_a_server_asks_for_is_bounded),
		cmocka_unit_test(
		    starts_keep_their_interval_and_the_longest_hold),
		cmocka_unit_test(
		    the_budget_pays_for_what_goes_on_and_only_once),
		cmocka_unit_test(the_clock_runs_forward),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
