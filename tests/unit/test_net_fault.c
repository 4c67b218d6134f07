#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/net_fault.h"

static void
every_fault_has_words_and_a_code(void **state)
{
	struct net_failure failure = {
		.host = "sis.example.org",
		.where = "[source] url",
		.undone = "nothing was published",
		.code = EXIT_SOURCE,
		.tries = 3,
	};
	enum exit_code code;
	struct err err;
	int fault;

	(void)state;
	for (fault = NET_NO_NAME; fault <= NET_BROKEN; fault++) {
		memset(&err, 0, sizeof(err));
		failure.fault = (enum net_fault)fault;
		code = fault == NET_CA_FILE	    ? EXIT_SETTINGS :
		    net_fault_passes(failure.fault) ? EXIT_TEMPORARY :
						      EXIT_SOURCE;
		assert_int_equal(net_fault_tell(&failure, &err), -1);
		assert_int_equal(err.code, code);
		assert_memory_equal(err.msg, "sis.example.org: ", 17);
		assert_non_null(strstr(err.msg,
		    "; tried 3 times; nothing was"
		    " published"));
		assert_true(strlen(net_fault_name(failure.fault)) > 10);
		if (failure.fault != NET_TLS &&
		    failure.fault != NET_LONG_HEADER &&
		    failure.fault != NET_BROKEN)
			assert_true(err.hint[0] != '\0');
	}
}

static void
a_redirect_to_nowhere_is_not_called_an_address(void **state)
{
	const struct net_failure failure = {
		.fault = NET_REDIRECT,
		.host = "sis.example.org",
		.where = "[source] url",
		.text = "",
		.code = EXIT_SOURCE,
		.tries = 1,
	};
	struct err err = { 0 };

	(void)state;
	net_fault_tell(&failure, &err);
	assert_non_null(strstr(err.msg, "does not name"));
	assert_null(strstr(err.hint, "to that address"));
}

static void
what_may_have_been_done_is_never_called_undone(void **state)
{
	const struct net_failure failure = {
		.fault = NET_CUT,
		.host = "canvas.example.org",
		.where = "[canvas] url",
		.undone = "nothing was delivered",
		.code = EXIT_DELIVERY,
		.tries = 1,
		.lost = true,
	};
	struct err err = { 0 };

	(void)state;
	net_fault_tell(&failure, &err);
	assert_int_equal(err.code, EXIT_TEMPORARY);
	assert_null(strstr(err.msg, "nothing"));
	assert_non_null(strstr(err.msg, "may have been done"));
	assert_non_null(strstr(err.hint, "canvas.example.org"));
}

static void
a_clock_that_differs_from_the_server_s_is_told(void **state)
{
	static const struct {
		int64_t skew;
		const char *hint;
	} cases[] = {
		{ 0, "if that is wrong" },
		{ 3599, "if that is wrong" },
		{ 5 * 3600, "off by -5 h" },
		{ -48 * 3600, "off by 48 h" },
	};
	const struct net_certificate certificate = { "CN = a", "CN = b", 0,
		86400 };
	struct net_failure failure = {
		.fault = NET_CERTIFICATE,
		.host = "a.example",
		.where = "[source] url",
		.text = "it has expired",
		.certificate = &certificate,
		.dates = true,
		.code = EXIT_SOURCE,
	};
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		failure.skew = cases[i].skew;
		net_fault_tell(&failure, &err);
		assert_non_null(strstr(err.hint, cases[i].hint));
		assert_non_null(strstr(err.msg,
		    "it has expired; it is for \"CN = a\", from \"CN = b\","
		    " valid 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_has_words_and_a_code),
		cmocka_unit_test(
		    a_redirect_to_nowhere_is_not_called_an_address),
		cmocka_unit_test(
		    what_may_have_been_done_is_never_called_undone),
		cmocka_unit_test(
		    a_clock_that_differs_from_the_server_s_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
