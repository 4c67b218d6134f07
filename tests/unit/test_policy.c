#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"

/* A policy of some settings; NULL is none. */
static void
assert_refused(
    const char *const *settings, const char *now_text, const char *what)
{
	struct policy policy;
	struct err err = { 0 };
	struct roster *roster;
	struct conf *conf;
	int64_t now;

	assert_int_equal(date_use_zone("America/Los_Angeles", "test", &err), 0);
	assert_int_equal(clock_parse(now_text, &now), 0);
	conf = conf_load(NULL, settings_options, settings, &err);
	assert_non_null(conf);
	roster = roster_new();
	assert_int_equal(policy_load(&policy, conf, roster, now, &err), -1);
	assert_int_equal(err.code, EXIT_SETTINGS);
	if (strstr(err.msg, what) == NULL)
		fail_msg("%s", err.msg);
	assert_true(strlen(err.hint) > 10);
	policy_free(&policy);
	roster_free(roster);
	conf_free(conf);
}

static void
the_school_year_turns_over_on_1_july_local_time(void **state)
{
	static const struct {
		const char *now, *year; /* the setting */
		int want;
		const char *text;
	} cases[] = {
		{ "2026-11-23T12:00:00Z", NULL, 2026, "2026-2027" },
		{ "2027-06-30T12:00:00Z", NULL, 2026, "2026-2027" },
		{ "2027-07-01T06:59:59Z", NULL, 2026, "2026-2027" },
		{ "2027-07-01T07:00:00Z", NULL, 2027, "2027-2028" },
		{ "2027-01-01T00:00:00Z", NULL, 2026, "2026-2027" },
		{ "2026-11-23T12:00:00Z", "district.year=2031", 2031,
		    "2031-2032" },
		{ "2026-11-23T12:00:00Z", "district.year=1991", 1991,
		    "1991-1992" },
	};
	const char *settings[2] = { NULL };
	struct policy policy;
	struct err err = { 0 };
	struct roster *roster;
	struct conf *conf;
	int64_t now;
	size_t i;

	(void)state;
	assert_int_equal(date_use_zone("America/Los_Angeles", "test", &err), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		settings[0] = cases[i].year;
		conf = conf_load(NULL, settings_options, settings, &err);
		roster = roster_new();
		assert_int_equal(clock_parse(cases[i].now, &now), 0);
		assert_int_equal(
		    policy_load(&policy, conf, roster, now, &err), 0);
		assert_int_equal(policy.year, cases[i].want);
		assert_string_equal(policy.year_text, cases[i].text);
		assert_int_equal(policy.yearid.id,
		    sym_of_number((uint32_t)(cases[i].want - 1990)).id);
		assert_int_equal(policy.today, date_at(now));
		policy_free(&policy);
		roster_free(roster);
		conf_free(conf);
	}
	assert_refused(NULL, "1991-06-30T12:00:00Z",
	    "the school year 1990 is before PowerSchool's first");
}

static struct str
str_of(const char *text)
{
	return (struct str){ text, strlen(text) };
}

static void
a_list_names_texts_whole_or_by_their_start(void **state)
{
	static const char *const settings[] = {
		"exclude.courses=HR, PE*, ,A B,*X, MATH 1*", NULL
	};
	static const struct {
		const char *text;
		bool listed;
	} cases[] = {
		{ "HR", true },
		{ "HR1", false },
		{ "hr", false },
		{ "H", false },
		{ "PE", true },
		{ "PE101", true },
		{ "P", false },
		{ "APE", false },
		{ "A B", true },
		{ "A", false },
		{ "*X", true },
		{ "X", false },
		{ "MATH 1", true },
		{ "MATH 10", true },
		{ "MATH", false },
		{ "", false },
	};
	static const char *const all[] = { "exclude.courses=*", NULL };
	struct district d;
	size_t i;

	(void)state;
	district_settle(&d, settings);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (policy_lists(&d.policy.courses, str_of(cases[i].text)) !=
		    cases[i].listed)
			fail_msg("%s", cases[i].text);
	}
	assert_false(policy_lists(&d.policy.schools, str_of("HR")));
	district_free(&d);
	district_settle(&d, all);
	assert_true(policy_lists(&d.policy.courses, str_of("")));
	assert_true(policy_lists(&d.policy.courses, str_of("x")));
	district_free(&d);
}

