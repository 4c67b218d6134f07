#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/order.h"
#include "canvas/sheets.h"
#include "roster/fate.h"

#define LAST_SECOND 86399	/* of a day */
#define DAY_SLOTS 4096		/* days whose UTC text is remembered */

/* The UTC text of one local moment of a day. */
struct day_text {
	int32_t date;
	char text[UTC_TEXT_SIZE];
};

struct sheet_orders {
	uint32_t *schools, *terms, *sections, *groups, *people;
	size_t nschools, nterms, nsections, ngroups, npeople;
	uint32_t *courses;		/* mode section: sections by course */
	size_t ncourses;
	uint32_t *rank;			/* of each person: students, users */
	char *ids;			/* user_ids by rank, one behind another */
	uint32_t *id_at;		/* and where each begins */
	struct enrollment *list;	/* of the section at hand */
	size_t cap;
	struct day_text *days[2];	/* first and last second of a day */
};

/* Ids of the rows that are sent, in order. */
static uint32_t *
order_sent(const struct map *map, enum table_id t, const sym *ids,
    size_t *count)
{
	const struct table *table;
	uint32_t *order, row;
	sym *sent;

	table = &map->roster->tables[t];
	sent = mem_zalloc(table->nrows, sizeof(*sent));
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED)
			sent[row] = ids[row];
	}
	order = order_by_text(map->roster->intern, sent, table->nrows, count);
	free(sent);
	return order;
}

static void
order_groups(const struct map *map, struct sheet_orders *orders)
{
	size_t i;
	sym *ids;

	ids = mem_zalloc(map->ngroups, sizeof(*ids));
	for (i = 0; i < map->ngroups; i++) {
		if (map->groups[i].sent)
			ids[i] = map->groups[i].id;
	}
	orders->groups = order_by_text(map->roster->intern, ids, map->ngroups,
	    &orders->ngroups);
	free(ids);
}

static size_t
students_count(const struct map *map)
{
	return map->roster->tables[T_STUDENT].nrows;
}

/* The people by user_id, and their ids side by side for the enrollments. */
static void
order_people(const struct map *map, struct sheet_orders *orders)
{
	const struct table *students, *users;
	char digits[SYM_DIGITS];
	struct buf text = { 0 };
	struct str id;
	size_t n, i;
	sym *ids;

	students = &map->roster->tables[T_STUDENT];
	users = &map->roster->tables[T_USER];
	n = students->nrows + users->nrows;
	ids = mem_zalloc(n, sizeof(*ids));
	for (i = 0; i < students->nrows; i++) {
		if (fate_of(students, (uint32_t)i) == ROW_USED)
			ids[i] = map->students.id[i];
	}
	for (i = 0; i < users->nrows; i++) {
		if (fate_of(users, (uint32_t)i) == ROW_USED)
			ids[students->nrows + i] = map->users.id[i];
	}
	orders->people = order_by_text(map->roster->intern, ids, n,
	    &orders->npeople);
	orders->rank = mem_alloc(n * sizeof(uint32_t));
	orders->id_at = mem_alloc((orders->npeople + 1) * sizeof(uint32_t));
	for (i = 0; i < orders->npeople; i++) {
		orders->rank[orders->people[i]] = (uint32_t)i;
		orders->id_at[i] = (uint32_t)text.len;
		id = intern_text(map->roster->intern,
		    ids[orders->people[i]], digits);
		buf_add(&text, id.bytes, id.len);
	}
	orders->id_at[orders->npeople] = (uint32_t)text.len;
	orders->ids = text.data;
	free(ids);
}

struct sheet_orders *
sheet_orders_make(const struct map *map)
{
	struct sheet_orders *orders;
	size_t i;

	orders = mem_zalloc(1, sizeof(*orders));
	orders->schools = order_sent(map, T_SCHOOL, map->account_id,
	    &orders->nschools);
	orders->terms = order_sent(map, T_TERM, map->term_id,
	    &orders->nterms);
	orders->sections = order_sent(map, T_SECTION, map->section_id,
	    &orders->nsections);
	if (map->policy->course_mode == COURSE_PER_SECTION)
		orders->courses = order_sent(map, T_SECTION, map->course_id,
		    &orders->ncourses);
	else
		order_groups(map, orders);
	order_people(map, orders);
	for (i = 0; i < 2 && map->policy->dates; i++)
		orders->days[i] = mem_zalloc(DAY_SLOTS,
		    sizeof(struct day_text));
	return orders;
}

