#include <string.h>

#include "canvas/guard_form.h"

static const struct tally_shape *
find(const struct tally_sheet *sheet, const char *text)
{
	size_t i;

	for (i = 0; i < sheet->nshapes; i++) {
		if (strcmp(sheet->shapes[i].text, text) == 0)
			return &sheet->shapes[i];
	}
	return NULL;
}

static uint64_t
listed(const struct tally_sheet *sheet)
{
	uint64_t rows;
	size_t i;

	rows = 0;
	for (i = 0; i < sheet->nshapes; i++)
		rows += sheet->shapes[i].rows;
	return rows;
}

static guard_wide
distance(guard_wide a, guard_wide b)
{
	return a > b ? a - b : b - a;
}

/*
 * A form that only one sheet lists is among the other's unlisted ones, if it
 * has any: there they are compared as one.
 */
static guard_wide
moved_from(const struct tally_sheet *sheet, const struct tally_sheet *other,
    bool both, uint64_t *unlisted)
{
	const struct tally_shape *shape, *there;
	guard_wide moved;
	bool all_listed;
	size_t i;

	moved = 0;
	all_listed = listed(other) >= other->rows;
	*unlisted = sheet->rows -
	    (listed(sheet) < sheet->rows ? listed(sheet) : sheet->rows);
	for (i = 0; i < sheet->nshapes; i++) {
		shape = &sheet->shapes[i];
		there = find(other, shape->text);
		if (there == NULL && !all_listed)
			*unlisted += shape->rows;
		else if (there == NULL || both)
			moved += distance((guard_wide)shape->rows * other->rows,
			    there == NULL ?
				0 :
				(guard_wide)there->rows * sheet->rows);
	}
	return moved;
}

struct guard_share
guard_form_moved(
    const struct tally_sheet *before, const struct tally_sheet *now)
{
	uint64_t unlisted_before, unlisted_now;
	guard_wide moved;

	moved = moved_from(before, now, true, &unlisted_before) +
	    moved_from(now, before, false, &unlisted_now);
	moved += distance((guard_wide)unlisted_before * now->rows,
	    (guard_wide)unlisted_now * before->rows);
	return (struct guard_share){ moved,
		(guard_wide)before->rows * now->rows * 2 };
}
