#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/diff_school.h"

#define SIEVE_BITS 16 /* of a hash that tells most users to be unwanted */

/* The schools of a user's enrollments: none yet, one, or several. */
struct schools_seen {
	sym one;
	bool any, several;
};

/* A user whose row differs. */
struct wanted {
	struct schools_seen active[2], all[2]; /* by version */
};

struct diff_schools {
	struct intern *intern;
	const struct places *places[2]; /* by version */
	const struct diff_input *enrollments[2];
	struct idmap users; /* sym -> wanted */
	struct wanted *wanted;
	size_t nwanted, cap;
	bool removed; /* some of them are */
	uint8_t sieve[(1 << SIEVE_BITS) / 8];
	struct idmap totals; /* school -> old enrollments */
};

/* Columns of enrollments that are read. */
enum { SECTION, COURSE, USER, STATUS, COLUMNS };

/* Where a file of enrollments stands while it is read. */
struct scan {
	struct diff_schools *schools;
	enum diff_version version;
	bool count;
	size_t at[COLUMNS]; /* cells; SIZE_MAX: no such column */
	size_t last;	    /* of them */
	struct str cells[COLUMNS];
	struct str last_section; /* in the file; bytes NULL: none */
	sym school;		 /* of the row at hand */
};

struct diff_schools *
diff_school_new(struct intern *intern, const struct places *old,
    const struct places *new, const struct diff_input *old_enrollments,
    const struct diff_input *new_enrollments)
{
	struct diff_schools *schools;

	schools = mem_zalloc(1, sizeof(*schools));
	schools->intern = intern;
	schools->places[DIFF_OLD] = old;
	schools->places[DIFF_NEW] = new;
	schools->enrollments[DIFF_OLD] = old_enrollments;
	schools->enrollments[DIFF_NEW] = new_enrollments;
	return schools;
}

void
diff_school_free(struct diff_schools *schools)
{
	if (schools == NULL)
		return;
	idmap_free(&schools->users);
	idmap_free(&schools->totals);
	free(schools->wanted);
	free(schools);
}

/* A number for an id that is cheap to make from its last bytes. */
static uint32_t
sieve_place(struct str id)
{
	uint64_t last;
	size_t len;

	last = 0;
	len = id.len < sizeof(last) ? id.len : sizeof(last);
	memcpy(&last, id.bytes + id.len - len, len);
	last = (last ^ id.len) * 0x9e3779b97f4a7c15U;
	return (uint32_t)(last >> (64 - SIEVE_BITS));
}

static sym
want_user(struct diff_schools *schools, struct str id)
{
	uint32_t place;
	sym user;

	user = intern_add(schools->intern, id.bytes, id.len);
	if (user.id == 0 || idmap_get(&schools->users, user.id, NULL))
		return user;
	idmap_put(&schools->users, user.id, (uint32_t)schools->nwanted);
	schools->wanted = mem_grow(schools->wanted, schools->nwanted,
	    &schools->cap, sizeof(*schools->wanted));
	schools->wanted[schools->nwanted++] = (struct wanted){ 0 };
	place = sieve_place(id);
	schools->sieve[place / 8] |= (uint8_t)(1 << place % 8);
	return user;
}

/* The column that says whose a row about a person is; NULL: it is not. */
static const char *
user_column(enum sheet_kind kind)
{
	switch (kind) {
	case SHEET_USER:
		return "user_id";
	case SHEET_LOGIN:
		return "existing_user_id";
	case SHEET_USER_OBSERVER:
		return "student_id";
	default:
		return NULL;
	}
}

static sym
school_in(const struct places *places, enum sheet_kind kind,
    const struct diff_event *event, enum diff_version version)
{
	struct str id;
	sym school;

	if (kind == SHEET_TERM)
		return places_school_of_term(
		    places, places_event_cell(event, version, "term_id"));
	id = places_event_cell(event, version, "section_id");
	school.id = 0;
	if (id.len > 0 && kind != SHEET_SECTION)
		school = places_of_section(places, id).school;
	if (school.id != 0)
		return school;
	id = places_event_cell(event, version,
	    kind == SHEET_XLIST ? "xlist_course_id" : "course_id");
	return id.len > 0 ? places_of_course(places, id).school : school;
}

