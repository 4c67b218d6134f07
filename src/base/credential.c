#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/credential.h"
#include "base/mem.h"

static int
refuse(const struct credential *credential, const char *path, const char *why,
    struct err *err)
{
	return err_set(err, EXIT_SETTINGS, "%s: %s %s; nothing was sent to %s",
	    credential->setting, path, why, credential->source);
}

/* Others may not read it; a service manager may have a group read its own. */
static int
look_at_file(const struct credential *credential, const char *path, int fd,
    bool handed, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		refuse(credential, path, "is not an ordinary file", err);
		return err_hint(err, "Name a file that holds nothing else.");
	}
	if (st.st_uid != geteuid() && st.st_uid != 0) {
		refuse(credential, path, "belongs to somebody else", err);
		return err_hint(err,
		    "Make it belong to the account that runs this: chown.");
	}
	if ((st.st_mode & (handed ? 007 : 077)) != 0) {
		refuse(credential, path, "may be read by others", err);
		return err_hint(err, "Close it: chmod 600 %s", path);
	}
	return 0;
}

/* Reads what fits, without the newline at the end; -1: unusable. */
static int
read_value(int fd, char value[CREDENTIAL_MAX])
{
	size_t len, i;
	ssize_t got;

	len = 0;
	while ((got = read(fd, value + len, CREDENTIAL_MAX - len)) > 0) {
		len += (size_t)got;
		if (len == CREDENTIAL_MAX)
			return -1;
	}
	if (got == -1)
		return -1;
	if (len > 0 && value[len - 1] == '\n')
		len--;
	if (len > 0 && value[len - 1] == '\r')
		len--;
	value[len] = '\0';
	for (i = 0; i < len; i++) {
		if (value[i] <= ' ' || value[i] > '~')
			return -1;
	}
	return len == 0 ? -1 : 0;
}

static int
read_file(const struct credential *credential, const char *path, bool handed,
    char value[CREDENTIAL_MAX], struct err *err)
{
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		err_set_errno(err, EXIT_SETTINGS, errno,
		    "%s: %s cannot be read, nothing was sent to %s",
		    credential->setting, path, credential->source);
		return err_hint(err, "Correct %s.", credential->setting);
	}
	rc = look_at_file(credential, path, fd, handed, err);
	if (rc == 0 && read_value(fd, value) != 0) {
		refuse(credential, path,
		    "is empty, or holds more than one word", err);
		rc = err_hint(err, "%s", credential->how);
	}
	close(fd);
	return rc;
}

int
credential_read(const struct credential *credential, char value[CREDENTIAL_MAX],
    struct err *err)
{
	const char *directory;
	char *path;
	int rc;

	memset(value, 0, CREDENTIAL_MAX);
	if (credential->path != NULL && credential->path[0] != '\0')
		return read_file(
		    credential, credential->path, false, value, err);
	directory = getenv("CREDENTIALS_DIRECTORY");
	if (directory == NULL || directory[0] == '\0') {
		err_set(err, EXIT_SETTINGS,
		    "%s: is not set, and there is no $CREDENTIALS_DIRECTORY;"
		    " nothing was sent to %s",
		    credential->setting, credential->source);
		return err_hint(err, "%s", credential->how);
	}
	path = mem_printf("%s/%s", directory, credential->name);
	rc = read_file(credential, path, true, value, err);
	free(path);
	return rc;
}

void
credential_wipe(char value[CREDENTIAL_MAX])
{
	explicit_bzero(value, CREDENTIAL_MAX);
}
