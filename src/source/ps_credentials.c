#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/ps_credentials.h"

/* One of the two halves: where it is looked for. */
struct half {
	const char *setting; /* client_id_file */
	const char *name;    /* in $CREDENTIALS_DIRECTORY */
	const char *path;    /* of the setting; "" is unset */
};

static int
refuse(const struct half *half, const char *path, const char *why,
    const char *hint, struct err *err)
{
	err_set(err, EXIT_SETTINGS,
	    "[source] %s: %s %s; nothing was sent to PowerSchool",
	    half->setting, path, why);
	return err_hint(err, "%s", hint);
}

/* Others may read neither; a service manager may have a group read its own. */
static int
look_at_file(const struct half *half, const char *path, int fd, bool handed,
    struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return refuse(half, path, "is not an ordinary file",
		    "Name a file that holds nothing else.", err);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return refuse(half, path, "belongs to somebody else",
		    "Make it belong to the account that runs this: chown.",
		    err);
	if ((st.st_mode & (handed ? 007 : 077)) != 0) {
		refuse(half, path, "may be read by others", "", err);
		err->hint[0] = '\0';
		return err_hint(err, "Close it: chmod 600 %s", path);
	}
	return 0;
}

/* Reads what fits, without the newline at the end; -1: unusable. */
static int
read_value(int fd, char value[PS_CREDENTIAL_MAX])
{
	size_t len, i;
	ssize_t got;

	len = 0;
	while ((got = read(fd, value + len, PS_CREDENTIAL_MAX - len)) > 0) {
		len += (size_t)got;
		if (len == PS_CREDENTIAL_MAX)
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
read_half(
    const struct half *half, char value[PS_CREDENTIAL_MAX], struct err *err)
{
	const char *directory;
	char *path;
	bool handed;
	int fd;

	directory = getenv("CREDENTIALS_DIRECTORY");
	handed = half->path[0] == '\0';
	if (handed && (directory == NULL || directory[0] == '\0')) {
		err_set(err, EXIT_SETTINGS,
		    "[source] %s: is not set, and there is no"
		    " $CREDENTIALS_DIRECTORY; nothing was sent to PowerSchool",
		    half->setting);
		return err_hint(err,
		    "Put what the plugin's page in PowerSchool shows into a"
		    " file, chmod 600, and name it: %s = FILE",
		    half->setting);
	}
	path = handed ? mem_printf("%s/%s", directory, half->name) :
			mem_strdup(half->path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		err_set_errno(err, EXIT_SETTINGS, errno,
		    "[source] %s: %s cannot be read, nothing was sent to"
		    " PowerSchool",
		    half->setting, path);
		err_hint(err, "Correct %s.", half->setting);
	} else if (look_at_file(half, path, fd, handed, err) == 0 &&
	    read_value(fd, value) != 0) {
		refuse(half, path, "is empty, or holds more than one word",
		    "Write what the plugin's page in PowerSchool shows into"
		    " it, and nothing else.",
		    err);
	}
	if (fd != -1)
		close(fd);
	free(path);
	return err->code == EXIT_DONE ? 0 : -1;
}

int
ps_credentials_read(struct ps_credentials *credentials,
    const struct source_options *options, struct err *err)
{
	const struct half id = { "client_id_file", "client_id",
		options->client_id_file };
	const struct half secret = { "client_secret_file", "client_secret",
		options->client_secret_file };

	*credentials = (struct ps_credentials){ 0 };
	if (read_half(&id, credentials->id, err) != 0)
		return -1;
	return read_half(&secret, credentials->secret, err);
}

void
ps_credentials_wipe(struct ps_credentials *credentials)
{
	explicit_bzero(credentials, sizeof(*credentials));
}
