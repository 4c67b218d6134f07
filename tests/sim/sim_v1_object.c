#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_v1_object.h"

static const char *const school_fields[] = { "id", "name", "school_number",
	"low_grade", "high_grade", NULL };
static const char *const term_fields[] = { "id", "start_year", "portion",
	"abbreviation", "name", "start_date", "end_date", NULL };
static const char *const course_fields[] = { "id", "course_number",
	"course_name", NULL };
static const char *const section_fields[] = { "id", "section_number",
	"course_id", "term_id", "staff_id", "term.start_year", NULL };
static const char *const enrollment_fields[] = { "id", "student_id",
	"entry_date", "exit_date", NULL };
static const char *const staff_fields[] = { "id", "users_dcid", "local_id",
	"name.last_name", "name.first_name", NULL };
static const char *const student_fields[] = { "id", "local_id",
	"student_username", "state_province_id", "name.last_name",
	"name.first_name", "school_enrollment.enroll_status",
	"school_enrollment.enroll_status_code", "school_enrollment.entry_date",
	NULL };

/* THE TABLE of what /ws/v1 has. */
const struct sim_resource_def sim_resources[SIM_V1_RESOURCES] = {
	[SIM_V1_SCHOOL] = { "school", "schools", SIM_SCHOOLS,
	    "school_boundary, full_time_equivalencies, school_fees_setup",
	    "schoolscorefields", school_fields },
	[SIM_V1_TERM] = { "term", "terms", SIM_TERMS, "", "", term_fields },
	[SIM_V1_COURSE] = { "course", "courses", SIM_COURSES, "",
	    "s_crs_crdc_x", course_fields },
	[SIM_V1_SECTION] = { "section", "sections", SIM_SECTIONS, "term",
	    "s_sec_crdc_x,s_sec_edfi_x", section_fields },
	[SIM_V1_ENROLLMENT] = { "section_enrollment", "section_enrollments",
	    SIM_CC, "", "", enrollment_fields },
	[SIM_V1_STAFF] = { "staff", "staffs", SIM_SCHOOLSTAFF,
	    "addresses, emails, phones, school_affiliations", "",
	    staff_fields },
	[SIM_V1_STUDENT] = { "student", "students", SIM_STUDENTS,
	    "demographics, addresses, alerts, phones, school_enrollment, "
	    "ethnicity_race, contact, contact_info, initial_enrollment, "
	    "schedule_setup, fees, lunch",
	    "u_students_extension,studentcorefields", student_fields },
};

static const struct {
	const char *code, *letter, *description;
} statuses[] = {
	{ "0", "A", "Active" },
	{ "-1", "P", "Pre-registered" },
	{ "1", "I", "Inactive" },
	{ "2", "T", "Transferred Out" },
	{ "3", "G", "Graduated" },
	{ "4", "H", "Imported as Historical" },
};

#define NSTATUSES (sizeof(statuses) / sizeof(statuses[0]))

/* Digits without a leading zero, as a mechanical conversion sees a number. */
static bool
looks_like_number(struct str text)
{
	int64_t number;
	size_t sign;

	sign = text.len > 0 && text.bytes[0] == '-';
	return sim_number(text, &number) &&
	    (text.bytes[sign] != '0' || text.len == 1);
}

void
sim_v1_put(cJSON *object, const char *name, struct str text)
{
	char *copy;

	if (text.len == 0)
		return;
	copy = mem_strndup(text.bytes, text.len);
	if (looks_like_number(text))
		cJSON_AddRawToObject(object, name, copy);
	else
		cJSON_AddStringToObject(object, name, copy);
	free(copy);
}

void
sim_v1_put_list(
    const struct sim_maker *maker, cJSON *object, const char *name, cJSON *list)
{
	int n;

	n = cJSON_GetArraySize(list);
	if (n == 1 && !maker->arrays)
		cJSON_AddItemToObject(
		    object, name, cJSON_DetachItemFromArray(list, 0));
	else if (n > 0) {
		cJSON_AddItemToObject(object, name, list);
		return;
	}
	cJSON_Delete(list);
}