void
sheet_orders_free(struct sheet_orders *orders)
{
	if (orders == NULL)
		return;
	free(orders->schools);
	free(orders->terms);
	free(orders->sections);
	free(orders->courses);
	free(orders->groups);
	free(orders->people);
	free(orders->rank);
	free(orders->ids);
	free(orders->id_at);
	free(orders->list);
	free(orders->days[0]);
	free(orders->days[1]);
	free(orders);
}

static struct str
text_of(const char *text)
{
	return (struct str){ text, strlen(text) };
}

/* A sym's text; the digits of a number go to scratch. */
static struct str
sym_text(const struct sheet_row *row, sym s, struct buf *scratch)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(row->map->roster->intern, s, digits);
	if (!sym_number(s, &(uint32_t){ 0 }))
		return text;
	scratch->len = 0;
	buf_add(scratch, text.bytes, text.len);
	return (struct str){ scratch->data, scratch->len };
}

static struct str
rendered(const struct sheet_row *row, enum template_id id,
    struct buf *scratch)
{
	if (row->group != NULL)
		map_render_group(row->map, id, row->group, scratch);
	else
		map_render(row->map, id, row->table, row->row, scratch);
	return (struct str){ scratch->data, scratch->len };
}

static struct str
status_active(const struct sheet_row *row, struct buf *scratch)
{
	(void)row;
	(void)scratch;
	return text_of("active");
}

static struct str
account_id(const struct sheet_row *row, struct buf *scratch)
{
	return row->account != NULL ? text_of(row->account->id) :
	    sym_text(row, row->map->account_id[row->row], scratch);
}

static struct str
account_parent(const struct sheet_row *row, struct buf *scratch)
{
	const struct account_group *group;
	char digits[SYM_DIGITS];

	(void)scratch;
	if (row->account != NULL)
		return text_of("");
	group = policy_group(row->map->policy, map_text(row->map, T_SCHOOL,
	    SCHOOL_NUMBER, row->row, digits));
	return text_of(group == NULL ? "" : group->id);
}

static struct str
account_name(const struct sheet_row *row, struct buf *scratch)
{
	if (row->account == NULL)
		return rendered(row, TMPL_ACCOUNT_NAME, scratch);
	return text_of(row->account->name == NULL ? row->account->id :
	    row->account->name);
}

static struct str
term_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->term_id[row->row], scratch);
}

static struct str
term_name(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_TERM_NAME, scratch);
}

static struct str
utc_text(int32_t date, int32_t second, struct buf *scratch)
{
	char *at;

	scratch->len = 0;
	at = buf_reserve(scratch, UTC_TEXT_SIZE);
	if (date <= DATE_BAD || !utc_format(date_to_utc(date, second), at))
		return text_of("");
	return text_of(at);
}

static struct str
term_start(const struct sheet_row *row, struct buf *scratch)
{
	return utc_text(table_date(&row->map->roster->tables[T_TERM],
	    TERM_FIRSTDAY, row->row), 0, scratch);
}

static struct str
term_end(const struct sheet_row *row, struct buf *scratch)
{
	return utc_text(table_date(&row->map->roster->tables[T_TERM],
	    TERM_LASTDAY, row->row), LAST_SECOND, scratch);
}

static const struct people *
people_of(const struct sheet_row *row)
{
	return row->table == T_STUDENT ? &row->map->students :
	    &row->map->users;
}

static struct str
user_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->id[row->row], scratch);
}

static struct str
user_login(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->login[row->row], scratch);
}

static struct str
user_email(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->email[row->row], scratch);
}

static struct str
user_integration(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->integration[row->row], scratch);
}

static struct str
user_cell(const struct sheet_row *row, unsigned of_student, unsigned of_user,
    struct buf *scratch)
{
	return sym_text(row, table_sym(&row->map->roster->tables[row->table],
	    row->table == T_STUDENT ? of_student : of_user, row->row),
	    scratch);
}

static struct str
user_first_name(const struct sheet_row *row, struct buf *scratch)
{
	return user_cell(row, STUDENT_FIRST_NAME, USER_FIRST_NAME, scratch);
}

static struct str
user_last_name(const struct sheet_row *row, struct buf *scratch)
{
	return user_cell(row, STUDENT_LAST_NAME, USER_LAST_NAME, scratch);
}

static struct str
user_status(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	if (row->map->policy->leavers == LEAVERS_KEEP ||
	    !map_is_leaver(row->map, row->table, row->row))
		return text_of("active");
	return text_of(row->map->policy->leavers == LEAVERS_DELETED ?
	    "deleted" : "suspended");
}

static struct str
user_provider(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->map->policy->provider);
}

static struct str
user_type(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->table == T_STUDENT ?
	    row->map->policy->student_type : row->map->policy->staff_type);
}

