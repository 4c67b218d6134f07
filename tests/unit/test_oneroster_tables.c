#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/oneroster_tables.h"

static size_t
columns_of(enum oneroster_table table)
{
	size_t n;

	for (n = 0; oneroster_tables[table].fields[n].name != NULL; n++)
		continue;
	return n;
}

static void
every_fill_names_a_column_and_a_field_of_the_same_type(void **state)
{
	const struct oneroster_fill *fill;
	enum field_type from;
	int field;

	(void)state;
	for (fill = oneroster_tables_fills; fill->field != NULL; fill++) {
		field = schema_field(
		    fill->table, fill->field, strlen(fill->field));
		if (field < 0)
			fail_msg("%s is no field", fill->field);
		assert_true(fill->column < columns_of(fill->from));
		from = oneroster_tables[fill->from].fields[fill->column].type;
		if (fill->how == NULL &&
		    (from == FIELD_DATE) !=
			(schema[fill->table].fields[field].type == FIELD_DATE))
			fail_msg("%s is of another type", fill->field);
	}
}

static void
every_needed_field_is_filled_once(void **state)
{
	const struct oneroster_fill *fill;
	size_t t, f, n;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		for (f = 0; schema[t].fields[f].name != NULL; f++) {
			n = 0;
			for (fill = oneroster_tables_fills; fill->field != NULL;
			     fill++)
				n += fill->table == t &&
				    strcmp(fill->field,
					schema[t].fields[f].name) == 0;
			if (n > 1 ||
			    (n == 0 && t != T_STUDENTEMAIL &&
				(schema[t].fields[f].use & FIELD_NEEDED)))
				fail_msg("%s.%s: %zu", schema[t].name,
				    schema[t].fields[f].name, n);
		}
	}
}

/* The enums of the header stand for places in these lists. */
static void
columns_stand_where_the_header_says(void **state)
{
	static const struct {
		enum oneroster_table table;
		unsigned column;
		const char *name;
	} last[] = {
		{ OR_MANIFEST, OR_VALUE, "value" },
		{ OR_ORG, OR_ORG_IDENTIFIER, "identifier" },
		{ OR_SESSION, OR_SESSION_YEAR, "schoolYear" },
		{ OR_COURSE, OR_COURSE_CODE, "courseCode" },
		{ OR_CLASS, OR_CLASS_TERMS, "termSourcedIds" },
		{ OR_CLASS, OR_CLASS_GRADES, "grades" },
		{ OR_USER, OR_USER_ROLE, "role" },
		{ OR_USER, OR_USER_GRADES, "grades" },
		{ OR_ENROLLMENT, OR_ENROLLMENT_PRIMARY, "primary" },
		{ OR_ENROLLMENT, OR_ENROLLMENT_END, "endDate" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		assert_string_equal(
		    oneroster_tables[last[i].table].fields[last[i].column].name,
		    last[i].name);
}

static void
passwords_and_demographics_are_no_columns(void **state)
{
	const struct field *field;
	size_t t;

	(void)state;
	for (t = 0; t < OR_TABLES; t++) {
		assert_string_not_equal(
		    oneroster_tables[t].name, "demographics");
		for (field = oneroster_tables[t].fields; field->name != NULL;
		     field++)
			assert_string_not_equal(field->name, "password");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_fill_names_a_column_and_a_field_of_the_same_type),
		cmocka_unit_test(every_needed_field_is_filled_once),
		cmocka_unit_test(columns_stand_where_the_header_says),
		cmocka_unit_test(passwords_and_demographics_are_no_columns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
