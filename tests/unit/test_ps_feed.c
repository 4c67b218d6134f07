#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "source/ps_feed.h"

/* A table on its way: schools, whose key the roster does not hold, or users,
 * whose key it does. */
static void
begin(struct ps_feed *feed, enum table_id table, struct ps_save *save)
{
	struct err err = { 0 };

	*feed = (struct ps_feed){ .table = table,
		.query = feed_queries_of(table),
		.roster = roster_new(),
		.save = save };
	if (ps_feed_begin(feed, feed->query->columns, &err) != 0)
		fail_msg("%s", err.msg);
}

static void
end(struct ps_feed *feed)
{
	roster_free(feed->roster);
	ps_feed_free(feed);
}

/* A row whose key is this; its last column holds the text. */
static void
add(struct ps_rows *rows, const char *key, const char *last)
{
	struct csv_cell cells[PS_COLUMNS_MAX];
	char bytes[PS_COLUMNS_MAX][64] = { { 0 } };
	size_t i, n;

	n = rows->feed->ncolumns;
	for (i = 0; i < n; i++) {
		snprintf(bytes[i], sizeof(bytes[i]), "%s",
		    (int)i == rows->feed->key ? key :
			i + 1 == n	      ? last :
						"x");
		cells[i] = (struct csv_cell){ bytes[i], strlen(bytes[i]) };
	}
	assert_int_equal(ps_rows_add(rows, cells, n, 0), 0);
}

/* Rows with these keys, blank between them, in one answer. */
static void
answer(struct ps_feed *feed, const char *keys)
{
	struct ps_rows rows;
	char *copy, *key, *rest;

	copy = strdup(keys);
	ps_rows_begin(&rows, feed);
	for (key = strtok_r(copy, " ", &rest); key != NULL;
	     key = strtok_r(NULL, " ", &rest))
		add(&rows, key, "y");
	ps_rows_turn(&rows);
	ps_rows_free(&rows);
	free(copy);
}

static void
the_key_is_asked_for_also_when_no_rule_reads_it(void **state)
{
	struct ps_feed feed;

	(void)state;
	begin(&feed, T_SCHOOL, NULL);
	assert_string_equal(feed.columns[feed.key], "dcid");
	assert_false(feed.roster->tables[T_SCHOOL]
			 .bound[schema_field(T_SCHOOL, "dcid", 4)]);
	assert_true(feed.roster->tables[T_SCHOOL].bound[SCHOOL_NUMBER]);
	end(&feed);
}

static void
rows_stand_on_lines_as_in_a_file(void **state)
{
	const struct roster_file *file;
	struct ps_feed feed;
	struct ps_rows rows;
	struct err err = { 0 };
	uint32_t line;

	(void)state;
	begin(&feed, T_USER, NULL);
	answer(&feed, "1 2");
	ps_rows_begin(&rows, &feed);
	add(&rows, "3", "two\nlines\r\nand a third");
	add(&rows, "4", "y");
	ps_rows_turn(&rows);
	ps_rows_free(&rows);
	assert_int_equal(ps_feed_end(&feed, &err), 0);
	assert_int_equal(feed.rows, 4);
	file = roster_place(feed.roster, T_USER, 0, &line);
	assert_string_equal(file->name, "users.csv");
	assert_int_equal(line, 2);
	roster_place(feed.roster, T_USER, 2, &line);
	assert_int_equal(line, 4);
	roster_place(feed.roster, T_USER, 3, &line);
	assert_int_equal(line, 7);
	end(&feed);
}

static void
an_answer_that_comes_again_leaves_nothing_of_the_first_try(void **state)
{
	struct ps_feed feed;
	struct ps_rows rows;

	(void)state;
	begin(&feed, T_USER, NULL);
	answer(&feed, "1 2");
	ps_rows_begin(&rows, &feed);
	ps_rows_turn(&rows);
	add(&rows, "3", "y");
	ps_rows_turn(&rows);
	add(&rows, "4", "y");
	assert_int_equal(feed.rows, 3);
	ps_rows_again(&rows);
	assert_int_equal(feed.rows, 2);
	assert_int_equal(feed.roster->tables[T_USER].nrows, 2);
	assert_int_equal(feed.last_key, 2);
	ps_rows_turn(&rows);
	add(&rows, "3", "y");
	add(&rows, "4", "y");
	ps_rows_turn(&rows);
	ps_rows_free(&rows);
	assert_int_equal(feed.rows, 4);
	assert_int_equal(feed.roster->tables[T_USER].nrows, 4);
	assert_false(ps_feed_repeats(&feed));
	end(&feed);
}

