#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "grades/canvas_course.h"

/* A course that is put together from JSON texts. */
struct fixture {
	struct canvas_course canvas;
	struct canvas_section_scores scores;
	struct err err;
};

static void
fixture_open(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	canvas_course_init(&fixture->canvas, "canvas.example.org", "course 17");
}

static void
fixture_close(struct fixture *fixture)
{
	canvas_course_scores_free(&fixture->scores);
	canvas_course_free(&fixture->canvas);
}

typedef int item_fn(void *arg, const struct json *item, struct err *err);

/* Gives one item; the texts have ' for ". */
static int
give(struct fixture *fixture, item_fn *item, void *arg, const char *text)
{
	const struct json_origin origin = { "test", 1 << 20, EXIT_SOURCE };
	struct json *json;
	char *copy, *at;
	int rc;

	copy = mem_strdup(text);
	while ((at = strchr(copy, '\'')) != NULL)
		*at = '"';
	json = json_parse(copy, strlen(copy), &origin, &fixture->err);
	assert_non_null(json);
	rc = item(arg, json, &fixture->err);
	json_free(json);
	free(copy);
	return rc;
}

static void
must(struct fixture *fixture, item_fn *item, const char *text)
{
	int rc;

	rc = give(fixture, item, &fixture->canvas, text);
	if (rc != 0)
		print_error("%s\n", fixture->err.msg);
	assert_int_equal(rc, 0);
}

static void
must_fail(struct fixture *fixture, item_fn *item, const char *text,
    enum exit_code code, const char *words)
{
	fixture->err = (struct err){ 0 };
	assert_int_equal(give(fixture, item, &fixture->canvas, text), -1);
	assert_int_equal(fixture->err.code, code);
	assert_non_null(strstr(fixture->err.msg, words));
	assert_non_null(strstr(fixture->err.msg, "nothing was published"));
	fixture->err = (struct err){ 0 };
}

/* Two sections, a group, two students. */
static void
fill(struct fixture *fixture)
{
	must(fixture, canvas_course_head,
	    "{'id':'17','name':'Biology','course_code':'BIO1',"
	    "'sis_course_id':'c-17','time_zone':'America/New_York',"
	    "'workflow_state':'available','term':{'id':'3','name':'S1',"
	    "'start_at':'2026-08-26T04:00:00Z','end_at':null,"
	    "'sis_term_id':'t-3'}}");
	must(fixture, canvas_course_section,
	    "{'id':'21','name':'One','sis_section_id':'s-21'}");
	must(fixture, canvas_course_section,
	    "{'id':'22','name':'Two','sis_section_id':null}");
	must(fixture, canvas_course_group,
	    "{'id':'31','name':'Quiz','position':2}");
	must(fixture, canvas_course_group,
	    "{'id':'32','name':'Homework','position':1}");
	canvas_course_order_groups(&fixture->canvas);
	must(fixture, canvas_course_enrollment,
	    "{'id':'1','type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'21','user':{'id':'41',"
	    "'sortable_name':'Abara, Ife','sis_user_id':'S100231',"
	    "'login_id':'iabara','integration_id':null}}");
	must(fixture, canvas_course_enrollment,
	    "{'id':'2','type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'42','course_section_id':'21','user':{'id':'42',"
	    "'sortable_name':'Bell, Marcus','sis_user_id':'S100245'}}");
}

static void
a_course_has_its_zone_and_the_dates_of_its_term(void **state)
{
	struct fixture fixture;
	const struct course *course;
	int64_t start;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	course = fixture.canvas.course;
	assert_int_equal(clock_parse("2026-08-26T04:00:00Z", &start), 0);
	assert_string_equal(course->source, "canvas.example.org");
	assert_string_equal(course->sis_id, "c-17");
	assert_string_equal(course->time_zone, "America/New_York");
	assert_string_equal(course->term_sis_id, "t-3");
	assert_true(course->term_start == start);
	assert_true(course->term_end == 0);
	assert_string_equal(fixture.canvas.state, "available");
	assert_string_equal(course->groups[0].name, "Homework");
	assert_string_equal(course->groups[1].name, "Quiz");
	assert_string_equal(course->sections[0].sis_id, "s-21");
	assert_string_equal(course->sections[1].sis_id, "");
	fixture_close(&fixture);
}

