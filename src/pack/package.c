#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "pack/package.h"
#include "pack/zip.h"

#define ZIP_WHILE_WRITTEN "package.zip"

struct package {
	struct rundir *dir;
	struct zip *zip;
	char *zip_name;
	struct package_file *files;
	size_t nfiles, capfiles;
	int fd;				/* the file at hand, or -1 */
	bool in_zip;
	struct hash *hash;
	uint64_t bytes;
};

struct package *
package_new(struct rundir *dir, int level, unsigned jobs, struct err *err)
{
	struct package *package;

	package = mem_zalloc(1, sizeof(*package));
	package->dir = dir;
	package->fd = -1;
	if (dir == NULL)
		return package;
	package->zip = zip_create(rundir_stage_fd(dir), ZIP_WHILE_WRITTEN,
	    level, jobs, err);
	if (package->zip != NULL)
		return package;
	package_free(package);
	return NULL;
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
	for (i = 0; i < package->nfiles; i++)
		free(package->files[i].name);
	free(package->files);
	free(package->zip_name);
	free(package);
}

static struct package_file *
file_add(struct package *package, const char *name)
{
	package->files = mem_grow(package->files, package->nfiles,
	    &package->capfiles, sizeof(*package->files));
	package->files[package->nfiles] = (struct package_file){
		.name = mem_strdup(name) };
	return &package->files[package->nfiles++];
}

int
package_begin(struct package *package, const char *name, bool in_zip,
    struct err *err)
{
	const char *slash;

	if (package->dir == NULL)
		return 0;
	package->fd = rundir_create(package->dir, name, err);
	if (package->fd == -1)
		return -1;
	file_add(package, name);
	package->in_zip = in_zip;
	package->hash = hash_begin();
	package->bytes = 0;
	slash = strrchr(name, '/');
	return in_zip ? zip_entry_begin(package->zip,
	    slash == NULL ? name : slash + 1, err) : 0;
}

int
package_write(struct package *package, const void *bytes, size_t len,
    struct err *err)
{
	const char *name;

	if (package->dir == NULL || len == 0)
		return 0;
	name = package->files[package->nfiles - 1].name;
	if (rundir_write_all(package->fd, bytes, len) != 0) {
		err_set_errno(err, EXIT_IO, errno, "writing %s failed;"
		    " nothing was published", name);
		return err_hint(err, "Make room on the disk and run again;"
		    " the last published run is untouched.");
	}
	hash_add(package->hash, bytes, len);
	package->bytes += len;
	return package->in_zip ? zip_add(package->zip, bytes, len, err) : 0;
}

int
package_end(struct package *package, struct err *err)
{
	struct package_file *file;
	int fd;

	if (package->dir == NULL)
		return 0;
	file = &package->files[package->nfiles - 1];
	file->bytes = package->bytes;
	hash_end(package->hash, file->sha256);
	package->hash = NULL;
	fd = package->fd;
	package->fd = -1;
	if (rundir_close_file(package->dir, fd, file->name, err) != 0)
		return -1;
	return package->in_zip ? zip_entry_end(package->zip, err) : 0;
}

int
package_close_zip(struct package *package, const char *prefix,
    struct err *err)
{
	struct package_file *file;
	char hex[HASH_HEX_SIZE];
	struct zip *zip;
	uint64_t bytes;

	if (package->dir == NULL)
		return 0;
	zip = package->zip;
	package->zip = NULL;
	if (zip_close(zip, err) != 0 || rundir_hash(package->dir,
	    ZIP_WHILE_WRITTEN, hex, &bytes, err) != 0)
		return -1;
	package->zip_name = mem_printf("%s-%s-%.8s.zip", prefix,
	    rundir_id(package->dir), hex);
	if (rundir_rename(package->dir, ZIP_WHILE_WRITTEN, package->zip_name,
	    err) != 0)
		return -1;
	file = file_add(package, package->zip_name);
	file->bytes = bytes;
	memcpy(file->sha256, hex, sizeof(hex));
	return 0;
}

const struct package_file *
package_files(const struct package *package, size_t *count)
{
	*count = package->nfiles;
	return package->files;
}

const char *
package_zip_name(const struct package *package)
{
	return package->zip_name;
}
