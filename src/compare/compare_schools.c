#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "compare/compare_schools.h"

/* A row about a person, whose school enrollments tell. */
struct compare_person {
	struct diff_owner owner;
	enum sheet_kind kind;
	enum diff_change change;
};

int
compare_schools_open(struct compare_schools *schools,
    const struct compare_package packages[2], struct err *err)
{
	size_t i;

	*schools = (struct compare_schools){ .intern = intern_new() };
	for (i = 0; i < 2; i++) {
		schools->places[i] = places_read(schools->intern,
		    &packages[i].sheets[SHEET_COURSE],
		    &packages[i].sheets[SHEET_SECTION], err);
		if (schools->places[i] == NULL)
			return -1;
	}
	schools->owners = diff_school_new(schools->intern,
	    schools->places[DIFF_OLD], schools->places[DIFF_NEW],
	    &packages[DIFF_OLD].sheets[SHEET_ENROLLMENT],
	    &packages[DIFF_NEW].sheets[SHEET_ENROLLMENT]);
	return 0;
}

void
compare_schools_close(struct compare_schools *schools)
{
	diff_school_free(schools->owners);
	places_free(schools->places[DIFF_OLD]);
	places_free(schools->places[DIFF_NEW]);
	free(schools->list);
	free(schools->people);
	idmap_free(&schools->index);
	idmap_free(&schools->names);
	intern_free(schools->intern);
	*schools = (struct compare_schools){ 0 };
}

void
compare_count_add(struct compare_count *count, enum diff_change change)
{
	switch (change) {
	case DIFF_ADDED:
		count->added++;
		break;
	case DIFF_REMOVED:
		count->removed++;
		break;
	case DIFF_CHANGED:
		count->changed++;
		break;
	}
}

uint64_t
compare_count_total(const struct compare_count *count)
{
	return count->added + count->removed + count->changed;
}

static void
count_for(struct compare_schools *schools, sym school, enum sheet_kind kind,
    enum diff_change change)
{
	uint32_t at;

	if (!idmap_get(&schools->index, school.id, &at)) {
		at = (uint32_t)schools->count;
		idmap_put(&schools->index, school.id, at);
		schools->list = mem_grow(schools->list, schools->count,
		    &schools->cap, sizeof(*schools->list));
		schools->list[schools->count++] = (struct compare_school){
			.id = school
		};
	}
	schools->list[at].total++;
	compare_count_add(&schools->list[at].counts[kind], change);
}

struct diff_owner
compare_schools_take(struct compare_schools *schools, enum sheet_kind kind,
    const struct diff_event *event)
{
	struct diff_owner owner;

	owner = diff_school_owner(schools->owners, kind, event);
	if (owner.user.id == 0) {
		count_for(schools, owner.school, kind, event->change);
		return owner;
	}
	schools->people = mem_grow(schools->people, schools->npeople,
	    &schools->cappeople, sizeof(*schools->people));
	schools->people[schools->npeople++] = (struct compare_person){ owner,
		kind, event->change };
	return owner;
}

/* More changes first, then by id; rows of no one school come last. */
static int
school_order(const void *a, const void *b, void *intern)
{
	const struct compare_school *x, *y;
	char digits[2][SYM_DIGITS];
	struct str id_x, id_y;
	int order;

	x = a;
	y = b;
	if ((x->id.id == 0) != (y->id.id == 0))
		return x->id.id == 0 ? 1 : -1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	id_x = intern_text(intern, x->id, digits[0]);
	id_y = intern_text(intern, y->id, digits[1]);
	order = memcmp(
	    id_x.bytes, id_y.bytes, id_x.len < id_y.len ? id_x.len : id_y.len);
	if (order != 0)
		return order;
	return id_x.len < id_y.len ? -1 : id_x.len > id_y.len;
}

static struct str
cell_of(const struct diff_layout *layout, const struct diff_cells *cells,
    const char *header)
{
	size_t i;

	for (i = 0; i < layout->nheaders && i < cells->ncells; i++) {
		if (layout->headers[i] != NULL &&
		    strcmp(layout->headers[i], header) == 0)
			return cells->cells[i];
	}
	return (struct str){ "", 0 };
}

/* Puts the names of accounts beside their ids. */
static int
read_names(struct compare_schools *schools, const struct diff_layout *layout,
    struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	struct str id, name;
	int rc;

	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		diff_record_cut(&record, &walk.cells);
		id = cell_of(layout, &walk.cells, "account_id");
		name = cell_of(layout, &walk.cells, "name");
		idmap_put(&schools->names,
		    intern_add(schools->intern, id.bytes, id.len).id,
		    intern_add(schools->intern, name.bytes, name.len).id);
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

static int
names_of_package(struct compare_schools *schools,
    const struct diff_input *accounts, struct err *err)
{
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	rc = diff_side_open(&side, accounts, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = read_names(schools, &side.layouts[i], err);
	diff_side_close(&side);
	return rc;
}

int
compare_schools_settle(struct compare_schools *schools,
    const struct compare_package packages[2], struct err *err)
{
	const struct compare_person *person;
	struct compare_school *school;
	size_t i;

	if (diff_school_find(schools->owners,
		places_count(schools->places[DIFF_OLD]) > 0, err) != 0)
		return -1;
	for (i = 0; i < schools->npeople; i++) {
		person = &schools->people[i];
		count_for(schools,
		    diff_school_of(schools->owners, person->owner),
		    person->kind, person->change);
	}
	for (i = 0; i < schools->count; i++) {
		school = &schools->list[i];
		school->enrollments = diff_school_enrollments(
		    schools->owners, school->id);
	}
	qsort_r(schools->list, schools->count, sizeof(*schools->list),
	    school_order, schools->intern);
	for (i = 0; i < 2; i++) {
		if (names_of_package(
			schools, &packages[i].sheets[SHEET_ACCOUNT], err) != 0)
			return -1;
	}
	return 0;
}

sym
compare_schools_of(
    const struct compare_schools *schools, struct diff_owner owner)
{
	return diff_school_of(schools->owners, owner);
}

struct str
compare_schools_id(
    const struct compare_schools *schools, sym school, char digits[SYM_DIGITS])
{
	return intern_text(schools->intern, school, digits);
}

struct str
compare_schools_name(
    const struct compare_schools *schools, sym school, char digits[SYM_DIGITS])
{
	sym name;

	if (idmap_get(&schools->names, school.id, &name.id) && name.id != 0)
		return intern_text(schools->intern, name, digits);
	return intern_text(schools->intern, school, digits);
}
