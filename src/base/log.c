#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

static enum log_level log_level = LOG_INFO;
static int log_journal;

void
log_open(enum log_level level)
{
	const char *stream;
	unsigned long long dev, ino;
	struct stat st;

	log_level = level;
	stream = getenv("JOURNAL_STREAM");
	log_journal = stream != NULL &&
	    sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	    fstat(STDERR_FILENO, &st) == 0 &&
	    (unsigned long long)st.st_dev == dev &&
	    (unsigned long long)st.st_ino == ino;
}

static void
log_escape(struct buf *out, const char *text)
{
	unsigned char c;

	for (; (c = (unsigned char)*text) != '\0'; text++) {
		if (c < 0x20 || c == 0x7f)
			buf_printf(out, "\\x%02x", c);
		else if (c == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80)
			buf_printf(out, "\\xc2\\x%02x", (unsigned char)*++text);
		else
			buf_addc(out, (char)c);
	}
}

static void
log_write(enum log_level level, const char *word, const char *text)
{
	struct buf out = { 0 };

	if (log_journal)
		buf_printf(&out, "<%d>", (int)level);
	buf_adds(&out, word);
	log_escape(&out, text);
	buf_addc(&out, '\n');
	fwrite(out.data, 1, out.len, stderr);
	buf_free(&out);
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const words[] = { [LOG_ERROR] = "error: ",
		[LOG_WARN] = "warning: ",
		[5] = "",
		[LOG_INFO] = "",
		[LOG_DEBUG] = "debug: " };
	struct buf line = { 0 };
	va_list ap;
	int len;

	if (level > log_level)
		return;
	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(
	    buf_reserve(&line, (size_t)len + 1), (size_t)len + 1, fmt, ap);
	va_end(ap);
	log_write(level, words[level], line.data);
	buf_free(&line);
}

void
log_error(const struct err *err)
{
	log_write(LOG_ERROR, "error: ", err->msg);
	if (err->hint[0] != '\0')
		log_write(LOG_ERROR, "  ", err->hint);
}