/* "" is no enrollment. */
static const char *
role_name(const struct district *d, const char *id, const char *name)
{
	uint8_t role;

	role = policy_role(&d->policy, str_of(id), str_of(name));
	return role == ROLE_NONE ? "" : d->policy.roles[role];
}

static void
delivered_roles_have_their_canvas_roles(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "Lead Teacher", "teacher" },
		{ "LEAD-TEACHER", "teacher" },
		{ "Co-teacher", "teacher" },
		{ "co teacher", "teacher" },
		{ "Job Share", "teacher" },
		{ "Job Share Teacher", "teacher" },
		{ "Teacher's Aide", "ta" },
		{ "Teachers Aide", "ta" },
		{ "Teacher Aide", "ta" },
		{ "Aide", "ta" },
		{ "Class Observer", "" },
		{ "Observer", "" },
		/* Unknown ones give no row. */
		{ "Student Teacher", "" },
		{ "Teacher", "" },
		{ "", "" },
		{ "12", "" },
		{ "Co-teacher 2", "teacher" },
		{ "Cot\u00e9acher", "" },
	};
	struct district d;
	size_t i;

	(void)state;
	district_settle(&d, NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    role_name(&d, "5", cases[i].name), cases[i].want);
	assert_int_equal(policy_coteacher_role(&d.policy), ROLE_TEACHER);
	district_free(&d);
}

static void
settings_give_other_roles_by_id_or_name(void **state)
{
	static const char *const settings[] = { "roles.Co-teacher=TA",
		"roles.7=Intern", "roles.Student Teacher=Intern",
		"roles.Intern\u00e9=intern", "roles.Aide=none",
		"roles.8=Designer", "roles.Lead Teacher=ta", NULL };
	static const struct {
		const char *id, *name, *want;
	} cases[] = {
		{ "2", "Co-teacher", "ta" },
		{ "7", "", "Intern" },
		{ "7", "Co-teacher", "Intern" },
		{ "07", "Unknown", "" },
		{ "9", "student teacher", "Intern" },
		/* A custom role's name counts as it is spelled. */
		{ "9", "INTERN\u00c9", "intern" },
		{ "9", "Aide", "" },
		{ "9", "Teacher's Aide", "ta" },
		{ "8", "Lead", "designer" },
		/* The lead teacher is a teacher whatever is said. */
		{ "1", "Lead Teacher", "teacher" },
		{ "7", "Lead Teacher", "teacher" },
	};
	struct district d;
	size_t i;

	(void)state;
	district_settle(&d, settings);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(role_name(&d, cases[i].id, cases[i].name),
			cases[i].want) != 0)
			fail_msg("%s %s is %s", cases[i].id, cases[i].name,
			    role_name(&d, cases[i].id, cases[i].name));
	}
	assert_int_equal(policy_coteacher_role(&d.policy), ROLE_TA);
	district_free(&d);
}

static void
too_many_roles_are_refused_not_dropped(void **state)
{
	char text[ROLES_MAX][64];
	const char *settings[ROLES_MAX + 1] = { NULL };
	struct district d;
	int i;

	(void)state;
	for (i = 0; i < ROLES_MAX - ROLE_CUSTOM; i++) {
		snprintf(text[i], sizeof(text[i]), "roles.%d=Role %d", i, i);
		settings[i] = text[i];
	}
	district_settle(&d, settings);
	assert_int_equal(d.policy.nroles, ROLES_MAX);
	assert_string_equal(role_name(&d, "58", ""), "Role 58");
	district_free(&d);
	/* A further line is all right while its role is known. */
	settings[i] = "roles.x=ta";
	district_settle(&d, settings);
	assert_string_equal(role_name(&d, "x", ""), "ta");
	district_free(&d);
	snprintf(text[i], sizeof(text[i]), "roles.x=One More");
	settings[i] = text[i];
	assert_refused(settings, "2026-11-23", "[roles] names more than");
}

