#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "roster/fate.h"
#include "roster/student_email.h"

static struct str
cell_text(const struct roster *roster, unsigned field, uint32_t row,
    char digits[SYM_DIGITS])
{
	return intern_text(roster->intern,
	    table_sym(&roster->tables[T_STUDENTEMAIL], field, row), digits);
}

/* The address of a row: the first of its columns that is filled. */
static struct str
address(const struct roster *roster, uint32_t row, char digits[SYM_DIGITS])
{
	static const unsigned fields[] = { STUDENTEMAIL_EMAIL,
		STUDENTEMAIL_EMAIL_ADDR, STUDENTEMAIL_STUDENT_EMAIL };
	struct str text = { "", 0 };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && text.len == 0;
	     i++)
		text = cell_text(roster, fields[i], row, digits);
	return text;
}

static bool
is_primary(const struct roster *roster, uint32_t row)
{
	static const unsigned fields[] = { STUDENTEMAIL_ISPRIMARY,
		STUDENTEMAIL_PRIMARY };
	static const char *const yes[] = { "1", "y", "yes", "t", "true" };
	char digits[SYM_DIGITS];
	struct str text;
	size_t f, i;

	for (f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
		text = cell_text(roster, fields[f], row, digits);
		for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
			if (strlen(yes[i]) == text.len &&
			    strncasecmp(yes[i], text.bytes, text.len) == 0)
				return true;
		}
	}
	return false;
}

static bool
is_better(const struct roster *roster, uint32_t a, uint32_t b)
{
	char digits[2][SYM_DIGITS];
	struct str x, y;
	int order;
	bool primary;

	x = address(roster, a, digits[0]);
	y = address(roster, b, digits[1]);
	if ((x.len == 0) != (y.len == 0))
		return x.len > 0;
	primary = is_primary(roster, a);
	if (primary != is_primary(roster, b))
		return primary;
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	return order != 0 ? order < 0 : x.len < y.len;
}

/* The student whom a row of studentemail names. */
static uint32_t
student_of(
    const struct roster *roster, const struct key_index *by_dcid, uint32_t row)
{
	const struct table *table;
	uint32_t student;

	table = &roster->tables[T_STUDENTEMAIL];
	student = key_index_find(&roster->tables[T_STUDENT].index,
	    table_sym(table, STUDENTEMAIL_STUDENTID, row));
	return student != ROW_NONE ?
	    student :
	    key_index_find(
		by_dcid, table_sym(table, STUDENTEMAIL_STUDENTSDCID, row));
}

static void
choose(struct roster *roster, const struct key_index *by_dcid, uint32_t *chosen)
{
	struct table *table;
	uint32_t row, student;

	table = &roster->tables[T_STUDENTEMAIL];
	for (row = 0; row < table->nrows; row++) {
		student = student_of(roster, by_dcid, row);
		if (student == ROW_NONE ||
		    !fate_in_scope(&roster->tables[T_STUDENT], student)) {
			fate_skip(table, row, REASON_UNUSED);
		} else if (chosen[student] == ROW_NONE) {
			chosen[student] = row;
		} else if (is_better(roster, row, chosen[student])) {
			table->states[chosen[student]] = ROW_MERGED;
			chosen[student] = row;
		} else {
			table->states[row] = ROW_MERGED;
		}
	}
}

uint32_t *
student_email_choose(struct roster *roster)
{
	struct key_index by_dcid = { 0 };
	const struct table *students;
	uint32_t *chosen;
	size_t i;

	students = &roster->tables[T_STUDENT];
	chosen = mem_alloc(students->nrows * sizeof(*chosen));
	for (i = 0; i < students->nrows; i++)
		chosen[i] = ROW_NONE;
	if (roster->tables[T_STUDENTEMAIL].nrows > 0) {
		key_index_build(
		    &by_dcid, students->columns[STUDENT_DCID], students->nrows);
		choose(roster, &by_dcid, chosen);
	}
	key_index_free(&by_dcid);
	return chosen;
}
