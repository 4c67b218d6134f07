#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/relay.h"

/* What a relay's function was given. */
struct taken {
	int next; /* the word that has to come */
	size_t bytes;
	bool ordered, whole;
};

/* Block n has n % 7 * size bytes, all of them n, and zeros behind. */
static void
take(void *arg, int what, const char *bytes, size_t len)
{
	static const char zeros[RELAY_SPARE];
	struct taken *taken;
	size_t i;

	taken = arg;
	taken->ordered = taken->ordered && what == taken->next;
	taken->next = what + 1;
	for (i = 0; i < len; i++)
		taken->whole = taken->whole && bytes[i] == (char)what;
	taken->whole = taken->whole &&
	    memcmp(bytes + len, zeros, sizeof(zeros)) == 0;
	taken->bytes += len;
}

static void
hand_over(bool threaded, size_t size, int blocks)
{
	struct taken taken = { 0, 0, true, true };
	struct relay *relay;
	size_t given, len;
	char *bytes;
	int i;

	bytes = malloc(7 * size + 1);
	assert_non_null(bytes);
	relay = relay_begin(threaded, take, &taken);
	given = 0;
	for (i = 0; i < blocks; i++) {
		len = (size_t)(i % 7) * size;
		memset(bytes, i, len);
		relay_give(relay, i, bytes, len);
		/* The block was copied. */
		memset(bytes, 0x55, len);
		given += len;
	}
	relay_end(relay);
	free(bytes);
	assert_true(taken.ordered);
	assert_true(taken.whole);
	assert_int_equal(taken.next, blocks);
	assert_int_equal(taken.bytes, given);
}

static void
every_block_comes_whole_and_in_order(void **state)
{
	(void)state;
	hand_over(false, 100, 300);
	hand_over(true, 100, 300); /* too few for a thread */
	hand_over(true, 40000, 300);
	hand_over(true, 1 << 20, 20);
}

static void
nothing_may_be_handed_over(void **state)
{
	(void)state;
	hand_over(false, 1, 0);
	hand_over(true, 1, 0);
	relay_end(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_block_comes_whole_and_in_order),
		cmocka_unit_test(nothing_may_be_handed_over),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
