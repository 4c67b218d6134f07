#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/crosswalk.h"
#include "grades/csv_list.h"

/* Two texts, found by the first one. */
struct entry {
	char *key, *value;
};

struct entries {
	struct entry *list;
	size_t count, cap;
};

struct crosswalk {
	struct entries numbers;	       /* SIS id: student number */
	struct entries sections;       /* SIS id: section number */
	struct entries courses;	       /* course's SIS id: short name */
	struct entries section_course; /* SIS id: course's SIS id */
	struct entries named;	       /* a section's name: SIS id */
	const char **names;
};

static void
add(struct entries *entries, const char *key, const char *value)
{
	entries->list = mem_grow(entries->list, entries->count, &entries->cap,
	    sizeof(*entries->list));
	entries->list[entries->count++] = (struct entry){ mem_strdup(key),
		mem_strdup(value) };
}

static int
by_key(const void *a, const void *b)
{
	const struct entry *x, *y;

	x = a;
	y = b;
	return strcmp(x->key, y->key);
}

static void
sort(struct entries *entries)
{
	if (entries->count > 0)
		qsort(entries->list, entries->count, sizeof(*entries->list),
		    by_key);
}

static const struct entry *
find(const struct entries *entries, const char *key)
{
	const struct entry wanted = { (char *)(uintptr_t)key, NULL };

	return entries->count == 0 ?
	    NULL :
	    bsearch(&wanted, entries->list, entries->count,
		sizeof(*entries->list), by_key);
}

static void
free_entries(struct entries *entries)
{
	size_t i;

	for (i = 0; i < entries->count; i++) {
		free(entries->list[i].key);
		free(entries->list[i].value);
	}
	free(entries->list);
}

/* Staff have no id of their own in PowerSchool's table of students. */
static int
take_line(void *arg, const char *const *cells, uint32_t line, struct err *err)
{
	struct crosswalk *crosswalk;

	(void)line;
	(void)err;
	crosswalk = arg;
	if (strcmp(cells[0], "sections") == 0)
		add(&crosswalk->sections, cells[1], cells[3]);
	else if (strcmp(cells[0], "users") == 0 && cells[2][0] != '\0' &&
	    cells[3][0] != '\0')
		add(&crosswalk->numbers, cells[1], cells[3]);
	return 0;
}

static int
take_section(
    void *arg, const char *const *cells, uint32_t line, struct err *err)
{
	struct crosswalk *crosswalk;

	(void)line;
	(void)err;
	crosswalk = arg;
	add(&crosswalk->section_course, cells[0], cells[1]);
	add(&crosswalk->named, cells[2], cells[0]);
	return 0;
}

static int
take_course(void *arg, const char *const *cells, uint32_t line, struct err *err)
{
	struct crosswalk *crosswalk;

	(void)line;
	(void)err;
	crosswalk = arg;
	add(&crosswalk->courses, cells[0], cells[1]);
	return 0;
}

/* What the run gave Canvas stands in csv/ beside crosswalk.csv. */
static int
read_beside(struct crosswalk *crosswalk, const char *path, struct err *err)
{
	static const char *const of_sections[] = { "section_id", "course_id",
		"name", NULL };
	static const char *const of_courses[] = { "course_id", "short_name",
		NULL };
	const char *slash;
	char *sections, *courses;
	int len, rc;

	slash = strrchr(path, '/');
	len = slash == NULL ? 0 : (int)(slash - path) + 1;
	sections = mem_printf("%.*scsv/sections.csv", len, path);
	courses = mem_printf("%.*scsv/courses.csv", len, path);
	rc = csv_list_read(sections, of_sections, take_section, crosswalk, err);
	if (rc != -1)
		rc = csv_list_read(
		    courses, of_courses, take_course, crosswalk, err);
	free(sections);
	free(courses);
	return rc == -1 ? -1 : 0;
}