static void
a_term_that_is_null_is_unknown(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	must(&fixture, canvas_course_head, "{'id':17,'term':null}");
	assert_string_equal(fixture.canvas.course->id, "17");
	assert_string_equal(fixture.canvas.course->term_name, "");
	assert_true(fixture.canvas.course->term_start == 0);
	fixture_close(&fixture);
}

static void
ids_of_another_shard_keep_all_their_digits_as_number_or_text(void **state)
{
	struct fixture fixture;
	const struct course *course;

	(void)state;
	fixture_open(&fixture);
	course = fixture.canvas.course;
	must(&fixture, canvas_course_section,
	    "{'id':10990000000000021,'name':'One','sis_section_id':'s'}");
	must(&fixture, canvas_course_section,
	    "{'id':'10990000000000021','name':'One','sis_section_id':'s'}");
	must(&fixture, canvas_course_section,
	    "{'id':10990000000000022,'name':'Two','sis_section_id':'t'}");
	assert_int_equal(course->nsections, 2);
	assert_string_equal(course->sections[0].id, "10990000000000021");
	assert_int_equal(course_find_section(course, "10990000000000022"), 1);
	fixture_close(&fixture);
}

static void
sis_ids_that_are_absent_are_withheld_but_null_is_none(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	must_fail(&fixture, canvas_course_section, "{'id':'21','name':'One'}",
	    EXIT_SETTINGS, "may not read SIS data");
	must(&fixture, canvas_course_section,
	    "{'id':'21','name':'One','sis_section_id':null}");
	must_fail(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'21','user':{'id':'41'}}",
	    EXIT_SETTINGS, "sis_user_id");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'21','user':{'id':'41',"
	    "'sis_user_id':null}}");
	/* older answers have it beside the user */
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'42','course_section_id':'21','sis_user_id':'S2'}");
	assert_string_equal(fixture.canvas.course->students[0].sis_id, "");
	assert_string_equal(fixture.canvas.course->students[1].sis_id, "S2");
	fixture_close(&fixture);
}

static void
only_students_count_and_each_once_a_section(void **state)
{
	struct fixture fixture;
	const struct course *course;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	course = fixture.canvas.course;
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentViewEnrollment','enrollment_state':'active',"
	    "'user_id':'99','course_section_id':'21'}");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'TaEnrollment','enrollment_state':'active',"
	    "'user_id':'98','course_section_id':'21'}");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'TeacherEnrollment','enrollment_state':'inactive',"
	    "'user_id':'96','course_section_id':'21','user':"
	    "{'sortable_name':'Gone, Pat'}}");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'TeacherEnrollment','enrollment_state':'active',"
	    "'user_id':'97','course_section_id':'21','user':"
	    "{'sortable_name':'Whitlock, Dana'}}");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'TeacherEnrollment','enrollment_state':'active',"
	    "'user_id':'95','course_section_id':'21','user':"
	    "{'sortable_name':'Second, Sam'}}");
	/* the same one again, and in the other section, concluded */
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'21'}");
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'completed',"
	    "'user_id':'41','course_section_id':'22'}");
	assert_int_equal(course->nstudents, 2);
	assert_int_equal(course->nenrollments, 3);
	assert_true(course->enrollments[0].active);
	assert_false(course->enrollments[2].active);
	assert_string_equal(course->sections[0].teacher, "Whitlock, Dana");
	assert_string_equal(course->sections[1].teacher, "");
	assert_string_equal(course->students[0].sortable_name, "Abara, Ife");
	assert_string_equal(course->students[0].login_id, "iabara");
	must_fail(&fixture, canvas_course_enrollment,
	    "{'enrollment_state':'active','user_id':'43',"
	    "'course_section_id':'21'}",
	    EXIT_SOURCE, "no \"type\"");
	must_fail(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'23'}",
	    EXIT_TEMPORARY, "changed while it was read");
	fixture_close(&fixture);
}

