#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "settings.h"
#include "source/feed_queries.h"
#include "templates.h"

static const char *const *const plugin_queries =
    templates_plugin_queries_root_org_rollbook_roster_named_queries_xml;

static bool
gives(enum table_id table, const char *column, size_t len)
{
	const char *const *names;

	for (names = feed_queries_of(table)->columns; *names != NULL; names++) {
		if (strlen(*names) == len && memcmp(*names, column, len) == 0)
			return true;
	}
	return false;
}

static void
every_table_has_a_query_of_five_parts_that_says_its_name(void **state)
{
	char *name;
	int table;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		name = mem_printf(
		    "org.rollbook.roster.%s.list", schema[table].name);
		assert_string_equal(
		    feed_queries_of((enum table_id)table)->name, name);
		free(name);
	}
}

static void
every_column_is_a_field_of_the_schema_and_stands_there_once(void **state)
{
	const char *const *columns;
	int table;
	size_t i, j;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		columns = feed_queries_of((enum table_id)table)->columns;
		assert_non_null(columns[0]);
		for (i = 0; columns[i] != NULL; i++) {
			if (schema_field((enum table_id)table, columns[i],
				strlen(columns[i])) == -1)
				fail_msg("%s has no %s", schema[table].name,
				    columns[i]);
			for (j = 0; j < i; j++)
				assert_string_not_equal(columns[i], columns[j]);
		}
	}
}

/* Fields that rules read when they are there, and PowerSchool has not. */
static const struct {
	enum table_id table;
	const char *field;
} not_given[] = {
	{ T_SECTIONTEACHER, "dcid" },
	{ T_STUDENTEMAIL, "studentid" },
	{ T_STUDENTEMAIL, "email_addr" },
	{ T_STUDENTEMAIL, "student_email" },
	{ T_STUDENTEMAIL, "primary" },
};

static bool
may_miss(enum table_id table, const char *field)
{
	size_t i;

	for (i = 0; i < sizeof(not_given) / sizeof(not_given[0]); i++) {
		if (not_given[i].table == table &&
		    strcmp(not_given[i].field, field) == 0)
			return true;
	}
	return false;
}

static void
every_field_that_is_needed_or_that_a_rule_reads_is_given(void **state)
{
	const struct field *field;
	int table;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		for (field = schema[table].fields; field->name != NULL;
		     field++) {
			if ((field->use & (FIELD_NEEDED | FIELD_RULE)) != 0 &&
			    !may_miss((enum table_id)table, field->name) &&
			    !gives((enum table_id)table, field->name,
				strlen(field->name)))
				fail_msg("%s.%s is not given",
				    schema[table].name, field->name);
		}
	}
}

/* Whether one of a|b|c is given, or is no column of a table at all. */
static bool
choice_is_given(const char *choices, size_t len)
{
	const char *dot, *end, *stop;
	int table;

	stop = choices + len;
	for (; choices < stop; choices = end + 1) {
		end = memchr(choices, '|', (size_t)(stop - choices));
		if (end == NULL)
			end = stop;
		dot = memchr(choices, '.', (size_t)(end - choices));
		if (dot == NULL)
			return true;
		table = schema_table(choices, (size_t)(dot - choices));
		assert_int_not_equal(table, -1);
		if (gives(
			(enum table_id)table, dot + 1, (size_t)(end - dot - 1)))
			return true;
	}
	return false;
}

static void
every_template_that_settings_have_by_default_finds_its_columns(void **state)
{
	const struct conf_option *option;
	const char *open, *close;
	size_t found;

	(void)state;
	found = 0;
	for (option = settings_options; option->section != NULL; option++) {
		open = option->value;
		while (open != NULL && (open = strchr(open, '{')) != NULL) {
			close = strchr(open, '}');
			assert_non_null(close);
			found++;
			if (!choice_is_given(
				open + 1, (size_t)(close - open - 1)))
				fail_msg("[%s] %s: %s", option->section,
				    option->key, open);
			open = close;
		}
	}
	assert_true(found > 10);
}

static void
the_key_is_a_column_and_dcid_where_there_is_one(void **state)
{
	const struct feed_query *query;
	int table;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		query = feed_queries_of((enum table_id)table);
		if (table == T_STUDENTEMAIL) {
			assert_null(query->key);
			continue;
		}
		assert_true(gives(
		    (enum table_id)table, query->key, strlen(query->key)));
		assert_string_equal(query->key,
		    gives((enum table_id)table, "dcid", 4) ? "dcid" : "id");
	}
}

static void
a_district_can_do_without_roles_and_the_table_of_addresses(void **state)
{
	int table;

	(void)state;
	for (table = 0; table < TABLES; table++)
		assert_int_equal(
		    feed_queries_of((enum table_id)table)->optional,
		    table == T_ROLEDEF || table == T_STUDENTEMAIL);
}

/* The line of the plugin's file where a table's query begins. */
static const char *const *
query_lines(enum table_id table)
{
	const char *const *line;
	char *start;

	start = mem_printf(
	    "<query name=\"%s\" coreTable=", feed_queries_of(table)->name);
	for (line = plugin_queries; *line != NULL; line++) {
		if (strstr(*line, start) != NULL)
			break;
	}
	if (*line == NULL)
		fail_msg("no %s", start);
	free(start);
	return line;
}

static void
the_plugin_declares_the_same_columns_in_the_same_order(void **state)
{
	const char *const *line, *const *column;
	const char *open, *close;
	int table;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		column = feed_queries_of((enum table_id)table)->columns;
		for (line = query_lines((enum table_id)table);
		     strstr(*line, "</query>") == NULL; line++) {
			close = strstr(*line, "</column>");
			if (close == NULL)
				continue;
			open = strchr(*line, '>') + 1;
			assert_non_null(*column);
			if (strlen(*column) != (size_t)(close - open) ||
			    memcmp(*column, open, strlen(*column)) != 0)
				fail_msg("%s: %s", schema[table].name, *line);
			column++;
		}
		assert_null(*column);
	}
}

static void
the_plugin_asks_for_the_year_where_the_table_says_so(void **state)
{
	const char *const *line;
	int table;
	bool asks;

	(void)state;
	for (table = 0; table < TABLES; table++) {
		asks = false;
		for (line = query_lines((enum table_id)table);
		     strstr(*line, "</query>") == NULL; line++)
			asks |= strstr(*line, "<arg name=\"yearid\"") != NULL;
		if (asks != feed_queries_of((enum table_id)table)->takes_yearid)
			fail_msg("%s", schema[table].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_table_has_a_query_of_five_parts_that_says_its_name),
		cmocka_unit_test(
		    every_column_is_a_field_of_the_schema_and_stands_there_once),
		cmocka_unit_test(
		    every_field_that_is_needed_or_that_a_rule_reads_is_given),
		cmocka_unit_test(
		    every_template_that_settings_have_by_default_finds_its_columns),
		cmocka_unit_test(
		    the_key_is_a_column_and_dcid_where_there_is_one),
		cmocka_unit_test(
		    a_district_can_do_without_roles_and_the_table_of_addresses),
		cmocka_unit_test(
		    the_plugin_declares_the_same_columns_in_the_same_order),
		cmocka_unit_test(
		    the_plugin_asks_for_the_year_where_the_table_says_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