/* Answers, a range behind |; whether a key stands in two of them. */
static const struct {
	const char *answers[4];
	bool repeats, unordered;
} orders[] = {
	{ { "1 2", "3 4" }, false, false },
	{ { "1 2 2", "3 3" }, false, false },
	{ { "1 2", "2 3" }, true, false },
	{ { "1 3", "2 4" }, false, true },
	{ { "1 3", "2 3" }, true, true },
	{ { "5 9", "|", "1 2" }, false, false },
	{ { "5 9", "|", "1 9" }, true, false },
	{ { "3 4", "1", "2", "5" }, false, true },
};

static void
keys_of_two_answers_are_told_apart(void **state)
{
	static const enum table_id tables[] = { T_USER, T_SCHOOL };
	struct ps_feed feed;
	size_t i, t, a;

	(void)state;
	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		for (t = 0; t < 2; t++) {
			begin(&feed, tables[t], NULL);
			for (a = 0; a < 4 && orders[i].answers[a] != NULL;
			     a++) {
				if (strcmp(orders[i].answers[a], "|") == 0)
					ps_feed_next_range(&feed);
				else
					answer(&feed, orders[i].answers[a]);
			}
			if (feed.unordered != orders[i].unordered)
				fail_msg("order of case %zu", i);
			if (ps_feed_repeats(&feed) != orders[i].repeats)
				fail_msg("case %zu, table %zu", i, t);
			end(&feed);
		}
	}
}

static void
the_next_page_begins_behind_the_highest_key(void **state)
{
	struct ps_feed feed;

	(void)state;
	begin(&feed, T_USER, NULL);
	answer(&feed, "3 9 7");
	assert_int_equal(feed.last_key, 9);
	answer(&feed, "12 11");
	assert_int_equal(feed.last_key, 12);
	assert_false(ps_feed_repeats(&feed));
	answer(&feed, "7 13");
	assert_true(ps_feed_repeats(&feed));
	end(&feed);
}

static void
a_row_without_a_key_is_noticed(void **state)
{
	struct ps_feed feed;

	(void)state;
	begin(&feed, T_USER, NULL);
	answer(&feed, "1 x");
	assert_true(feed.keyless);
	ps_feed_restart(&feed);
	assert_false(feed.keyless);
	end(&feed);
}

static void
what_is_saved_is_what_the_roster_holds(void **state)
{
	char folder[] = "/tmp/test_ps_feed.XXXXXX", text[256] = "";
	struct ps_save *save;
	struct ps_feed feed;
	struct ps_rows rows;
	struct err err = { 0 };
	char *path, *dir;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&dir, "%s/saved", folder) > 0);
	assert_true(asprintf(&path, "%s/schools.csv", dir) > 0);
	save = ps_save_begin(dir, &err);
	assert_non_null(save);
	begin(&feed, T_SCHOOL, save);
	ps_rows_begin(&rows, &feed);
	ps_rows_turn(&rows);
	add(&rows, "1", "gone");
	ps_rows_turn(&rows);
	ps_rows_again(&rows);
	add(&rows, "1", "a,\"b\"");
	ps_rows_turn(&rows);
	ps_rows_free(&rows);
	assert_int_equal(ps_feed_end(&feed, &err), 0);
	assert_int_equal(ps_save_end(save, &err), 0);
	ps_save_free(save);
	end(&feed);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(
	    text, "dcid,school_number,name\n1,x,\"a,\"\"b\"\"\"\n");
	unlink(path);
	rmdir(dir);
	rmdir(folder);
	free(path);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_key_is_asked_for_also_when_no_rule_reads_it),
		cmocka_unit_test(rows_stand_on_lines_as_in_a_file),
		cmocka_unit_test(
		    an_answer_that_comes_again_leaves_nothing_of_the_first_try),
		cmocka_unit_test(keys_of_two_answers_are_told_apart),
		cmocka_unit_test(the_next_page_begins_behind_the_highest_key),
		cmocka_unit_test(a_row_without_a_key_is_noticed),
		cmocka_unit_test(what_is_saved_is_what_the_roster_holds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
