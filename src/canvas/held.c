#include <string.h>

#include "canvas/held.h"
#include "roster/fate.h"

/* What collecting works on. */
struct collector {
	struct held *held;
	const struct map *map;
	const struct crosswalk_ids *before;
	struct buf text;
};

static void
put(struct idmap *set, sym id)
{
	if (id.id != 0)
		idmap_put(set, id.id, 0);
}

/* The id that a template gives for a row; blank when it cannot be made. */
static sym
rendered(
    struct collector *c, enum template_id id, enum table_id t, uint32_t row)
{
	if (!map_render(c->map, id, t, row, &c->text) || c->text.len == 0)
		return (sym){ 0 };
	return intern_add(c->map->roster->intern, c->text.data, c->text.len);
}

/* What went out before under one of PowerSchool's ids. */
static sym
gone_out(const struct idmap *of_id, sym powerschool)
{
	uint32_t id;

	return (
	    sym){ powerschool.id != 0 && idmap_get(of_id, powerschool.id, &id) ?
		    id :
		    0 };
}

static sym
cell(const struct collector *c, enum table_id t, unsigned field, uint32_t row)
{
	return table_sym(&c->map->roster->tables[t], field, row);
}

static sym
section_id(struct collector *c, uint32_t row)
{
	sym id;

	id = c->map->section_id[row];
	if (id.id == 0)
		id = rendered(c, TMPL_SECTION_ID, T_SECTION, row);
	return id.id != 0 ? id :
			    gone_out(&c->before->section_of_id,
				cell(c, T_SECTION, SECTION_ID, row));
}

static sym
student_id(struct collector *c, uint32_t row)
{
	sym id;

	id = c->map->students.id[row];
	if (id.id == 0)
		id = rendered(c, TMPL_STUDENT_ID, T_STUDENT, row);
	return id.id != 0 ? id :
			    gone_out(&c->before->user_of_id,
				cell(c, T_STUDENT, STUDENT_ID, row));
}

static sym
staff_id(struct collector *c, uint32_t row)
{
	sym id;

	id = c->map->users.id[row];
	if (id.id == 0)
		id = rendered(c, TMPL_STAFF_ID, T_USER, row);
	return id.id != 0 ?
	    id :
	    gone_out(&c->before->user_of_dcid, cell(c, T_USER, USER_DCID, row));
}

/* Rows of one table by their id, sent or held. */
static void
collect_rows(struct collector *c, enum table_id t, enum sheet_kind kind,
    const sym *ids, sym (*id_of)(struct collector *c, uint32_t row))
{
	const struct table *table;
	uint32_t row;

	table = &c->map->roster->tables[t];
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED)
			put(&c->held->sent[kind], ids[row]);
		else if (fate_of(table, row) == ROW_HELD)
			put(&c->held->ids[kind], id_of(c, row));
	}
}

static sym
account_id(struct collector *c, uint32_t row)
{
	return rendered(c, TMPL_ACCOUNT_ID, T_SCHOOL, row);
}

static sym
term_id(struct collector *c, uint32_t row)
{
	return rendered(c, TMPL_TERM_ID, T_TERM, row);
}

static sym
course_of_section(struct collector *c, uint32_t row)
{
	return rendered(c, TMPL_COURSE_ID, T_SECTION, row);
}

static void
collect_groups(struct collector *c)
{
	const struct policy *policy;
	const struct map *map;
	size_t i;

	map = c->map;
	for (i = 0; i < map->ngroups; i++)
		put(map->groups[i].sent ? &c->held->sent[SHEET_COURSE] :
					  &c->held->ids[SHEET_COURSE],
		    map->groups[i].id);
	policy = map->policy;
	for (i = 0; i < policy->ngroups; i++)
		put(&c->held->sent[SHEET_ACCOUNT],
		    intern_add(map->roster->intern, policy->groups[i].id,
			strlen(policy->groups[i].id)));
}

static void
collect_other_terms(struct collector *c)
{
	const struct table *table;
	uint32_t row;

	table = &c->map->roster->tables[T_TERM];
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_SKIPPED &&
		    table->reasons[row] == REASON_OTHER_YEAR)
			put(&c->held->other_terms, term_id(c, row));
	}
}

static void
put_pair(struct collector *c, sym section, sym user)
{
	if (section.id != 0 && user.id != 0)
		idmap_put(&c->held->pairs, idmap_pair(section, user), 0);
}