struct diff_owner
diff_school_owner(struct diff_schools *schools, enum sheet_kind kind,
    const struct diff_event *event)
{
	struct diff_owner owner = {
		.version = event->change == DIFF_REMOVED ? DIFF_OLD : DIFF_NEW
	};
	const char *column;
	struct str id;

	column = user_column(kind);
	if (column != NULL) {
		owner.user = want_user(
		    schools, places_event_cell(event, owner.version, column));
		schools->removed = schools->removed ||
		    owner.version == DIFF_OLD;
		return owner;
	}
	id = places_event_cell(event, owner.version, "account_id");
	if (id.len > 0) {
		owner.school = intern_add(schools->intern, id.bytes, id.len);
		return owner;
	}
	owner.school = school_in(
	    schools->places[owner.version], kind, event, owner.version);
	/* A term of several schools has none, whatever it had before. */
	if (owner.school.id == 0 && kind != SHEET_TERM)
		owner.school = school_in(
		    schools->places[owner.version == DIFF_OLD ? DIFF_NEW :
								DIFF_OLD],
		    kind, event, owner.version);
	return owner;
}

static void
see_school(struct schools_seen *seen, sym school)
{
	if (!seen->any)
		seen->one = school;
	else if (seen->one.id != school.id)
		seen->several = true;
	seen->any = true;
}

static bool
is_text(struct str text, const char *wanted)
{
	return strlen(wanted) == text.len &&
	    memcmp(wanted, text.bytes, text.len) == 0;
}

static void
see_user(struct scan *scan)
{
	struct diff_schools *schools;
	struct wanted *wanted;
	uint32_t place, at;
	sym user;

	schools = scan->schools;
	place = sieve_place(scan->cells[USER]);
	if ((schools->sieve[place / 8] >> place % 8 & 1) == 0 ||
	    !intern_find(schools->intern, scan->cells[USER].bytes,
		scan->cells[USER].len, &user) ||
	    !idmap_get(&schools->users, user.id, &at))
		return;
	wanted = &schools->wanted[at];
	if (is_text(scan->cells[STATUS], "active"))
		see_school(&wanted->active[scan->version], scan->school);
	see_school(&wanted->all[scan->version], scan->school);
}

static sym
school_of_row(const struct scan *scan)
{
	const struct places *places;
	sym school;

	places = scan->schools->places[scan->version];
	school = places_of_section(places, scan->cells[SECTION]).school;
	if (school.id == 0 && scan->cells[COURSE].len > 0)
		school = places_of_course(places, scan->cells[COURSE]).school;
	return school;
}

static void
see_row(struct scan *scan, bool in_file)
{
	struct str section;
	uint32_t rows;

	/* Rows of one section follow each other. */
	section = scan->cells[SECTION];
	if (scan->last_section.bytes == NULL || section.len == 0 ||
	    section.len != scan->last_section.len ||
	    memcmp(section.bytes, scan->last_section.bytes, section.len) != 0)
		scan->school = school_of_row(scan);
	scan->last_section = in_file ? section : (struct str){ NULL, 0 };
	if (scan->count && scan->school.id != 0) {
		rows = 0;
		idmap_get(&scan->schools->totals, scan->school.id, &rows);
		idmap_put(&scan->schools->totals, scan->school.id, rows + 1);
	}
	if (scan->schools->nwanted > 0)
		see_user(scan);
}

