#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/guard_scopes.h"

static sym
id_of(const struct tally_cell *cell, enum guard_scope scope)
{
	switch (scope) {
	case GUARD_SCHOOL:
		return cell->school;
	case GUARD_TERM:
		return cell->term;
	case GUARD_ROLE:
		return cell->role;
	default:
		return (sym){ 0 };
	}
}

size_t
guard_scopes_list(const struct tally_sheet *before,
    const struct tally_sheet *now, const struct idmap *let_go,
    enum guard_scope scope, struct guard_scope_rows **list)
{
	struct guard_scope_rows *rows;
	struct idmap index = { 0 };
	size_t i, count;
	uint32_t at;
	sym id;

	rows = mem_zalloc(before->ncells, sizeof(*rows));
	count = 0;
	for (i = 0; i < before->ncells; i++) {
		id = id_of(&before->cells[i], scope);
		if (id.id == 0 ||
		    (let_go != NULL &&
			idmap_get(let_go, before->cells[i].term.id, NULL)))
			continue;
		if (!idmap_get(&index, id.id, &at)) {
			at = (uint32_t)count;
			idmap_put(&index, id.id, at);
			rows[count++].id = id;
		}
		rows[at].before += before->cells[i].rows;
	}
	for (i = 0; i < now->ncells; i++) {
		if (idmap_get(&index, id_of(&now->cells[i], scope).id, &at))
			rows[at].now += now->cells[i].rows;
	}
	idmap_free(&index);
	*list = rows;
	return count;
}

static int
take_terms(struct idmap *let_go, struct intern *intern, const struct keep *keep,
    const struct diff_layout *layout, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	struct str id;
	size_t at;
	int rc;

	at = diff_side_place(layout, "term_id");
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		diff_record_cut(&record, &walk.cells);
		if (at < walk.cells.ncells &&
		    keep_fate_of(keep, SHEET_TERM, layout, &walk.cells) ==
			KEEP_LET_GO) {
			id = walk.cells.cells[at];
			idmap_put(
			    let_go, intern_add(intern, id.bytes, id.len).id, 0);
		}
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

int
guard_scopes_let_go(struct idmap *let_go, struct intern *intern,
    const struct keep *keep, const struct diff_input *terms, struct err *err)
{
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	*let_go = (struct idmap){ 0 };
	rc = diff_side_open(&side, terms, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = take_terms(let_go, intern, keep, &side.layouts[i], err);
	diff_side_close(&side);
	return rc;
}
