#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "sim_course.h"
#include "sim_file.h"
#include "sim_rows.h"

#define FILE_MAX ((size_t)64 << 20)

/* The files of a course, by kind. */
static const char *const files[] = { [LMS_COURSE] = "course.json",
	[LMS_SECTIONS] = "sections.json",
	[LMS_GROUPS] = "groups.json",
	[LMS_ASSIGNMENTS] = "assignments.json",
	[LMS_ENROLLMENTS] = "enrollments.json" };

struct course {
	struct json *files[LMS_SUBMISSIONS];
	struct json **submissions; /* one for each section, in their order */
	size_t nsections;
};

struct lms {
	struct course *courses;
	size_t count, cap;
};

static struct json *
read_json(const char *path, struct err *err)
{
	const struct json_origin origin = { path, FILE_MAX, EXIT_SETTINGS };
	struct json *json;
	char *text;

	text = sim_file_read(path, err);
	if (text == NULL)
		return NULL;
	json = json_parse(text, strlen(text), &origin, err);
	free(text);
	return json;
}

/* The id of an object as text. */
static const char *
id_of(const struct json *object, const char *key)
{
	const struct json *value;
	const char *text;

	value = json_get(object, key);
	text = json_digits(value);
	if (text == NULL)
		text = json_text(value);
	return text == NULL ? "" : text;
}

static int
read_submissions(struct course *course, const char *folder, struct err *err)
{
	const struct json *section;
	char *path;
	size_t i;

	course->nsections = json_count(course->files[LMS_SECTIONS]);
	course->submissions = mem_zalloc(
	    course->nsections + 1, sizeof(*course->submissions));
	section = json_first(course->files[LMS_SECTIONS]);
	for (i = 0; i < course->nsections; i++) {
		path = mem_printf(
		    "%s/submissions/%s.json", folder, id_of(section, "id"));
		course->submissions[i] = read_json(path, err);
		free(path);
		if (course->submissions[i] == NULL)
			return -1;
		section = json_next(section);
	}
	return 0;
}

static int
read_course(struct course *course, const char *folder, struct err *err)
{
	char *path;
	int kind;

	for (kind = LMS_COURSE; kind < LMS_SUBMISSIONS; kind++) {
		path = mem_printf("%s/%s", folder, files[kind]);
		course->files[kind] = read_json(path, err);
		free(path);
		if (course->files[kind] == NULL)
			return -1;
	}
	return read_submissions(course, folder, err);
}

static void
free_lms(void *data)
{
	struct lms *lms = data;
	size_t i, j;

	for (i = 0; lms != NULL && i < lms->count; i++) {
		for (j = 0; j < LMS_SUBMISSIONS; j++)
			json_free(lms->courses[i].files[j]);
		for (j = 0; j < lms->courses[i].nsections; j++)
			json_free(lms->courses[i].submissions[j]);
		free(lms->courses[i].submissions);
	}
	if (lms != NULL)
		free(lms->courses);
	free(lms);
}

