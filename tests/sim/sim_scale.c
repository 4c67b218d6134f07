#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_file.h"
#include "sim_scale.h"

/* Where ids begin, so that none is taken for another. */
#define COURSE_FIRST 40001
#define SECTION_FIRST 50001
#define STUDENT_FIRST 60001
#define TEACHER_FIRST 9000001
#define GROUP_STEP 10 /* room for groups of a course */
#define GROUPS 3
#define GROUP_FIRST 700001
#define ASSIGNMENT_FIRST 8000001
#define NUMBER_FIRST 100001 /* student numbers */
#define CLASSES 6	    /* of a student */

/* Spreads a number over all bits (splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static size_t
pool(const struct sim_scale *scale)
{
	size_t n;

	n = scale->courses * scale->sections * scale->students / CLASSES;
	return n < scale->students ? scale->students : n;
}

/* The k-th student of a section. */
static size_t
student_of(const struct sim_scale *scale, size_t section, size_t k)
{
	return (section * scale->students + k) % pool(scale);
}

/* The row of an id; -1: there is none. */
static long
row_of(const char *id, const char *kind, size_t first, size_t count)
{
	unsigned long number;
	char *end;
	size_t len;

	len = strlen(kind);
	if (strncmp(id, kind, len) == 0)
		id += len;
	number = strtoul(id, &end, 10);
	return *end != '\0' || number < first || number - first >= count ?
	    -1 :
	    (long)(number - first);
}

static long
count(void *data, struct sim_ask *ask)
{
	const struct sim_scale *scale = data;
	long row;

	if (ask->kind == LMS_COURSES)
		return (long)scale->courses;
	if (ask->kind == LMS_SUBMISSIONS) {
		row = row_of(ask->id, "sis_section_id:sec-", SECTION_FIRST,
		    scale->courses * scale->sections);
		ask->section = (size_t)row;
		return row < 0 ? -1 : (long)scale->students;
	}
	row = row_of(
	    ask->id, "sis_course_id:sec-", COURSE_FIRST, scale->courses);
	if (row < 0)
		return -1;
	ask->course = (size_t)row;
	switch (ask->kind) {
	case LMS_COURSE:
		return 1;
	case LMS_SECTIONS:
		return (long)scale->sections;
	case LMS_GROUPS:
		return GROUPS;
	case LMS_ASSIGNMENTS:
		return (long)scale->assignments;
	default:
		return (long)(scale->sections * (scale->students + 1));
	}
}

/* Ids as text or as numbers. */
static const char *
quote(const struct sim_ask *ask)
{
	return ask->text_ids ? "\"" : "";
}

static void
put_course(const struct sim_ask *ask, size_t course, struct buf *out)
{
	const char *q = quote(ask);

	buf_printf(out,
	    "{\"id\":%s%zu%s,\"name\":\"Course %zu\",\"course_code\":\"C%zu\","
	    "\"workflow_state\":\"available\",\"time_zone\":"
	    "\"America/Los_Angeles\","
	    "\"apply_assignment_group_weights\":false",
	    q, course + COURSE_FIRST, q, course, course);
	if (!ask->no_sis)
		buf_printf(out,
		    ",\"sis_course_id\":\"sec-%zu\",\"integration_id\":null",
		    course + COURSE_FIRST);
	if (sim_lms_asked(ask, "include[]", "term"))
		buf_printf(out,
		    ",\"enrollment_term_id\":%s7%s,\"term\":{\"id\":%s7%s,"
		    "\"name\":\"2026-2027\",\"start_at\":"
		    "\"2026-08-26T07:00:00Z\",\"end_at\":"
		    "\"2027-06-11T06:59:59Z\",\"sis_term_id\":\"301-3600\"}",
		    q, q, q, q);
	buf_addc(out, '}');
}

static void
put_section(const struct sim_scale *scale, const struct sim_ask *ask, size_t i,
    struct buf *out)
{
	const char *q = quote(ask);
	size_t section;