/* Whether an expansion was asked for. */
static bool
expands(const struct sim_maker *maker, const char *name)
{
	const char *at;
	size_t len;

	for (at = maker->expansions; *at != '\0'; at += len) {
		at += strspn(at, ", ");
		len = strcspn(at, ", ");
		if (len == strlen(name) && memcmp(at, name, len) == 0)
			return true;
	}
	return false;
}

/* An expansion with nothing in it is an empty string. */
static void
put_empty(const struct sim_maker *maker, cJSON *object, const char *name)
{
	if (expands(maker, name))
		cJSON_AddStringToObject(object, name, "");
}

/* The DCID of the row that a map has for a text; empty when there is none. */
static struct str
dcid_of(const struct sim_district *d, const struct idmap *map,
    enum sim_table_id table, struct str text)
{
	uint32_t row;

	if (!sim_find(d, map, text, &row))
		return (struct str){ "", 0 };
	return sim_get(d, table, row, "dcid");
}

static struct str
school_dcid(const struct sim_district *d, struct str number)
{
	return dcid_of(d, &d->school_of_number, SIM_SCHOOLS, number);
}

static struct str
without_sign(struct str text)
{
	if (text.len > 0 && text.bytes[0] == '-')
		return (struct str){ text.bytes + 1, text.len - 1 };
	return text;
}

static void
put_column(cJSON *object, const char *name, const struct sim_district *d,
    enum sim_table_id table, uint32_t row, const char *column)
{
	sim_v1_put(object, name, sim_get(d, table, row, column));
}

static void
put_name(cJSON *object, const struct sim_district *d, enum sim_table_id table,
    uint32_t row)
{
	static const char *const parts[] = { "first_name", "middle_name",
		"last_name" };
	cJSON *name;
	size_t i;

	name = cJSON_AddObjectToObject(object, "name");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		put_column(name, parts[i], d, table, row, parts[i]);
}

static void
make_school(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str alternate;

	put_column(o, "name", d, SIM_SCHOOLS, row, "name");
	put_column(o, "school_number", d, SIM_SCHOOLS, row, "school_number");
	put_column(o, "low_grade", d, SIM_SCHOOLS, row, "low_grade");
	put_column(o, "high_grade", d, SIM_SCHOOLS, row, "high_grade");
	alternate = sim_get(d, SIM_SCHOOLS, row, "alternate_school_number");
	sim_v1_put(o, "alternate_school_number",
	    alternate.len == 0 ? (struct str){ "0", 1 } : alternate);
	cJSON_AddStringToObject(o, "addresses", "");
	cJSON_AddStringToObject(o, "phones", "");
}

static void
make_term(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	int64_t year;

	sim_v1_put(o, "school_id",
	    school_dcid(d, sim_get(d, SIM_TERMS, row, "schoolid")));
	if (sim_number(sim_get(d, SIM_TERMS, row, "yearid"), &year))
		cJSON_AddNumberToObject(o, "start_year", (double)(year + 1990));
	put_column(o, "portion", d, SIM_TERMS, row, "portion");
	put_column(o, "start_date", d, SIM_TERMS, row, "firstday");
	put_column(o, "end_date", d, SIM_TERMS, row, "lastday");
	put_column(o, "abbreviation", d, SIM_TERMS, row, "abbreviation");
	put_column(o, "name", d, SIM_TERMS, row, "name");
}

static void
make_course(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	put_column(o, "course_number", maker->district, SIM_COURSES, row,
	    "course_number");
	put_column(
	    o, "course_name", maker->district, SIM_COURSES, row, "course_name");
}

