#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/feeds.h"
#include "source/files.h"
#include "source/inputs.h"

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

/* Opens every file and matches its header, before any row is kept. */
static int
listing_bind(struct listing *listing, const char *dir,
    const struct source_options *options, struct roster *roster,
    struct err *err)
{
	size_t i;

	for (i = 0; i < listing->count; i++) {
		if (inputs_open(&listing->inputs[i], dir, err) != 0 ||
		    inputs_bind(&listing->inputs[i], options, roster, err) != 0)
			return -1;
	}
	return 0;
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
		if (inputs_read(input,
			table_is_needed(
			    input->feed->tables[0], roster->users_by_number),
			options, roster, report, err) != 0)
			goto out;
	}
	rc = 0;
out:
	listing_free(&listing);
	return rc;
}
