#include <string.h>

#include "base/date.h"
#include "canvas/cells.h"

#define LAST_SECOND 86399 /* of a day */

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
rendered(const struct sheet_row *row, enum template_id id, struct buf *scratch)
{
	if (row->group != NULL)
		map_render_group(row->map, id, row->group, scratch);
	else
		map_render(row->map, id, row->table, row->row, scratch);
	return (struct str){ scratch->data, scratch->len };
}

struct str
cell_status_active(const struct sheet_row *row, struct buf *scratch)
{
	(void)row;
	(void)scratch;
	return text_of("active");
}

struct str
cell_account_id(const struct sheet_row *row, struct buf *scratch)
{
	return row->account != NULL ?
	    text_of(row->account->id) :
	    sym_text(row, row->map->account_id[row->row], scratch);
}

struct str
cell_account_parent(const struct sheet_row *row, struct buf *scratch)
{
	const struct account_group *group;
	char digits[SYM_DIGITS];

	(void)scratch;
	if (row->account != NULL)
		return text_of("");
	group = policy_group(row->map->policy,
	    map_text(row->map, T_SCHOOL, SCHOOL_NUMBER, row->row, digits));
	return text_of(group == NULL ? "" : group->id);
}

struct str
cell_account_name(const struct sheet_row *row, struct buf *scratch)
{
	if (row->account == NULL)
		return rendered(row, TMPL_ACCOUNT_NAME, scratch);
	return text_of(
	    row->account->name == NULL ? row->account->id : row->account->name);
}

struct str
cell_term_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->term_id[row->row], scratch);
}

struct str
cell_term_name(const struct sheet_row *row, struct buf *scratch)
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

struct str
cell_term_start(const struct sheet_row *row, struct buf *scratch)
{
	return utc_text(table_date(&row->map->roster->tables[T_TERM],
			    TERM_FIRSTDAY, row->row),
	    0, scratch);
}

struct str
cell_term_end(const struct sheet_row *row, struct buf *scratch)
{
	return utc_text(table_date(&row->map->roster->tables[T_TERM],
			    TERM_LASTDAY, row->row),
	    LAST_SECOND, scratch);
}

static const struct people *
people_of(const struct sheet_row *row)
{
	return row->table == T_STUDENT ? &row->map->students : &row->map->users;
}

struct str
cell_user_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->id[row->row], scratch);
}

struct str
cell_user_login(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->login[row->row], scratch);
}

struct str
cell_user_email(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->email[row->row], scratch);
}

struct str
cell_user_integration(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, people_of(row)->integration[row->row], scratch);
}

static struct str
user_cell(const struct sheet_row *row, unsigned of_student, unsigned of_user,
    struct buf *scratch)
{
	return sym_text(row,
	    table_sym(&row->map->roster->tables[row->table],
		row->table == T_STUDENT ? of_student : of_user, row->row),
	    scratch);
}

struct str
cell_user_first_name(const struct sheet_row *row, struct buf *scratch)
{
	return user_cell(row, STUDENT_FIRST_NAME, USER_FIRST_NAME, scratch);
}

struct str
cell_user_last_name(const struct sheet_row *row, struct buf *scratch)
{
	return user_cell(row, STUDENT_LAST_NAME, USER_LAST_NAME, scratch);
}

struct str
cell_user_status(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	if (row->map->policy->leavers == LEAVERS_KEEP ||
	    !map_is_leaver(row->map, row->table, row->row))
		return text_of("active");
	return text_of(row->map->policy->leavers == LEAVERS_DELETED ?
		"deleted" :
		"suspended");
}

struct str
cell_user_provider(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->map->policy->provider);
}

struct str
cell_user_type(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->table == T_STUDENT ?
		row->map->policy->student_type :
		row->map->policy->staff_type);
}

struct str
cell_course_id(const struct sheet_row *row, struct buf *scratch)
{
	const struct map *map;

	map = row->map;
	if (row->group != NULL)
		return sym_text(row, row->group->id, scratch);
	return sym_text(row,
	    map->policy->course_mode == COURSE_PER_SECTION ?
		map->course_id[row->row] :
		map->groups[map->section_group[row->row]].id,
	    scratch);
}

struct str
cell_course_short(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_COURSE_SHORT, scratch);
}

struct str
cell_course_long(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_COURSE_LONG, scratch);
}

struct str
cell_course_account(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row,
	    row->map->account_id[row->group != NULL ?
		    row->group->school :
		    row->map->section_school[row->row]],
	    scratch);
}

struct str
cell_course_term(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row,
	    row->map->term_id[row->group != NULL ?
		    row->group->term :
		    row->map->section_term[row->row]],
	    scratch);
}

struct str
cell_section_id(const struct sheet_row *row, struct buf *scratch)
{
	return sym_text(row, row->map->section_id[row->row], scratch);
}

struct str
cell_section_name(const struct sheet_row *row, struct buf *scratch)
{
	return rendered(row, TMPL_SECTION_NAME, scratch);
}

struct str
cell_enrollment_section(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return row->section_id;
}

struct str
cell_enrollment_user(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return row->user_id;
}

struct str
cell_enrollment_role(const struct sheet_row *row, struct buf *scratch)
{
	(void)scratch;
	return text_of(row->map->policy->roles[row->enrollment->role]);
}

struct str
cell_enrollment_status(const struct sheet_row *row, struct buf *scratch)
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

	if (date <= DATE_BAD)
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

struct str
cell_enrollment_start(const struct sheet_row *row, struct buf *scratch)
{
	return enrollment_date(row, 0, row->enrollment->start, scratch);
}

struct str
cell_enrollment_end(const struct sheet_row *row, struct buf *scratch)
{
	return enrollment_date(row, 1, row->enrollment->end, scratch);
}

bool
cell_wants_provider(const struct policy *policy)
{
	return policy->provider[0] != '\0';
}

bool
cell_wants_type(const struct policy *policy)
{
	return policy->student_type[0] != '\0' || policy->staff_type[0] != '\0';
}

bool
cell_wants_integration(const struct policy *policy)
{
	return policy->templates[TMPL_STUDENT_INTEGRATION] != NULL ||
	    policy->templates[TMPL_STAFF_INTEGRATION] != NULL;
}

bool
cell_wants_dates(const struct policy *policy)
{
	return policy->dates;
}
