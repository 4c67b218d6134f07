#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/scratch.h"
#include "pack/package.h"
#include "pack/zip.h"

#define ZIP_WHILE_WRITTEN "package.zip"
#define WRITE_BEHIND ((uint64_t)8 << 20) /* bytes, each so many */

/* A file that was mapped. */
struct mapping {
	void *at;
	size_t len;
};

struct package {
	struct rundir *dir;
	int level;
	unsigned jobs;
	struct zip *zip; /* the one at hand, or NULL */
	struct package_file *files;
	size_t nfiles, capfiles;
	int fd;			    /* the file at hand, or -1 */
	bool in_zip, keep, dropped; /* dropped: a dry run needs no bytes */
	struct hash *hash;
	uint64_t bytes;
	uint64_t behind; /* of them on their way to the disk */
	struct mapping *mappings;
	size_t nmappings, capmappings;
};

struct package *
package_new(struct rundir *dir, int level, unsigned jobs)
{
	struct package *package;

	package = mem_zalloc(1, sizeof(*package));
	package->dir = dir;
	package->level = level;
	package->jobs = jobs;
	package->fd = -1;
	return package;
}

void
package_free(struct package *package)
{
	size_t i;

	if (package == NULL)
		return;
	zip_abandon(package->zip);
	if (package->fd != -1)
		close(package->fd);
	hash_end(package->hash, (char[HASH_HEX_SIZE]){ 0 });
	for (i = 0; i < package->nmappings; i++)
		munmap(package->mappings[i].at, package->mappings[i].len);
	free(package->mappings);
	for (i = 0; i < package->nfiles; i++) {
		if (package->files[i].fd != -1)
			close(package->files[i].fd);
		free(package->files[i].name);
	}
	free(package->files);
	free(package);
}

static struct package_file *
file_add(struct package *package, const char *name)
{
	package->files = mem_grow(package->files, package->nfiles,
	    &package->capfiles, sizeof(*package->files));
	package->files[package->nfiles] = (struct package_file){
		.name = mem_strdup(name), .fd = -1
	};
	return &package->files[package->nfiles++];
}

static const char *
last_name(const char *name)
{
	const char *slash;

	slash = strrchr(name, '/');
	return slash == NULL ? name : slash + 1;
}

int
package_begin(struct package *package, const char *name, bool in_zip, bool keep,
    struct err *err)
{
	package->dropped = package->dir == NULL && !keep;
	if (package->dropped)
		return 0;
	package->fd = package->dir == NULL ?
	    scratch_open(err) :
	    rundir_create(package->dir, name, err);
	if (package->fd == -1)
		return -1;
	file_add(package, name);
	package->in_zip = in_zip && package->zip != NULL;
	package->keep = keep;
	package->hash = hash_begin();
	package->bytes = package->behind = 0;
	return package->in_zip ?
	    zip_entry_begin(package->zip, last_name(name), err) :
	    0;
}

static int
write_failed(const char *name, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "writing %s failed, nothing was"
	    " published",
	    name);
	return err_hint(err,
	    "Make room on the disk and run again; the last"
	    " published run is untouched.");
}

int
package_write(
    struct package *package, const void *bytes, size_t len, struct err *err)
{
	if (len == 0 || package->dropped)
		return 0;
	if (rundir_write_all(package->fd, bytes, len) != 0)
		return write_failed(
		    package->files[package->nfiles - 1].name, err);
	hash_add(package->hash, bytes, len);
	package->bytes += len;
	if (package->bytes - package->behind >= WRITE_BEHIND) {
		rundir_write_behind(package->fd, package->behind,
		    package->bytes - package->behind);
		package->behind = package->bytes;
	}
	return package->in_zip ? zip_add(package->zip, bytes, len, err) : 0;
}

int
package_end(struct package *package, struct err *err)
{
	struct package_file *file;
	int fd;

	if (package->dropped)
		return 0;
	file = &package->files[package->nfiles - 1];
	file->bytes = package->bytes;
	hash_end(package->hash, file->sha256);
	package->hash = NULL;
	fd = package->fd;
	package->fd = -1;
	if (package->keep) {
		file->fd = dup(fd);
		if (file->fd == -1) {
			close(fd);
			return write_failed(file->name, err);
		}
	}
	if (package->dir == NULL)
		close(fd);
	else if (rundir_close_file(package->dir, fd, file->name, err) != 0)
		return -1;
	return package->in_zip ? zip_entry_end(package->zip, err) : 0;
}

int
package_map(struct package *package, const char *name, const char **bytes,
    size_t *len, struct err *err)
{
	const struct package_file *file;
	void *at;

	*bytes = NULL;
	*len = 0;
	file = package_find(package, name);
	if (file == NULL || file->bytes == 0)
		return 0;
	at = mmap(NULL, file->bytes, PROT_READ, MAP_PRIVATE, file->fd, 0);
	if (at == MAP_FAILED) {
		err_set_errno(err, EXIT_IO, errno,
		    "%s cannot be read again,"
		    " nothing was published",
		    name);
		return err_hint(err,
		    "Run again; the last published run is"
		    " untouched.");
	}
	package->mappings = mem_grow(package->mappings, package->nmappings,
	    &package->capmappings, sizeof(*package->mappings));
	package->mappings[package->nmappings++] = (struct mapping){ at,
		file->bytes };
	*bytes = at;
	*len = file->bytes;
	return 0;
}

int
package_zip_begin(struct package *package, struct err *err)
{
	if (package->dir == NULL)
		return 0;
	package->zip = zip_create(rundir_stage_fd(package->dir),
	    ZIP_WHILE_WRITTEN, package->level, package->jobs, err);
	return package->zip == NULL ? -1 : 0;
}

int
package_entry_begin(struct package *package, const char *name, struct err *err)
{
	return package->zip == NULL ? 0 :
				      zip_entry_begin(package->zip, name, err);
}

int
package_entry_add(
    struct package *package, const void *bytes, size_t len, struct err *err)
{
	return package->zip == NULL ? 0 :
				      zip_add(package->zip, bytes, len, err);
}

int
package_entry_end(struct package *package, struct err *err)
{
	return package->zip == NULL ? 0 : zip_entry_end(package->zip, err);
}

int
package_zip_end(struct package *package, const char *prefix, struct err *err)
{
	struct package_file *file;
	char hex[HASH_HEX_SIZE];
	struct zip *zip;
	uint64_t bytes;
	char *name;
	int rc;

	if (package->dir == NULL)
		return 0;
	zip = package->zip;
	package->zip = NULL;
	if (zip_close(zip, err) != 0 ||
	    rundir_hash(package->dir, ZIP_WHILE_WRITTEN, hex, &bytes, err) != 0)
		return -1;
	name = mem_printf(
	    "%s-%s-%.8s.zip", prefix, rundir_id(package->dir), hex);
	rc = rundir_rename(package->dir, ZIP_WHILE_WRITTEN, name, err);
	if (rc == 0) {
		file = file_add(package, name);
		file->bytes = bytes;
		memcpy(file->sha256, hex, sizeof(hex));
	}
	free(name);
	return rc;
}

const struct package_file *
package_files(const struct package *package, size_t *count)
{
	*count = package->nfiles;
	return package->files;
}

const struct package_file *
package_find(const struct package *package, const char *prefix)
{
	size_t i;

	for (i = 0; i < package->nfiles; i++) {
		if (strncmp(package->files[i].name, prefix, strlen(prefix)) ==
		    0)
			return &package->files[i];
	}
	return NULL;
}
