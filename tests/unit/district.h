#ifndef UNIT_DISTRICT_H
#define UNIT_DISTRICT_H

#include "rows.h"
#include "settings.h"
#include "base/date.h"
#include "canvas/emit.h"
#include "canvas/map.h"

/*
 * A small district from exports to the map, for tests of canvas/: each test
 * changes the one table that it is about. Include cmocka first.
 */

#define DISTRICT_NOW "2026-11-23T12:00:00-08:00"

/* One school, term, course, section, student and teacher. */
static const struct export district_exports[] = {
	{ "schools.csv", "school_number,name\n100,Alder\n" },
	{ "terms.csv",
	    "id,schoolid,yearid,name,firstday,lastday\n"
	    "3600,100,36,Full Year,2026-08-17,2027-06-04\n" },
	{ "courses.csv", "course_number,course_name\nMA1,Algebra I\n" },
	{ "sections.csv",
	    "dcid,id,course_number,section_number,schoolid,"
	    "termid,teacher\n9001,41,MA1,1,100,3600,31\n" },
	{ "students.csv",
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status,student_number,student_web_id,email\n"
	    "71,7,Ann,Ash,100,0,70007,aash,ann@example.org\n" },
	{ "users.csv",
	    "dcid,first_name,last_name,homeschoolid,loginid,"
	    "email_addr\n9,Ben,Birch,100,bbirch,ben@example.org\n" },
	{ "schoolstaff.csv", "id,users_dcid,schoolid,status\n31,9,100,1\n" },
	{ "cc.csv",
	    "id,studentid,sectionid,termid,dateenrolled,dateleft\n"
	    "1,7,41,3600,2026-08-17,2027-06-05\n" },
	{ "sectionteacher.csv",
	    "id,sectionid,teacherid,roleid,start_date,"
	    "end_date\n1,41,31,1,,\n" },
	{ "roledef.csv",
	    "id,name\n1,Lead Teacher\n2,Co-teacher\n"
	    "3,Teacher's Aide\n4,Class Observer\n" },
	{ 0 }
};

struct district {
	struct conf *conf;
	struct roster *roster;
	struct policy policy;
	struct findings findings;
	struct map map;
};

/* Begins a district: its settings ("users.staff=teaching") and policy. */
static inline void
district_settle(struct district *d, const char *const *settings)
{
	struct err err = { 0 };
	int64_t now;

	*d = (struct district){ 0 };
	d->conf = conf_load(NULL, settings_options, settings, &err);
	if (d->conf == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(date_use_zone("America/Los_Angeles", "test", &err), 0);
	assert_int_equal(clock_parse(DISTRICT_NOW, &now), 0);
	d->roster = roster_new();
	if (policy_load(&d->policy, d->conf, d->roster, now, &err) != 0)
		fail_msg("%s", err.msg);
}

/* The district's exports with those of changes in their places. */
static inline void
district_read(struct district *d, const struct export *changes)
{
	struct export exports[32] = { 0 };
	size_t n, i, j;

	for (n = 0; district_exports[n].file != NULL; n++)
		exports[n] = district_exports[n];
	for (i = 0; changes != NULL && changes[i].file != NULL; i++) {
		for (j = 0;
		     j < n && strcmp(exports[j].file, changes[i].file) != 0;
		     j++)
			continue;
		exports[j] = changes[i];
		n += j == n;
	}
	rows_read(d->roster, exports);
	seal_roster(d->roster, &d->findings);
}

static inline void
district_make(struct district *d, const struct export *changes,
    const char *const *settings)
{
	district_settle(d, settings);
	district_read(d, changes);
	map_make(&d->map, &d->policy, d->roster, &d->findings);
}

static inline void
district_free(struct district *d)
{
	map_free(&d->map);
	findings_free(&d->findings);
	policy_free(&d->policy);
	roster_free(d->roster);
	conf_free(d->conf);
}

/* A sink that keeps the bytes of one file. */
struct district_sink {
	const char *file;
	struct buf text;
	bool open;
};

static inline int
district_begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct district_sink *sink;

	(void)empty;
	(void)err;
	sink = arg;
	sink->open = strcmp(file, sink->file) == 0;
	return 0;
}

static inline int
district_write(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct district_sink *sink;

	(void)err;
	sink = arg;
	if (sink->open)
		buf_add(&sink->text, bytes, len);
	return 0;
}

static inline int
district_end(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	return 0;
}

/* One sheet as it is written; the caller frees it. */
static inline char *
district_sheet(const struct district *d, const char *file)
{
	struct district_sink sink = { .file = file };
	const struct emit_sink to = { &sink, district_begin, district_write,
		district_end };
	struct emit_count counts[SHEETS];
	struct sheet_orders *orders;
	struct err err = { 0 };

	orders = sheet_orders_make(&d->map);
	assert_int_equal(emit_sheets(&d->map, orders, &to, counts, &err), 0);
	sheet_orders_free(orders);
	buf_str(&sink.text);
	return sink.text.data;
}

/* The rows of a sheet behind its header have to be these. */
static inline void
district_assert_rows(
    const struct district *d, const char *file, const char *want)
{
	char *text;

	text = district_sheet(d, file);
	assert_string_equal(strchr(text, '\n') + 1, want);
	free(text);
}

/* How many findings of a rule there are; TABLES counts those of any table. */
static inline size_t
district_findings(const struct district *d, enum table_id t, enum rule rule)
{
	size_t n, i;

	n = 0;
	for (i = 0; i < d->findings.count; i++)
		n += d->findings.list[i].rule == rule &&
		    (t == TABLES || d->findings.list[i].table == t);
	return n;
}

#endif
