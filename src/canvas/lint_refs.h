#ifndef CANVAS_LINT_REFS_H
#define CANVAS_LINT_REFS_H

#include "canvas/lint_state.h"

/* The sym of a cell of the row at hand; blank when the cell is. */
sym lint_refs_sym(struct lint *lint, size_t column);

/* The object of a kind with that id, NULL when this package has none. */
struct lint_object *lint_refs_find(
    struct lint *lint, enum sheet_kind kind, struct str id);

/*
 * The object that a cell of the row at hand names. Says so when this package
 * lacks it, refuses it or has changed its id; NULL then, and when the cell is
 * blank. A cell that names the row's own kind is judged at the kind's end.
 */
struct lint_object *lint_refs_named(struct lint *lint, size_t column);

/* Says when change_sis_id gave what a cell names another id. */
void lint_refs_changed(struct lint *lint, enum sheet_kind kind, size_t column);

/*
 * The same as lint_refs_named(); says, too, when this package deletes what
 * the cell names, unless the row at hand deletes as well.
 */
struct lint_object *lint_refs_living(struct lint *lint, size_t column);

/* Says later when an object of the row's own kind comes after this row. */
void lint_refs_wait(struct lint *lint, enum lint_rule later, size_t column);

/* Where the row's own object is or will be among those of its kind. */
uint32_t lint_refs_place(struct lint *lint, enum sheet_kind kind);

/*
 * Says that integration_id belongs to another object already, unless the row
 * deletes a user; keeps it for the row's own when the row is not refused.
 */
void lint_refs_integration(struct lint *lint, enum sheet_kind kind);

/*
 * Takes in the id that the row at hand gives once the row is judged; NULL
 * when it gives none.
 */
struct lint_object *lint_refs_keep(struct lint *lint, enum sheet_kind kind);

/*
 * Takes in a row that is known by its own id and by another column together;
 * says so when an earlier row has both.
 */
void lint_refs_keep_pair(
    struct lint *lint, enum sheet_kind kind, size_t column);

/* Says what is wrong with a cell that names a user by integration id. */
void lint_refs_integration_named(struct lint *lint, size_t column);

/* Takes in an id of another kind that the row at hand makes. */
void lint_refs_keep_named(
    struct lint *lint, enum sheet_kind kind, struct str id);

/* Whether the row at hand deletes what it names. */
bool lint_refs_deletes(const struct lint *lint);

/* Judges what waited for the end of a kind. */
void lint_refs_kind_end(struct lint *lint, enum sheet_kind kind);

void lint_refs_free(struct lint *lint);

#endif
