#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "source/oneroster_tables.h"
#include "source/oneroster_terms.h"

/* A year of two semesters and four quarters, and what may go wrong. */
static const struct {
	const char *id, *start, *end, *parent, *year;
} sessions[] = {
	{ "Y", "2026-08-26", "2027-06-11", "", "2027" },
	{ "S1", "2026-08-26", "2027-01-23", "Y", "2027" },
	{ "S2", "2027-01-25", "2027-06-11", "Y", "2026-2027" },
	{ "Q1", "2026-08-26", "2026-10-31", "S1", "" },
	{ "Q2", "2026-11-02", "2027-01-23", "S1", "2026/27" },
	{ "Q3", "2027-01-25", "2027-04-03", "S2", "27" },
	{ "SAME", "2026-08-26", "2027-06-11", "Y", "12027" },
	{ "J", "2027-06-15", "2027-07-20", "", "1890" },
	{ "K", "2027-07-01", "2027-07-20", "", "" },
	{ "LOOP", "2026-01-01", "2026-02-01", "LOOP", "2026" },
	{ "BAD", "soon", "2027-06-11", "Y", "2027" },
	{ "NEVER", "soon", "2027-06-11", "Y", "some" },
};

static void
put(struct table *table, unsigned field, uint32_t row, struct intern *intern,
    const char *text)
{
	table->columns[field][row] = intern_add(intern, text, strlen(text)).id;
}

static struct roster *
read_sessions(struct intern *intern, struct key_index *by_id)
{
	struct roster *files;
	struct table *table;
	uint32_t row;
	size_t n, f;

	n = sizeof(sessions) / sizeof(sessions[0]);
	files = roster_new_of(oneroster_tables, OR_TABLES, intern);
	table = &files->tables[OR_SESSION];
	for (f = 0; oneroster_tables[OR_SESSION].fields[f].name != NULL; f++)
		table->bound[f] = true;
	table_reserve(table, n);
	table->nrows = n;
	for (row = 0; row < n; row++) {
		put(table, OR_SOURCEDID, row, intern, sessions[row].id);
		put(table, OR_SESSION_PARENT, row, intern,
		    sessions[row].parent);
		put(table, OR_SESSION_YEAR, row, intern, sessions[row].year);
		table->columns[OR_SESSION_START][row] = (uint32_t)date_parse(
		    sessions[row].start, strlen(sessions[row].start));
		table->columns[OR_SESSION_END][row] = (uint32_t)date_parse(
		    sessions[row].end, strlen(sessions[row].end));
	}
	key_index_build(by_id, table->columns[OR_SOURCEDID], n);
	return files;
}

static void
a_class_belongs_to_the_shortest_session_that_covers_it(void **state)
{
	static const struct {
		const char *list, *chosen;
		bool there, cut;
	} cases[] = {
		{ "Q1", "Q1", true, false },
		{ " Q1 ", "Q1", true, false },
		{ "SAME", "SAME", true, false }, /* not its parent */
		{ "Y,S1", "Y", true, false },
		{ "S1,Y", "Y", true, false },
		{ "S1,S2", "Y", true, false },	/* their parent */
		{ "Q1,Q2", "S1", true, false }, /* not the whole year */
		{ "Q2, Q1", "S1", true, false },
		{ "Q1,Q3", "Y", true, false },
		{ "Q1,Q1", "Q1", true, false },
		{ "S2,J", "S2", true, true }, /* none covers: the longest */
		{ "J,S2", "S2", true, true },
		{ "LOOP,J", "J", true, true },
		{ "S1,NONE", "NONE", false, false },
		{ "NONE,OTHER", "NONE", false, false },
		{ "", "", false, false },
		{ " , ,", "", false, false },
		{ "S1,BAD", "BAD", true, false }, /* held, the class too */
		{ "BAD,S1", "BAD", true, false },
	};
	struct key_index by_id = { 0 };
	char digits[SYM_DIGITS];
	struct class_term term;
	struct intern *intern;
	struct roster *files;
	struct str id;
	size_t i;

	(void)state;
	intern = intern_new();
	files = read_sessions(intern, &by_id);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		term = oneroster_terms_choose(files, &by_id,
		    (struct str){ cases[i].list, strlen(cases[i].list) });
		id = intern_text(intern, term.id, digits);
		if (id.len != strlen(cases[i].chosen) ||
		    memcmp(id.bytes, cases[i].chosen, id.len) != 0 ||
		    (term.row != ROW_NONE) != cases[i].there ||
		    term.cut != cases[i].cut)
			fail_msg("\"%s\": %.*s%s", cases[i].list, (int)id.len,
			    id.bytes, term.cut ? ", cut" : "");
	}
	key_index_free(&by_id);
	roster_free(files);
	intern_free(intern);
}

static void
a_school_year_is_the_one_in_which_it_ends(void **state)
{
	static const int years[] = { 2027, 2027, 2027, 2027, 2027, 2027, 2027,
		2027, 2028, 2026, 2027, 0 };
	struct key_index by_id = { 0 };
	struct intern *intern;
	struct roster *files;
	uint32_t row;
	int by_day;

	(void)state;
	intern = intern_new();
	files = read_sessions(intern, &by_id);
	assert_int_equal(sizeof(years) / sizeof(years[0]),
	    sizeof(sessions) / sizeof(sessions[0]));
	for (row = 0; row < sizeof(years) / sizeof(years[0]); row++) {
		if (oneroster_terms_year(files, row, &by_day) != years[row])
			fail_msg("%s: %d", sessions[row].id,
			    oneroster_terms_year(files, row, &by_day));
	}
	key_index_free(&by_id);
	roster_free(files);
	intern_free(intern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_class_belongs_to_the_shortest_session_that_covers_it),
		cmocka_unit_test(a_school_year_is_the_one_in_which_it_ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