static struct str
course_id(const struct sheet_row *row, struct buf *scratch)
{
	const struct map *map;

	map = row->map;
	if (row->group != NULL)
		return sym_text(row, row->group->id, scratch);
	return sym_text(row, map->policy->course_mode == COURSE_PER_SECTION ?
	    map->course_id[row->row] :
	    map->groups[map->section_group[row->row]].id, scratch);
}

static struct str
course_short(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_COURSE_SHORT, scratch);
}

static struct str
course_long(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_COURSE_LONG, scratch);
}

static struct str
course_account(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->account_id[row->group != NULL ?
	    row->group->school : row->map->section_school[row->row]],
	    scratch);
}

static struct str
course_term(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->term_id[row->group != NULL ?
	    row->group->term : row->map->section_term[row->row]], scratch);
}

static struct str
section_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->section_id[row->row], scratch);
}

static struct str
section_name(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_SECTION_NAME, scratch);
}

static struct str
enrollment_section(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return row->section_id;
}

static struct str
enrollment_user(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return row->user_id;
}

static struct str
enrollment_role(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->map->policy->roles[row->enrollment->role]);
}

static struct str
enrollment_status(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	switch (row->enrollment->status) {
	case ENROLLMENT_DROPPED:
		return text_of(row->map->policy->dropped);
	case ENROLLMENT_ENDED:
		return text_of(row->map->policy->ended);
	default:
		return text_of("active");
	}
}

/*
 * The local moment of a day in UTC, remembered for the many enrollments that
 * share it. Canvas uses the dates only when both are there.
 */
static struct str
enrollment_date(const struct sheet_row *row, size_t which, int32_t date,
    struct buf *scratch)
{
	struct day_text *slot;
	struct str text;

	if (row->enrollment->start <= DATE_BAD ||
	    row->enrollment->end <= DATE_BAD)
		return text_of("");
	slot = &row->orders->days[which][(uint32_t)date % DAY_SLOTS];
	if (slot->date != date || slot->text[0] == '\0') {
		text = utc_text(date, which == 0 ? 0 : LAST_SECOND, scratch);
		slot->date = date;
		memcpy(slot->text, text.bytes, text.len);
		slot->text[text.len] = '\0';
	}
	return text_of(slot->text);
}

static struct str
enrollment_start(const struct sheet_row *row, struct buf *scratch)
{
	return enrollment_date(row, 0, row->enrollment->start, scratch);
}

static struct str
enrollment_end(const struct sheet_row *row, struct buf *scratch)
{
	return enrollment_date(row, 1, row->enrollment->end, scratch);
}

