#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/conf.h"
#include "fuzz.h"
#include "settings.h"

/*
 * Whatever stands in a settings file: it is refused with a reason, or what
 * --show-config would print is read again as the same settings.
 */

const char *const fuzz_words[] = { "[district]\n", "[source]\n", "[ids]\n",
	"[users]\n", "[guard]\n", "[roles]\n", "[exclude]\n", "[output]\n",
	"\n", "name = ", "timezone = ", "year = 2026\n",
	"url = ", "term = ", "staff = all\n", "removed = 10%\n",
	"schools = a, b*\n", "Co-teacher = ta\n", "dir = out\n", "x", " ", ";",
	" ; ", "#", "=", "[", "]", "\t", "\r\n", "keep_days = 60\n",
	"dates = yes\n", "\xef\xbb\xbf", "\xc3\xa9", "{a.b}", "\"",
	"mode = section\n", NULL };

static int
file_of(const void *bytes, size_t len, char path[64])
{
	int fd;

	fd = memfd_create("rollbook.ini", 0);
	must(fd != -1);
	must(write(fd, bytes, len) == (ssize_t)len);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static struct conf *
read_conf(const void *bytes, size_t len, struct err *err)
{
	struct conf *conf;
	char path[64];
	int fd;

	fd = file_of(bytes, len, path);
	conf = conf_load(path, settings_options, NULL, err);
	close(fd);
	return conf;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct conf *conf, *again;
	struct err err = { 0 };
	struct buf one = { 0 }, two = { 0 };
	size_t size;
	char *text;
	FILE *out;

	if (len < 1)
		return 0;
	conf = read_conf(bytes + 1, len - 1, &err);
	if (conf == NULL) {
		must(err.code == EXIT_SETTINGS && err.msg[0] != '\0');
		return 0;
	}
	out = open_memstream(&text, &size);
	must(out != NULL);
	conf_show(conf, out);
	must(fclose(out) == 0);
	again = read_conf(text, size, &err);
	must(again != NULL);
	conf_list(conf, &one);
	conf_list(again, &two);
	must(strcmp(buf_str(&one), buf_str(&two)) == 0);
	free(text);
	buf_free(&one);
	buf_free(&two);
	conf_free(conf);
	conf_free(again);
	return 0;
}