void *
sim_course_read(const char *folder, struct err *err)
{
	struct dirent **entries;
	struct lms *lms;
	char *path;
	int n, i, rc;

	n = scandir(folder, &entries, NULL, alphasort);
	if (n < 0) {
		err_set_errno(err, EXIT_SETTINGS, errno, "%s", folder);
		return NULL;
	}
	lms = mem_zalloc(1, sizeof(*lms));
	rc = 0;
	for (i = 0; i < n; i++) {
		/* A README is no course. */
		if (rc == 0 && strchr(entries[i]->d_name, '.') == NULL) {
			lms->courses = mem_grow(lms->courses, lms->count,
			    &lms->cap, sizeof(*lms->courses));
			lms->courses[lms->count] = (struct course){ 0 };
			path = mem_printf("%s/%s", folder, entries[i]->d_name);
			rc = read_course(
			    &lms->courses[lms->count++], path, err);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	if (rc == 0)
		return lms;
	free_lms(lms);
	return NULL;
}

/* Whether id is an object's: its own, or its SIS id with the kind. */
static bool
means(const char *id, const struct json *object, const char *kind,
    const char *sis_key)
{
	size_t len;

	len = strlen(kind);
	if (strncmp(id, kind, len) == 0)
		return strcmp(id + len, id_of(object, sis_key)) == 0;
	return strcmp(id, id_of(object, "id")) == 0;
}

static bool
wants_course(const struct sim_ask *ask, const struct json *course)
{
	const char *term, *state;

	state = json_text(json_get(course, "workflow_state"));
	if (sim_lms_asked(ask, "published", "true") &&
	    (state == NULL ||
		(strcmp(state, "available") != 0 &&
		    strcmp(state, "completed") != 0)))
		return false;
	term = sim_argument(ask->request, "enrollment_term_id");
	return term == NULL ||
	    means(
		term, json_get(course, "term"), "sis_term_id:", "sis_term_id");
}

static bool
wants_enrollment(const struct sim_ask *ask, const struct json *enrollment)
{
	const char *type, *state;

	type = json_text(json_get(enrollment, "type"));
	state = json_text(json_get(enrollment, "enrollment_state"));
	if (sim_lms_has(ask, "type[]") && !sim_lms_asked(ask, "type[]", type))
		return false;
	if (sim_lms_has(ask, "state[]"))
		return sim_lms_asked(ask, "state[]", state);
	return strcmp(state, "active") == 0 || strcmp(state, "invited") == 0;
}

static long
take(struct sim_ask *ask, const struct json *list,
    bool (*wants)(const struct sim_ask *, const struct json *))
{
	const struct json *item;
	long n;

	ask->items = mem_zalloc(json_count(list) + 1, sizeof(*ask->items));
	n = 0;
	for (item = json_first(list); item != NULL; item = json_next(item)) {
		if (wants == NULL || wants(ask, item))
			ask->items[n++] = item;
	}
	return n;
}

static long
count_courses(const struct lms *lms, struct sim_ask *ask)
{
	const struct json *course;
	size_t i;
	long n;

	ask->items = mem_zalloc(lms->count + 1, sizeof(*ask->items));
	n = 0;
	for (i = 0; i < lms->count; i++) {
		course = lms->courses[i].files[LMS_COURSE];
		if (wants_course(ask, course))
			ask->items[n++] = course;
	}
	return n;
}

static long
count_submissions(const struct lms *lms, struct sim_ask *ask)
{
	const struct json *section;
	size_t i, j;

	for (i = 0; i < lms->count; i++) {
		section = json_first(lms->courses[i].files[LMS_SECTIONS]);
		for (j = 0; section != NULL; j++) {
			if (means(ask->id, section,
				"sis_section_id:", "sis_section_id"))
				return take(
				    ask, lms->courses[i].submissions[j], NULL);
			section = json_next(section);
		}
	}
	return -1;
}

static long
count(void *data, struct sim_ask *ask)
{
	const struct lms *lms = data;
	const struct course *course = NULL;
	size_t i;

	if (ask->kind == LMS_COURSES)
		return count_courses(lms, ask);
	if (ask->kind == LMS_SUBMISSIONS)
		return count_submissions(lms, ask);
	for (i = 0; i < lms->count && course == NULL; i++) {
		if (means(ask->id, lms->courses[i].files[LMS_COURSE],
			"sis_course_id:", "sis_course_id"))
			course = &lms->courses[i];
	}
	if (course == NULL)
		return -1;
	if (ask->kind == LMS_COURSE) {
		ask->items = mem_zalloc(1, sizeof(*ask->items));
		ask->items[0] = course->files[LMS_COURSE];
		return 1;
	}
	return take(ask, course->files[ask->kind],
	    ask->kind == LMS_ENROLLMENTS ? wants_enrollment : NULL);
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len;

	len = strlen(text);
	return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

/* Members that are there only for who asks, or only for some. */
static bool
is_shown(const struct sim_ask *ask, const char *key)
{
	static const struct {
		const char *key, *include;
	} optional[] = { { "term", "term" }, { "overrides", "overrides" },
		{ "all_dates", "all_dates" } };
	size_t i;

	for (i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (strcmp(key, optional[i].key) == 0)
			return sim_lms_asked(
			    ask, "include[]", optional[i].include);
	}
	return !ask->no_sis ||
	    (strncmp(key, "sis_", 4) != 0 && !ends_with(key, "integration_id"));
}

static void put_value(const struct sim_ask *ask, const struct json *value,
    const char *key, struct buf *out);

/*
 * The date that a caller sees who does not ask for the dates as they are set:
 * the latest, as teachers do (grades B2).
 */
static const struct json *
due_for_caller(const struct sim_ask *ask, const struct json *object)
{
	const struct json *override, *due, *latest;

	latest = json_get(object, "due_at");
	if (ask->kind != LMS_ASSIGNMENTS ||
	    sim_lms_asked(ask, "override_assignment_dates", "false"))
		return latest;
	for (override = json_first(json_get(object, "overrides"));
	     override != NULL; override = json_next(override)) {
		due = json_get(override, "due_at");
		if (json_text(due) != NULL &&
		    (json_text(latest) == NULL ||
			strcmp(json_text(due), json_text(latest)) > 0))
			latest = due;
	}
	return latest;
}

static void
put_members(
    const struct sim_ask *ask, const struct json *object, struct buf *out)
{
	const struct json *member;
	const char *key;
	bool any = false;

	buf_addc(out, '{');
	for (member = json_first(object); member != NULL;
	     member = json_next(member)) {
		key = json_key(member);
		if (!is_shown(ask, key))
			continue;
		if (any)
			buf_addc(out, ',');
		any = true;
		sim_json_text(out, (struct str){ key, strlen(key) });
		buf_addc(out, ':');
		put_value(ask,
		    strcmp(key, "due_at") == 0 ? due_for_caller(ask, object) :
						 member,
		    key, out);
	}
	buf_addc(out, '}');
}

static void
put_items(const struct sim_ask *ask, const struct json *list, const char *key,
    struct buf *out)
{
	const struct json *item;

	buf_addc(out, '[');
	for (item = json_first(list); item != NULL; item = json_next(item)) {
		if (item != json_first(list))
			buf_addc(out, ',');
		put_value(ask, item, key, out);
	}
	buf_addc(out, ']');
}

/* Ids become text for who wants them so, as Canvas finds them: by their key. */
static void
put_value(const struct sim_ask *ask, const struct json *value, const char *key,
    struct buf *out)
{
	const char *text;
	bool quoted;

	switch (json_kind(value)) {
	case JSON_OBJECT:
		put_members(ask, value, out);
		return;
	case JSON_LIST:
		put_items(ask, value, key, out);
		return;
	case JSON_TEXT:
		text = json_text(value);
		sim_json_text(out, (struct str){ text, strlen(text) });
		return;
	case JSON_NUMBER:
		quoted = ask->text_ids &&
		    (strcmp(key, "id") == 0 || ends_with(key, "_id") ||
			ends_with(key, "_ids"));
		buf_printf(out, quoted ? "\"%s\"" : "%s", json_digits(value));
		return;
	case JSON_YESNO:
		buf_adds(out, json_is_yes(value) ? "true" : "false");
		return;
	default:
		buf_adds(out, "null");
	}
}

static void
put(void *data, const struct sim_ask *ask, size_t i, struct buf *out)
{
	(void)data;
	put_value(ask, ask->items[i], "", out);
}

const struct sim_lms sim_course_lms = { count, put, free_lms };
