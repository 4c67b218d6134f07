#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "grades/canvas_courses.h"

/*
 * Reads courses over the Canvas API and shows what became of them, a line for
 * each row, in the order of the rows: for scenarios.
 */

#define UNIT_MS 50 /* a second of waiting: tests have no time */

static const struct option long_options[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "term", required_argument, NULL, 't' },
	{ "at-once", required_argument, NULL, 'n' },
	{ "ca", required_argument, NULL, 'c' },
	{ "token-file", required_argument, NULL, 'k' },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static const char *
time_text(int64_t seconds, char text[UTC_TEXT_SIZE])
{
	if (seconds == 0 || !utc_format(seconds, text))
		strcpy(text, "-");
	return text;
}

static const char *
answer_text(enum course_answer answer)
{
	static const char *const texts[] = { "?", "no", "yes" };

	return texts[answer];
}

static void
show_people(const struct course *course)
{
	const struct course_section *section;
	const struct course_student *student;
	const struct course_enrollment *row;
	size_t i;

	for (i = 0; i < course->nsections; i++) {
		section = &course->sections[i];
		printf("section %s|%s|%s|%s\n", section->id, section->sis_id,
		    section->name, section->teacher);
	}
	for (i = 0; i < course->nstudents; i++) {
		student = &course->students[i];
		printf("student %s|%s|%s|%s|%s%s\n", student->id,
		    student->sis_id, student->login_id, student->integration_id,
		    student->sortable_name, student->is_test ? "|test" : "");
	}
	for (i = 0; i < course->nenrollments; i++) {
		row = &course->enrollments[i];
		printf("enrollment %s|%s|%s\n",
		    course->students[row->student].id,
		    course->sections[row->section].id,
		    row->active ? "active" : "inactive");
	}
	for (i = 0; i < course->ngroups; i++)
		printf("group %s|%s\n", course->groups[i].id,
		    course->groups[i].name);
}

static void
show_overrides(
    const struct course *course, const struct course_assignment *assignment)
{
	const struct course_override *override;
	char text[UTC_TEXT_SIZE];
	size_t i;

	for (i = 0; i < assignment->noverrides; i++) {
		override = &assignment->overrides[i];
		printf("override %s|%s|%zu|%s\n", assignment->id,
		    override->section == COURSE_NONE ?
			"-" :
			course->sections[override->section].id,
		    override->students,
		    override->sets_due_at ? time_text(override->due_at, text) :
					    "base");
	}
}

static void
show_assignments(const struct course *course)
{
	static const char *const types[] = { "points", "percent", "letter",
		"gpa", "pass_fail", "not_graded" };
	const struct course_assignment *row;
	char text[UTC_TEXT_SIZE];
	size_t i;

	for (i = 0; i < course->nassignments; i++) {
		row = &course->assignments[i];
		printf("assignment %s|%s|%s|%s|%s|%s|published %s|sis %s|"
		       "omit %s|manual %s%s%s|ungraded %u|place %u\n",
		    row->id, row->name, types[row->grading_type],
		    row->points_possible,
		    row->group == COURSE_NONE ? "-" :
						course->groups[row->group].name,
		    time_text(row->due_at, text), answer_text(row->published),
		    answer_text(row->post_to_sis),
		    answer_text(row->omit_from_final_grade),
		    answer_text(row->post_manually),
		    row->only_visible_to_overrides ? "|only overrides" : "",
		    row->mastery_paths ? "|mastery paths" : "", row->ungraded,
		    row->place);
		if (row->description[0] != '\0')
			printf(
			    "description %s|%s\n", row->id, row->description);
		show_overrides(course, row);
	}
}

static void
show_scores(const struct course *course)
{
	static const char *const names[] = { "excused", "late", "missing",
		"submitted", "graded", "unposted", "unassigned" };
	const struct course_score *row;
	size_t i, bit;

	for (i = 0; i < course->nscores; i++) {
		row = &course->scores[i];
		printf("score %s|%s|%s|%s|%s|",
		    course->assignments[row->assignment].id,
		    course->students[row->student].id,
		    course->sections[row->section].id, row->score, row->grade);
		for (bit = 0; bit < sizeof(names) / sizeof(names[0]); bit++) {
			if ((row->flags >> bit & 1) != 0)
				printf(" %s", names[bit]);
		}
		printf("\n");
	}
}

static int
show(void *arg, struct course **got, struct err *err)
{
	const struct course *course = *got;
	char start[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];
	const bool *quiet = arg;

	(void)err;
	if (*quiet)
		return 0;
	printf("course %s|%s|%s|%s|%s|%s|%s|%s|%s\n", course->id,
	    course->sis_id, course->name, course->course_code,
	    course->time_zone, course->term_sis_id, course->term_name,
	    time_text(course->term_start, start),
	    time_text(course->term_end, end));
	show_people(course);
	show_assignments(course);
	show_scores(course);
	return 0;
}

static int
read_all(const struct canvas_api_options *options,
    const struct canvas_which *which, bool quiet, struct err *err)
{
	struct canvas_courses_counts counts;
	struct canvas_api *api;
	int rc;

	api = canvas_api_open(options, err);
	if (api == NULL)
		return -1;
	rc = canvas_courses_each(api, which, show, &quiet, &counts, err);
	if (rc == 0)
		printf("counts %" PRIu64 " courses, %" PRIu64
		       " sections, %" PRIu64 " students, %" PRIu64
		       " assignments, %" PRIu64 " scores, %" PRIu64
		       " unpublished, %" PRIu64 " strangers, %" PRIu64
		       " unanswered\n",
		    counts.courses, counts.sections, counts.students,
		    counts.assignments, counts.scores, counts.unpublished,
		    counts.strangers, counts.unanswered);
	canvas_api_close(api);
	return rc;
}

int
main(int argc, char **argv)
{
	struct canvas_api_options options = { .url_where = "[grades] url",
		.token_where = "[grades] token_file",
		.at_once = 1,
		.unit_ms = UNIT_MS,
		.agent = "canvas2pt/test" };
	struct canvas_which which = { 0 };
	struct err err = { 0 };
	bool quiet = false;
	int letter;

	log_open(LOG_DEBUG);
	interrupt_install();
	while (
	    (letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (letter) {
		case 'a':
			which.all = true;
			break;
		case 't':
			which.sis_term_id = optarg;
			break;
		case 'n':
			options.at_once = (unsigned)atoi(optarg);
			break;
		case 'c':
			options.ca_file = optarg;
			break;
		case 'k':
			options.token_file = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return EXIT_USAGE;
	options.url = argv[optind];
	which.ids = (const char *const *)(argv + optind + 1);
	which.nids = (size_t)(argc - optind - 1);
	if (read_all(&options, &which, quiet, &err) != 0) {
		log_error(&err);
		return (int)err.code;
	}
	return EXIT_DONE;
}