static void
assignments_stand_in_the_order_of_the_gradebook(void **state)
{
	static const char *const want[] = { "51", "54", "53", "52", "55" };
	struct fixture fixture;
	const struct course *course;
	size_t i;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must(&fixture, canvas_course_assignment,
	    "{'id':'52','name':'b','assignment_group_id':'31','position':2}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'53','name':'c','assignment_group_id':'31','position':1}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'55','name':'no group','position':1}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'51','name':'a','assignment_group_id':'32','position':1}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'54','name':'d','assignment_group_id':'32','position':1}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'54','name':'twice','assignment_group_id':'32'}");
	canvas_course_order_assignments(&fixture.canvas);
	course = fixture.canvas.course;
	assert_int_equal(course->nassignments, 5);
	for (i = 0; i < 5; i++) {
		assert_string_equal(course->assignments[i].id, want[i]);
		assert_int_equal(course->assignments[i].place, i);
	}
	assert_int_equal(course->assignments[0].group, 0);
	assert_int_equal(course->assignments[4].group, COURSE_NONE);
	fixture_close(&fixture);
}

static void
an_assignment_keeps_what_canvas_wrote(void **state)
{
	struct fixture fixture;
	const struct course_assignment *row;
	int64_t due;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must(&fixture, canvas_course_assignment,
	    "{'id':5678,'description':'<p>Read &amp; write</p>',"
	    "'due_at':'2026-03-19T03:59:59Z','points_possible':464.0,"
	    "'grading_type':'gpa_scale','assignment_group_id':31,"
	    "'position':1,'post_to_sis':false,'omit_from_final_grade':true,"
	    "'name':'Final Exam','muted':false,'has_overrides':false,"
	    "'published':true,'only_visible_to_overrides':false,"
	    "'post_manually':true}");
	must(&fixture, canvas_course_assignment,
	    "{'id':'2','name':'Old','description':null,'due_at':null,"
	    "'points_possible':null,'workflow_state':'unpublished'}");
	row = fixture.canvas.course->assignments;
	assert_int_equal(clock_parse("2026-03-19T03:59:59Z", &due), 0);
	assert_string_equal(row[0].id, "5678");
	assert_string_equal(row[0].points_possible, "464.0");
	assert_string_equal(row[0].description, "<p>Read &amp; write</p>");
	assert_true(row[0].due_at == due);
	assert_int_equal(row[0].grading_type, GRADING_GPA_SCALE);
	assert_int_equal(row[0].published, COURSE_YES);
	assert_int_equal(row[0].post_to_sis, COURSE_NO);
	assert_int_equal(row[0].omit_from_final_grade, COURSE_YES);
	assert_int_equal(row[0].post_manually, COURSE_YES);
	assert_string_equal(row[1].points_possible, "");
	assert_string_equal(row[1].description, "");
	assert_int_equal(row[1].published, COURSE_NO);
	assert_int_equal(row[1].post_to_sis, COURSE_UNKNOWN);
	assert_int_equal(row[1].group, COURSE_NONE);
	must_fail(&fixture, canvas_course_assignment,
	    "{'id':'3','due_at':'2026-03-19'}", EXIT_SOURCE, "no time");
	must_fail(&fixture, canvas_course_assignment, "{'id':'4','due_at':17}",
	    EXIT_SOURCE, "no time");
	must_fail(&fixture, canvas_course_assignment, "{'name':'x'}",
	    EXIT_SOURCE, "no \"id\"");
	fixture_close(&fixture);
}

