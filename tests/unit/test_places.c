#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "canvas/places.h"

#define COURSES_CSV "course_id,short_name,account_id,term_id,status\n"
#define SECTIONS_CSV "section_id,course_id,name,status\n"

static struct diff_input
input_of(struct diff_file *file, const char *text)
{
	*file = (struct diff_file){ "a.csv", text, strlen(text), false };
	return (struct diff_input){ file, text[0] == '\0' ? 0 : 1 };
}

static struct str
str_of(const char *text)
{
	return (struct str){ text, strlen(text) };
}

static struct places *
read_texts(struct intern *intern, const char *courses, const char *sections,
    struct err *err)
{
	struct diff_file files[2];
	struct diff_input inputs[2];

	inputs[0] = input_of(&files[0], courses);
	inputs[1] = input_of(&files[1], sections);
	return places_read(intern, &inputs[0], &inputs[1], err);
}

/* "300/fall", or "?" for a row that the package lacks. */
static void
assert_place(const struct intern *intern, struct place place, const char *want)
{
	char digits[2][SYM_DIGITS], got[64];
	struct str school, term;

	school = intern_text(intern, place.school, digits[0]);
	term = intern_text(intern, place.term, digits[1]);
	snprintf(got, sizeof(got), "%.*s/%.*s", (int)school.len, school.bytes,
	    (int)term.len, term.bytes);
	assert_string_equal(place.number == PLACE_NOWHERE ? "?" : got, want);
}

static void
a_section_is_where_its_course_is(void **state)
{
	static const char courses[] = COURSES_CSV
	    "c1,x,300,fall,active\n"
	    "2,x,400,fall,active\n"
	    "\"c,3\",\"x\n\", 300 ,spring,active\n"
	    "c4,x,,,active\n"
	    ",x,300,fall,active\n";
	static const char sections[] = SECTIONS_CSV "s1,c1,x,active\n"
						    "002,2,x,active\n"
						    "s3,\"c,3\",x,active\n"
						    "s4,c4,x,active\n"
						    "s5,nowhere,x,active\n"
						    "s6,,x,active\n";
	static const struct {
		const char *id, *want;
	} cases[] = {
		{ "s1", "300/fall" },
		{ "002", "400/fall" },
		{ "s3", "300/spring" },
		{ "s4", "/" },
		{ "s5", "?" }, /* its course is not there */
		{ "s6", "?" },
		{ "s7", "?" },
		{ "2", "?" },
		{ "", "?" },
	};
	struct err err = { 0 };
	struct places *places;
	struct intern *intern;
	size_t i;

	(void)state;
	intern = intern_new();
	places = read_texts(intern, courses, sections, &err);
	assert_non_null(places);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_place(intern,
		    places_of_section(places, str_of(cases[i].id)),
		    cases[i].want);
	assert_place(
	    intern, places_of_course(places, str_of("c,3")), "300/spring");
	assert_place(intern, places_of_course(places, str_of("s1")), "?");
	assert_int_equal(places_count(places), 4);
	for (i = 0; i < places_count(places); i++)
		assert_int_equal(places_at(places, (uint32_t)i).number, i);
	places_free(places);
	intern_free(intern);
}

static void
a_term_has_a_school_when_all_its_courses_agree(void **state)
{
	static const char courses[] = COURSES_CSV "c1,x,300,one,active\n"
						  "c2,x,300,one,active\n"
						  "c3,x,300,two,active\n"
						  "c4,x,400,two,active\n"
						  "c5,x,300,two,active\n"
						  "c6,x,,root,active\n";
	static const struct {
		const char *term, *school;
	} cases[] = {
		{ "one", "300" },
		{ "two", "" },
		{ "root", "" },
		{ "none", "" },
		{ "", "" },
	};
	char digits[SYM_DIGITS];
	struct err err = { 0 };
	struct places *places;
	struct intern *intern;
	struct str school;
	size_t i;

	(void)state;
	intern = intern_new();
	places = read_texts(intern, courses, "", &err);
	assert_non_null(places);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		school = intern_text(intern,
		    places_school_of_term(places, str_of(cases[i].term)),
		    digits);
		assert_int_equal(school.len, strlen(cases[i].school));
		assert_memory_equal(school.bytes, cases[i].school, school.len);
	}
	places_free(places);
	intern_free(intern);
}

static void
a_package_without_the_sheets_has_no_places(void **state)
{
	struct err err = { 0 };
	struct places *places;
	struct intern *intern;

	(void)state;
	intern = intern_new();
	places = read_texts(intern, "", "", &err);
	assert_non_null(places);
	assert_int_equal(places_count(places), 0);
	assert_place(intern, places_of_section(places, str_of("s1")), "?");
	places_free(places);
	places = read_texts(intern, COURSES_CSV, SECTIONS_CSV, &err);
	assert_non_null(places);
	assert_int_equal(places_count(places), 0);
	places_free(places);
	places_free(NULL);
	intern_free(intern);
}