static void
make_section(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str school;
	uint32_t term;
	bool found;

	school = sim_get(d, SIM_SECTIONS, row, "schoolid");
	sim_v1_put(o, "school_id", school_dcid(d, school));
	sim_v1_put(o, "course_id",
	    dcid_of(d, &d->course_of_number, SIM_COURSES,
		sim_get(d, SIM_SECTIONS, row, "course_number")));
	found = sim_find_two(d, &d->term_of_id, school,
	    without_sign(sim_get(d, SIM_SECTIONS, row, "termid")), &term);
	if (found)
		put_column(o, "term_id", d, SIM_TERMS, term, "dcid");
	put_column(o, "section_number", d, SIM_SECTIONS, row, "section_number");
	put_column(o, "expression", d, SIM_SECTIONS, row, "expression");
	put_column(o, "external_expression", d, SIM_SECTIONS, row,
	    "external_expression");
	sim_v1_put(o, "staff_id",
	    dcid_of(d, &d->staff_of_id, SIM_SCHOOLSTAFF,
		sim_get(d, SIM_SECTIONS, row, "teacher")));
	put_column(o, "gradebooktype", d, SIM_SECTIONS, row, "gradebooktype");
	if (found && expands(maker, "term"))
		cJSON_AddItemToObject(
		    o, "term", sim_v1_object(maker, SIM_V1_TERM, term));
}

static void
make_enrollment(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str section;

	section = sim_get(d, SIM_CC, row, "sectionid");
	sim_v1_put(o, "section_id",
	    dcid_of(d, &d->section_of_id, SIM_SECTIONS, without_sign(section)));
	sim_v1_put(o, "student_id",
	    dcid_of(d, &d->student_of_id, SIM_STUDENTS,
		sim_get(d, SIM_CC, row, "studentid")));
	put_column(o, "entry_date", d, SIM_CC, row, "dateenrolled");
	put_column(o, "exit_date", d, SIM_CC, row, "dateleft");
	cJSON_AddBoolToObject(
	    o, "dropped", section.len > 0 && section.bytes[0] == '-');
}

/* In which schools the person of a SchoolStaff row works. */
static void
put_affiliations(const struct sim_maker *maker, cJSON *o, struct str person)
{
	const struct sim_district *d = maker->district;
	const struct sim_table *staff = &d->tables[SIM_SCHOOLSTAFF];
	struct str other;
	cJSON *list, *one, *all;
	uint32_t row;
	size_t i;

	list = cJSON_CreateArray();
	for (i = 0; i < staff->norder; i++) {
		row = staff->order[i];
		other = sim_get(d, SIM_SCHOOLSTAFF, row, "users_dcid");
		if (other.len != person.len ||
		    memcmp(other.bytes, person.bytes, person.len) != 0)
			continue;
		one = cJSON_CreateObject();
		sim_v1_put(one, "school_id",
		    school_dcid(
			d, sim_get(d, SIM_SCHOOLSTAFF, row, "schoolid")));
		put_column(one, "type", d, SIM_SCHOOLSTAFF, row, "staffstatus");
		put_column(one, "status", d, SIM_SCHOOLSTAFF, row, "status");
		cJSON_AddItemToArray(list, one);
	}
	all = cJSON_AddObjectToObject(o, "school_affiliations");
	sim_v1_put_list(maker, all, "school_affiliation", list);
}

static void
make_staff(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str person, email;
	uint32_t user;
	bool found;

	person = sim_get(d, SIM_SCHOOLSTAFF, row, "users_dcid");
	sim_v1_put(o, "users_dcid", person);
	found = sim_find(d, &d->user_of_dcid, person, &user);
	email = (struct str){ "", 0 };
	if (found) {
		put_column(o, "local_id", d, SIM_USERS, user, "teachernumber");
		put_column(o, "admin_username", d, SIM_USERS, user, "loginid");
		put_column(o, "teacher_username", d, SIM_USERS, user,
		    "teacherloginid");
		put_name(o, d, SIM_USERS, user);
		email = sim_get(d, SIM_USERS, user, "email_addr");
	}
	put_empty(maker, o, "addresses");
	if (email.len == 0)
		put_empty(maker, o, "emails");
	else if (expands(maker, "emails"))
		sim_v1_put(
		    cJSON_AddObjectToObject(o, "emails"), "work_email", email);
	put_empty(maker, o, "phones");
	if (expands(maker, "school_affiliations"))
		put_affiliations(maker, o, person);
}