static void
a_time_is_read_to_the_second_whatever_its_offset(void **state)
{
	static const struct {
		const char *json;
		const char *want; /* "-": none, NULL: refused */
	} cases[] = {
		{ "'2026-03-19T03:59:59Z'", "2026-03-19T03:59:59Z" },
		{ "'2012-07-01T23:59:00-06:00'", "2012-07-02T05:59:00Z" },
		{ "'2014-08-21T10:40:43.123Z'", "2014-08-21T10:40:43Z" },
		{ "'2014-08-21T10:40:43.9999999+02:00'",
		    "2014-08-21T08:40:43Z" },
		{ "null", "-" },
		{ "''", "-" },
		{ "'2014-08-21T10:40:43.Z'", NULL },
		{ "'2014-08-21T10:40:43'", NULL },
		{ "'2014-08-21'", NULL },
		{ "'2014-02-30T10:40:43Z'", NULL },
		{ "'soon'", NULL },
		{ "'2014-08-21T10:40:43ZZZZZZZZZZZZZZZZZZZZZZZZZZZZ'", NULL },
		{ "'2014-08-21T10:40:43.1ZZZZZZZZZZZZZZZZZZZZZZZZZ'", NULL },
		{ "1408617643", NULL },
		{ "{}", NULL },
	};
	struct fixture fixture;
	char json[128], text[UTC_TEXT_SIZE];
	int64_t due;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_open(&fixture);
		snprintf(json, sizeof(json), "{'id':'1','due_at':%s}",
		    cases[i].json);
		rc = give(
		    &fixture, canvas_course_assignment, &fixture.canvas, json);
		assert_int_equal(rc, cases[i].want == NULL ? -1 : 0);
		due = fixture.canvas.course->assignments[0].due_at;
		if (cases[i].want != NULL && cases[i].want[0] == '-') {
			assert_true(due == 0);
		} else if (cases[i].want != NULL) {
			assert_true(utc_format(due, text));
			assert_string_equal(text, cases[i].want);
		}
		fixture_close(&fixture);
	}
}

/* One row for each override, "section students due". */
static void
describe(const struct course_assignment *row, char *text, size_t size)
{
	size_t i, n;

	text[0] = '\0';
	for (i = 0; i < row->noverrides; i++) {
		n = strlen(text);
		snprintf(text + n, size - n, "%s%d %zu %s", i > 0 ? ", " : "",
		    (int)row->overrides[i].section, row->overrides[i].students,
		    !row->overrides[i].sets_due_at    ? "base" :
			row->overrides[i].due_at == 0 ? "none" :
							"date");
	}
}

