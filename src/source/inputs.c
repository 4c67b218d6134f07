#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/inputs.h"

int
inputs_open(struct input *input, const char *dir, struct err *err)
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

int
inputs_bind(struct input *input, const struct source_options *options,
    struct roster *roster, struct err *err)
{
	const struct bind_table *bound;
	struct table *table;
	size_t t, c;

	if (blocks_header(input, options, roster, err) != 0)
		return -1;
	for (t = 0; t < input->binder.ntables; t++) {
		bound = &input->binder.tables[t];
		table = &roster->tables[bound->table];
		for (c = 0; c < bound->ncolumns; c++)
			table->bound[bound->columns[c].field] = true;
	}
	return 0;
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

static int
refuse_empty(const struct input *input, struct err *err)
{
	err_set(err, EXIT_SOURCE,
	    "%s:1:1: has a header but no rows; nothing"
	    " was published",
	    input->name);
	return err_hint(err,
	    "An empty export is most often a failed one:"
	    " export the table again.");
}

int
inputs_read(struct input *input, bool rows_needed,
    const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err)
{
	if (!options->headers_only) {
		if (blocks_read(input, options, roster, err) != 0)
			return -1;
		if (rows_needed && input->rows == 0)
			return refuse_empty(input, err);
	}
	report_add(report, input, strcasecmp(options->encoding, "auto") == 0);
	return 0;
}
