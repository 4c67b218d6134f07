#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/scratch.h"

#define IN_MEMORY ((size_t)4 << 20) /* bytes that a spool keeps there */

const char *
scratch_folder(void)
{
	const char *folder;

	folder = secure_getenv("TMPDIR");
	return folder == NULL || *folder == '\0' ? "/var/tmp" : folder;
}

static int
scratch_failed(struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "a scratch file in %s cannot be"
	    " used, nothing was done",
	    scratch_folder());
	return err_hint(err,
	    "Make room there, or name another folder:"
	    " TMPDIR=DIR");
}

int
scratch_open(struct err *err)
{
	char *path;
	int fd;

	fd = open(scratch_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	/* Not every file system has files without a name. */
	if (fd == -1 &&
	    (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
		path = mem_printf("%s/rollbook-XXXXXX", scratch_folder());
		fd = mkostemp(path, O_CLOEXEC);
		if (fd != -1)
			unlink(path);
		free(path);
	}
	return fd == -1 ? scratch_failed(err) : fd;
}

static int
spool_flush(struct spool *spool, struct err *err)
{
	size_t done;
	ssize_t wrote;

	if (spool->in_file == 0) {
		spool->fd = scratch_open(err);
		if (spool->fd == -1)
			return -1;
	}
	for (done = 0; done < spool->buf.len; done += (size_t)wrote) {
		wrote = write(
		    spool->fd, spool->buf.data + done, spool->buf.len - done);
		if (wrote == -1 && errno != EINTR) {
			scratch_failed(err);
			close(spool->fd);
			spool->in_file = 0;
			return -1;
		}
		if (wrote == -1)
			wrote = 0;
	}
	spool->in_file += spool->buf.len;
	spool->buf.len = 0;
	return 0;
}

int
spool_add(struct spool *spool, const void *bytes, size_t len, struct err *err)
{
	buf_add(&spool->buf, bytes, len);
	return spool->buf.len < IN_MEMORY ? 0 : spool_flush(spool, err);
}

int
spool_each(struct spool *spool, spool_fn *fn, void *arg, struct err *err)
{
	char block[65536];
	uint64_t at;
	ssize_t got;

	for (at = 0; at < spool->in_file; at += (uint64_t)got) {
		got = pread(spool->fd, block, sizeof(block), (off_t)at);
		if (got <= 0)
			return scratch_failed(err);
		if (fn(arg, block, (size_t)got, err) != 0)
			return -1;
	}
	return spool->buf.len == 0 ?
	    0 :
	    fn(arg, spool->buf.data, spool->buf.len, err);
}

uint64_t
spool_size(const struct spool *spool)
{
	return spool->in_file + spool->buf.len;
}

void
spool_free(struct spool *spool)
{
	if (spool->in_file > 0)
		close(spool->fd);
	buf_free(&spool->buf);
	*spool = (struct spool){ 0 };
}
