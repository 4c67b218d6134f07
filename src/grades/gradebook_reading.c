#include "grades/gradebook_reading.h"

void
gradebook_reading_say(struct gradebook_reading *r,
    enum gradebook_note_kind kind, uint32_t line, size_t column)
{
	struct gradebook_note note = { kind, line, (uint32_t)column, "" };

	if (r->options->note != NULL)
		r->options->note(r->options->arg, &note);
}

struct str
gradebook_reading_identity(const struct gradebook_reading *r,
    const struct csv_cell *cells, size_t ncells, enum gradebook_role role)
{
	/* No column is behind every row. */
	return gradebook_cell_at(cells, ncells, r->header.place[role]);
}
