#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "canvas/lint_ids.h"
#include "canvas/lint_map.h"

#define IDS 3000

/* The i-th id: short, long, and all lengths around the border of both. */
static struct str
id_of(unsigned i, char text[64])
{
	int len;

	len = snprintf(
	    text, 64, "%.*s%u", (int)(i % 24), "abcdefghijklmnopqrstuvwx", i);
	return (struct str){ text, (size_t)len };
}

static void
every_id_finds_its_own_number(void **state)
{
	struct lint_ids ids = { 0 };
	char text[64];
	unsigned i;

	(void)state;
	assert_int_equal(lint_ids_find(&ids, id_of(1, text)), LINT_NOWHERE);
	for (i = 0; i < IDS; i++) {
		assert_int_equal(
		    lint_ids_find(&ids, id_of(i, text)), LINT_NOWHERE);
		lint_ids_put(&ids, id_of(i, text), i);
	}
	for (i = 0; i < IDS; i++)
		assert_int_equal(lint_ids_find(&ids, id_of(i, text)), i);
	assert_int_equal(lint_ids_find(&ids, id_of(IDS, text)), LINT_NOWHERE);
	for (i = 0; i < IDS; i++)
		lint_ids_put(&ids, id_of(i, text), i + 7);
	for (i = 0; i < IDS; i++)
		assert_int_equal(lint_ids_find(&ids, id_of(i, text)), i + 7);
	assert_int_equal(ids.used, IDS);
	lint_ids_free(&ids);
}

static void
ids_with_a_common_beginning_are_different(void **state)
{
	static const char *const list[] = { "a", "aa", "aaaaaaaaaaa",
		"aaaaaaaaaaaa", "aaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"A", "\xC3\x9C" };
	struct lint_ids ids = { 0 };
	struct str id;
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		id = (struct str){ list[i], strlen(list[i]) };
		assert_int_equal(lint_ids_find(&ids, id), LINT_NOWHERE);
		lint_ids_put(&ids, id, i);
	}
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		id = (struct str){ list[i], strlen(list[i]) };
		assert_int_equal(lint_ids_find(&ids, id), i);
	}
	lint_ids_free(&ids);
}

static void
a_map_gives_back_what_was_put(void **state)
{
	struct lint_map map = { 0 };
	uint32_t i;

	(void)state;
	assert_int_equal(lint_map_find(&map, (sym){ 3 }), LINT_NOWHERE);
	for (i = 1; i < IDS; i++)
		lint_map_put(&map, (sym){ i * 2654435761U }, i);
	for (i = 1; i < IDS; i++)
		assert_int_equal(
		    lint_map_find(&map, (sym){ i * 2654435761U }), i);
	lint_map_put(&map, (sym){ 2654435761U }, 9);
	assert_int_equal(lint_map_find(&map, (sym){ 2654435761U }), 9);
	assert_int_equal(lint_map_find(&map, (sym){ 0 }), LINT_NOWHERE);
	lint_map_free(&map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_id_finds_its_own_number),
		cmocka_unit_test(ids_with_a_common_beginning_are_different),
		cmocka_unit_test(a_map_gives_back_what_was_put),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
