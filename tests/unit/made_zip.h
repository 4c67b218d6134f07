#ifndef UNIT_MADE_ZIP_H
#define UNIT_MADE_ZIP_H

#include <minizip/zip.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/mem.h"

/*
 * A folder of its own for each test, also for scratch files, and the files
 * and zips that a test puts into it. Include cmocka first.
 */

#define MADE_ON_UNIX (3U << 8)

/* A cmocka setup: *state is the folder's path. */
static inline int
made_folder(void **state)
{
	char name[] = "/tmp/test_made.XXXXXX";

	if (mkdtemp(name) == NULL)
		return -1;
	*state = mem_strdup(name);
	return setenv("TMPDIR", name, 1);
}

/* A cmocka teardown. */
static inline int
made_gone(void **state)
{
	char *command;
	int rc;

	command = mem_printf("rm -rf '%s'", (char *)*state);
	rc = system(command);
	free(command);
	free(*state);
	return rc;
}

static inline char *
made_path(const char *folder, const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static inline void
made_file(const char *folder, const char *name, const char *text)
{
	char *path, *slash;
	FILE *file;

	path = made_path(folder, name);
	for (slash = path + strlen(folder) + 1;
	     (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* One entry of a zip that a test makes. */
struct made {
	const char *name;
	const char *text;
	mode_t mode; /* 0: an ordinary file */
	const char *password;
};

static inline void
made_entry(zipFile zip, const struct made *made)
{
	zip_fileinfo info = { 0 };
	uLong crc;

	info.external_fa = (uLong)(made->mode == 0 ? S_IFREG | 0600 :
						     made->mode)
	    << 16;
	crc = crc32(0, (const Bytef *)made->text, (uInt)strlen(made->text));
	assert_int_equal(zipOpenNewFileInZip4_64(zip, made->name, &info, NULL,
			     0, NULL, 0, NULL, Z_DEFLATED, 6, 0, -MAX_WBITS,
			     DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, made->password,
			     crc, MADE_ON_UNIX | 20, 0, 0),
	    ZIP_OK);
	assert_int_equal(
	    zipWriteInFileInZip(zip, made->text, (unsigned)strlen(made->text)),
	    ZIP_OK);
	assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
}

/* Makes a zip; entries end with a NULL name. Returns its path. */
static inline char *
made_zip(const char *folder, const char *name, const struct made *made)
{
	zipFile zip;
	char *path;

	path = made_path(folder, name);
	zip = zipOpen64(path, APPEND_STATUS_CREATE);
	assert_non_null(zip);
	for (; made->name != NULL; made++)
		made_entry(zip, made);
	assert_int_equal(zipClose(zip, NULL), ZIP_OK);
	return path;
}

/* Copies a file with one byte changed, or cut there. Returns its path. */
static inline char *
made_damaged(const char *folder, const char *from, long at, bool cut)
{
	FILE *in, *out;
	char *path;
	long i;
	int c;

	path = made_path(folder, "damaged.zip");
	in = fopen(from, "r");
	out = fopen(path, "w");
	assert_true(in != NULL && out != NULL);
	for (i = 0; (c = getc(in)) != EOF && !(cut && i == at); i++)
		putc(i == at ? c ^ 0x55 : c, out);
	fclose(in);
	fclose(out);
	return path;
}

#endif
