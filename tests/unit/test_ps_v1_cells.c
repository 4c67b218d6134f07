#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "roster/tmpl.h"
#include "source/ps_join.h"
#include "source/ps_v1.h"
#include "source/ps_v1_cells.h"

/* What the tests make cells of. */
struct world {
	struct ps_v1_data data;
	struct roster *roster;
	struct ps_v1_maker maker;
};

static void
list(struct world *w, enum ps_v1_kind kind, uint64_t owner, const char *text)
{
	const struct json_origin origin = { "answer", 1 << 20, EXIT_SOURCE };
	struct err err = { 0 };
	struct json *document;
	const char *why;

	document = json_parse(text, strlen(text), &origin, &err);
	assert_non_null(document);
	assert_int_equal(ps_v1_rows_add_list(&w->data.rows[kind], kind, owner,
			     1, document, &why),
	    0);
	json_free(document);
	ps_v1_rows_sort(&w->data.rows[kind], kind);
}

/* One row of a table of which the dcid and the key are known. */
static void
parent(struct world *w, enum table_id t, unsigned key, const char *dcid,
    const char *id)
{
	struct table *table;
	int field;

	table = &w->roster->tables[t];
	field = schema_field(t, "dcid", 4);
	table->bound[field] = table->bound[key] = true;
	table_reserve(table, 1);
	table->columns[field][0] = intern_add(
	    w->roster->intern, dcid, strlen(dcid))
				       .id;
	table->columns[key][0] = intern_add(w->roster->intern, id, strlen(id))
				     .id;
	table->nrows = 1;
}

static int
world_make(void **state)
{
	static struct world w;

	w = (struct world){ .roster = roster_new() };
	w.maker = (struct ps_v1_maker){ .data = &w.data, .roster = w.roster };
	list(&w, PS_V1_SCHOOL, 0,
	    "{\"schools\":{\"school\":{\"id\":5,\"school_number\":\"0110\"}}}");
	list(&w, PS_V1_TERM, 5,
	    "{\"terms\":{\"term\":{\"id\":901,\"school_id\":5,\"start_year\":"
	    "2026,\"start_date\":1787702400000,\"end_date\":\"2027-06-10\"}}}");
	list(&w, PS_V1_SECTION, 5,
	    "{\"sections\":{\"section\":[{\"id\":71,\"course_id\":31,"
	    "\"term_id\":901,\"staff_id\":41},{\"id\":72,\"course_id\":32,"
	    "\"term_id\":902,\"staff_id\":0}]}}");
	list(&w, PS_V1_ENROLLMENT, 71,
	    "{\"section_enrollments\":{\"section_enrollment\":[{\"id\":61,"
	    "\"student_id\":51,\"dropped\":false},{\"id\":62,\"student_id\":"
	    "52,\"dropped\":true}]}}");
	list(&w, PS_V1_STAFF, 5,
	    "{\"staffs\":{\"staff\":[{\"id\":41,\"users_dcid\":8,"
	    "\"school_affiliations\":{\"school_affiliation\":[{\"school_id\":"
	    "4,\"status\":1},{\"school_id\":5,\"status\":2}]}},{\"id\":42,"
	    "\"users_dcid\":9,\"school_affiliations\":\"\"}]}}");
	list(&w, PS_V1_STUDENT, 5,
	    "{\"students\":{\"student\":[{\"id\":51},{\"id\":52,"
	    "\"contact_info\":{\"email\":\"bo@example.org\"}}]}}");
	parent(&w, T_TERM, TERM_ID, "901", "3600");
	parent(&w, T_COURSE, COURSE_NUMBER, "31", "0001");
	parent(&w, T_SECTION, SECTION_ID, "71", "70");
	parent(&w, T_SCHOOLSTAFF, SCHOOLSTAFF_ID, "41", "40");
	parent(&w, T_STUDENT, STUDENT_ID, "51", "50");
	*state = &w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w;
	int kind;

	w = *state;
	ps_v1_cells_end(&w->maker);
	for (kind = 0; kind < PS_V1_KINDS; kind++)
		ps_v1_rows_free(&w->data.rows[kind]);
	roster_free(w->roster);
	return 0;
}

