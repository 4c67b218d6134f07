#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "accepted.h"
#include "base/mem.h"

/* To take it for a sheet that is not there would send all of it again. */
static int
cannot_be_read(const char *path, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "%s, which Canvas holds, cannot be read; nothing was published",
	    path);
	return err_hint(err,
	    "Look at the disk and at who owns the folder, then run again.");
}

static int
open_file(struct accepted *accepted, size_t i, const char *folder,
    const char *name, struct diff_input *input, struct err *err)
{
	char *path;
	int rc;

	path = mem_printf("%s/%s", folder, name);
	accepted->names[i] = path;
	if (access(path, F_OK) == -1)
		return errno == ENOENT ? 0 : cannot_be_read(path, err);
	accepted->unpacks[i] = unpack_open(path, err);
	if (accepted->unpacks[i] == NULL ||
	    unpack_count(accepted->unpacks[i]) == 0)
		return accepted->unpacks[i] == NULL ? -1 : 0;
	rc = unpack_map(accepted->unpacks[i], 0, &accepted->bytes[i], err);
	accepted->files[i] = (struct diff_file){ path, accepted->bytes[i].bytes,
		accepted->bytes[i].len, true };
	*input = (struct diff_input){ &accepted->files[i], 1 };
	return rc;
}

int
accepted_open(struct accepted *accepted, const char *folder, struct err *err)
{
	enum sheet_kind kind;
	char *name;
	int rc;

	*accepted = (struct accepted){ 0 };
	rc = 0;
	for (kind = 0; kind < KEEP_SHEETS && rc == 0; kind++) {
		name = mem_printf("csv/%s", sheets[kind].file);
		rc = open_file(accepted, kind, folder, name,
		    &accepted->source.sheets[kind], err);
		free(name);
	}
	if (rc == 0)
		rc = open_file(accepted, KEEP_SHEETS, folder, "crosswalk.csv",
		    &accepted->source.crosswalk, err);
	if (rc == 0)
		rc = open_file(accepted, KEEP_SHEETS + 1, folder,
		    "released.csv", &accepted->source.released, err);
	return rc;
}

void
accepted_close(struct accepted *accepted)
{
	size_t i;

	for (i = 0; i < ACCEPTED_FILES; i++) {
		unpack_unmap(&accepted->bytes[i]);
		unpack_close(accepted->unpacks[i]);
		free(accepted->names[i]);
	}
	*accepted = (struct accepted){ 0 };
}
