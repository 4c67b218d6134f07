#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/json_cells.h"
#include "base/json_plain.h"
#include "base/mem.h"
#include "base/utf8.h"

#define NESTED_MAX 8	 /* levels of a plain record */
#define SLOTS_MAX 1024	 /* keys that are remembered */
#define NOT_ASKED (-2)	 /* the column of a key that had no value yet */
#define SURROGATE 0xd800 /* the first of U+D800 to U+DFFF */

/* The first bytes of a key, and which of them count. */
struct head {
	uint64_t bytes[2];
};

/* A key that an object had. */
struct slot {
	struct head head, mask;
	char *quoted; /* the key with its quotes, as it was written */
	size_t len;   /* with the quotes */
	char *name;   /* the key */
	int column;
	uint64_t seen;	      /* the object that had it last */
	struct shape *object; /* its value, when that is an object */
	struct shape *items;  /* the objects of its value, a list */
};

/* The keys that the objects at one place of a record had, in their order. */
struct shape {
	const char *name; /* the key of the object; its slot's */
	bool passed;	  /* in a list: its members fill no columns */
	struct slot *slots;
	size_t nslots, capslots;
};

struct json_plain {
	struct json_rows_columns columns;
	struct shape record;
	size_t nslots;	  /* of all shapes */
	uint64_t objects; /* that were read so far */
};

/* One record being read. */
struct cursor {
	struct json_plain *plain;
	const char *end;
	struct csv_cell *cells;
	struct csv_cell none; /* takes what fills no column */
	size_t lines;
	unsigned depth;
	bool escaped; /* a text has escapes */
};

static char *read_object(struct cursor *c, struct shape *shape, char *p);

struct json_plain *
json_plain_new(const struct json_rows_columns *columns)
{
	struct json_plain *plain;

	plain = mem_zalloc(1, sizeof(*plain));
	plain->columns = *columns;
	plain->record.name = "";
	return plain;
}

static void
shape_clear(struct shape *shape)
{
	struct slot *slot;
	size_t i;

	for (i = 0; i < shape->nslots; i++) {
		slot = &shape->slots[i];
		if (slot->object != NULL)
			shape_clear(slot->object);
		if (slot->items != NULL)
			shape_clear(slot->items);
		free(slot->object);
		free(slot->items);
		free(slot->quoted);
		free(slot->name);
	}
	free(shape->slots);
}

void
json_plain_free(struct json_plain *plain)
{
	if (plain == NULL)
		return;
	shape_clear(&plain->record);
	free(plain);
}

/* The first byte from p on that is no white space. */
static inline char *
behind_blanks(struct cursor *c, char *p)
{
	for (; (unsigned char)*p <= ' '; p++) {
		if (*p == '\n')
			c->lines++;
		else if (*p != ' ' && *p != '\t' && *p != '\r')
			break;
	}
	return p;
}

/* The first byte from p on that is a quote, a backslash, a control or high. */
static inline char *
text_stop(char *p)
{
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i blank = _mm_set1_epi8(' ');
	__m128i bytes, hit;
	unsigned bits;

	/* Bytes from 0x80 on are less than a blank: they are negative. */
	for (;; p += 16) {
		bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		hit = _mm_or_si128(_mm_cmplt_epi8(bytes, blank),
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
			_mm_cmpeq_epi8(bytes, backslash)));
		bits = (unsigned)_mm_movemask_epi8(hit);
		if (bits != 0)
			return p + __builtin_ctz(bits);
	}
#else
	while (*p != '"' && *p != '\\' && (unsigned char)*p >= ' ' &&
	    (unsigned char)*p < 0x80)
		p++;
	return p;
#endif
}