	section = ask->course * scale->sections + i;
	buf_printf(out,
	    "{\"id\":%s%zu%s,\"course_id\":%s%zu%s,\"name\":\"Course %zu"
	    " (%zu)\",\"nonxlist_course_id\":null",
	    q, section + SECTION_FIRST, q, q, ask->course + COURSE_FIRST, q,
	    ask->course, i + 1);
	if (!ask->no_sis)
		buf_printf(out,
		    ",\"sis_section_id\":\"sec-%zu\",\"integration_id\":null",
		    section + SECTION_FIRST);
	buf_addc(out, '}');
}

static void
put_group(const struct sim_ask *ask, size_t i, struct buf *out)
{
	static const char *const names[GROUPS] = { "Homework", "Quiz", "Test" };
	const char *q = quote(ask);

	buf_printf(out,
	    "{\"id\":%s%zu%s,\"name\":\"%s\",\"position\":%zu,"
	    "\"group_weight\":0.0,\"rules\":{}}",
	    q, ask->course * GROUP_STEP + i + GROUP_FIRST, q, names[i], i + 1);
}

static double
points_of(size_t assignment)
{
	static const double points[] = { 10, 20, 25, 50, 7.5 };

	return points[assignment % 5];
}

static void
put_assignment(const struct sim_scale *scale, const struct sim_ask *ask,
    size_t i, struct buf *out)
{
	static const char *const types[] = { "points", "points", "percent",
		"points", "pass_fail", "points", "letter_grade", "points" };
	static const char *const words[GROUPS] = { "Homework", "Quiz", "Test" };
	const char *q = quote(ask);
	size_t day, k, section;

	day = 1 + i % 28;
	buf_printf(out,
	    "{\"id\":%s%zu%s,\"name\":\"%s %zu\",\"description\":"
	    "\"<p>Pages %zu&ndash;%zu of the <b>book</b>.</p>\","
	    "\"position\":%zu,\"assignment_group_id\":%s%zu%s,"
	    "\"points_possible\":%.1f,\"grading_type\":\"%s\",\"due_at\":"
	    "\"2026-%02zu-%02zuT06:59:59Z\",\"published\":true,"
	    "\"workflow_state\":\"published\",\"omit_from_final_grade\":false,"
	    "\"only_visible_to_overrides\":false,\"has_overrides\":%s,"
	    "\"post_manually\":false,\"muted\":false,\"post_to_sis\":true,"
	    "\"submission_types\":[\"online_upload\"],\"due_date_required\":"
	    "false,\"max_name_length\":255,\"needs_grading_count\":0,"
	    "\"is_quiz_assignment\":false,\"html_url\":"
	    "\"https://canvas.example.org/x\"",
	    q, ask->course * scale->assignments + i + ASSIGNMENT_FIRST, q,
	    words[i % GROUPS], i + 1, i * 3 + 1, i * 3 + 3, i / GROUPS + 1, q,
	    ask->course * GROUP_STEP + i % GROUPS + GROUP_FIRST, q,
	    points_of(i), types[i % 8], 9 + i / 28 % 4, day,
	    i % 8 == 0 ? "true" : "false");
	if (sim_lms_asked(ask, "include[]", "overrides")) {
		buf_adds(out, ",\"overrides\":[");
		for (k = 0; i % 8 == 0 && k < scale->sections; k++) {
			section = ask->course * scale->sections + k +
			    SECTION_FIRST;
			buf_printf(out,
			    "%s{\"id\":%s%zu%s,\"title\":\"Section %zu\","
			    "\"course_section_id\":%s%zu%s,\"due_at\":"
			    "\"2026-%02zu-%02zuT07:59:59Z\"}",
			    k > 0 ? "," : "", q, i * 1000 + k + 1, q, k + 1, q,
			    section, q, 9 + i / 28 % 4, day);
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
}

static void
put_enrollment(const struct sim_scale *scale, const struct sim_ask *ask,
    size_t i, struct buf *out)
{
	const char *q = quote(ask);
	size_t section, k, user;
	bool teacher;

	section = ask->course * scale->sections + i / (scale->students + 1);
	k = i % (scale->students + 1);
	teacher = k == scale->students;
	user = teacher ? section + TEACHER_FIRST :
			 student_of(scale, section, k) + STUDENT_FIRST;
	buf_printf(out,
	    "{\"id\":%s%zu%s,\"type\":\"%s\",\"role\":\"%s\","
	    "\"enrollment_state\":\"active\",\"course_id\":%s%zu%s,"
	    "\"course_section_id\":%s%zu%s,\"user_id\":%s%zu%s,",
	    q, section * 1000 + k + 1, q,
	    teacher ? "TeacherEnrollment" : "StudentEnrollment",
	    teacher ? "TeacherEnrollment" : "StudentEnrollment", q,
	    ask->course + COURSE_FIRST, q, q, section + SECTION_FIRST, q, q,
	    user, q);
	if (!ask->no_sis)
		buf_printf(out, "\"sis_section_id\":\"sec-%zu\",",
		    section + SECTION_FIRST);
	buf_printf(out,
	    "\"user\":{\"id\":%s%zu%s,\"name\":\"Given%zu Family%zu\","
	    "\"sortable_name\":\"Family%zu, Given%zu\",\"login_id\":\"u%zu\"",
	    q, user, q, user, user, user, user, user);
	if (!ask->no_sis && teacher)
		buf_printf(out, ",\"sis_user_id\":\"T%zu\"", user);
	else if (!ask->no_sis)
		buf_printf(out, ",\"sis_user_id\":\"S%07zu\"",
		    user - STUDENT_FIRST + NUMBER_FIRST);
	buf_adds(out, "}}");
}

/* What a submission came to. */
struct outcome {
	bool graded, excused, late, missing, unposted;
	unsigned hundredths; /* of the score */
};

static struct outcome
outcome_of(size_t section, size_t student, size_t assignment)
{
	struct outcome outcome = { 0 };
	uint64_t dice;
	unsigned most;

	dice = mix(mix(section * 1000 + assignment) + student);
	most = (unsigned)(points_of(assignment) * 100);
	outcome.graded = dice % 100 >= 10;
	outcome.excused = dice % 100 >= 10 && dice % 100 < 13;
	outcome.late = dice % 100 >= 13 && dice % 100 < 20;
	outcome.missing = dice % 100 >= 20 && dice % 100 < 24;
	outcome.unposted = dice % 100 >= 24 && dice % 100 < 26;
	outcome.hundredths = outcome.missing ?
	    0 :
	    (unsigned)(dice >> 32) % (most + most / 20) / 25 * 25;
	return outcome;
}

static const char *
yes_no(bool yes)
{
	return yes ? "true" : "false";
}

static void
put_submission(const struct sim_scale *scale, const struct sim_ask *ask,
    size_t student, size_t i, struct buf *out)
{
	struct outcome outcome;
	const char *q = quote(ask);
	char score[24] = "null", grade[32] = "null";
	size_t course;

	outcome = outcome_of(ask->section, student, i);
	course = ask->section / scale->sections;
	if (outcome.graded && !outcome.excused) {
		snprintf(score, sizeof(score), "%u.%02u",
		    outcome.hundredths / 100, outcome.hundredths % 100);
		snprintf(grade, sizeof(grade), "\"%s\"", score);
	}
	buf_printf(out,
	    "{\"id\":%s%zu%s,\"body\":null,\"url\":null,\"grade\":%s,"
	    "\"score\":%s,\"submitted_at\":%s,\"assignment_id\":%s%zu%s,"
	    "\"user_id\":%s%zu%s,\"submission_type\":%s,"
	    "\"workflow_state\":\"%s\","
	    "\"grade_matches_current_submission\":true,\"graded_at\":%s,"
	    "\"grader_id\":null,\"attempt\":1,"
	    "\"cached_due_date\":\"2026-10-01T06:59:59Z\",\"excused\":%s,"
	    "\"late_policy_status\":null,\"points_deducted\":null,"
	    "\"grading_period_id\":null,\"extra_attempts\":null,"
	    "\"posted_at\":%s,\"late\":%s,\"missing\":%s,"
	    "\"seconds_late\":0,\"entered_grade\":%s,\"entered_score\":%s,"
	    "\"preview_url\":\"https://canvas.example.org/preview\"}",
	    q, (ask->section * scale->students + student) % 1000000 + 1, q,
	    grade, score, outcome.missing ? "null" : "\"2026-09-30T16:00:00Z\"",
	    q, course * scale->assignments + i + ASSIGNMENT_FIRST, q, q,
	    student + STUDENT_FIRST, q,
	    outcome.missing ? "null" : "\"online_upload\"",
	    outcome.graded ? "graded" : "submitted",
	    outcome.graded ? "\"2026-10-02T16:00:00Z\"" : "null",
	    yes_no(outcome.excused),
	    outcome.graded && !outcome.unposted ? "\"2026-10-02T16:00:00Z\"" :
						  "null",
	    yes_no(outcome.late), yes_no(outcome.missing), grade, score);
}

static void
put_submissions(const struct sim_scale *scale, const struct sim_ask *ask,
    size_t i, struct buf *out)
{
	const char *q = quote(ask);
	size_t student, k;

	student = student_of(scale, ask->section, i);
	buf_printf(out, "{\"user_id\":%s%zu%s,\"section_id\":%s%zu%s", q,
	    student + STUDENT_FIRST, q, q, ask->section + SECTION_FIRST, q);
	if (!ask->no_sis)
		buf_printf(out,
		    ",\"sis_user_id\":\"S%07zu\",\"integration_id\":null",
		    student + NUMBER_FIRST);
	buf_adds(out, ",\"submissions\":[");
	for (k = 0; k < scale->assignments; k++) {
		if (k > 0)
			buf_addc(out, ',');
		put_submission(scale, ask, student, k, out);
	}
	buf_adds(out, "]}");
}

static void
put(void *data, const struct sim_ask *ask, size_t i, struct buf *out)
{
	const struct sim_scale *scale = data;

	switch (ask->kind) {
	case LMS_COURSES:
		put_course(ask, i, out);
		break;
	case LMS_COURSE:
		put_course(ask, ask->course, out);
		break;
	case LMS_SECTIONS:
		put_section(scale, ask, i, out);
		break;
	case LMS_GROUPS:
		put_group(ask, i, out);
		break;
	case LMS_ASSIGNMENTS:
		put_assignment(scale, ask, i, out);
		break;
	case LMS_ENROLLMENTS:
		put_enrollment(scale, ask, i, out);
		break;
	default:
		put_submissions(scale, ask, i, out);
	}
}

int
sim_scale_crosswalk(
    const struct sim_scale *scale, const char *path, struct err *err)
{
	struct buf text = { 0 };
	size_t i;
	int rc;

	if (path == NULL)
		return 0;
	buf_adds(&text, "sheet,canvas_id,dcid,id,number\n");
	for (i = 0; i < scale->courses * scale->sections; i++)
		buf_printf(&text, "sections,sec-%zu,%zu,%zu,%zu\n",
		    i + SECTION_FIRST, i + SECTION_FIRST, i + 1,
		    i % scale->sections + 1);
	for (i = 0; i < pool(scale); i++)
		buf_printf(&text, "users,S%07zu,%zu,%zu,%zu\n",
		    i + NUMBER_FIRST, i + STUDENT_FIRST, i + 1,
		    i + NUMBER_FIRST);
	rc = sim_file_write(path, buf_str(&text), err);
	buf_free(&text);
	return rc;
}

const struct sim_lms sim_scale_lms = { count, put, NULL };
