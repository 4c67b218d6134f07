#ifndef CANVAS_CELLS_H
#define CANVAS_CELLS_H

#include <stdbool.h>

#include "base/buf.h"
#include "canvas/rows.h"

/* Makes one cell; scratch is free to use and lives until the next row. */
typedef struct str sheet_cell_fn(
    const struct sheet_row *row, struct buf *scratch);

/* The cells of the sheets that a run writes (mapping 3 and 4). */
sheet_cell_fn cell_status_active;
sheet_cell_fn cell_account_id, cell_account_parent, cell_account_name;
sheet_cell_fn cell_term_id, cell_term_name, cell_term_start, cell_term_end;
sheet_cell_fn cell_user_id, cell_user_login, cell_user_first_name,
    cell_user_last_name, cell_user_email, cell_user_status, cell_user_provider,
    cell_user_type, cell_user_integration;
sheet_cell_fn cell_course_id, cell_course_short, cell_course_long,
    cell_course_account, cell_course_term;
sheet_cell_fn cell_section_id, cell_section_name;
sheet_cell_fn cell_enrollment_section, cell_enrollment_user,
    cell_enrollment_role, cell_enrollment_status, cell_enrollment_start,
    cell_enrollment_end;

/* Whether the settings want a column at all. */
bool cell_wants_provider(const struct policy *policy);
bool cell_wants_type(const struct policy *policy);
bool cell_wants_integration(const struct policy *policy);
bool cell_wants_dates(const struct policy *policy);

#endif
