#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "grades/csv_list.h"
#include "canvas2pt/grades_files.h"

const char *const grades_file_states[] = { "new", "changed", "unchanged",
	"carried" };

/* One file of the accepted export; its texts follow each other in texts. */
struct grades_known {
	struct grades_file file;
	char *texts;
	bool seen;
};

enum column {
	FILE_NAME,
	FILE_SECTION_KEY,
	FILE_SECTION,
	FILE_COURSE,
	FILE_ASSIGNMENT,
	FILE_BYTES,
	FILE_SHA256,
	FILE_COLUMNS
};

static const char *const columns[] = { "file", "section_key", "section",
	"course", "assignment", "bytes", "sha256", NULL };

static int
take_line(void *arg, const char *const *cells, uint32_t line, struct err *err)
{
	struct grades_known *known;
	const char *at[FILE_COLUMNS];
	struct grades_files *files;
	struct buf texts = { 0 };
	size_t i;

	(void)line;
	(void)err;
	files = arg;
	for (i = 0; i < FILE_COLUMNS; i++)
		buf_add(&texts, cells[i], strlen(cells[i]) + 1);
	at[0] = texts.data;
	for (i = 1; i < FILE_COLUMNS; i++)
		at[i] = at[i - 1] + strlen(at[i - 1]) + 1;
	files->list = mem_grow(
	    files->list, files->count, &files->cap, sizeof(*files->list));
	known = &files->list[files->count++];
	*known = (struct grades_known){ .texts = texts.data,
		.file = { .file = at[FILE_NAME],
		    .section_key = at[FILE_SECTION_KEY],
		    .section = at[FILE_SECTION],
		    .course = at[FILE_COURSE],
		    .assignment = at[FILE_ASSIGNMENT],
		    .bytes = strtoull(at[FILE_BYTES], NULL, 10),
		    .sha256 = at[FILE_SHA256],
		    .state = GRADES_FILE_CARRIED } };
	return 0;
}

static int
order(const struct grades_file *a, const char *section_key,
    const char *assignment)
{
	int by_section;

	by_section = strcmp(a->section_key, section_key);
	return by_section != 0 ? by_section : strcmp(a->assignment, assignment);
}

static int
by_key(const void *a, const void *b)
{
	const struct grades_known *x, *y;

	x = a;
	y = b;
	return order(&x->file, y->file.section_key, y->file.assignment);
}

int
grades_files_read(
    struct grades_files *files, const char *folder, struct err *err)
{
	char *path;
	int rc;

	path = mem_printf("%s/" GRADES_FILES_CSV, folder);
	rc = csv_list_read(path, columns, take_line, files, err);
	if (rc == 1)
		rc = err_set(err, EXIT_SOURCE,
		    "the accepted export has no %s; nothing was published",
		    path);
	if (rc == -1)
		err_hint(err,
		    "Accept another export: canvas2pt accept EXPORT, or remove"
		    " the link accepted: then all files count as new.");
	free(path);
	if (rc == 0 && files->count > 0)
		qsort(files->list, files->count, sizeof(*files->list), by_key);
	return rc;
}

void
grades_files_free(struct grades_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		free(files->list[i].texts);
	free(files->list);
	*files = (struct grades_files){ 0 };
}

const struct grades_file *
grades_files_find(
    struct grades_files *files, const char *section_key, const char *assignment)
{
	size_t low, high, middle;
	int way;

	for (low = 0, high = files->count; low < high;) {
		middle = low + (high - low) / 2;
		way = order(&files->list[middle].file, section_key, assignment);
		if (way == 0) {
			files->list[middle].seen = true;
			return &files->list[middle].file;
		}
		if (way < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void
grades_files_each_unseen(const struct grades_files *files,
    void (*each)(void *arg, const struct grades_file *file), void *arg)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		if (!files->list[i].seen)
			each(arg, &files->list[i].file);
	}
}

void
grades_files_header(struct buf *out)
{
	size_t i;

	for (i = 0; columns[i] != NULL; i++)
		buf_printf(out, "%s,", columns[i]);
	buf_adds(out, "state,written\r\n");
}

static void
put(struct buf *out, const char *text)
{
	csv_add_field(out, text, strlen(text));
	buf_addc(out, ',');
}

void
grades_files_line(const struct grades_file *file, struct buf *out)
{
	put(out, file->file);
	put(out, file->section_key);
	put(out, file->section);
	put(out, file->course);
	put(out, file->assignment);
	buf_printf(out, "%" PRIu64 ",%s,%s,%d\r\n", file->bytes, file->sha256,
	    grades_file_states[file->state], file->is_written);
}
