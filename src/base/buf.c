#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void
buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

char *
buf_reserve(struct buf *buf, size_t need)
{
	size_t cap;

	if (buf->cap - buf->len < need) {
		cap = buf->cap == 0 ? 256 : buf->cap;
		while (cap - buf->len < need)
			cap *= 2;
		buf->data = mem_realloc(buf->data, cap, 1);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_reserve(buf, len), bytes, len);
	buf->len += len;
}

void
buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_addc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(buf_reserve(buf, (size_t)len + 1), (size_t)len + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)len;
}

const char *
buf_str(struct buf *buf)
{
	*buf_reserve(buf, 1) = '\0';
	return buf->data;
}
