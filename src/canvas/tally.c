#include <stdlib.h>
#include <string.h>

#include "canvas/tally.h"
#include "canvas/tally_count.h"

size_t
tally_shape(struct str id, char shape[TALLY_SHAPE_MAX + 1])
{
	unsigned char c;
	size_t i, len;
	char form;

	len = 0;
	for (i = 0; i < id.len && len < TALLY_SHAPE_MAX; i++) {
		c = (unsigned char)id.bytes[i];
		form = id.bytes[i];
		if (c >= '0' && c <= '9')
			form = '9';
		/* What is not ASCII is taken for a letter of its script. */
		if (c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			form = 'a';
		if (len > 0 && form == shape[len - 1] &&
		    (form == '9' || form == 'a'))
			continue;
		shape[len++] = form;
	}
	shape[len] = '\0';
	return len;
}

int
tally_place_order(const struct intern *intern, const struct tally_cell *a,
    const struct tally_cell *b)
{
	int order;

	order = intern_order(intern, a->school, b->school);
	return order != 0 ? order : intern_order(intern, a->term, b->term);
}

static int
count_sheet(struct tally_sheet *sheet, enum sheet_kind kind,
    struct intern *intern, const struct places *places,
    const struct diff_input *input, struct err *err)
{
	struct diff_side side = { 0 };
	struct tally_count *count;
	size_t i;
	int rc;

	count = tally_count_begin(sheet, kind, intern, places);
	rc = diff_side_open(&side, input, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = tally_count_rows(count, &side.layouts[i], err);
	diff_side_close(&side);
	tally_count_end(count);
	return rc;
}

int
tally_make(struct tally *tally, struct intern *intern,
    const struct places *places, const struct diff_input *inputs,
    struct err *err)
{
	enum sheet_kind kind;

	*tally = (struct tally){ 0 };
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (count_sheet(&tally->sheets[kind], kind, intern, places,
			&inputs[kind], err) != 0)
			return -1;
	}
	return 0;
}

void
tally_free(struct tally *tally)
{
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS; kind++)
		free(tally->sheets[kind].cells);
	*tally = (struct tally){ 0 };
}