static void
a_damaged_sheet_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *courses, *sections, *want;
	} cases[] = {
		{ COURSES_CSV "c1,\"x\n", "", "a.csv:2:" },
		{ "", SECTIONS_CSV "s1,c1,x,active\ns2,c\"1,x,active\n",
		    "a.csv:3:" },
	};
	struct places *places;
	struct intern *intern;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		intern = intern_new();
		places = read_texts(
		    intern, cases[i].courses, cases[i].sections, &err);
		assert_null(places);
		assert_int_equal(err.code, EXIT_SOURCE);
		assert_non_null(strstr(err.msg, cases[i].want));
		intern_free(intern);
	}
}

/* Both packages' places, and what events say about them. */
struct seen {
	struct intern *intern;
	struct places *places[2];
	enum sheet_kind kind;
	struct buf text;
};

static int
note_event(void *arg, const struct diff_event *event, struct err *err)
{
	static const char *const changes[] = { "+", "-", "~" };
	char digits[SYM_DIGITS];
	struct place place;
	struct seen *seen;
	struct str text;
	enum diff_version v;

	(void)err;
	seen = arg;
	buf_adds(&seen->text, changes[event->change]);
	for (v = DIFF_OLD; v <= DIFF_NEW; v++) {
		if (event->record[v].bytes == NULL)
			continue;
		place = places_of_event(seen->places[v], seen->kind, event, v);
		text = intern_text(seen->intern, place.school, digits);
		buf_addc(&seen->text, ' ');
		buf_add(&seen->text, text.bytes, text.len);
		text = intern_text(seen->intern, place.term, digits);
		buf_addc(&seen->text, '/');
		buf_add(&seen->text, text.bytes, text.len);
	}
	buf_addc(&seen->text, '\n');
	return 0;
}

static void
events_are_placed_by_the_package_that_has_the_row(void **state)
{
	static const char *const packages[2][2] = {
		{ COURSES_CSV "c1,x,300,fall,active\nc2,x,300,fall,active\n",
		    SECTIONS_CSV "s1,c1,x,active\ns2,c2,x,active\n" },
		{ COURSES_CSV "c1,x,400,fall,active\n"
			      "c3,x,400,spring,active\n",
		    SECTIONS_CSV "s1,c1,x,active\ns3,c3,x,active\n" },
	};
	static const struct {
		enum sheet_kind kind;
		const char *old, *new, *want;
	} cases[] = {
		{ SHEET_COURSE, NULL, NULL,
		    "~ 300/fall 400/fall\n- 300/fall\n+ 400/spring\n" },
		{ SHEET_SECTION, NULL, NULL, "- 300/fall\n+ 400/spring\n" },
		{ SHEET_ENROLLMENT,
		    "section_id,user_id,role,status\n"
		    "s1,u,student,active\ns2,u,student,active\n",
		    "section_id,user_id,role,status\n"
		    "s1,u,student,completed\ns3,u,student,active\n",
		    "~ 300/fall 400/fall\n- 300/fall\n+ 400/spring\n" },
		{ SHEET_TERM, "term_id,name,status\nfall,F,active\n",
		    "term_id,name,status\nspring,S,active\n",
		    "- 300/fall\n+ 400/spring\n" },
		{ SHEET_ACCOUNT,
		    "account_id,parent_account_id,name\n"
		    "300,,A\n400,,B\n",
		    "account_id,parent_account_id,name\n"
		    "300,,C\n500,,D\n",
		    "~ 300/ 300/\n- 400/\n+ 500/\n" },
		{ SHEET_USER, "user_id,login_id\nu1,a\n",
		    "user_id,login_id\nu2,a\n", "- /\n+ /\n" },
	};
	struct diff_file files[2];
	struct diff_input inputs[2];
	struct seen seen = { 0 };
	struct diff_sink sink = { &seen, note_event };
	size_t i, v;

	(void)state;
	seen.intern = intern_new();
	for (v = 0; v < 2; v++) {
		struct err err = { 0 };

		seen.places[v] = read_texts(
		    seen.intern, packages[v][0], packages[v][1], &err);
		assert_non_null(seen.places[v]);
	}
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		seen.kind = cases[i].kind;
		seen.text.len = 0;
		for (v = 0; v < 2; v++)
			inputs[v] = input_of(&files[v],
			    cases[i].old == NULL ?
				packages[v][seen.kind == SHEET_SECTION] :
				v == 0 ? cases[i].old :
					 cases[i].new);
		assert_int_equal(diff_sheets(&sheets[seen.kind], &inputs[0],
				     &inputs[1], &sink, NULL, &err),
		    0);
		assert_string_equal(buf_str(&seen.text), cases[i].want);
	}
	buf_free(&seen.text);
	places_free(seen.places[0]);
	places_free(seen.places[1]);
	intern_free(seen.intern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_is_where_its_course_is),
		cmocka_unit_test(
		    a_term_has_a_school_when_all_its_courses_agree),
		cmocka_unit_test(a_package_without_the_sheets_has_no_places),
		cmocka_unit_test(a_damaged_sheet_is_refused_with_its_place),
		cmocka_unit_test(
		    events_are_placed_by_the_package_that_has_the_row),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