/* Cuts out the cells that are read, of a record without a quote. */
static void
cut_plain(struct scan *scan, const struct diff_record *record)
{
	const char *cell, *end, *comma;
	size_t i, j;

	cell = record->bytes;
	end = record->bytes + record->len;
	for (i = 0; i <= scan->last; i++) {
		comma = memchr(cell, ',', (size_t)(end - cell));
		if (comma == NULL)
			comma = end;
		for (j = 0; j < COLUMNS; j++) {
			if (scan->at[j] == i)
				scan->cells[j] = diff_cell_stripped(
				    (struct str){
					cell, (size_t)(comma - cell) });
		}
		if (comma == end)
			break;
		cell = comma + 1;
	}
}

static void
cut_row(struct scan *scan, const struct diff_record *record,
    struct diff_cells *cells)
{
	size_t j;

	for (j = 0; j < COLUMNS; j++)
		scan->cells[j] = (struct str){ "", 0 };
	if (!record->quoted) {
		cut_plain(scan, record);
		return;
	}
	diff_record_cut(record, cells);
	for (j = 0; j < COLUMNS; j++) {
		if (scan->at[j] < cells->ncells)
			scan->cells[j] = cells->cells[scan->at[j]];
	}
}

static void
find_columns(struct scan *scan, const struct diff_layout *layout)
{
	static const char *const headers[COLUMNS] = { "section_id", "course_id",
		"user_id", "status" };
	size_t i, j;

	scan->last = 0;
	for (j = 0; j < COLUMNS; j++) {
		scan->at[j] = SIZE_MAX;
		for (i = 0; i < layout->nheaders; i++) {
			if (layout->headers[i] == NULL ||
			    strcmp(layout->headers[i], headers[j]) != 0)
				continue;
			scan->at[j] = i;
			scan->last = i > scan->last ? i : scan->last;
		}
	}
}

static int
scan_file(struct scan *scan, const struct diff_layout *layout, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	find_columns(scan, layout);
	scan->last_section.bytes = NULL;
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		cut_row(scan, &record, &walk.cells);
		see_row(scan, !record.quoted);
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

static int
scan_version(struct diff_schools *schools, enum diff_version version,
    bool count, struct err *err)
{
	struct scan scan = {
		.schools = schools, .version = version, .count = count
	};
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	rc = diff_side_open(&side, schools->enrollments[version], err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = scan_file(&scan, &side.layouts[i], err);
	diff_side_close(&side);
	return rc;
}

/* Some users are in no enrollment of the new package. */
static bool
some_not_in_new(const struct diff_schools *schools)
{
	size_t i;

	for (i = 0; i < schools->nwanted; i++) {
		if (!schools->wanted[i].all[DIFF_NEW].any)
			return true;
	}
	return false;
}

int
diff_school_find(struct diff_schools *schools, bool count, struct err *err)
{
	size_t i;

	for (i = 0; i < schools->nwanted; i++)
		schools->wanted[i] = (struct wanted){ 0 };
	idmap_free(&schools->totals);
	if (schools->nwanted > 0 &&
	    scan_version(schools, DIFF_NEW, false, err) != 0)
		return -1;
	return count || schools->removed || some_not_in_new(schools) ?
	    scan_version(schools, DIFF_OLD, count, err) :
	    0;
}

sym
diff_school_of(const struct diff_schools *schools, struct diff_owner owner)
{
	const struct schools_seen *seen;
	const struct wanted *wanted;
	enum diff_version version;
	uint32_t at;

	if (owner.user.id == 0 ||
	    !idmap_get(&schools->users, owner.user.id, &at))
		return owner.school;
	wanted = &schools->wanted[at];
	version = owner.version;
	if (!wanted->all[version].any)
		version = version == DIFF_OLD ? DIFF_NEW : DIFF_OLD;
	seen = wanted->active[version].any ? &wanted->active[version] :
					     &wanted->all[version];
	return seen->several ? sym_blank() : seen->one;
}

struct str
diff_school_text(
    const struct diff_schools *schools, sym school, char digits[SYM_DIGITS])
{
	return intern_text(schools->intern, school, digits);
}

uint64_t
diff_school_enrollments(const struct diff_schools *schools, sym school)
{
	uint32_t rows;

	return idmap_get(&schools->totals, school.id, &rows) ? rows : 0;
}
