#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sim_file.h"

#define PIECE 4096

char *
sim_file_read(const char *path, struct err *err)
{
	struct buf text = { 0 };
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set_errno(err, EXIT_SETTINGS, errno, "%s", path);
		return NULL;
	}
	while ((n = read(fd, buf_reserve(&text, PIECE), PIECE)) > 0)
		text.len += (size_t)n;
	close(fd);
	buf_str(&text);
	return text.data;
}

int
sim_file_write(const char *path, const char *text, struct err *err)
{
	char *temporary;
	int fd, rc;

	temporary = mem_printf("%s.new", path);
	rc = -1;
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write(fd, text, strlen(text)) == (ssize_t)strlen(text))
			rc = 0;
		if (close(fd) != 0 || (rc == 0 && rename(temporary, path) != 0))
			rc = -1;
	}
	if (rc != 0)
		err_set_errno(err, EXIT_IO, errno, "%s", path);
	free(temporary);
	return rc;
}
