#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "update.h"

int
update_open(struct update *update, const char *folder, struct err *err)
{
	*update = (struct update){ .first = folder == NULL };
	return folder == NULL ? 0 :
				accepted_open(&update->accepted, folder, err);
}

void
update_close(struct update *update)
{
	size_t i;

	for (i = 0; i < KEEP_SHEETS; i++)
		delta_free(&update->deltas[i]);
	carry_free(update->carry);
	keep_free(update->keep);
	accepted_close(&update->accepted);
	*update = (struct update){ 0 };
}

int
update_begin(struct update *update, const struct map *map, bool additions_only,
    const struct emit_sink *sink, struct emit_sink *emit_into, struct err *err)
{
	*emit_into = *sink;
	if (update->first)
		return 0;
	update->keep = keep_make(map, &update->accepted.source, err);
	if (update->keep == NULL)
		return -1;
	update->carry = carry_new(
	    update->keep, &update->accepted.source, additions_only, sink);
	*emit_into = carry_sink(update->carry);
	return 0;
}

static int
map_sheet(struct update *update, struct package *package, enum sheet_kind kind,
    struct err *err)
{
	struct diff_file *file;
	char *name;
	int rc;

	file = &update->files[kind];
	name = mem_printf("csv/%s", sheets[kind].file);
	*file = (struct diff_file){ .name = sheets[kind].file, .mapped = true };
	rc = package_map(package, name, &file->bytes, &file->len, err);
	update->inputs[kind] = (struct diff_input){ file, 1 };
	free(name);
	return rc;
}

int
update_map(struct update *update, struct package *package, struct err *err)
{
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (map_sheet(update, package, kind, err) != 0)
			return -1;
	}
	return 0;
}

int
update_compare(struct update *update, const struct policy *policy,
    const struct delta_watch *watch, struct err *err)
{
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS && !update->first; kind++) {
		if (delta_make(&update->deltas[kind], kind,
			&update->accepted.source.sheets[kind],
			&update->inputs[kind], update->keep, policy, watch,
			err) != 0)
			return -1;
	}
	return 0;
}

static int
add_to_entry(void *arg, const void *bytes, size_t len, struct err *err)
{
	return package_entry_add(arg, bytes, len, err);
}

/* One sheet in a zip: removals of enrollments come before additions. */
static int
pack_sheet(struct update *update, struct package *package, enum sheet_kind kind,
    bool full, struct err *err)
{
	struct delta_sheet *delta;
	const struct diff_file *file;
	size_t header;
	bool first;

	delta = &update->deltas[kind];
	file = &update->files[kind];
	header = (size_t)spool_size(&delta->header);
	if (spool_size(&delta->removals) == 0 &&
	    (full ? file->len <= header : spool_size(&delta->upserts) == 0))
		return 0;
	first = kind == SHEET_ENROLLMENT;
	if (package_entry_begin(package, sheets[kind].file, err) != 0 ||
	    spool_each(&delta->header, add_to_entry, package, err) != 0)
		return -1;
	if (first &&
	    spool_each(&delta->removals, add_to_entry, package, err) != 0)
		return -1;
	if ((full ? package_entry_add(package, file->bytes + header,
			file->len - header, err) :
		    spool_each(&delta->upserts, add_to_entry, package, err)) !=
	    0)
		return -1;
	if (!first &&
	    spool_each(&delta->removals, add_to_entry, package, err) != 0)
		return -1;
	return package_entry_end(package, err);
}

static int
pack_zip(
    struct update *update, struct package *package, bool full, struct err *err)
{
	enum sheet_kind kind;

	if (package_zip_begin(package, err) != 0)
		return -1;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (pack_sheet(update, package, kind, full, err) != 0)
			return -1;
	}
	return package_zip_end(
	    package, full ? "canvas-sis-full" : "canvas-sis-delta", err);
}

bool
update_is_empty(const struct update *update)
{
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (spool_size(&update->deltas[kind].removals) > 0 ||
		    spool_size(&update->deltas[kind].upserts) > 0)
			return false;
	}
	return !update->first;
}

int
update_pack(struct update *update, struct package *package, struct err *err)
{
	if (update->first)
		return 0;
	if (pack_zip(update, package, true, err) != 0)
		return -1;
	return update_is_empty(update) ? 0 :
					 pack_zip(update, package, false, err);
}

int
update_released(const struct update *update, struct package *package,
    const struct intern *intern, struct err *err)
{
	char digits[SYM_DIGITS];
	struct buf lines = { 0 };
	const sym *accounts;
	struct str id;
	size_t n, i;
	int rc;
	char *at;

	n = update->first ? 0 : keep_released(update->keep, &accounts);
	if (n == 0)
		return 0;
	buf_adds(&lines, "account_id\n");
	for (i = 0; i < n; i++) {
		id = intern_text(intern, accounts[i], digits);
		at = buf_reserve(&lines, id.len * 2 + 3);
		lines.len += csv_put_field(at, id.bytes, id.len);
		buf_addc(&lines, '\n');
	}
	rc = package_begin(package, "released.csv", false, false, err);
	if (rc == 0)
		rc = package_write(package, lines.data, lines.len, err);
	if (rc == 0)
		rc = package_end(package, err);
	buf_free(&lines);
	return rc;
}
