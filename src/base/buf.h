#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

/* A growing string of bytes; data may be NULL while len is 0. */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

/* Frees the bytes and makes the buf empty again. */
void buf_free(struct buf *buf);

/* Makes sure that need more bytes fit behind len; returns that place. */
char *buf_reserve(struct buf *buf, size_t need);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the bytes with a NUL that len does not count; returns the string. */
const char *buf_str(struct buf *buf);

#endif
