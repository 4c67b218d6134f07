#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <cmocka.h>

#include "base/intern.h"

#define THREADS 4
#define TEXTS 20000

static void
assert_reads(const struct intern *intern, sym s, const char *want, size_t len)
{
	char digits[SYM_DIGITS];
	struct str got;

	got = intern_text(intern, s, digits);
	assert_int_equal(got.len, len);
	assert_memory_equal(got.bytes, want, len);
}

static void
plain_numbers_below_2_to_31_are_their_own_syms(void **state)
{
	static const struct {
		const char *text;
		bool number;
		uint32_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "7", true, 7 },
		{ "999999", true, 999999 },
		{ "2147483647", true, 2147483647 },
		{ "2147483648", false, 0 },
		{ "4294967295", false, 0 },
		{ "4294967296", false, 0 },
		{ "9999999999", false, 0 },
		{ "10000000000", false, 0 },
		{ "18446744073709551617", false, 0 },
		{ "00", false, 0 },
		{ "01", false, 0 },
		{ "007", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ "1.0", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1e3", false, 0 },
		{ "0x1", false, 0 },
		{ "/", false, 0 },
		{ ":", false, 0 },
	};
	struct intern *intern;
	uint32_t value;
	size_t i;
	sym s;

	(void)state;
	intern = intern_new();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = intern_add(intern, cases[i].text, strlen(cases[i].text));
		if (sym_number(s, &value) != cases[i].number)
			fail_msg("%s", cases[i].text);
		if (cases[i].number) {
			assert_int_equal(value, cases[i].value);
			assert_int_equal(
			    s.id, sym_of_number(cases[i].value).id);
		}
		assert_reads(intern, s, cases[i].text, strlen(cases[i].text));
	}
	intern_free(intern);
}

static void
digits_alone_make_the_sym_that_adding_them_makes(void **state)
{
	static const char *const texts[] = { "0", "7", "123456789", "00", "01",
		"1x", "x", "-1", "1234567890", "2147483647" };
	struct intern *intern;
	size_t i, len;
	sym got;

	(void)state;
	intern = intern_new();
	assert_int_equal(sym_of_digits("", 0).id, 0);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		len = strlen(texts[i]);
		got = sym_of_digits(texts[i], len);
		/* Up to nine digits; the others are not its business. */
		assert_int_equal(got.id != 0, i < 3);
		if (got.id != 0)
			assert_int_equal(
			    got.id, intern_add(intern, texts[i], len).id);
	}
	intern_free(intern);
}

static void
a_text_is_found_when_it_was_added(void **state)
{
	struct intern *intern;
	char text[32];
	int i, len;
	sym added, found;

	(void)state;
	intern = intern_new();
	assert_false(intern_find(intern, "T", 1, &found));
	for (i = 0; i < 5000; i++) {
		len = snprintf(text, sizeof(text), "T%d", i);
		assert_false(intern_find(intern, text, (size_t)len, &found));
		assert_int_equal(found.id, 0);
		added = intern_add(intern, text, (size_t)len);
		assert_true(intern_find(intern, text, (size_t)len, &found));
		assert_int_equal(found.id, added.id);
	}
	/* Blank and numbers are always there. */
	assert_true(intern_find(intern, "", 0, &found));
	assert_int_equal(found.id, 0);
	assert_true(intern_find(intern, "42", 2, &found));
	assert_int_equal(found.id, sym_of_number(42).id);
	assert_false(intern_find(intern, "042", 3, &found));
	intern_free(intern);
}

static void
two_numbers_are_read_side_by_side_with_two_buffers(void **state)
{
	char digits[2][SYM_DIGITS];
	struct str small, large;
	struct intern *intern;

	(void)state;
	intern = intern_new();
	small = intern_text(intern, sym_of_number(0), digits[0]);
	large = intern_text(intern, sym_of_number(UINT32_MAX >> 1), digits[1]);
	assert_int_equal(small.len, 1);
	assert_memory_equal(small.bytes, "0", 1);
	assert_int_equal(large.len, 10);
	assert_memory_equal(large.bytes, "2147483647", 10);
	intern_free(intern);
}

static void
the_empty_text_is_sym_0(void **state)
{
	struct intern *intern;

	(void)state;
	intern = intern_new();
	assert_int_equal(intern_add(intern, "", 0).id, 0);
	assert_reads(intern, (sym){ 0 }, "", 0);
	intern_free(intern);
}