static int
each_row(struct sheet_row *row, enum table_id t, const uint32_t *order,
    size_t n, sheet_row_fn *fn, void *arg)
{
	size_t i;

	row->table = t;
	for (i = 0; i < n; i++) {
		row->row = order[i];
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

static int
group_order(const void *a, const void *b)
{
	return strcmp((*(const struct account_group *const *)a)->id,
	    (*(const struct account_group *const *)b)->id);
}

/* Parents before children, then by id (canvas-sis 5). */
static int
each_account(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	const struct policy *policy;
	const struct account_group **groups;
	size_t i;
	int rc;

	policy = row->map->policy;
	groups = mem_alloc(policy->ngroups * sizeof(*groups));
	for (i = 0; i < policy->ngroups; i++)
		groups[i] = &policy->groups[i];
	qsort(groups, policy->ngroups, sizeof(*groups), group_order);
	rc = 0;
	for (i = 0; i < policy->ngroups && rc == 0; i++) {
		row->account = groups[i];
		rc = fn(arg, row);
	}
	free(groups);
	row->account = NULL;
	return rc != 0 ? rc : each_row(row, T_SCHOOL, row->orders->schools,
	    row->orders->nschools, fn, arg);
}

static int
each_term(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	return each_row(row, T_TERM, row->orders->terms, row->orders->nterms,
	    fn, arg);
}

static int
each_user(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	uint32_t place, students;
	size_t i;

	students = (uint32_t)students_count(row->map);
	for (i = 0; i < row->orders->npeople; i++) {
		place = row->orders->people[i];
		row->table = place < students ? T_STUDENT : T_USER;
		row->row = place < students ? place : place - students;
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

static int
each_course(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	size_t i;

	if (row->map->policy->course_mode == COURSE_PER_SECTION)
		return each_row(row, T_SECTION, row->orders->courses,
		    row->orders->ncourses, fn, arg);
	for (i = 0; i < row->orders->ngroups; i++) {
		row->group = &row->map->groups[row->orders->groups[i]];
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

static int
each_section(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	return each_row(row, T_SECTION, row->orders->sections,
	    row->orders->nsections, fn, arg);
}

static uint32_t
rank_of(const struct sheet_row *row, const struct enrollment *e)
{
	return row->orders->rank[e->table == T_STUDENT ? e->person :
	    e->person + students_count(row->map)];
}

static int
enrollment_order(const void *a, const void *b, void *arg)
{
	const struct sheet_row *row;
	uint32_t x, y;

	row = arg;
	x = rank_of(row, a);
	y = rank_of(row, b);
	return x < y ? -1 : x > y;
}

static int
each_enrollment_of(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	struct sheet_orders *orders;
	uint32_t rank;
	size_t n, i;

	orders = row->orders;
	n = enroll_of_section(row->map, row->row, &orders->list,
	    &orders->cap);
	qsort_r(orders->list, n, sizeof(*orders->list), enrollment_order,
	    row);
	for (i = 0; i < n; i++) {
		row->enrollment = &orders->list[i];
		rank = rank_of(row, row->enrollment);
		row->user_id = (struct str){ orders->ids +
		    orders->id_at[rank],
		    orders->id_at[rank + 1] - orders->id_at[rank] };
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

static int
each_enrollment(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	struct buf id = { 0 };
	size_t i;
	int rc;

	rc = 0;
	row->table = T_SECTION;
	for (i = 0; i < row->orders->nsections && rc == 0; i++) {
		row->row = row->orders->sections[i];
		row->section_id = section_id(row, &id);
		rc = each_enrollment_of(row, fn, arg);
	}
	buf_free(&id);
	return rc;
}

static bool
wants_provider(const struct policy *policy)
{
	return policy->provider[0] != '\0';
}

static bool
wants_type(const struct policy *policy)
{
	return policy->student_type[0] != '\0' ||
	    policy->staff_type[0] != '\0';
}

static bool
wants_integration(const struct policy *policy)
{
	return policy->templates[TMPL_STUDENT_INTEGRATION] != NULL ||
	    policy->templates[TMPL_STAFF_INTEGRATION] != NULL;
}

static bool
wants_dates(const struct policy *policy)
{
	return policy->dates;
}

/* THE TABLE of what goes out. */
const struct sheet sheets[] = {
	{ "accounts.csv", {
		{ "account_id", account_id, NULL },
		{ "parent_account_id", account_parent, NULL },
		{ "name", account_name, NULL },
		{ "status", status_active, NULL },
	}, each_account },
	{ "terms.csv", {
		{ "term_id", term_id, NULL },
		{ "name", term_name, NULL },
		{ "status", status_active, NULL },
		{ "start_date", term_start, NULL },
		{ "end_date", term_end, NULL },
	}, each_term },
	{ "users.csv", {
		{ "user_id", user_id, NULL },
		{ "login_id", user_login, NULL },
		{ "first_name", user_first_name, NULL },
		{ "last_name", user_last_name, NULL },
		{ "email", user_email, NULL },
		{ "status", user_status, NULL },
		{ "authentication_provider_id", user_provider,
		    wants_provider },
		{ "declared_user_type", user_type, wants_type },
		{ "integration_id", user_integration, wants_integration },
	}, each_user },
	{ "courses.csv", {
		{ "course_id", course_id, NULL },
		{ "short_name", course_short, NULL },
		{ "long_name", course_long, NULL },
		{ "account_id", course_account, NULL },
		{ "term_id", course_term, NULL },
		{ "status", status_active, NULL },
	}, each_course },
	{ "sections.csv", {
		{ "section_id", section_id, NULL },
		{ "course_id", course_id, NULL },
		{ "name", section_name, NULL },
		{ "status", status_active, NULL },
	}, each_section },
	{ "enrollments.csv", {
		{ "section_id", enrollment_section, NULL },
		{ "user_id", enrollment_user, NULL },
		{ "role", enrollment_role, NULL },
		{ "status", enrollment_status, NULL },
		{ "start_date", enrollment_start, wants_dates },
		{ "end_date", enrollment_end, wants_dates },
	}, each_enrollment },
	{ 0 }
};

int
sheet_each(const struct sheet *sheet, const struct map *map,
    struct sheet_orders *orders, sheet_row_fn *fn, void *arg)
{
	struct sheet_row row = { .map = map, .orders = orders };

	return sheet->each(&row, fn, arg);
}

int
sheet_each_person(const struct map *map, struct sheet_orders *orders,
    sheet_row_fn *fn, void *arg)
{
	struct sheet_row row = { .map = map, .orders = orders };

	return each_user(&row, fn, arg);
}

int
sheet_each_section(const struct map *map, struct sheet_orders *orders,
    sheet_row_fn *fn, void *arg)
{
	struct sheet_row row = { .map = map, .orders = orders };

	return each_section(&row, fn, arg);
}
