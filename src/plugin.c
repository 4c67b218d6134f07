#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "pack/zip.h"
#include "plugin.h"
#include "templates.h"

#define LEVEL 6 /* zlib's, for a few KiB */

/*
 * THE TABLE of parts that can be left out. A part's lines stand in the files
 * between <!-- Begin NAME --> and <!-- End NAME -->, each on its own line.
 */
static const char *const parts[] = { "email", NULL };

/* The plugin's files, as PowerSchool wants them in the zip. */
static const struct {
	const char *name;
	const char *const *lines;
} files[] = {
	{ "plugin.xml", templates_plugin_plugin_xml },
	{ "queries_root/org.rollbook.roster.named_queries.xml",
	    templates_plugin_queries_root_org_rollbook_roster_named_queries_xml },
};

static bool
is_listed(const char *const *list, const char *name)
{
	for (; list != NULL && *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static int
check_parts(const struct plugin_options *options, struct err *err)
{
	const char *const *without;
	const char *nearest;

	for (without = options->without; without != NULL && *without != NULL;
	     without++) {
		if (is_listed(parts, *without))
			continue;
		nearest = nearest_name(*without, parts);
		err_set(err, EXIT_USAGE, "--without %.40s: no such part%s%s%s",
		    *without, nearest == NULL ? "" : "; did you mean \"",
		    nearest == NULL ? "" : nearest,
		    nearest == NULL ? "" : "\"?");
		return err_hint(
		    err, "Nothing was written. Type: ps2canvas help plugin");
	}
	return 0;
}

/* The part that begins, or ends, in this line; NULL when none does. */
static const char *
marked_part(const char *line, const char *word)
{
	const char *const *part;
	char *mark;
	bool found;

	for (part = parts; *part != NULL; part++) {
		mark = mem_printf("<!-- %s %s -->", word, *part);
		found = strstr(line, mark) != NULL;
		free(mark);
		if (found)
			return *part;
	}
	return NULL;
}

static int
add_lines(struct zip *zip, const char *const *lines,
    const struct plugin_options *options, struct err *err)
{
	const char *part;
	bool wanted;

	wanted = true;
	for (; *lines != NULL; lines++) {
		part = marked_part(*lines, "Begin");
		if (part != NULL)
			wanted = !is_listed(options->without, part);
		else if (marked_part(*lines, "End") != NULL)
			wanted = true;
		else if (wanted &&
		    zip_add(zip, *lines, strlen(*lines), err) != 0)
			return -1;
	}
	return 0;
}

static int
write_zip(int folder, const char *name, const struct plugin_options *options,
    struct err *err)
{
	struct zip *zip;
	size_t i;

	zip = zip_create(folder, name, LEVEL, 1, err);
	if (zip == NULL)
		return -1;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (zip_entry_begin(zip, files[i].name, err) != 0 ||
		    add_lines(zip, files[i].lines, options, err) != 0 ||
		    zip_entry_end(zip, err) != 0) {
			zip_abandon(zip);
			return -1;
		}
	}
	return zip_close(zip, err);
}

/* A path that a file can have: a folder or a device stays what it is. */
static int
check_path(int folder, const char *path, const char *name, struct err *err)
{
	struct stat st;

	if (*name != '\0' && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT)
			return 0;
		err_set_errno(err, EXIT_IO, errno, "%s was not written", path);
		return err_hint(err, "Name another file: plugin FILE.zip");
	}
	if (*name != '\0' && S_ISREG(st.st_mode))
		return 0;
	err_set(err, EXIT_USAGE, "%s is %s; nothing was written", path,
	    *name == '\0' || S_ISDIR(st.st_mode) ? "a folder" : "no file");
	return err_hint(err,
	    "Name the file that shall be written: plugin"
	    " FILE.zip");
}

/* Opens the folder of a path; *name is what follows it. */
static int
open_folder(const char *path, const char **name, struct err *err)
{
	const char *slash;
	char *folder;
	int fd;

	slash = strrchr(path, '/');
	*name = slash == NULL ? path : slash + 1;
	folder = slash == NULL ? mem_strdup(".") :
				 mem_strndup(path, (size_t)(*name - path));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		err_set_errno(err, EXIT_IO, errno, "%s was not written: %s",
		    path, folder);
		err_hint(err,
		    "Name a file in a folder that is there: plugin FILE.zip");
	}
	free(folder);
	return fd;
}

/* Writes the zip beside its place, then puts it there. */
static int
put_zip(int folder, const char *path, const char *name,
    const struct plugin_options *options, struct err *err)
{
	struct err cause = { 0 };
	char *beside;
	int rc;

	beside = mem_printf(".%.200s.%ld", name, (long)getpid());
	rc = write_zip(folder, beside, options, &cause);
	if (rc == 0 &&
	    (renameat(folder, beside, folder, name) == -1 ||
		fsync(folder) == -1))
		rc = err_set_errno(&cause, EXIT_IO, errno, "putting it there");
	if (rc != 0) {
		unlinkat(folder, beside, 0);
		err_set(
		    err, EXIT_IO, "%s was not written: %s", path, cause.msg);
		err_hint(err,
		    "Name a file in a folder that has room and may be"
		    " written: plugin FILE.zip");
	}
	free(beside);
	return rc;
}

static int
say_what_next(
    const char *path, const struct plugin_options *options, struct err *err)
{
	const char *const *without;
	char sha256[HASH_HEX_SIZE];

	if (hash_file(path, sha256) != 0)
		return err_set_errno(err, EXIT_IO, errno,
		    "%s was written, but cannot be read", path);
	if (options->quiet)
		return 0;
	printf("wrote %s", path);
	for (without = options->without; without != NULL && *without != NULL;
	     without++)
		printf("%s %s", without == options->without ? ", without" : ",",
		    *without);
	printf("\n  sha256 %s\n"
	       "next, in PowerSchool: System, System Settings, Plugin"
	       " Management Configuration,\n"
	       "  Install; choose the file, Install, Register; tick Enable and"
	       " confirm.\n"
	       "then: click the plugin's name, Data (Provider) Configuration;"
	       " put Client ID and\n"
	       "  Client Secret into two files of mode 0600 and name them in"
	       " [source].\n",
	    sha256);
	return 0;
}

int
plugin_write(
    const char *path, const struct plugin_options *options, struct err *err)
{
	const char *name;
	int folder, rc;

	if (check_parts(options, err) != 0)
		return (int)err->code;
	folder = open_folder(path, &name, err);
	if (folder == -1)
		return (int)err->code;
	rc = check_path(folder, path, name, err);
	if (rc == 0)
		rc = put_zip(folder, path, name, options, err);
	close(folder);
	if (rc == 0)
		rc = say_what_next(path, options, err);
	return rc == 0 ? EXIT_DONE : (int)err->code;
}
