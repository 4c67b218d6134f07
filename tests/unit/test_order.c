#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "canvas/order.h"

/* Sorts texts and wants them in this order; the list ends with NULL. */
static void
assert_order(const char *const *texts, const char *const *want)
{
	char digits[SYM_DIGITS];
	struct intern *intern;
	uint32_t *places;
	struct str got;
	size_t n, count, i;
	sym ids[32];

	intern = intern_new();
	for (n = 0; texts[n] != NULL; n++)
		ids[n] = intern_add(intern, texts[n], strlen(texts[n]));
	places = order_by_text(intern, ids, n, &count);
	for (i = 0; i < count && want[i] != NULL; i++) {
		got = intern_text(intern, ids[places[i]], digits);
		if (got.len != strlen(want[i]) ||
		    memcmp(got.bytes, want[i], got.len) != 0)
			fail_msg("place %zu: %.*s", i, (int)got.len, got.bytes);
	}
	assert_int_equal(i, count);
	assert_null(want[i]);
	free(places);
	intern_free(intern);
}

static void
ids_are_sorted_by_their_bytes(void **state)
{
	static const char *const numbers[] = { "9", "10", "100", "2", NULL };
	static const char *const as_text[] = { "10", "100", "2", "9", NULL };
	static const char *const mixed[] = { "b", "a", "\xc3\xa9", "Z", "10",
		"z", "~", NULL };
	static const char *const by_bytes[] = { "10", "Z", "a", "b", "z", "~",
		"\xc3\xa9", NULL };
	static const char *const same_start[] = { "sec-1000000000002",
		"sec-1000000000001", "sec-10", "sec-1000000000001x", "sec-1",
		NULL };
	static const char *const by_end[] = { "sec-1", "sec-10",
		"sec-1000000000001", "sec-1000000000001x", "sec-1000000000002",
		NULL };

	(void)state;
	assert_order(numbers, as_text);
	assert_order(mixed, by_bytes);
	assert_order(same_start, by_end);
}

static void
blank_ids_are_left_out(void **state)
{
	static const char *const texts[] = { "", "b", "", "a", "", NULL };
	static const char *const want[] = { "a", "b", NULL };
	static const char *const blank[] = { "", "", NULL };
	static const char *const none[] = { NULL };

	(void)state;
	assert_order(texts, want);
	assert_order(blank, none);
	assert_order(none, none);
}

struct text {
	char bytes[24];
	size_t len;
};

static int
text_order(const void *a, const void *b)
{
	const struct text *x, *y;
	int order;

	x = a;
	y = b;
	order = memcmp(x->bytes, y->bytes, x->len < y->len ? x->len : y->len);
	return order != 0 ? order : x->len < y->len ? -1 : x->len > y->len;
}

/* Texts that differ late, and some with bytes of the value 0. */
static void
make_text(struct text *text, uint32_t *seed)
{
	size_t i;

	*seed = *seed * 1664525 + 1013904223;
	text->len = (*seed >> 12) % sizeof(text->bytes) + 1;
	for (i = 0; i < text->len; i++) {
		*seed = *seed * 1664525 + 1013904223;
		text->bytes[i] = "S\0\xff"
				 "1"[(*seed >> 12) % 40 < 37 ?
					 0 :
					 (*seed >> 12) % 4];
	}
}

static void
any_ids_come_out_as_a_plain_sort_puts_them(void **state)
{
	char digits[SYM_DIGITS];
	struct text texts[500];
	sym ids[500];
	struct intern *intern;
	uint32_t *places, seed;
	struct str got;
	size_t i, count;

	(void)state;
	intern = intern_new();
	seed = 1;
	for (i = 0; i < 500; i++) {
		make_text(&texts[i], &seed);
		ids[i] = intern_add(intern, texts[i].bytes, texts[i].len);
	}
	places = order_by_text(intern, ids, 500, &count);
	qsort(texts, 500, sizeof(texts[0]), text_order);
	assert_int_equal(count, 500);
	for (i = 0; i < count; i++) {
		got = intern_text(intern, ids[places[i]], digits);
		assert_int_equal(got.len, texts[i].len);
		assert_memory_equal(got.bytes, texts[i].bytes, got.len);
	}
	free(places);
	intern_free(intern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_sorted_by_their_bytes),
		cmocka_unit_test(blank_ids_are_left_out),
		cmocka_unit_test(any_ids_come_out_as_a_plain_sort_puts_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
