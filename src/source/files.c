#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/blocks.h"
#include "source/feeds.h"
#include "source/files.h"

/* The files of one folder, in name order. */
struct listing {
	struct input *inputs;
	size_t count, cap;
};

static int
input_order(const void *a, const void *b)
{
	return strcmp(
	    ((const struct input *)a)->name, ((const struct input *)b)->name);
}

static void
listing_free(struct listing *listing)
{
	size_t i;

	for (i = 0; i < listing->count; i++)
		input_close(&listing->inputs[i]);
	free(listing->inputs);
}

static int
listing_read(struct listing *listing, const char *dir, struct err *err)
{
	const struct feed *feed;
	struct dirent *entry;
	DIR *folder;

	folder = opendir(dir);
	if (folder == NULL) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "the folder %s cannot"
		    " be read, nothing was published",
		    dir);
		return err_hint(err, "Correct [source] url = files:DIR.");
	}
	while (errno = 0, (entry = readdir(folder)) != NULL) {
		feed = feed_of_file(entry->d_name);
		if (feed == NULL)
			continue;
		listing->inputs = mem_grow(listing->inputs, listing->count,
		    &listing->cap, sizeof(*listing->inputs));
		listing->inputs[listing->count++] = (struct input){
			.name = mem_strdup(entry->d_name),
			.feed = feed,
			.fd = -1
		};
	}
	if (errno != 0) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "the folder %s cannot"
		    " be listed to its end, nothing was published",
		    dir);
		closedir(folder);
		return err_hint(err,
		    "Run again; look at the disk or the"
		    " network share if it happens again.");
	}
	closedir(folder);
	if (listing->count == 0) {
		err_set(err, EXIT_SOURCE,
		    "the folder %s holds no table export"
		    " (schools.csv, students.csv, cc.csv and so on); nothing"
		    " was published",
		    dir);
		return err_hint(err,
		    "Export the tables into it, or correct"
		    " [source] url.");
	}
	qsort(listing->inputs, listing->count, sizeof(*listing->inputs),
	    input_order);
	return 0;
}

static bool
listing_has(const struct listing *listing, const char *name)
{
	size_t i;

	for (i = 0; i < listing->count; i++) {
		if (strcmp(listing->inputs[i].feed->name, name) == 0)
			return true;
	}
	return false;
}

static bool
listing_fills(const struct listing *listing, enum table_id table)
{
	const struct feed *feed;
	size_t i, t;

	for (i = 0; i < listing->count; i++) {
		feed = listing->inputs[i].feed;
		for (t = 0; t < feed->ntables; t++) {
			if (feed->tables[t] == table)
				return true;
		}
	}
	return false;
}

/* Whether a district cannot do without a table. */
static bool
table_is_needed(enum table_id table, bool older_set)
{
	return source_needs(table) && (table != T_SECTIONTEACHER || !older_set);
}

static int
listing_complete(
    const struct listing *listing, const char *dir, struct err *err)
{
	bool older_set;
	int t;

	older_set = listing_has(listing, "teachers");
	for (t = 0; t < TABLES; t++) {
		if (!table_is_needed((enum table_id)t, older_set) ||
		    listing_fills(listing, (enum table_id)t))
			continue;
		err_set(err, EXIT_SOURCE,
		    "the folder %s holds no %s export;"
		    " nothing was published",
		    dir, schema[t].name);
		return err_hint(err,
		    "Export the table as %s.csv into the"
		    " folder.",
		    schema[t].name);
	}
	return 0;
}

static int
input_open(struct input *input, const char *dir, struct err *err)
{
	struct stat st;
	char *path;

	path = mem_printf("%s/%s", dir, input->name);
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (input->fd == -1 || fstat(input->fd, &st) == -1) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "%s:1:1: cannot be read, nothing was published", path);
		err_hint(err,
		    "Give the account that runs this read access"
		    " to the file.");
	} else if (!S_ISREG(st.st_mode)) {
		err_set(err, EXIT_SOURCE,
		    "%s:1:1: is not an ordinary file;"
		    " nothing was published",
		    path);
		err_hint(err, "Put the exported file itself there.");
	} else {
		input->size = (uint64_t)st.st_size;
		(void)posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	free(path);
	return err->code == EXIT_DONE ? 0 : -1;
}

static void
report_add(
    struct source_report *report, const struct input *input, bool guessed)
{
	struct source_file *file;

	file = source_report_add(report, input->name, "file");
	file->encoding = input->encoding;
	file->bytes = input->size;
	file->rows = input->rows;
	file->converted = input->converted;
	memcpy(file->sha256, input->sha256, sizeof(file->sha256));
	if (input->converted > 0)
		log_line(guessed ? LOG_WARN : LOG_INFO,
		    "%s is %s, not UTF-8:"
		    " %llu line%s converted",
		    input->name, input->encoding,
		    (unsigned long long)input->converted,
		    input->converted == 1 ? " was" : "s were");
}

/* Opens every file and matches its header, before any row is kept. */
static int
listing_bind(struct listing *listing, const char *dir,
    const struct source_options *options, struct roster *roster,
    struct err *err)
{
	struct input *input;
	struct table *table;
	size_t i, t, c;

	for (i = 0; i < listing->count; i++) {
		input = &listing->inputs[i];
		if (input_open(input, dir, err) != 0 ||
		    blocks_header(input, options, roster, err) != 0)
			return -1;
		for (t = 0; t < input->binder.ntables; t++) {
			struct bind_table *b = &input->binder.tables[t];

			table = &roster->tables[b->table];
			for (c = 0; c < b->ncolumns; c++)
				table->bound[b->columns[c].field] = true;
		}
	}
	return 0;
}

static int
input_refuse_empty(const struct input *input, bool older_set, struct err *err)
{
	if (input->rows > 0 ||
	    !table_is_needed(input->feed->tables[0], older_set))
		return 0;
	err_set(err, EXIT_SOURCE,
	    "%s:1:1: has a header but no rows; nothing"
	    " was published",
	    input->name);
	return err_hint(err,
	    "An empty export is most often a failed one:"
	    " export the table again.");
}

int
files_pull(const char *dir, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err)
{
	struct listing listing = { 0 };
	struct input *input;
	size_t i;
	int rc;

	rc = -1;
	if (listing_read(&listing, dir, err) != 0 ||
	    listing_complete(&listing, dir, err) != 0 ||
	    listing_bind(&listing, dir, options, roster, err) != 0)
		goto out;
	roster->users_by_number = listing_has(&listing, "teachers");
	for (i = 0; i < listing.count; i++) {
		input = &listing.inputs[i];
		if (options->headers_only) {
			report_add(report, input,
			    strcasecmp(options->encoding, "auto") == 0);
			continue;
		}
		if (blocks_read(input, options, roster, err) != 0 ||
		    input_refuse_empty(input, roster->users_by_number, err) !=
			0)
			goto out;
		report_add(
		    report, input, strcasecmp(options->encoding, "auto") == 0);
	}
	rc = 0;
out:
	listing_free(&listing);
	return rc;
}