static void
overrides_say_for_whom_and_whether_they_set_a_date(void **state)
{
	static const struct {
		const char *json, *want;
		bool mastery_paths, only;
	} cases[] = {
		{ "'overrides':[]", "", false, false },
		{ "'overrides':[{'id':4,'course_section_id':21,"
		  "'due_at':null}]",
		    "0 0 none", false, false },
		{ "'overrides':[{'id':4,'course_section_id':'22',"
		  "'due_at':'2026-03-19T03:59:59Z'},{'id':5,"
		  "'course_section_id':'21','unlock_at':null}]",
		    "1 0 date, 0 0 base", false, false },
		{ "'only_visible_to_overrides':true,'overrides':[{'id':4,"
		  "'student_ids':['41','42'],'due_at':null}]",
		    "-1 2 none", false, true },
		{ "'overrides':[{'group_id':'7','due_at':null}]", "-1 0 none",
		    false, false },
		{ "'only_visible_to_overrides':true,'overrides':[{'id':4,"
		  "'title':'Mastery Paths','noop_id':1}]",
		    "", true, true },
		{ "'only_visible_to_overrides':true,'overrides':[{"
		  "'course_id':'17','due_at':'2026-03-19T03:59:59Z'}]",
		    "", false, false },
		/* a section that is gone */
		{ "'overrides':[{'course_section_id':'29','due_at':null},"
		  "{'course_section_id':'22','due_at':null}]",
		    "1 0 none", false, false },
		/* all_dates where overrides are not given */
		{ "'has_overrides':true,'all_dates':[{'base':true,"
		  "'due_at':null},{'id':1,'set_type':'CourseSection',"
		  "'set_id':'21','due_at':null},{'id':2,'set_type':'ADHOC',"
		  "'set_id':null,'due_at':'2026-03-19T03:59:59Z'},{'id':3,"
		  "'set_type':'Noop','set_id':1,'due_at':null}]",
		    "0 0 none, -1 1 date", true, false },
	};
	struct fixture fixture;
	const struct course_assignment *row;
	char json[1024], text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_open(&fixture);
		fill(&fixture);
		snprintf(json, sizeof(json), "{'id':'5','name':'x',%s}",
		    cases[i].json);
		must(&fixture, canvas_course_assignment, json);
		row = fixture.canvas.course->assignments;
		describe(row, text, sizeof(text));
		assert_string_equal(text, cases[i].want);
		assert_int_equal(row->mastery_paths, cases[i].mastery_paths);
		assert_int_equal(row->only_visible_to_overrides, cases[i].only);
		fixture_close(&fixture);
	}
}

static void
the_date_of_everybody_by_an_override_is_the_date(void **state)
{
	struct fixture fixture;
	int64_t due;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must(&fixture, canvas_course_assignment,
	    "{'id':'5','due_at':null,'only_visible_to_overrides':true,"
	    "'overrides':[{'course_id':'17',"
	    "'due_at':'2026-03-19T03:59:59Z'}]}");
	assert_int_equal(clock_parse("2026-03-19T03:59:59Z", &due), 0);
	assert_true(fixture.canvas.course->assignments[0].due_at == due);
	fixture_close(&fixture);
}

static void
overrides_that_are_withheld_or_unknown_are_a_failure(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must_fail(&fixture, canvas_course_assignment,
	    "{'id':'5','only_visible_to_overrides':true}", EXIT_SOURCE,
	    "does not show");
	must_fail(&fixture, canvas_course_assignment,
	    "{'id':'6','has_overrides':true,'all_dates_count':30}", EXIT_SOURCE,
	    "does not show");
	must_fail(&fixture, canvas_course_assignment,
	    "{'id':'7','overrides':[{'id':1,'planet_id':3}]}", EXIT_SOURCE,
	    "for nobody known");
	fixture_close(&fixture);
}

