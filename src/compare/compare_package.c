#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "compare/compare_package.h"

#define NO_SHEET SHEETS	       /* the kind of a CSV that Canvas passes over */
#define NO_HEADER (SHEETS + 1) /* of one without a line */

/* A file of a package and what it is. */
struct member {
	size_t number;
	unsigned kind;
};

static bool
has_column(const void *arg, const char *column)
{
	const struct diff_layout *layout;
	struct str header;
	size_t i, len;

	layout = arg;
	len = strlen(column);
	for (i = 0; i < layout->nheaders; i++) {
		if (layout->headers[i] == NULL)
			continue;
		/* Canvas strips headers here, though not when it reads. */
		header = diff_cell_stripped((struct str){
		    layout->headers[i], strlen(layout->headers[i]) });
		if (header.len == len && memcmp(header.bytes, column, len) == 0)
			return true;
	}
	return false;
}

/* The first sheet in Canvas's order that the header fits (canvas-sis 4). */
static int
kind_of_file(const struct diff_file *file, unsigned *kind, struct err *err)
{
	const struct diff_input input = { file, 1 };
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	rc = diff_side_open(&side, &input, err);
	*kind = side.nlayouts == 0 ? NO_HEADER : NO_SHEET;
	for (i = 0; side.nlayouts > 0 && i < SHEETS; i++) {
		if (!sheet_fits(&sheets[sheets_in_order[i]], has_column,
			&side.layouts[0]))
			continue;
		*kind = sheets_in_order[i];
		break;
	}
	diff_side_close(&side);
	return rc;
}

/* A lone CSV is a package whose only file has the end of its path. */
static bool
is_csv_itself(const char *path, const char *name)
{
	const char *slash;

	slash = strrchr(path, '/');
	return strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

static char *
name_of(const struct compare_package *package, size_t i)
{
	const char *name;

	name = unpack_name(package->unpack, i);
	if (unpack_is_folder(package->unpack))
		return mem_printf("%s/%s%s", package->path,
		    unpack_is_run(package->unpack) ? "csv/" : "", name);
	if (is_csv_itself(package->path, name))
		return mem_strdup(package->path);
	return mem_printf("%s:%s", package->path, name);
}

static int
map_all(struct compare_package *package, struct diff_file *files,
    struct member *members, struct err *err)
{
	size_t i;

	for (i = 0; i < package->count; i++) {
		package->names[i] = name_of(package, i);
		if (interrupt_check(err) != 0 ||
		    unpack_map(package->unpack, i, &package->bytes[i], err) !=
			0)
			return -1;
		files[i] = (struct diff_file){ package->names[i], "", 0,
			false };
		if (package->bytes[i].len > 0)
			files[i] = (struct diff_file){ package->names[i],
				package->bytes[i].bytes, package->bytes[i].len,
				true };
		members[i].number = i;
		if (kind_of_file(&files[i], &members[i].kind, err) != 0)
			return -1;
	}
	return 0;
}

static int
member_order(const void *a, const void *b)
{
	const struct member *x, *y;

	x = a;
	y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void
group_by_kind(struct compare_package *package, const struct diff_file *files,
    struct member *members)
{
	struct diff_input *input;
	size_t i;

	if (package->count > 0)
		qsort(members, package->count, sizeof(*members), member_order);
	for (i = 0; i < package->count; i++) {
		package->files[i] = files[members[i].number];
		if (members[i].kind == NO_SHEET)
			package->unknown[package->nunknown++] = members[i]
								    .number;
		if (members[i].kind >= SHEETS)
			continue;
		input = &package->sheets[members[i].kind];
		if (input->nfiles++ == 0)
			input->files = &package->files[i];
	}
}

int
compare_package_open(
    struct compare_package *package, const char *path, struct err *err)
{
	struct diff_file *files;
	struct member *members;
	int rc;

	*package = (struct compare_package){ .path = path };
	package->unpack = unpack_open(path, err);
	if (package->unpack == NULL)
		return -1;
	package->count = unpack_count(package->unpack);
	package->bytes = mem_zalloc(package->count, sizeof(*package->bytes));
	package->names = mem_zalloc(package->count, sizeof(*package->names));
	package->files = mem_zalloc(package->count, sizeof(*package->files));
	package->unknown = mem_zalloc(
	    package->count, sizeof(*package->unknown));
	files = mem_zalloc(package->count, sizeof(*files));
	members = mem_zalloc(package->count, sizeof(*members));
	rc = map_all(package, files, members, err);
	if (rc == 0)
		group_by_kind(package, files, members);
	free(files);
	free(members);
	return rc;
}

void
compare_package_close(struct compare_package *package)
{
	size_t i;

	for (i = 0; i < package->count; i++) {
		unpack_unmap(&package->bytes[i]);
		free(package->names[i]);
	}
	unpack_close(package->unpack);
	free(package->bytes);
	free(package->names);
	free(package->files);
	free(package->unknown);
	*package = (struct compare_package){ 0 };
}
