#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "canvas/sheets.h"

/* A header as a list of names between commas. */
static bool
has(const void *arg, const char *column)
{
	const char *at;
	size_t len;

	len = strlen(column);
	for (at = arg; (at = strstr(at, column)) != NULL; at += len) {
		if ((at == (const char *)arg || at[-1] == ',') &&
		    (at[len] == ',' || at[len] == '\0'))
			return true;
	}
	return false;
}

static enum sheet_kind
kind_of(const char *header)
{
	size_t i;

	for (i = 0; i < SHEETS; i++) {
		if (sheet_fits(&sheets[sheets_in_order[i]], has, header))
			return sheets_in_order[i];
	}
	return SHEETS;
}

static void
headers_make_the_kind_in_the_order_of_import(void **state)
{
	static const struct {
		const char *header;
		enum sheet_kind kind;
	} cases[] = {
		{ "old_id,new_id,type", SHEET_CHANGE_SIS_ID },
		{ "old_integration_id,type", SHEET_CHANGE_SIS_ID },
		{ "account_id,parent_account_id,name,status", SHEET_ACCOUNT },
		{ "term_id,name,status", SHEET_TERM },
		{ "abstract_course_id,short_name", SHEET_ABSTRACT_COURSE },
		{ "abstract_course_id,short_name,course_id", SHEET_COURSE },
		{ "course_id,short_name", SHEET_COURSE },
		{ "section_id,name", SHEET_SECTION },
		{ "xlist_course_id,section_id,status", SHEET_XLIST },
		{ "user_id,login_id", SHEET_USER },
		{ "user_id,login_id,existing_user_id", SHEET_LOGIN },
		{ "existing_canvas_user_id", SHEET_LOGIN },
		{ "section_id,user_id", SHEET_ENROLLMENT },
		{ "course_id,user_integration_id", SHEET_ENROLLMENT },
		{ "account_id,user_id", SHEET_ADMIN },
		{ "group_category_id,category_name", SHEET_GROUP_CATEGORY },
		{ "group_id,name,group_category_id", SHEET_GROUP },
		{ "group_id,user_id", SHEET_GROUP_MEMBERSHIP },
		{ "enrollment_id,grade_publishing_status",
		    SHEET_GRADE_PUBLISHING },
		{ "observer_id,student_id", SHEET_USER_OBSERVER },
		{ "tag_set_id,set_name", SHEET_TAG_SET },
		{ "tag_id,name", SHEET_TAG },
		{ "tag_id,user_id", SHEET_TAG_MEMBERSHIP },
		{ "category_id,name", SHEET_INSTITUTIONAL_CATEGORY },
		{ "institutional_tag_id,category_id,name",
		    SHEET_INSTITUTIONAL_TAG },
		{ "institutional_tag_id,user_id",
		    SHEET_INSTITUTIONAL_ASSOCIATION },
		/* The traps. */
		{ "section_id,user_id,role,status,name", SHEET_SECTION },
		{ "course_id,short_name,name,term_id", SHEET_TERM },
		{ "user_id,section", SHEETS },
		{ "section_id", SHEETS },
		{ "", SHEETS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (kind_of(cases[i].header) != cases[i].kind)
			print_error("header: %s\n", cases[i].header);
		assert_int_equal(kind_of(cases[i].header), cases[i].kind);
	}
}

static void
every_kind_stands_once_in_the_order_of_import(void **state)
{
	size_t seen[SHEETS] = { 0 }, i;

	(void)state;
	for (i = 0; i < SHEETS; i++)
		seen[sheets_in_order[i]]++;
	for (i = 0; i < SHEETS; i++)
		assert_int_equal(seen[i], 1);
	assert_null(sheets[SHEETS].name);
}

/* What a run writes comes first, in the order of its zip. */
static void
the_sheets_of_a_run_come_first(void **state)
{
	static const char *const files[] = { "accounts.csv", "terms.csv",
		"users.csv", "courses.csv", "sections.csv", "enrollments.csv" };
	const struct sheet_column *column;
	size_t i;

	(void)state;
	for (i = 0; i < SHEETS; i++) {
		if (i < 6)
			assert_string_equal(sheets[i].file, files[i]);
		else
			assert_null(sheets[i].file);
		assert_int_equal(sheets[i].each != NULL, i < 6);
		column = sheets[i].columns;
		for (; column->header != NULL; column++) {
			if (column->cell != NULL)
				assert_true(i < 6);
			else
				assert_null(column->wanted);
		}
	}
}

static void
check_names(const struct sheet *sheet, const char *const *names, size_t max)
{
	size_t i;

	for (i = 0; i < max && names[i] != NULL; i++)
		assert_non_null(
		    sheet_column(sheet, names[i], strlen(names[i])));
}

/* Names in rules are those of columns; of tag files there are none. */
static void
keys_and_conditions_name_columns(void **state)
{
	const struct sheet *sheet;

	(void)state;
	for (sheet = sheets; sheet->name != NULL; sheet++) {
		assert_non_null(sheet->word);
		if (sheet->columns[0].header == NULL)
			continue;
		check_names(sheet, sheet->all, 3);
		check_names(sheet, sheet->any[0], 3);
		check_names(sheet, sheet->any[1], 3);
		check_names(sheet, sheet->key, SHEET_KEY_MAX);
		check_names(sheet, sheet->also, 3);
	}
}

static void
check_column(const struct sheet *sheet, const struct sheet_column *column)
{
	const char *const *word;

	assert_ptr_equal(
	    sheet_column(sheet, column->header, strlen(column->header)),
	    column);
	assert_int_equal(strspn(column->header, "abcdefghijklmnopqrstuvwxyz_"),
	    strlen(column->header));
	assert_int_equal(column->words != NULL, column->value == VALUE_WORD);
	if (column->use & COLUMN_OWN)
		assert_int_equal(column->value, VALUE_ID);
	if (column->one_of > 0)
		assert_false(column->use & COLUMN_NEEDED);
	/* A word never hides behind another that it begins with. */
	for (word = column->words; word != NULL && *word != NULL; word++) {
		if (word[1] != NULL)
			assert_false(
			    strncmp(word[0], word[1], strlen(word[0])) == 0);
	}
}

static void
columns_are_consistent(void **state)
{
	const struct sheet_column *column;
	const struct sheet *sheet;
	size_t own, n;

	(void)state;
	for (sheet = sheets; sheet->name != NULL; sheet++) {
		own = n = 0;
		column = sheet->columns;
		for (; column->header != NULL; column++, n++) {
			check_column(sheet, column);
			own += (column->use & COLUMN_OWN) != 0;
		}
		assert_true(own <= 1);
		assert_true(n < SHEET_COLUMNS_MAX);
	}
	assert_true(SHEET_COLUMNS_MAX <= 32);
}

/* A person's words are marked, so that no message shows them. */
static void
what_is_about_a_person_is_marked(void **state)
{
	static const char *const private[] = { "login_id", "first_name",
		"last_name", "full_name", "sortable_name", "short_name",
		"email", "password", "ssha_password", "pronouns" };
	static const enum sheet_kind kinds[] = { SHEET_USER, SHEET_LOGIN };
	const struct sheet_column *column;
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < sizeof(private) / sizeof(private[0]); i++) {
			column = sheet_column(
			    &sheets[kinds[k]], private[i], strlen(private[i]));
			if (column != NULL)
				assert_true(column->use & COLUMN_PERSON);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_make_the_kind_in_the_order_of_import),
		cmocka_unit_test(every_kind_stands_once_in_the_order_of_import),
		cmocka_unit_test(the_sheets_of_a_run_come_first),
		cmocka_unit_test(keys_and_conditions_name_columns),
		cmocka_unit_test(columns_are_consistent),
		cmocka_unit_test(what_is_about_a_person_is_marked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