/* The flags that a submission gets, and what waits for a grade. */
static void
the_state_of_a_submission_is_told_apart(void **state)
{
	enum {
		E = SCORE_EXCUSED,
		L = SCORE_LATE,
		M = SCORE_MISSING,
		S = SCORE_SUBMITTED,
		G = SCORE_GRADED,
		U = SCORE_UNPOSTED,
		N = SCORE_UNASSIGNED
	};
	static const struct {
		const char *json, *score, *grade;
		uint32_t flags, waits;
	} cases[] = {
		{ "'score':10,'grade':'complete','workflow_state':'graded',"
		  "'submitted_at':null,'posted_at':'2020-05-01T19:38:12Z',"
		  "'excused':false,'late':false,'missing':false",
		    "10", "complete", G, 0 },
		{ "'score':99991.02,'grade':'99991.02','late':false,"
		  "'workflow_state':'graded','posted_at':null,"
		  "'submitted_at':'2013-12-12T22:02:22Z'",
		    "99991.02", "99991.02", S | G | U, 0 },
		/* an old server knows no posting */
		{ "'score':8.333333333333334,'grade':'8.33',"
		  "'workflow_state':'graded'",
		    "8.333333333333334", "8.33", G, 0 },
		{ "'score':1e1,'grade':'10','workflow_state':'graded'", "1e1",
		    "10", G, 0 },
		{ "'score':null,'grade':null,'workflow_state':'unsubmitted',"
		  "'posted_at':null",
		    "", "", 0, 0 },
		{ "'score':null,'grade':null,'workflow_state':''", "", "", 0,
		    0 },
		{ "'score':null,'workflow_state':'submitted','late':true,"
		  "'submitted_at':'2026-01-01T00:00:00Z'",
		    "", "", L | S, 1 },
		/* handed in again after it was graded */
		{ "'score':7,'grade':'7','workflow_state':'submitted',"
		  "'submitted_at':'2026-01-01T00:00:00Z',"
		  "'posted_at':'2026-01-01T00:00:00Z',"
		  "'grade_matches_current_submission':false",
		    "7", "7", S | G, 1 },
		/* the quiz has questions that a person must grade */
		{ "'score':3,'grade':null,'workflow_state':'pending_review',"
		  "'posted_at':null,'submitted_at':'2026-01-01T00:00:00Z'",
		    "3", "", S, 1 },
		{ "'score':null,'excused':true,'workflow_state':'graded',"
		  "'late':false,'missing':false,"
		  "'posted_at':'2026-01-01T00:00:00Z'",
		    "", "", E | G, 0 },
		{ "'score':null,'excused':true,'workflow_state':'submitted',"
		  "'submitted_at':'2026-01-01T00:00:00Z'",
		    "", "", E | S, 0 },
		{ "'score':0,'grade':'0','missing':true,"
		  "'late_policy_status':'missing','workflow_state':'graded',"
		  "'posted_at':'2026-01-01T00:00:00Z'",
		    "0", "0", M | G, 0 },
		{ "'late_policy_status':'late','score':5,"
		  "'workflow_state':'graded'",
		    "5", "", L | G, 0 },
		{ "'late_policy_status':'missing','score':null,"
		  "'workflow_state':'unsubmitted'",
		    "", "", M, 0 },
		/* the booleans know better */
		{ "'late_policy_status':'late','late':false,'score':5,"
		  "'workflow_state':'graded'",
		    "5", "", G, 0 },
		{ "'score':5,'workflow_state':'deleted'", "5", "", G | N, 0 },
		{ "'score':null,'workflow_state':'unsubmitted',"
		  "'assignment_visible':false",
		    "", "", N, 0 },
	};
	struct fixture fixture;
	const struct course_score *row;
	char json[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_open(&fixture);
		fill(&fixture);
		must(&fixture, canvas_course_assignment, "{'id':'51'}");
		canvas_course_scores_init(&fixture.scores, &fixture.canvas, 0);
		snprintf(json, sizeof(json),
		    "{'user_id':41,'section_id':21,'submissions':[{"
		    "'assignment_id':51,'user_id':41,%s}]}",
		    cases[i].json);
		assert_int_equal(give(&fixture, canvas_course_submissions,
				     &fixture.scores, json),
		    0);
		assert_int_equal(fixture.canvas.course->nscores, 1);
		row = fixture.canvas.course->scores;
		assert_string_equal(row->score, cases[i].score);
		assert_string_equal(row->grade, cases[i].grade);
		assert_int_equal(row->flags, cases[i].flags);
		assert_int_equal(fixture.canvas.course->assignments[0].ungraded,
		    cases[i].waits);
		fixture_close(&fixture);
	}
}

