#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/check.h"
#include "canvas/enroll.h"
#include "roster/fate.h"

#define STAY_STATUS_MASK ((1U << STAY_STATUS_BITS) - 1)

/* How a cc row stands to today; the order is the order of choice. */
enum stay_state { STAY_RUNNING, STAY_FUTURE, STAY_PAST };

/* One stay of a student in a section. */
struct stay {
	int32_t from, until; /* until: first day not in class */
	enum stay_state state;
	enum enrollment_status status;
};

/* Students come and go by dates, or with the term when there are none. */
static struct stay
stay_of(const struct map *map, uint32_t row)
{
	const struct table *cc, *terms;
	struct stay stay;
	uint32_t term;
	int32_t lastday;
	bool dropped;

	cc = &map->roster->tables[T_CC];
	terms = &map->roster->tables[T_TERM];
	term = map->section_term[cc->columns[CC_SECTIONID][row]];
	lastday = table_date(terms, TERM_LASTDAY, term);
	if (cc->flags[row] & ROW_SCHEDULE) {
		stay.from = table_date(terms, TERM_FIRSTDAY, term);
		stay.until = lastday + 1;
		dropped = (cc->flags[row] & ROW_MINUS) != 0;
	} else {
		stay.from = table_date(cc, CC_DATEENROLLED, row);
		stay.until = table_date(cc, CC_DATELEFT, row);
		dropped = false;
	}
	if (!dropped && map->policy->today < stay.from)
		stay.state = STAY_FUTURE;
	else if (!dropped && map->policy->today < stay.until)
		stay.state = STAY_RUNNING;
	else
		stay.state = STAY_PAST;
	stay.status = stay.state != STAY_PAST ? ENROLLMENT_ACTIVE :
	    dropped || stay.until <= lastday  ? ENROLLMENT_DROPPED :
						ENROLLMENT_ENDED;
	return stay;
}

/* Whether stay a tells more about today than stay b (mapping 4). */
static bool
is_better(const struct stay *a, const struct stay *b)
{
	if (a->state != b->state)
		return a->state < b->state;
	if (a->state == STAY_FUTURE && a->from != b->from)
		return a->from < b->from;
	if (a->until != b->until)
		return a->until > b->until;
	if (a->from != b->from)
		return a->state == STAY_PAST ? a->from > b->from :
					       a->from < b->from;
	/* Schedules of one term say the same of both but for a minus sign. */
	return a->status > b->status;
}

/* The status that goes to Canvas, NULL for no row. */
static const char *
status_sent(const struct map *map, enum enrollment_status status)
{
	const char *text;

	text = status == ENROLLMENT_DROPPED ? map->policy->dropped :
					      map->policy->ended;
	return status == ENROLLMENT_ACTIVE ? "active" :
	    strcmp(text, "deleted") == 0   ? NULL :
					     text;
}

/* Whether a person is deleted in Canvas, with all enrollments. */
static bool
is_deleted(const struct map *map, enum table_id t, uint32_t row)
{
	return map->policy->leavers == LEAVERS_DELETED &&
	    map_is_leaver(map, t, row);
}

/* Keeps a stay that is sent; there is room for it. */
static void
keep_stay(struct stays *stays, size_t n, uint32_t student, struct stay stay)
{
	stays->students[n] = student << STAY_STATUS_BITS |
	    (uint32_t)stay.status;
	if (stays->from != NULL) {
		stays->from[n] = stay.from;
		stays->until[n] = stay.until;
	}
}

/*
 * Decides about the cc rows of one student and one section. Returns whether
 * one is sent, and which stay that is.
 */
static bool
judge_stays(struct map *map, const uint32_t *rows, size_t n, struct stay *sent)
{
	struct stay stay, best;
	struct table *cc;
	uint32_t chosen;
	size_t i;
	bool held;

	cc = &map->roster->tables[T_CC];
	held = false;
	for (i = 0; i < n; i++)
		held = held || fate_of(cc, rows[i]) == ROW_HELD;
	if (held) {
		for (i = 0; i < n; i++)
			cc->states[rows[i]] = ROW_HELD;
		return false;
	}
	chosen = rows[0];
	best = stay_of(map, chosen);
	for (i = 1; i < n; i++) {
		stay = stay_of(map, rows[i]);
		if (is_better(&stay, &best)) {
			cc->states[chosen] = ROW_MERGED;
			chosen = rows[i];
			best = stay;
		} else {
			cc->states[rows[i]] = ROW_MERGED;
		}
	}
	if (is_deleted(map, T_STUDENT, cc->columns[CC_STUDENTID][chosen]))
		fate_skip(cc, chosen, REASON_STUDENT_OUT_OF_SCOPE);
	else if (status_sent(map, best.status) == NULL)
		fate_skip(cc, chosen,
		    best.status == ENROLLMENT_DROPPED ? REASON_DROPPED :
							REASON_ENDED);
	*sent = best;
	return fate_of(cc, chosen) == ROW_USED;
}

/*
 * Lists the rows of a table by section: rows of section s are those from
 * first[s] to first[s + 1]. Only rows in scope with a section are listed.
 */
