#ifndef COMPARE_SCHOOLS_H
#define COMPARE_SCHOOLS_H

#include "base/idmap.h"
#include "canvas/diff_school.h"
#include "compare/compare_package.h"

/* How many rows are different. */
struct compare_count {
	uint64_t added, removed, changed;
};

/* What is different in one school, by kind of sheet. */
struct compare_school {
	sym id;		      /* the empty sym: no one school */
	uint64_t total;	      /* rows that differ */
	uint64_t enrollments; /* that it had */
	struct compare_count counts[SHEETS];
};

/* The schools in which something is different. */
struct compare_schools {
	struct intern *intern;
	struct places *places[2]; /* by enum diff_version */
	struct diff_schools *owners;
	struct compare_school *list; /* settled: most changes first */
	size_t count, cap;
	struct idmap index;	       /* id -> list */
	struct idmap names;	       /* id -> name */
	struct compare_person *people; /* whose school is settled last */
	size_t npeople, cappeople;
};

/*
 * Reads where courses and sections belong, in both packages, which must
 * outlive the result. 0 or -1; compare_schools_close() in both cases.
 */
int compare_schools_open(struct compare_schools *schools,
    const struct compare_package packages[2], struct err *err);
void compare_schools_close(struct compare_schools *schools);

/* Counts a row that differs, and says whose it is. */
struct diff_owner compare_schools_take(struct compare_schools *schools,
    enum sheet_kind kind, const struct diff_event *event);

/* Behind the last row: finds the schools of people and the names. */
int compare_schools_settle(struct compare_schools *schools,
    const struct compare_package packages[2], struct err *err);

/* The school of a row, and its name, else its id. Both when settled. */
sym compare_schools_of(
    const struct compare_schools *schools, struct diff_owner owner);
struct str compare_schools_id(
    const struct compare_schools *schools, sym school, char digits[SYM_DIGITS]);
struct str compare_schools_name(
    const struct compare_schools *schools, sym school, char digits[SYM_DIGITS]);

void compare_count_add(struct compare_count *count, enum diff_change change);
uint64_t compare_count_total(const struct compare_count *count);

#endif