static void
as_many_lines_as_one_likes_may_name_the_known_roles(void **state)
{
	char text[200][32];
	const char *settings[201] = { NULL };
	struct district d;
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		snprintf(text[i], sizeof(text[i]), "roles.%d=ta", i);
		settings[i] = text[i];
	}
	district_settle(&d, settings);
	assert_string_equal(role_name(&d, "199", ""), "ta");
	assert_int_equal(d.policy.nroles, ROLE_CUSTOM);
	district_free(&d);
}

static void
schools_stand_under_the_accounts_that_are_named(void **state)
{
	static const char *const settings[] = {
		"accounts.100 = elem , Elementary Schools, x",
		"accounts.200 = elem", "accounts.300 = high",
		"accounts.400 = high, High Schools", "accounts.500 = ,", NULL
	};
	const struct account_group *group;
	struct district d;

	(void)state;
	district_settle(&d, settings);
	assert_int_equal(d.policy.ngroups, 2);
	group = policy_group(&d.policy, str_of("100"));
	assert_string_equal(group->id, "elem");
	assert_string_equal(group->name, "Elementary Schools");
	assert_ptr_equal(policy_group(&d.policy, str_of("200")), group);
	group = policy_group(&d.policy, str_of("300"));
	assert_string_equal(group->id, "high");
	assert_string_equal(group->name, "High Schools");
	assert_null(policy_group(&d.policy, str_of("500")));
	assert_null(policy_group(&d.policy, str_of("10")));
	assert_null(policy_group(&d.policy, str_of("")));
	district_free(&d);
}

/* A template reaches what its row refers to and nothing else. */
static void
a_template_reaches_what_its_row_refers_to(void **state)
{
	static const struct {
		const char *setting;
		const char *wrong; /* NULL: it is good */
	} cases[] = {
		{ "ids.account={school.dcid}", NULL },
		{ "ids.account={term.id}", "no \"term\" here" },
		{ "ids.term={term.id}{school.name}", NULL },
		{ "ids.term={course.code}", "no \"course\" here" },
		{ "ids.section={section.dcid}{course.code}{term.id}"
		  "{school.id}{user.dcid}",
		    NULL },
		{ "ids.section={student.dcid}", "no \"student\" here" },
		{ "ids.student={student.dcid}{studentemail.email}"
		  "{school.id}",
		    NULL },
		{ "ids.student={user.dcid}", "no \"user\" here" },
		{ "ids.staff={user.dcid}{school.id}", NULL },
		{ "ids.staff={student.dcid}", "no \"student\" here" },
		{ "names.course_long={section.room}", NULL },
		{ "names.course_long={cc.id}", "no \"cc\" here" },
		{ "users.staff_email={user.email}", "no \"email\" here" },
	};
	const char *settings[2] = { NULL };
	struct district d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		settings[0] = cases[i].setting;
		if (cases[i].wrong == NULL) {
			district_settle(&d, settings);
			district_free(&d);
		} else {
			assert_refused(settings, "2026-11-23", cases[i].wrong);
			assert_refused(settings, "2026-11-23", "-o ");
		}
	}
}

/* In mode course one course has many sections. */
static void
in_mode_course_a_course_does_not_reach_a_section(void **state)
{
	static const char *const wrong[] = { "courses.mode=course",
		"ids.course={section.dcid}", NULL };
	static const char *const right[] = { "courses.mode=course",
		"ids.course={school.id}{term.id}{course.code}", NULL };
	struct district d;

	(void)state;
	assert_refused(wrong, "2026-11-23", "no \"section\" here");
	district_settle(&d, right);
	assert_int_equal(d.policy.course_mode, COURSE_PER_NUMBER);
	district_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_school_year_turns_over_on_1_july_local_time),
		cmocka_unit_test(a_list_names_texts_whole_or_by_their_start),
		cmocka_unit_test(delivered_roles_have_their_canvas_roles),
		cmocka_unit_test(settings_give_other_roles_by_id_or_name),
		cmocka_unit_test(too_many_roles_are_refused_not_dropped),
		cmocka_unit_test(
		    as_many_lines_as_one_likes_may_name_the_known_roles),
		cmocka_unit_test(
		    schools_stand_under_the_accounts_that_are_named),
		cmocka_unit_test(a_template_reaches_what_its_row_refers_to),
		cmocka_unit_test(
		    in_mode_course_a_course_does_not_reach_a_section),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
