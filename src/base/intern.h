#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A string by number: equal texts have equal ids, 0 is the empty string.
 * A plain decimal number below 2^31 without leading zeros is its own id (the
 * top bit is set), so a district's numeric ids take no memory here.
 */
typedef struct sym {
	uint32_t id;
} sym;

/* The sym of the empty string. */
static inline sym
sym_blank(void)
{
	return (sym){ 0 };
}

#define SYM_DIGITS 12 /* room for the digits of a numeric sym and a NUL */

/* A run of bytes that somebody else owns; not ended by a NUL. */
struct str {
	const char *bytes;
	size_t len;
};

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *intern);

/* The sym of a text of up to 16 MiB; the bytes are copied. Any thread. */
sym intern_add(struct intern *intern, const char *bytes, size_t len);

/* The sym of a text that was added before, or false. Any thread. */
bool intern_find(
    const struct intern *intern, const char *bytes, size_t len, sym *found);

/*
 * The same in two steps: intern_seek() has the processor fetch the place
 * where the text may stand, and intern_add_sought(), some other texts later,
 * need not wait for it. hash is what intern_seek() returned for the text.
 */
uint64_t intern_seek(
    const struct intern *intern, const char *bytes, size_t len);
sym intern_add_sought(
    struct intern *intern, const char *bytes, size_t len, uint64_t hash);

/*
 * The bytes behind a sym. digits holds them when the sym is a number; it must
 * live as long as the result. Also while other threads add.
 */
struct str intern_text(
    const struct intern *intern, sym s, char digits[SYM_DIGITS]);

/* Bytewise order of two texts, whatever numbers their syms have: -1, 0, 1. */
int intern_order(const struct intern *intern, sym a, sym b);

/*
 * The sym of a plain decimal number of up to nine digits; the empty sym when
 * the bytes are anything else, which only intern_add() can tell from blank.
 */
static inline sym
sym_of_digits(const char *bytes, size_t len)
{
	uint32_t number;
	size_t i;

	if (len == 0 || len > 9 || (bytes[0] == '0' && len > 1))
		return (sym){ 0 };
	number = 0;
	for (i = 0; i < len; i++) {
		if (bytes[i] < '0' || bytes[i] > '9')
			return (sym){ 0 };
		number = number * 10 + (uint32_t)(bytes[i] - '0');
	}
	return (sym){ number | 0x80000000U };
}

/* A sym that is a plain decimal number: yes or no, and which. */
bool sym_number(sym s, uint32_t *value);

/* The sym of a number; UINT32_MAX >> 1 at most. */
sym sym_of_number(uint32_t value);

#endif