/* A table's column, a row of its kind, and the cell. */
static const struct {
	enum table_id table;
	const char *column;
	size_t row;
	const char *cell;
} cells[] = {
	{ T_TERM, "dcid", 0, "901" },
	{ T_TERM, "id", 0, "901" },
	{ T_TERM, "schoolid", 0, "0110" },
	{ T_TERM, "yearid", 0, "36" },
	{ T_TERM, "firstday", 0, "2026-08-26" },
	{ T_TERM, "lastday", 0, "2027-06-10" },
	/* References become the ids of the other ways. */
	{ T_SECTION, "course_number", 0, "0001" },
	{ T_SECTION, "termid", 0, "3600" },
	{ T_SECTION, "teacher", 0, "40" },
	{ T_SECTION, "schoolid", 0, "0110" },
	/* What is not there is no id of anything else. */
	{ T_SECTION, "course_number", 1, "dcid:32" },
	{ T_SECTION, "termid", 1, "dcid:902" },
	{ T_SECTION, "teacher", 1, "" },
	{ T_SECTIONTEACHER, "sectionid", 0, "70" },
	{ T_SECTIONTEACHER, "teacherid", 0, "40" },
	/* A dropped enrollment has a minus sign. */
	{ T_CC, "sectionid", 0, "70" },
	{ T_CC, "sectionid", 1, "-70" },
	{ T_CC, "termid", 0, "3600" },
	{ T_CC, "studentid", 0, "50" },
	{ T_CC, "studentid", 1, "dcid:52" },
	/* The status is that of the school in whose list it stands. */
	{ T_SCHOOLSTAFF, "status", 0, "2" },
	{ T_SCHOOLSTAFF, "status", 1, "1" },
	{ T_SCHOOLSTAFF, "schoolid", 0, "0110" },
	{ T_USER, "dcid", 1, "9" },
	{ T_STUDENTEMAIL, "email", 1, "bo@example.org" },
};

static void
cells_are_what_other_ways_give(void **state)
{
	struct buf out = { 0 };
	struct world *w;
	size_t i;

	w = *state;
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		out.len = 0;
		ps_v1_cells_put(&w->maker, cells[i].table, cells[i].column,
		    cells[i].row, &out);
		assert_string_equal(buf_str(&out), cells[i].cell);
	}
	buf_free(&out);
}

/* The same when all tables come by v1: then a dcid is the id. */
static const struct {
	enum table_id table;
	const char *column;
	size_t row;
	const char *cell;
} own_cells[] = {
	{ T_SECTION, "course_number", 0, "R-1" },
	{ T_SECTION, "course_number", 1, "dcid:32" },
	{ T_SECTION, "termid", 0, "901" },
	{ T_SECTION, "termid", 1, "dcid:902" },
	{ T_SECTION, "teacher", 0, "41" },
	{ T_CC, "sectionid", 1, "-71" },
	{ T_CC, "studentid", 1, "52" },
};

static void
cells_of_v1_alone_have_dcids(void **state)
{
	struct buf out = { 0 };
	struct world *w;
	size_t i;
	int t;

	w = *state;
	list(w, PS_V1_COURSE, 5,
	    "{\"courses\":{\"course\":{\"id\":31,\"course_number\":"
	    "\"R-1\"}}}");
	for (t = 0; t < TABLES; t++)
		w->maker.by_v1[t] = true;
	for (i = 0; i < sizeof(own_cells) / sizeof(own_cells[0]); i++) {
		out.len = 0;
		ps_v1_cells_put(&w->maker, own_cells[i].table,
		    own_cells[i].column, own_cells[i].row, &out);
		assert_string_equal(buf_str(&out), own_cells[i].cell);
	}
	buf_free(&out);
}

static void
who_was_asked_for_alone_is_not_active(void **state)
{
	struct buf out = { 0 };
	struct world *w;

	w = *state;
	w->data.rows[PS_V1_STAFF].list[1].alone = true;
	ps_v1_cells_put(&w->maker, T_SCHOOLSTAFF, "status", 1, &out);
	assert_string_equal(buf_str(&out), "2");
	/* A school of theirs has a blank status where the table has one. */
	list(w, PS_V1_STAFF, 5,
	    "{\"staffs\":{\"staff\":{\"id\":43,\"school_affiliations\":{"
	    "\"school_affiliation\":{\"school_id\":5}}}}}");
	w->data.rows[PS_V1_STAFF].list[2].alone = true;
	out.len = 0;
	ps_v1_cells_put(&w->maker, T_SCHOOLSTAFF, "status", 2, &out);
	assert_string_equal(buf_str(&out), "");
	buf_free(&out);
}

static void
no_row_without_an_address_or_a_leader(void **state)
{
	struct world *w;

	w = *state;
	assert_true(ps_v1_cells_skips(&w->data, T_STUDENTEMAIL, 0));
	assert_false(ps_v1_cells_skips(&w->data, T_STUDENTEMAIL, 1));
	assert_false(ps_v1_cells_skips(&w->data, T_SECTIONTEACHER, 0));
	assert_true(ps_v1_cells_skips(&w->data, T_SECTIONTEACHER, 1));
	assert_false(ps_v1_cells_skips(&w->data, T_STUDENT, 0));
}

/* A date as it comes and as it goes; the zone is 7 hours behind UTC. */
static const char *const dates[][2] = { { "2026-08-26", "2026-08-26" },
	{ "", "" }, { "soon", "soon" }, { "8/26/2026", "8/26/2026" },
	{ "1787702400000", "2026-08-26" }, /* midnight UTC */
	{ "1787727600000", "2026-08-26" }, /* midnight there */
	{ "1787727599000", "2026-08-25" }, /* a second before */
	{ "0", "1970-01-01" }, { "-86400000", "1969-12-31" },
	{ "9999999999999999", "9999999999999999" } };