static uint32_t *
rows_by_section(const struct map *map, const struct table *table,
    const uint32_t *section_of, uint32_t **first)
{
	uint32_t row, section, *rows, *next;
	size_t nsections, i;

	nsections = map->roster->tables[T_SECTION].nrows;
	next = mem_zalloc(nsections + 2, sizeof(*next));
	for (row = 0; row < table->nrows; row++) {
		if (fate_in_scope(table, row) && section_of[row] != ROW_NONE)
			next[section_of[row] + 2]++;
	}
	for (i = 2; i < nsections + 2; i++)
		next[i] += next[i - 1];
	rows = mem_alloc(next[nsections + 1] * sizeof(*rows));
	for (row = 0; row < table->nrows; row++) {
		section = section_of[row];
		if (fate_in_scope(table, row) && section != ROW_NONE)
			rows[next[section + 1]++] = row;
	}
	*first = next;
	return rows;
}

/* A few rows in the order of their students. */
static void
sort_by_student(uint32_t *rows, size_t n, const uint32_t *students)
{
	uint32_t row;
	size_t i, at;

	for (i = 1; i < n; i++) {
		row = rows[i];
		for (at = i; at > 0 && students[rows[at - 1]] > students[row];
		     at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

/* For qsort_r, where a section has very many rows. */
static int
student_order(const void *a, const void *b, void *arg)
{
	const uint32_t *students;
	uint32_t x, y;

	students = arg;
	x = students[*(const uint32_t *)a];
	y = students[*(const uint32_t *)b];
	return x < y ? -1 : x > y;
}

#define SORT_BY_HAND 64 /* rows; more than that go to qsort */

/*
 * Judges the cc rows of one section. What is sent is kept from place at on,
 * which is not behind the rows: they may be the same memory. Returns the
 * place behind it.
 */
static size_t
judge_section(struct map *map, uint32_t *rows, size_t n, size_t at)
{
	uint32_t *students, student;
	struct stay sent;
	size_t i, next;

	students = map->roster->tables[T_CC].columns[CC_STUDENTID];
	if (n > SORT_BY_HAND)
		qsort_r(rows, n, sizeof(*rows), student_order, students);
	else
		sort_by_student(rows, n, students);
	for (i = 0; i < n; i = next) {
		student = students[rows[i]];
		for (next = i + 1; next < n && students[rows[next]] == student;
		     next++)
			continue;
		if (student != ROW_NONE &&
		    judge_stays(map, rows + i, next - i, &sent))
			keep_stay(&map->stays, at++, student, sent);
	}
	return at;
}

/* Judges cc section by section; the list of rows becomes that of stays. */
static void
judge_students(struct map *map, uint32_t *rows, uint32_t *first)
{
	const struct table *sections;
	uint32_t section, begin, end;
	size_t at;

	map->stays = (struct stays){ .students = rows, .first = first };
	sections = &map->roster->tables[T_SECTION];
	if (map->policy->dates) {
		map->stays.from = mem_alloc(
		    first[sections->nrows] * sizeof(int32_t));
		map->stays.until = mem_alloc(
		    first[sections->nrows] * sizeof(int32_t));
	}
	at = 0;
	end = first[0];
	for (section = 0; section < sections->nrows; section++) {
		begin = end;
		end = first[section + 1];
		first[section] = (uint32_t)at;
		if (fate_of(sections, section) == ROW_USED)
			at = judge_section(map, rows + begin, end - begin, at);
	}
	first[section] = (uint32_t)at;
}

/* Of cc's columns only those of held rows are asked for again. */
static void
forget_cc(struct map *map)
{
	struct table *cc;
	uint32_t row;
	size_t cap;

	cc = &map->roster->tables[T_CC];
	cap = 0;
	for (row = 0; row < cc->nrows; row++) {
		if (fate_of(cc, row) != ROW_HELD)
			continue;
		map->held_cc = mem_grow(
		    map->held_cc, map->nheld_cc, &cap, sizeof(*map->held_cc));
		map->held_cc[map->nheld_cc++] = (struct held_cc){ row,
			cc->columns[CC_SECTIONID][row],
			cc->columns[CC_STUDENTID][row] };
	}
	table_forget(cc, CC_SECTIONID);
	table_forget(cc, CC_STUDENTID);
	table_forget(cc, CC_DATEENROLLED);
	table_forget(cc, CC_DATELEFT);
}

/*
 * Whether row a of sectionteacher counts before row b of the same person: the
 * highest role wins, then the earlier start, then the later end.
 */
static bool
is_better_teacher(const struct map *map, uint32_t a, uint32_t b)
{
	const struct table *table;
	int32_t x, y;

	table = &map->roster->tables[T_SECTIONTEACHER];
	if (map->teacher_role[a] != map->teacher_role[b])
		return map->teacher_role[a] < map->teacher_role[b];
	x = table_date(table, SECTIONTEACHER_START_DATE, a);
	y = table_date(table, SECTIONTEACHER_START_DATE, b);
	if (x != y)
		return x < y;
	x = table_date(table, SECTIONTEACHER_END_DATE, a);
	y = table_date(table, SECTIONTEACHER_END_DATE, b);
	return x != y && (x == DATE_BLANK || (y != DATE_BLANK && x > y));
}

/* Staff gets one enrollment in a section: the highest role wins. */
static bool
judge_teachers(struct map *map, uint32_t section, bool *has_teacher)
{
	struct table *table;
	uint32_t i, j, row, other, user;
	bool any;

	table = &map->roster->tables[T_SECTIONTEACHER];
	any = false;
	for (i = map->teacher_first[section];
	     i < map->teacher_first[section + 1]; i++) {
		row = map->teacher_rows[i];
		if (fate_of(table, row) != ROW_USED)
			continue;
		user = map->staff_user[map->teacher_staff[row]];
		if (is_deleted(map, T_USER, user)) {
			fate_skip(table, row, REASON_STAFF_OUT_OF_SCOPE);
			continue;
		}
		any = true;
		for (j = map->teacher_first[section]; j < i; j++) {
			other = map->teacher_rows[j];
			if (fate_of(table, other) != ROW_USED ||
			    user != map->staff_user[map->teacher_staff[other]])
				continue;
			if (is_better_teacher(map, row, other)) {
				table->states[other] = ROW_MERGED;
			} else {
				table->states[row] = ROW_MERGED;
				row = other;
			}
			break;
		}
		if (map->teacher_role[row] == ROLE_TEACHER)
			*has_teacher = true;
	}
	return any;
}

/* Whether sections.teacher can stand in as the section's teacher. */
static bool
lead_can_teach(const struct map *map, uint32_t section)
{
	uint32_t staff, user;

	staff = map->section_lead[section];
	if (staff == ROW_NONE ||
	    fate_of(&map->roster->tables[T_SCHOOLSTAFF], staff) == ROW_HELD)
		return false;
	user = map->staff_user[staff];
	return user != ROW_NONE &&
	    fate_of(&map->roster->tables[T_USER], user) == ROW_USED &&
	    !is_deleted(map, T_USER, user);
}

static void
judge_staff(struct map *map)
{
	const struct table *sections;
	uint32_t section;
	bool has_teacher;

	sections = &map->roster->tables[T_SECTION];
	map->lead_alone = mem_zalloc(sections->nrows, sizeof(bool));
	for (section = 0; section < sections->nrows; section++) {
		if (fate_of(sections, section) != ROW_USED)
			continue;
		has_teacher = false;
		if (!judge_teachers(map, section, &has_teacher) &&
		    lead_can_teach(map, section))
			map->lead_alone[section] = has_teacher = true;
		if (!has_teacher)
			check_report(map, T_SECTION, section,
			    RULE_SECTION_NO_TEACHER, 0, (sym){ 0 });
	}
}

void
enroll_judge(struct map *map)
{
	const struct table *cc;
	uint32_t *rows, *first;

	cc = &map->roster->tables[T_CC];
	rows = rows_by_section(map, cc, cc->columns[CC_SECTIONID], &first);
	judge_students(map, rows, first);
	forget_cc(map);
	map->teacher_rows = rows_by_section(map,
	    &map->roster->tables[T_SECTIONTEACHER], map->teacher_section,
	    &map->teacher_first);
	judge_staff(map);
}

static struct enrollment *
list_add(struct enrollment **list, size_t n, size_t *cap)
{
	*list = mem_grow(*list, n, cap, sizeof(**list));
	return *list + n;
}

size_t
enroll_of_section(const struct map *map, uint32_t section,
    struct enrollment **list, size_t *cap)
{
	const struct table *teachers;
	const struct stays *stays;
	struct enrollment *student;
	uint32_t i, row;
	size_t n;

	stays = &map->stays;
	teachers = &map->roster->tables[T_SECTIONTEACHER];
	n = 0;
	for (i = stays->first[section]; i < stays->first[section + 1]; i++) {
		student = list_add(list, n++, cap);
		*student = (struct enrollment){ .table = T_STUDENT,
			.person = stays->students[i] >> STAY_STATUS_BITS,
			.role = ROLE_STUDENT,
			.status = stays->students[i] & STAY_STATUS_MASK,
			.start = DATE_BLANK,
			.end = DATE_BLANK };
		if (stays->from != NULL) {
			student->start = stays->from[i];
			student->end = stays->until[i] - 1;
		}
	}
	for (i = map->teacher_first[section];
	     i < map->teacher_first[section + 1]; i++) {
		row = map->teacher_rows[i];
		if (fate_of(teachers, row) != ROW_USED)
			continue;
		*list_add(list, n++, cap) = (struct enrollment){ T_USER,
			map->staff_user[map->teacher_staff[row]],
			map->teacher_role[row], ENROLLMENT_ACTIVE,
			table_date(teachers, SECTIONTEACHER_START_DATE, row),
			table_date(teachers, SECTIONTEACHER_END_DATE, row) };
	}
	if (map->lead_alone[section])
		*list_add(list, n++, cap) = (struct enrollment){ T_USER,
			map->staff_user[map->section_lead[section]],
			ROLE_TEACHER, ENROLLMENT_ACTIVE, DATE_BLANK,
			DATE_BLANK };
	return n;
}
