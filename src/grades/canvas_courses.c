#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "grades/canvas_course.h"
#include "grades/canvas_courses.h"
#include "grades/canvas_field.h"

#define PER_PAGE 100 /* Canvas cuts it to what it likes */
/* A page of submissions has so many at most, for it is held as a whole. */
#define SUBMISSIONS_A_PAGE 4000
#define STUDENTS_A_PAGE_MIN 5

/* The courses that a list has. */
struct listing {
	char **ids;
	size_t count, cap;
	uint64_t unpublished;
};

/* Adds a text as a part of a path or a query. */
static void
add_encoded(struct buf *path, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-_.~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_addc(path, *text);
		else
			buf_printf(
			    path, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

/* An id as Canvas takes it in a path: a SIS id keeps its kind readable. */
static void
add_id(struct buf *path, const char *id)
{
	size_t len;

	len = strncmp(id, "sis_", 4) == 0 ? strcspn(id, ":") : 0;
	if (id[len] == ':') {
		buf_add(path, id, len + 1);
		id += len + 1;
	}
	add_encoded(path, id);
}

static bool
is_published(const char *state)
{
	/* An answer that does not say was asked for published ones. */
	return state == NULL || state[0] == '\0' ||
	    strcmp(state, "available") == 0 || strcmp(state, "completed") == 0;
}

static int
list_course(void *arg, const struct json *item, struct err *err)
{
	struct listing *listing = arg;
	const char *id;
	size_t i;

	id = canvas_field_id(item, "id", "a course", err);
	if (id == NULL)
		return -1;
	if (!is_published(canvas_field_text(item, "workflow_state"))) {
		listing->unpublished++;
		return 0;
	}
	for (i = 0; i < listing->count; i++) {
		if (strcmp(listing->ids[i], id) == 0)
			return 0;
	}
	listing->ids = mem_grow(
	    listing->ids, listing->count, &listing->cap, sizeof(*listing->ids));
	listing->ids[listing->count++] = mem_strdup(id);
	return 0;
}

static void
listing_free(struct listing *listing)
{
	size_t i;

	for (i = 0; i < listing->count; i++)
		free(listing->ids[i]);
	free(listing->ids);
}

/* The courses of a term, or all. */
static int
list_courses(struct canvas_api *api, const struct canvas_which *which,
    struct listing *listing, struct err *err)
{
	struct buf path = { 0 };
	struct canvas_api_list list = { .what = "the list of courses",
		.item = list_course,
		.arg = listing };
	int rc;

	buf_adds(&path,
	    "/api/v1/accounts/self/courses?published=true"
	    "&with_enrollments=true");
	if (which->sis_term_id != NULL) {
		buf_adds(&path, "&enrollment_term_id=sis_term_id:");
		add_encoded(&path, which->sis_term_id);
	}
	buf_printf(&path, "&per_page=%d", PER_PAGE);
	list.path = buf_str(&path);
	canvas_api_read(api, &list);
	rc = canvas_api_run(api, err);
	buf_free(&path);
	return rc;
}

/* A course that is being read. */
struct reading {
	struct canvas_api *api;
	const char *id; /* as it is asked for */
	struct canvas_course canvas;
	struct canvas_section_scores *sections; /* one for each */
	size_t nsections;
};

/* Queues one list of the course. */
static void
read_list(struct reading *reading, const char *query, const char *words,
    canvas_api_fn *item)
{
	struct buf path = { 0 };
	char *what;
	struct canvas_api_list list = { .item = item, .arg = &reading->canvas };

	what = mem_printf("%s %s", words, reading->canvas.what);
	list.what = what;
	list.single = item == canvas_course_head;
	buf_adds(&path, "/api/v1/courses/");
	add_id(&path, reading->id);
	buf_adds(&path, query);
	if (!list.single)
		buf_printf(&path, "%cper_page=%d",
		    strchr(query, '?') == NULL ? '?' : '&', PER_PAGE);
	list.path = buf_str(&path);
	canvas_api_read(reading->api, &list);
	buf_free(&path);
	free(what);
}

/* Does anybody's score matter in that section? */
static bool
has_students(const struct course *course, uint32_t section)
{
	size_t i;

	for (i = 0; i < course->nenrollments; i++) {
		if (course->enrollments[i].section == section)
			return true;
	}
	return false;
}

/* Queues the submissions of every section with students. */
static void
read_submissions(struct reading *reading)
{
	struct course *course = reading->canvas.course;
	struct canvas_api_list list = { .item = canvas_course_submissions };
	struct buf path = { 0 };
	size_t i, per_page;
	char *what;

	per_page = course->nassignments == 0 ?
	    PER_PAGE :
	    SUBMISSIONS_A_PAGE / course->nassignments;
	if (per_page > PER_PAGE)
		per_page = PER_PAGE;
	if (per_page < STUDENTS_A_PAGE_MIN)
		per_page = STUDENTS_A_PAGE_MIN;
	reading->nsections = course->nsections;
	reading->sections = mem_zalloc(
	    course->nsections + 1, sizeof(*reading->sections));
	for (i = 0; i < course->nsections; i++) {
		if (!has_students(course, (uint32_t)i))
			continue;
		canvas_course_scores_init(
		    &reading->sections[i], &reading->canvas, (uint32_t)i);
		path.len = 0;
		buf_adds(&path, "/api/v1/sections/");
		add_encoded(&path, course->sections[i].id);
		buf_printf(&path,
		    "/students/submissions?student_ids[]=all&grouped=1"
		    "&per_page=%zu",
		    per_page);
		what = mem_printf(
		    "the submissions of section %s", course->sections[i].id);
		list.path = buf_str(&path);
		list.what = what;
		list.arg = &reading->sections[i];
		canvas_api_read(reading->api, &list);
		free(what);
	}
	buf_free(&path);
}

static int
check_published(const struct reading *reading, struct err *err)
{
	if (is_published(reading->canvas.state))
		return 0;
	err_set(err, EXIT_SOURCE,
	    "%s: %s is not published (%s), so it has no grades; %s",
	    canvas_api_host(reading->api), reading->canvas.what,
	    reading->canvas.state, canvas_api_undone);
	return err_hint(err, "Publish it in Canvas, or leave it out.");
}

/* Reads one course, stage by stage: what is asked for needs what came. */
static int
read_course(struct reading *reading, struct err *err)
{
	struct canvas_course *canvas = &reading->canvas;

	read_list(
	    reading, "?include[]=term", "the settings of", canvas_course_head);
	read_list(
	    reading, "/sections", "the sections of", canvas_course_section);
	read_list(reading, "/assignment_groups", "the assignment groups of",
	    canvas_course_group);
	if (canvas_api_run(reading->api, err) != 0 ||
	    check_published(reading, err) != 0)
		return -1;
	canvas_course_order_groups(canvas);
	read_list(reading,
	    "/assignments?include[]=all_dates&include[]=overrides"
	    "&override_assignment_dates=false",
	    "the assignments of", canvas_course_assignment);
	read_list(reading,
	    "/enrollments?type[]=StudentEnrollment&type[]=TeacherEnrollment"
	    "&state[]=active",
	    "the enrollments of", canvas_course_enrollment);
	if (canvas_api_run(reading->api, err) != 0)
		return -1;
	canvas_course_order_assignments(canvas);
	read_submissions(reading);
	if (canvas_api_run(reading->api, err) != 0)
		return -1;
	course_sort_scores(canvas->course);
	return 0;
}

static void
reading_free(struct reading *reading)
{
	size_t i, n;

	n = reading->sections == NULL ? 0 : reading->nsections;
	for (i = 0; i < n; i++)
		canvas_course_scores_free(&reading->sections[i]);
	free(reading->sections);
	canvas_course_free(&reading->canvas);
}

static void
count(struct canvas_courses_counts *counts, const struct reading *reading)
{
	const struct canvas_course *canvas = &reading->canvas;
	const struct course *course = canvas->course;
	size_t i, missing;

	for (i = missing = 0; i < course->nsections; i++) {
		if (reading->sections[i].canvas != NULL)
			missing += canvas_course_scores_missing(
			    &reading->sections[i]);
	}
	counts->unanswered += missing;
	if (missing > 0)
		log_line(LOG_WARN,
		    "%s: Canvas gave no submissions for %zu of its active"
		    " students; their scores stay blank",
		    canvas->what, missing);
	counts->courses++;
	counts->sections += course->nsections;
	counts->students += course->nstudents;
	counts->assignments += course->nassignments;
	counts->scores += course->nscores;
	counts->strangers += canvas->strangers;
	if (canvas->strangers > 0)
		log_line(LOG_INFO,
		    "%s: %llu with submissions are not active in it and were"
		    " left out",
		    canvas->what, (unsigned long long)canvas->strangers);
}

/* Reads one course and gives it on. */
static int
do_course(struct canvas_api *api, const char *id, canvas_courses_fn *fn,
    void *arg, struct canvas_courses_counts *counts, struct err *err)
{
	struct reading reading = { .api = api, .id = id };
	char *what;
	int rc;

	what = mem_printf("course %s", id);
	canvas_course_init(&reading.canvas, canvas_api_host(api), what);
	rc = read_course(&reading, err);
	if (rc == 0) {
		count(counts, &reading);
		rc = fn(arg, &reading.canvas.course, err);
	}
	reading_free(&reading);
	free(what);
	return rc;
}

int
canvas_courses_each(struct canvas_api *api, const struct canvas_which *which,
    canvas_courses_fn *fn, void *arg, struct canvas_courses_counts *counts,
    struct err *err)
{
	struct listing listing = { 0 };
	size_t i;
	int rc = 0;

	*counts = (struct canvas_courses_counts){ 0 };
	for (i = 0; i < which->nids && rc == 0; i++)
		rc = do_course(api, which->ids[i], fn, arg, counts, err);
	if (rc == 0 && (which->all || which->sis_term_id != NULL))
		rc = list_courses(api, which, &listing, err);
	counts->unpublished = listing.unpublished;
	for (i = 0; i < listing.count && rc == 0; i++)
		rc = do_course(api, listing.ids[i], fn, arg, counts, err);
	listing_free(&listing);
	return rc;
}
