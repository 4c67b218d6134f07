#include "base/mem.h"
#include "source/inputs.h"
#include "source/oneroster.h"
#include "source/oneroster_fill.h"
#include "source/oneroster_manifest.h"
#include "source/oneroster_rows.h"

/* The manifest is read whole, also where only headers are asked for. */
static int
read_manifest(struct oneroster_set *set, const struct source_options *options,
    struct roster *files, struct source_report *report, struct err *err)
{
	struct source_options whole;
	struct input input = { .fd = -1 };
	int rc;

	whole = *options;
	whole.headers_only = false;
	rc = oneroster_set_input(set, OR_MANIFEST, &input, err);
	if (rc == 0)
		rc = inputs_bind(&input, &whole, files, err);
	if (rc == 0)
		rc = inputs_read(&input, true, &whole, files, report, err);
	input_close(&input);
	return rc == 0 ? oneroster_manifest_check(files, set, err) : -1;
}

/* Reads every file, after the headers of all of them were matched. */
static int
read_files(struct oneroster_set *set, const struct source_options *options,
    struct roster *files, struct source_report *report, struct err *err)
{
	struct input inputs[OR_TABLES];
	int t, rc;

	for (t = 0; t < OR_TABLES; t++)
		inputs[t] = (struct input){ .fd = -1 };
	rc = 0;
	for (t = OR_MANIFEST + 1; t < OR_TABLES && rc == 0; t++) {
		rc = oneroster_set_input(
		    set, (enum oneroster_table)t, &inputs[t], err);
		if (rc == 0)
			rc = inputs_bind(&inputs[t], options, files, err);
	}
	for (t = OR_MANIFEST + 1; t < OR_TABLES && rc == 0; t++)
		rc = inputs_read(&inputs[t], true, options, files, report, err);
	for (t = 0; t < OR_TABLES; t++)
		input_close(&inputs[t]);
	return rc;
}

/* Findings name the lines of the OneRoster files. */
static void
move_files(struct roster *from, struct roster *to)
{
	to->files = from->files;
	to->nfiles = from->nfiles;
	to->capfiles = from->capfiles;
	from->files = NULL;
	from->nfiles = from->capfiles = 0;
}

int
oneroster_pull(const char *place, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err)
{
	struct oneroster_set *set;
	struct roster *files;
	int rc;

	rc = -1;
	files = roster_new_of(oneroster_tables, OR_TABLES, roster->intern);
	set = oneroster_set_open(place, err);
	if (set == NULL)
		goto out;
	oneroster_fill_want(files, roster);
	if (read_manifest(set, options, files, report, err) != 0 ||
	    read_files(set, options, files, report, err) != 0)
		goto out;
	oneroster_fill_bind(files, roster);
	roster->term_ids_opaque = true;
	rc = options->headers_only ?
	    0 :
	    oneroster_rows_translate(files, options, roster, report, err);
	move_files(files, roster);
out:
	oneroster_set_close(set);
	roster_free(files);
	return rc;
}