/*
 * What a held cc row names: a row, or one that is in no file, whose absence
 * then is not clean.
 */
static void
collect_cc_row(struct collector *c, const struct held_cc *cc, size_t *at)
{
	const struct dangling *dangling;
	const struct map *map;
	sym section, user;

	map = c->map;
	section = cc->section == ROW_NONE ? sym_blank() :
					    section_id(c, cc->section);
	user = cc->student == ROW_NONE ? sym_blank() :
					 student_id(c, cc->student);
	while (*at < map->ndangling && map->dangling[*at].row < cc->row)
		++*at;
	for (; *at < map->ndangling && map->dangling[*at].row == cc->row;
	     ++*at) {
		dangling = &map->dangling[*at];
		if (dangling->field == CC_SECTIONID) {
			section = gone_out(
			    &c->before->section_of_id, dangling->names);
			put(&c->held->ids[SHEET_SECTION], section);
		} else {
			user = gone_out(
			    &c->before->user_of_id, dangling->names);
			put(&c->held->ids[SHEET_USER], user);
		}
	}
	put_pair(c, section, user);
}

static void
collect_pairs(struct collector *c)
{
	const struct table *teachers;
	uint32_t row, section, staff, user;
	size_t at, i;

	at = 0;
	for (i = 0; i < c->map->nheld_cc; i++)
		collect_cc_row(c, &c->map->held_cc[i], &at);
	teachers = &c->map->roster->tables[T_SECTIONTEACHER];
	for (row = 0; row < teachers->nrows; row++) {
		if (fate_of(teachers, row) != ROW_HELD)
			continue;
		section = c->map->teacher_section[row];
		staff = c->map->teacher_staff[row];
		user = staff == ROW_NONE ? ROW_NONE : c->map->staff_user[staff];
		if (section != ROW_NONE && user != ROW_NONE)
			put_pair(c, section_id(c, section), staff_id(c, user));
	}
}

/* A section's own teacher, who may stand in for its sectionteacher rows. */
static void
collect_leads(struct collector *c)
{
	const struct table *tables;
	uint32_t row, staff, user;

	tables = c->map->roster->tables;
	for (row = 0; row < tables[T_SECTION].nrows; row++) {
		staff = c->map->section_lead[row];
		user = staff == ROW_NONE ? ROW_NONE : c->map->staff_user[staff];
		if (user != ROW_NONE &&
		    fate_in_scope(&tables[T_SECTION], row) &&
		    (fate_of(&tables[T_SCHOOLSTAFF], staff) == ROW_HELD ||
			fate_of(&tables[T_USER], user) == ROW_HELD))
			put_pair(c, section_id(c, row), staff_id(c, user));
	}
}

void
held_make(struct held *held, const struct map *map,
    const struct crosswalk_ids *before)
{
	struct collector c = { held, map, before, { 0 } };

	*held = (struct held){ 0 };
	collect_rows(&c, T_SCHOOL, SHEET_ACCOUNT, map->account_id, account_id);
	collect_rows(&c, T_TERM, SHEET_TERM, map->term_id, term_id);
	collect_rows(&c, T_STUDENT, SHEET_USER, map->students.id, student_id);
	collect_rows(&c, T_USER, SHEET_USER, map->users.id, staff_id);
	collect_rows(&c, T_SECTION, SHEET_SECTION, map->section_id, section_id);
	if (map->policy->course_mode == COURSE_PER_SECTION)
		collect_rows(&c, T_SECTION, SHEET_COURSE, map->course_id,
		    course_of_section);
	collect_groups(&c);
	collect_other_terms(&c);
	collect_pairs(&c);
	collect_leads(&c);
	buf_free(&c.text);
}

void
held_free(struct held *held)
{
	size_t i;

	for (i = 0; i < HELD_KINDS; i++) {
		idmap_free(&held->sent[i]);
		idmap_free(&held->ids[i]);
	}
	idmap_free(&held->pairs);
	idmap_free(&held->other_terms);
}

bool
held_any(const struct map *map)
{
	size_t t;

	for (t = 0; t < TABLES; t++) {
		if (fate_counted(&map->roster->tables[t]).held > 0)
			return true;
	}
	return false;
}

void
crosswalk_ids_free(struct crosswalk_ids *ids)
{
	idmap_free(&ids->user_of_id);
	idmap_free(&ids->user_of_dcid);
	idmap_free(&ids->section_of_id);
}