static void
put_school_enrollment(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str status, school;
	cJSON *e, *fte;
	size_t i;

	e = cJSON_AddObjectToObject(o, "school_enrollment");
	status = sim_get(d, SIM_STUDENTS, row, "enroll_status");
	for (i = 0; i < NSTATUSES; i++) {
		if (strlen(statuses[i].code) == status.len &&
		    memcmp(statuses[i].code, status.bytes, status.len) == 0)
			break;
	}
	if (i == NSTATUSES)
		i = 2; /* any other number reads as inactive */
	cJSON_AddStringToObject(e, "enroll_status", statuses[i].letter);
	cJSON_AddStringToObject(
	    e, "enroll_status_description", statuses[i].description);
	sim_v1_put(e, "enroll_status_code", status);
	put_column(e, "grade_level", d, SIM_STUDENTS, row, "grade_level");
	put_column(e, "entry_date", d, SIM_STUDENTS, row, "entrydate");
	put_column(e, "exit_date", d, SIM_STUDENTS, row, "exitdate");
	school = sim_get(d, SIM_STUDENTS, row, "schoolid");
	sim_v1_put(e, "school_number", school);
	sim_v1_put(e, "school_id", school_dcid(d, school));
	fte = cJSON_AddObjectToObject(e, "full_time_equivalency");
	cJSON_AddNumberToObject(fte, "fteid", 1070);
	cJSON_AddStringToObject(fte, "name", "FTE Value: 1");
}

static void
put_setup(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	const struct sim_district *d = maker->district;
	struct str next, room;
	cJSON *setup;

	next = sim_get(d, SIM_STUDENTS, row, "next_school");
	room = sim_get(d, SIM_STUDENTS, row, "home_room");
	if (next.len == 0 && room.len == 0) {
		cJSON_AddStringToObject(o, "schedule_setup", "");
		return;
	}
	setup = cJSON_AddObjectToObject(o, "schedule_setup");
	sim_v1_put(setup, "home_room", room);
	sim_v1_put(setup, "next_school", next);
}

static void
make_student(const struct sim_maker *maker, cJSON *o, uint32_t row)
{
	static const char *const empty[] = { "demographics", "addresses",
		"alerts", "phones", "ethnicity_race", "contact",
		"initial_enrollment", "fees", "lunch" };
	const struct sim_district *d = maker->district;
	uint32_t email;
	size_t i;

	put_column(o, "local_id", d, SIM_STUDENTS, row, "student_number");
	put_column(o, "state_province_id", d, SIM_STUDENTS, row,
	    "state_studentnumber");
	put_column(
	    o, "student_username", d, SIM_STUDENTS, row, "student_web_id");
	put_name(o, d, SIM_STUDENTS, row);
	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		put_empty(maker, o, empty[i]);
	if (expands(maker, "school_enrollment"))
		put_school_enrollment(maker, o, row);
	if (expands(maker, "schedule_setup"))
		put_setup(maker, o, row);
	if (!sim_find(d, &d->email_of_student,
		sim_get(d, SIM_STUDENTS, row, "dcid"), &email))
		put_empty(maker, o, "contact_info");
	else if (expands(maker, "contact_info"))
		sim_v1_put(cJSON_AddObjectToObject(o, "contact_info"), "email",
		    sim_get(d, SIM_STUDENTEMAIL, email, "email"));
}

cJSON *
sim_v1_object(
    const struct sim_maker *maker, enum sim_resource resource, uint32_t row)
{
	static void (*const make[])(const struct sim_maker *, cJSON *,
	    uint32_t) = { [SIM_V1_SCHOOL] = make_school,
		[SIM_V1_TERM] = make_term,
		[SIM_V1_COURSE] = make_course,
		[SIM_V1_SECTION] = make_section,
		[SIM_V1_ENROLLMENT] = make_enrollment,
		[SIM_V1_STAFF] = make_staff,
		[SIM_V1_STUDENT] = make_student };
	cJSON *object;

	object = cJSON_CreateObject();
	put_column(object, "id", maker->district, sim_resources[resource].table,
	    row, "dcid");
	make[resource](maker, object, row);
	return object;
}