static void
texts_that_differ_anywhere_are_different_syms(void **state)
{
	static const char text[] = "The quick brown fox jumps over it\0\0\xff";
	struct intern *intern;
	char changed[sizeof(text)];
	sym syms[2 * sizeof(text)];
	size_t n, i, j;

	(void)state;
	intern = intern_new();
	n = 0;
	for (i = 1; i < sizeof(text); i++)
		syms[n++] = intern_add(intern, text, i);
	for (i = 0; i < sizeof(text) - 1; i++) {
		memcpy(changed, text, sizeof(text));
		changed[i] ^= 1;
		syms[n++] = intern_add(intern, changed, sizeof(text) - 1);
	}
	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++)
			assert_int_not_equal(syms[i].id, syms[j].id);
	}
	for (i = 1; i < sizeof(text); i++) {
		assert_int_equal(
		    intern_add(intern, text, i).id, syms[i - 1].id);
		assert_reads(intern, syms[i - 1], text, i);
	}
	intern_free(intern);
}

static void
texts_stay_readable_while_the_tables_grow(void **state)
{
	struct intern *intern;
	char text[32];
	sym *syms;
	int i, len;

	(void)state;
	intern = intern_new();
	syms = calloc(200000, sizeof(*syms));
	for (i = 0; i < 200000; i++) {
		len = snprintf(text, sizeof(text), "S%d", i);
		syms[i] = intern_add(intern, text, (size_t)len);
	}
	for (i = 0; i < 200000; i++) {
		len = snprintf(text, sizeof(text), "S%d", i);
		assert_reads(intern, syms[i], text, (size_t)len);
		assert_int_equal(
		    intern_add(intern, text, (size_t)len).id, syms[i].id);
	}
	free(syms);
	intern_free(intern);
}

static void
a_text_may_have_16_mib(void **state)
{
	const size_t len = (size_t)16 << 20;
	struct intern *intern;
	char *text;
	sym s, other;

	(void)state;
	intern = intern_new();
	text = malloc(len);
	memset(text, 'x', len);
	s = intern_add(intern, text, len);
	text[len - 1] = 'y';
	other = intern_add(intern, text, len);
	assert_int_not_equal(s.id, other.id);
	assert_reads(intern, other, text, len);
	text[len - 1] = 'x';
	assert_reads(intern, s, text, len);
	free(text);
	intern_free(intern);
}

/* A thread adds all texts, beginning at another one than its fellows. */
struct adder {
	struct intern *intern;
	int start;
	sym syms[TEXTS];
};

static void *
add_texts(void *arg)
{
	struct adder *adder;
	char text[32];
	int i, n, len;

	adder = arg;
	for (i = 0; i < TEXTS; i++) {
		n = (adder->start + i) % TEXTS;
		len = snprintf(text, sizeof(text), "%c%d", "Tt0"[n % 3], n);
		adder->syms[n] = intern_add(adder->intern, text, (size_t)len);
	}
	return NULL;
}

static void
threads_that_add_the_same_texts_agree(void **state)
{
	struct adder *adders[THREADS];
	pthread_t threads[THREADS];
	struct intern *intern;
	char text[32];
	int i, n, len;

	(void)state;
	intern = intern_new();
	for (i = 0; i < THREADS; i++) {
		adders[i] = malloc(sizeof(*adders[i]));
		adders[i]->intern = intern;
		adders[i]->start = i * (TEXTS / THREADS);
		assert_int_equal(
		    pthread_create(&threads[i], NULL, add_texts, adders[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (n = 0; n < TEXTS; n++) {
		len = snprintf(text, sizeof(text), "%c%d", "Tt0"[n % 3], n);
		for (i = 0; i < THREADS; i++)
			assert_int_equal(
			    adders[i]->syms[n].id, adders[0]->syms[n].id);
		assert_reads(intern, adders[0]->syms[n], text, (size_t)len);
	}
	for (i = 0; i < THREADS; i++)
		free(adders[i]);
	intern_free(intern);
}

static void
freeing_nothing_is_allowed(void **state)
{
	(void)state;
	intern_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    plain_numbers_below_2_to_31_are_their_own_syms),
		cmocka_unit_test(
		    digits_alone_make_the_sym_that_adding_them_makes),
		cmocka_unit_test(a_text_is_found_when_it_was_added),
		cmocka_unit_test(
		    two_numbers_are_read_side_by_side_with_two_buffers),
		cmocka_unit_test(the_empty_text_is_sym_0),
		cmocka_unit_test(texts_that_differ_anywhere_are_different_syms),
		cmocka_unit_test(texts_stay_readable_while_the_tables_grow),
		cmocka_unit_test(a_text_may_have_16_mib),
		cmocka_unit_test(threads_that_add_the_same_texts_agree),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