static void
who_and_what_is_not_in_the_course_is_counted(void **state)
{
	struct fixture fixture;
	void *scores;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must(&fixture, canvas_course_assignment, "{'id':'51'}");
	canvas_course_scores_init(&fixture.scores, &fixture.canvas, 0);
	scores = &fixture.scores;
	assert_int_equal(canvas_course_scores_missing(&fixture.scores), 2);
	assert_int_equal(
	    give(&fixture, canvas_course_submissions, scores,
		"{'user_id':99,'submissions':[{'assignment_id':51}]}"),
	    0);
	assert_int_equal(
	    give(&fixture, canvas_course_submissions, scores,
		"{'user_id':41,'submissions':[{'assignment_id':51},"
		"{'assignment_id':77}]}"),
	    0);
	/* a page that moved brings the same student again */
	assert_int_equal(
	    give(&fixture, canvas_course_submissions, scores,
		"{'user_id':41,'submissions':[{'assignment_id':51}]}"),
	    0);
	assert_int_equal(fixture.canvas.strangers, 1);
	assert_int_equal(fixture.canvas.unlisted, 1);
	assert_int_equal(fixture.canvas.course->nscores, 1);
	assert_int_equal(canvas_course_scores_missing(&fixture.scores), 1);
	/* not grouped by student */
	assert_int_equal(give(&fixture, canvas_course_submissions, scores,
			     "{'user_id':42,'assignment_id':51,'score':1}"),
	    0);
	assert_int_equal(fixture.canvas.course->nscores, 2);
	assert_int_equal(canvas_course_scores_missing(&fixture.scores), 0);
	assert_int_equal(give(&fixture, canvas_course_submissions, scores,
			     "{'user_id':42,'submissions':null}"),
	    -1);
	assert_int_equal(fixture.err.code, EXIT_SOURCE);
	fixture_close(&fixture);
}

static void
what_waits_for_a_grade_counts_once_for_a_student_in_two_sections(void **state)
{
	static const char json[] = "{'user_id':41,'submissions':[{"
				   "'assignment_id':51,'workflow_state':"
				   "'submitted'}]}";
	struct fixture fixture;
	struct canvas_section_scores second;

	(void)state;
	fixture_open(&fixture);
	fill(&fixture);
	must(&fixture, canvas_course_enrollment,
	    "{'type':'StudentEnrollment','enrollment_state':'active',"
	    "'user_id':'41','course_section_id':'22'}");
	must(&fixture, canvas_course_assignment, "{'id':'51'}");
	canvas_course_scores_init(&fixture.scores, &fixture.canvas, 0);
	canvas_course_scores_init(&second, &fixture.canvas, 1);
	assert_int_equal(
	    give(&fixture, canvas_course_submissions, &fixture.scores, json),
	    0);
	assert_int_equal(
	    give(&fixture, canvas_course_submissions, &second, json), 0);
	assert_int_equal(fixture.canvas.course->nscores, 2);
	assert_int_equal(fixture.canvas.course->assignments[0].ungraded, 1);
	canvas_course_scores_free(&second);
	fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_course_has_its_zone_and_the_dates_of_its_term),
		cmocka_unit_test(a_term_that_is_null_is_unknown),
		cmocka_unit_test(
		    ids_of_another_shard_keep_all_their_digits_as_number_or_text),
		cmocka_unit_test(
		    sis_ids_that_are_absent_are_withheld_but_null_is_none),
		cmocka_unit_test(only_students_count_and_each_once_a_section),
		cmocka_unit_test(
		    assignments_stand_in_the_order_of_the_gradebook),
		cmocka_unit_test(an_assignment_keeps_what_canvas_wrote),
		cmocka_unit_test(
		    a_time_is_read_to_the_second_whatever_its_offset),
		cmocka_unit_test(
		    overrides_say_for_whom_and_whether_they_set_a_date),
		cmocka_unit_test(
		    the_date_of_everybody_by_an_override_is_the_date),
		cmocka_unit_test(
		    overrides_that_are_withheld_or_unknown_are_a_failure),
		cmocka_unit_test(the_state_of_a_submission_is_told_apart),
		cmocka_unit_test(who_and_what_is_not_in_the_course_is_counted),
		cmocka_unit_test(
		    what_waits_for_a_grade_counts_once_for_a_student_in_two_sections),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
