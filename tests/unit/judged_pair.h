#ifndef UNIT_JUDGED_PAIR_H
#define UNIT_JUDGED_PAIR_H

#include "base/buf.h"
#include "judged.h"

/* How a sheet of users goes from one version to the next. */
struct judged_change {
	size_t before, removed, suspended, changed, added;
};

/* Two versions of a small district, sheet by sheet. */
struct judged_pair {
	struct buf users[2], enrollments[2], courses[2], sections[2];
	struct judged_texts texts[2];
};

/* Writes both versions of users.csv. */
static inline void
judged_users(struct judged_pair *pair, const struct judged_change *change)
{
	size_t n, v;

	for (v = 0; v < 2; v++)
		buf_adds(&pair->users[v], "user_id,login_id,status\n");
	for (n = 0; n < change->before; n++) {
		buf_printf(&pair->users[0], "S%05zu,x,active\n", n);
		if (n < change->removed)
			continue;
		if (n < change->removed + change->suspended)
			buf_printf(&pair->users[1], "S%05zu,x,suspended\n", n);
		else if (n <
		    change->removed + change->suspended + change->changed)
			buf_printf(&pair->users[1], "S%05zu,y,active\n", n);
		else
			buf_printf(&pair->users[1], "S%05zu,x,active\n", n);
	}
	for (n = 0; n < change->added; n++)
		buf_printf(&pair->users[1], "S%05zu,x,active\n", 50000 + n);
}

/* Adds enrollments of one school, which has one section of one term. */
static inline void
judged_school(struct judged_pair *pair, const char *school, size_t before,
    size_t now, const char *role)
{
	size_t n, v;

	for (v = 0; v < 2; v++) {
		if (pair->courses[v].len == 0) {
			buf_adds(&pair->courses[v],
			    "course_id,short_name,account_id,term_id\n");
			buf_adds(
			    &pair->sections[v], "section_id,course_id,name\n");
			buf_adds(&pair->enrollments[v],
			    "section_id,user_id,role,status\n");
		}
		buf_printf(&pair->courses[v], "c%s,x,%s,t%s\n", school, school,
		    school);
		buf_printf(&pair->sections[v], "s%s,c%s,x\n", school, school);
		for (n = 0; n < (v == 0 ? before : now); n++)
			buf_printf(&pair->enrollments[v],
			    "s%s,S%05zu,%s,active\n", school, n, role);
	}
}

static inline const char *
judged_text(struct buf *out)
{
	return out->len == 0 ? NULL : buf_str(out);
}

static inline void
judged_use(struct judged_pair *pair)
{
	size_t v;

	for (v = 0; v < 2; v++)
		pair->texts[v] = (struct judged_texts){ {
		    [SHEET_USER] = judged_text(&pair->users[v]),
		    [SHEET_COURSE] = judged_text(&pair->courses[v]),
		    [SHEET_SECTION] = judged_text(&pair->sections[v]),
		    [SHEET_ENROLLMENT] = judged_text(&pair->enrollments[v]),
		} };
}

static inline void
judged_pair_free(struct judged_pair *pair)
{
	size_t v;

	for (v = 0; v < 2; v++) {
		buf_free(&pair->users[v]);
		buf_free(&pair->enrollments[v]);
		buf_free(&pair->courses[v]);
		buf_free(&pair->sections[v]);
	}
}

/* Judges and says whether the reasons are the ones wanted. */
static inline void
judged_assert_reasons(struct judged *judged, const char *want)
{
	struct buf got = { 0 };

	judged_judge(judged);
	judged_reasons(judged, &got);
	assert_string_equal(got.data, want);
	buf_free(&got);
}

static inline void
judged_assert_change(const struct judged_change *change,
    const struct guard_settings *settings, const char *want)
{
	struct judged_pair pair = { 0 };
	struct judged judged;

	judged_users(&pair, change);
	judged_use(&pair);
	judged_make(
	    &judged, settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(&judged, want);
	judged_free(&judged);
	judged_pair_free(&pair);
}

#endif