static int
no_crosswalk(const char *path, struct err *err)
{
	err_set(err, EXIT_SETTINGS,
	    "there is no crosswalk %s to tell student numbers by; nothing was"
	    " published",
	    path);
	return err_hint(err,
	    "Run ps2canvas first, name another with --crosswalk FILE, or set"
	    " [grades] student_number and section_name.");
}

static void
list_names(struct crosswalk *crosswalk)
{
	size_t i, n;

	crosswalk->names = mem_zalloc(
	    crosswalk->named.count + 1, sizeof(*crosswalk->names));
	for (i = n = 0; i < crosswalk->named.count; i++) {
		if (n == 0 ||
		    strcmp(crosswalk->names[n - 1],
			crosswalk->named.list[i].key) != 0)
			crosswalk->names[n++] = crosswalk->named.list[i].key;
	}
}

struct crosswalk *
crosswalk_read(const char *path, struct err *err)
{
	static const char *const columns[] = { "sheet", "canvas_id", "id",
		"number", NULL };
	struct crosswalk *crosswalk;
	int rc;

	crosswalk = mem_zalloc(1, sizeof(*crosswalk));
	rc = csv_list_read(path, columns, take_line, crosswalk, err);
	if (rc == 1)
		rc = no_crosswalk(path, err);
	if (rc == 0)
		rc = read_beside(crosswalk, path, err);
	if (rc != 0) {
		crosswalk_free(crosswalk);
		return NULL;
	}
	sort(&crosswalk->numbers);
	sort(&crosswalk->sections);
	sort(&crosswalk->courses);
	sort(&crosswalk->section_course);
	sort(&crosswalk->named);
	list_names(crosswalk);
	return crosswalk;
}

void
crosswalk_free(struct crosswalk *crosswalk)
{
	if (crosswalk == NULL)
		return;
	free_entries(&crosswalk->numbers);
	free_entries(&crosswalk->sections);
	free_entries(&crosswalk->courses);
	free_entries(&crosswalk->section_course);
	free_entries(&crosswalk->named);
	free(crosswalk->names);
	free(crosswalk);
}

size_t
crosswalk_students(const struct crosswalk *crosswalk)
{
	return crosswalk->numbers.count;
}

size_t
crosswalk_sections(const struct crosswalk *crosswalk)
{
	return crosswalk->sections.count;
}

const char *
crosswalk_number(const struct crosswalk *crosswalk, const char *sis_id)
{
	const struct entry *entry;

	entry = find(&crosswalk->numbers, sis_id);
	return entry == NULL ? NULL : entry->value;
}

static const char *
course_number(const struct crosswalk *crosswalk, const char *sis_id,
    const char *course_code)
{
	const struct entry *course;

	course = find(&crosswalk->section_course, sis_id);
	if (course != NULL)
		course = find(&crosswalk->courses, course->value);
	return course == NULL ? course_code : course->value;
}

/* The short name of a course of one section ends in its number already. */
int
crosswalk_section(const struct crosswalk *crosswalk, const char *sis_id,
    const char *course_code, struct buf *out)
{
	const struct entry *section;
	const char *course;
	char *end;

	section = find(&crosswalk->sections, sis_id);
	if (section == NULL)
		return -1;
	course = course_number(crosswalk, sis_id, course_code);
	buf_adds(out, course);
	end = mem_printf(".%s", section->value);
	if (strlen(course) < strlen(end) ||
	    strcmp(course + strlen(course) - strlen(end), end) != 0)
		buf_adds(out, course[0] == '\0' ? section->value : end);
	free(end);
	return 0;
}

const char *
crosswalk_section_named(const struct crosswalk *crosswalk, const char *name)
{
	const struct entry *entry, *last;

	entry = find(&crosswalk->named, name);
	if (entry == NULL)
		return NULL;
	last = crosswalk->named.list + crosswalk->named.count - 1;
	if ((entry > crosswalk->named.list &&
		strcmp(entry[-1].key, name) == 0) ||
	    (entry < last && strcmp(entry[1].key, name) == 0))
		return NULL;
	return entry->value;
}

const char *const *
crosswalk_section_names(const struct crosswalk *crosswalk)
{
	return crosswalk->names;
}