static uint32_t
hex_value(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* The character of the four hex digits at p. */
static uint32_t
hex_character(const char *p)
{
	return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 |
	    hex_value(p[2]) << 4 | hex_value(p[3]);
}

/* The bytes of a plain escape, 0 else: half of a pair, \u0000, no escape. */
static size_t
escape_length(const char *p)
{
	uint32_t cp;
	size_t i;

	if (p[1] != '\0' && strchr("\"\\/bfnrt", p[1]) != NULL)
		return 2;
	if (p[1] != 'u')
		return 0;
	for (i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return 0;
	}
	cp = hex_character(p + 2);
	return cp == 0 || (cp & 0xf800) == SURROGATE ? 0 : 6;
}

/* The quote that ends the text at p, which stands behind its first quote. */
static inline char *
text_end(struct cursor *c, char *p)
{
	const char *start;
	size_t escape;
	bool high;

	start = p;
	high = false;
	for (;;) {
		p = text_stop(p);
		if (*p == '"')
			break;
		if ((unsigned char)*p < ' ')
			return NULL;
		if (*p == '\\') {
			escape = escape_length(p);
			if (escape == 0)
				return NULL;
			c->escaped = true;
			p += escape;
			continue;
		}
		high = true;
		while ((unsigned char)*p >= 0x80)
			p++;
	}
	return high &&
		utf8_valid(start, (size_t)(p - start)) != (size_t)(p - start) ?
	    NULL :
	    p;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind the number at p; those with an exponent are not plain. */
static char *
number_end(char *p)
{
	char *first;

	first = p + (*p == '-');
	for (p = first; is_digit(*p); p++)
		continue;
	if (p == first || (*first == '0' && p > first + 1))
		return NULL;
	if (*p != '.')
		return p;
	for (first = ++p; is_digit(*p); p++)
		continue;
	return p == first ? NULL : p;
}

/* Behind the word, when it stands at p. */
static char *
word_end(char *p, const char *word, size_t len)
{
	return strncmp(p, word, len) == 0 ? p + len : NULL;
}

/* Reads a value that is neither list nor object; returns what follows. */
static inline char *
read_scalar(struct cursor *c, char *p, struct csv_cell *cell)
{
	char *stop;

	cell->bytes = p;
	switch (*p) {
	case '"':
		stop = text_end(c, p + 1);
		if (stop == NULL)
			return NULL;
		*cell = (struct csv_cell){ p + 1, (size_t)(stop - p) - 1 };
		return stop + 1;
	case 't':
		stop = word_end(p, "true", 4);
		break;
	case 'f':
		stop = word_end(p, "false", 5);
		break;
	case 'n':
		cell->len = 0;
		return word_end(p, "null", 4);
	default:
		stop = number_end(p);
		break;
	}
	if (stop != NULL)
		cell->len = (size_t)(stop - p);
	return stop;
}

static inline bool
slot_is_at(const struct slot *slot, const struct cursor *c, const char *p,
    const struct head *head)
{
	if ((((head->bytes[0] ^ slot->head.bytes[0]) & slot->mask.bytes[0]) |
		((head->bytes[1] ^ slot->head.bytes[1]) &
		    slot->mask.bytes[1])) != 0)
		return false;
	return slot->len <= sizeof(*head) ||
	    (slot->len <= (size_t)(c->end - p) &&
		memcmp(p, slot->quoted, slot->len) == 0);
}

/* Remembers the key at p as the one that stands at that place. */
static struct slot *
slot_add(struct cursor *c, struct shape *shape, size_t place, char *p)
{
	struct slot *slot;
	size_t known;
	char *stop;
	bool escaped;

	escaped = c->escaped;
	c->escaped = false;
	stop = text_end(c, p + 1);
	if (stop == NULL || c->escaped || c->plain->nslots == SLOTS_MAX)
		return NULL;
	c->escaped = escaped;
	shape->slots = mem_grow(shape->slots, shape->nslots, &shape->capslots,
	    sizeof(*shape->slots));
	slot = &shape->slots[place];
	memmove(slot + 1, slot, (shape->nslots - place) * sizeof(*slot));
	shape->nslots++;
	c->plain->nslots++;
	*slot = (struct slot){ .len = (size_t)(stop - p) + 1 };
	slot->column = shape->passed ? -1 : NOT_ASKED;
	slot->quoted = mem_strndup(p, slot->len);
	slot->name = mem_strndup(p + 1, slot->len - 2);
	known = slot->len < sizeof(slot->head) ? slot->len : sizeof(slot->head);
	memcpy(&slot->head, p, known);
	memset(&slot->mask, 0xff, known);
	return slot;
}

/* The slot of the key at p; *next is where it is looked for first. */
static inline struct slot *
slot_of(struct cursor *c, struct shape *shape, size_t *next, char *p)
{
	struct head head;
	size_t i, n;

	memcpy(&head, p, sizeof(head));
	for (i = *next, n = shape->nslots; n > 0; n--, i++) {
		if (i >= shape->nslots)
			i = 0;
		if (slot_is_at(&shape->slots[i], c, p, &head)) {
			*next = i + 1;
			return &shape->slots[i];
		}
	}
	return slot_add(c, shape, (*next)++, p);
}

/* The shape of a value's objects, made when it is first met. */
static struct shape *
shape_of(struct shape **shape, const char *name, bool passed)
{
	if (*shape == NULL) {
		*shape = mem_zalloc(1, sizeof(**shape));
		(*shape)->name = name;
		(*shape)->passed = passed;
	}
	return *shape;
}

/* Checks the list at p; its values fill no columns. */
static char *
read_list(struct cursor *c, struct slot *slot, char *p)
{
	struct shape *shape;

	p = behind_blanks(c, p + 1);
	if (*p == ']')
		return p + 1;
	for (;;) {
		if (*p == '{') {
			shape = shape_of(&slot->items, slot->name, true);
			p = read_object(c, shape, p);
		} else {
			p = read_scalar(c, p, &c->none);
		}
		if (p == NULL)
			return NULL;
		p = behind_blanks(c, p);
		if (*p == ']')
			return p + 1;
		if (*p != ',')
			return NULL;
		p = behind_blanks(c, p + 1);
	}
}

/* Reads the member at p, a quote; a key twice is not plain. */
static inline char *
read_member(struct cursor *c, struct shape *shape, size_t *next,
    uint64_t object, char *p)
{
	struct slot *slot;

	slot = slot_of(c, shape, next, p);
	if (slot == NULL || slot->seen == object)
		return NULL;
	slot->seen = object;
	p = behind_blanks(c, p + slot->len);
	if (*p != ':')
		return NULL;
	p = behind_blanks(c, p + 1);
	if (slot->column == NOT_ASKED)
		slot->column = json_cells_column(
		    &c->plain->columns, shape->name, slot->name);
	if ((*p == '{' || *p == '[') && slot->column >= 0)
		return NULL;
	if (*p == '{')
		return read_object(
		    c, shape_of(&slot->object, slot->name, shape->passed), p);
	if (*p == '[')
		return read_list(c, slot, p);
	return read_scalar(
	    c, p, slot->column < 0 ? &c->none : &c->cells[slot->column]);
}

/* Reads the object at p; returns what follows, NULL when it is not plain. */
static char *
read_object(struct cursor *c, struct shape *shape, char *p)
{
	uint64_t object;
	size_t next;

	if (c->depth == NESTED_MAX)
		return NULL;
	p = behind_blanks(c, p + 1);
	if (*p == '}')
		return p + 1;
	c->depth++;
	object = ++c->plain->objects;
	next = 0;
	for (;;) {
		if (*p != '"')
			return NULL;
		p = read_member(c, shape, &next, object, p);
		if (p == NULL)
			return NULL;
		p = behind_blanks(c, p);
		if (*p == '}')
			break;
		if (*p != ',')
			return NULL;
		p = behind_blanks(c, p + 1);
	}
	c->depth--;
	return p + 1;
}

/* Decodes the escapes of a text in its place; returns the new length. */
static size_t
decode(char *bytes, size_t len)
{
	static const char plain[256] = { ['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t',
		['"'] = '"',
		['\\'] = '\\',
		['/'] = '/' };
	size_t from, to;

	for (from = to = 0; from < len;) {
		if (bytes[from] != '\\') {
			bytes[to++] = bytes[from++];
		} else if (bytes[from + 1] == 'u') {
			to += utf8_encode(
			    hex_character(bytes + from + 2), bytes + to);
			from += 6;
		} else {
			bytes[to++] = plain[(unsigned char)bytes[from + 1]];
			from += 2;
		}
	}
	return to;
}

size_t
json_plain_read(struct json_plain *plain, char *bytes, size_t len, size_t max,
    struct csv_cell *cells, size_t *lines)
{
	struct cursor c = {
		.plain = plain, .end = bytes + len, .cells = cells
	};
	char *stop;
	size_t i;

	for (i = 0; i < plain->columns.count; i++)
		cells[i] = (struct csv_cell){ bytes, 0 };
	stop = read_object(&c, &plain->record, bytes);
	if (stop == NULL || (size_t)(stop - bytes) > max)
		return 0;
	for (i = 0; c.escaped && i < plain->columns.count; i++) {
		/* Only a text can have a backslash, and then it escapes. */
		if (cells[i].len > 0 &&
		    memchr(cells[i].bytes, '\\', cells[i].len) != NULL)
			cells[i].len = decode(cells[i].bytes, cells[i].len);
	}
	*lines += c.lines;
	return (size_t)(stop - bytes);
}
