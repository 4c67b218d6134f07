#include <errno.h>
#include <unistd.h>

#include "canvas2pt/grades_out.h"

#define FLUSH_SIZE ((size_t)1 << 20) /* bytes that wait at most */

const char *const grades_list_names[GRADES_LISTS] = { "assignments.csv",
	"status.csv", "findings.csv", "files.csv", "report.html",
	"report.txt" };

int
grades_out_begin(struct grades_out *out, struct rundir *dir, struct err *err)
{
	size_t i;

	out->dir = dir;
	for (i = 0; i < GRADES_LISTS; i++)
		out->lists[i].fd = -1;
	for (i = 0; i < GRADES_LISTS; i++) {
		out->lists[i].hash = hash_begin();
		if (dir == NULL)
			continue;
		out->lists[i].fd = rundir_create(
		    dir, grades_list_names[i], err);
		if (out->lists[i].fd == -1)
			return -1;
	}
	return 0;
}

void
grades_out_free(struct grades_out *out)
{
	size_t i;

	for (i = 0; i < GRADES_LISTS; i++) {
		if (out->lists[i].hash == NULL)
			continue;
		if (out->lists[i].fd != -1)
			close(out->lists[i].fd);
		hash_end(out->lists[i].hash, (char[HASH_HEX_SIZE]){ 0 });
		buf_free(&out->lists[i].waiting);
	}
	*out = (struct grades_out){ 0 };
}

struct buf *
grades_out_list(struct grades_out *out, enum grades_list list)
{
	return &out->lists[list].waiting;
}

static int
write_failed(const char *name, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "writing %s failed, nothing was published", name);
	return err_hint(err,
	    "Make room on the disk and export again; the last published"
	    " export is untouched.");
}

static int
flush_list(struct grades_out *out, size_t i, struct err *err)
{
	struct grades_out_list *list;

	list = &out->lists[i];
	if (list->fd != -1 &&
	    rundir_write_all(list->fd, list->waiting.data, list->waiting.len) !=
		0)
		return write_failed(grades_list_names[i], err);
	hash_add(list->hash, list->waiting.data, list->waiting.len);
	list->bytes += list->waiting.len;
	list->waiting.len = 0;
	return 0;
}

int
grades_out_flush(struct grades_out *out, struct err *err)
{
	size_t i;

	for (i = 0; i < GRADES_LISTS; i++) {
		if (out->lists[i].waiting.len >= FLUSH_SIZE &&
		    flush_list(out, i, err) != 0)
			return -1;
	}
	return 0;
}

int
grades_out_end(struct grades_out *out, struct err *err)
{
	struct grades_out_list *list;
	size_t i;
	int fd;

	for (i = 0; i < GRADES_LISTS; i++) {
		list = &out->lists[i];
		if (flush_list(out, i, err) != 0)
			return -1;
		fd = list->fd;
		list->fd = -1;
		if (fd != -1 &&
		    rundir_close_file(
			out->dir, fd, grades_list_names[i], err) != 0)
			return -1;
		hash_end(list->hash, list->sha256);
		list->hash = NULL;
		buf_free(&list->waiting);
	}
	return 0;
}

int
grades_out_file(struct grades_out *out, const char *name,
    const struct buf *bytes, struct err *err)
{
	int fd;

	if (out->dir == NULL)
		return 0;
	fd = rundir_create(out->dir, name, err);
	if (fd == -1)
		return -1;
	if (rundir_write_all(fd, bytes->data, bytes->len) != 0) {
		write_failed(name, err);
		close(fd);
		return -1;
	}
	return rundir_close_file(out->dir, fd, name, err);
}

void
grades_out_hash(const struct buf *bytes, char hex[HASH_HEX_SIZE])
{
	struct hash *hash;

	hash = hash_begin();
	hash_add(hash, bytes->data, bytes->len);
	hash_end(hash, hex);
}