static void
a_number_is_a_date_in_milliseconds(void **state)
{
	struct buf out = { 0 };
	struct err err = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(date_use_zone("America/Los_Angeles", "", &err), 0);
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		out.len = 0;
		ps_v1_cells_put_date(&out, dates[i][0]);
		assert_string_equal(buf_str(&out), dates[i][1]);
	}
	buf_free(&out);
}

/* A template, the table that comes by v1, and what is to be written instead;
 * NULL: it will do. */
static const struct {
	const char *text;
	enum table_id table;
	const char *hint;
} templates[] = {
	{ "{school.school_number}-{term.id}", T_TERM, "Write {term.dcid}" },
	{ "{term.dcid}", T_TERM, NULL },
	{ "{term.id}", T_SECTION, NULL },
	{ "{term.name}", T_TERM, NULL },
	{ "{section.id}", T_SECTION, "Write {section.dcid}" },
	{ "{section.external_expression|section.room}", T_SECTION,
	    "field=\"ROOM\"" },
	{ "{section.expression}", T_SECTION, NULL },
	{ "{school.abbreviation}", T_SCHOOL, "field=\"ABBREVIATION\"" },
	{ "{student.id}", T_STUDENT, "Write {student.dcid}" },
	/* What no way gives is blank by every way. */
	{ "{student.email|studentemail.email}", T_STUDENT, NULL },
	{ "{student.email|studentemail.email}", T_STUDENTEMAIL, NULL },
	{ "{user.teacherloginid|user.loginid}", T_USER, NULL },
};

static void
a_template_that_needs_what_v1_lacks_is_refused(void **state)
{
	struct roster *roster;
	struct tmpl *tmpl;
	struct err err;
	size_t i;
	bool refused;

	(void)state;
	for (i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		err = (struct err){ 0 };
		roster = roster_new();
		tmpl = tmpl_compile(templates[i].text, (1U << TABLES) - 1,
		    roster, "x.ini:3: [ids] x", &err);
		assert_non_null(tmpl);
		refused = ps_v1_refuses_templates(
		    roster, templates[i].table, &err);
		assert_int_equal(refused, templates[i].hint != NULL);
		if (refused) {
			assert_int_equal(err.code, EXIT_SETTINGS);
			assert_non_null(strstr(err.msg, "x.ini:3: [ids] x"));
			assert_non_null(strstr(err.hint, templates[i].hint));
		}
		tmpl_free(tmpl);
		roster_free(roster);
	}
}

/* Which tables come by v1, and which one of the rest cannot be joined. */
static const struct {
	enum table_id by_v1[3]; /* ends with TABLES */
	enum table_id child, parent;
} joins[] = {
	{ { TABLES }, TABLES, TABLES },
	{ { T_CC, TABLES }, TABLES, TABLES },
	{ { T_SCHOOL, T_COURSE, TABLES }, TABLES, TABLES },
	{ { T_USER, T_STUDENTEMAIL, TABLES }, TABLES, TABLES },
	{ { T_STUDENT, TABLES }, T_CC, T_STUDENT },
	{ { T_STUDENT, T_CC, TABLES }, TABLES, TABLES },
	{ { T_TERM, TABLES }, T_SECTION, T_TERM },
	{ { T_SECTION, TABLES }, T_SECTIONTEACHER, T_SECTION },
	{ { T_SECTION, T_SECTIONTEACHER, TABLES }, T_CC, T_SECTION },
	{ { T_SCHOOLSTAFF, T_SECTION, TABLES }, T_SECTIONTEACHER,
	    T_SCHOOLSTAFF },
};

static void
rows_that_name_ids_do_not_join_rows_that_have_dcids(void **state)
{
	const struct ps_way *ways[TABLES];
	enum table_id parent;
	struct err err;
	size_t i, j;
	int t;

	(void)state;
	for (i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		for (t = 0; t < TABLES; t++)
			ways[t] = &ps_ways[1];
		for (j = 0; joins[i].by_v1[j] != TABLES; j++)
			ways[joins[i].by_v1[j]] = &ps_ways[2];
		assert_int_equal(ps_join_broken(ways, &parent), joins[i].child);
		if (joins[i].child == TABLES)
			continue;
		assert_int_equal(parent, joins[i].parent);
		err = (struct err){ 0 };
		assert_int_equal(
		    ps_join_fail(ways, joins[i].child, parent, &err), -1);
		assert_int_equal(err.code, EXIT_SOURCE);
		assert_non_null(strstr(err.hint, "field=\"ID\""));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    cells_are_what_other_ways_give, world_make, world_free),
		cmocka_unit_test_setup_teardown(
		    cells_of_v1_alone_have_dcids, world_make, world_free),
		cmocka_unit_test_setup_teardown(
		    who_was_asked_for_alone_is_not_active, world_make,
		    world_free),
		cmocka_unit_test_setup_teardown(
		    no_row_without_an_address_or_a_leader, world_make,
		    world_free),
		cmocka_unit_test(a_number_is_a_date_in_milliseconds),
		cmocka_unit_test(
		    a_template_that_needs_what_v1_lacks_is_refused),
		cmocka_unit_test(
		    rows_that_name_ids_do_not_join_rows_that_have_dcids),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
