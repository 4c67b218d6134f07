#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "grades/html_text.h"
#include "grades/naming.h"

#define LETTERS_MAX ((size_t)512) /* of a name: Canvas takes 255 */
#define VOWELS "aeiouAEIOU"

/* One letter or digit of an abbreviation. */
struct letter {
	uint32_t cp;
	bool stays; /* it starts a word, or is a digit */
};

struct letters {
	struct letter all[LETTERS_MAX];
	size_t count;
};

int
naming_id_order(const char *a, const char *b)
{
	size_t x, y;

	a += strspn(a, "0");
	b += strspn(b, "0");
	x = strlen(a);
	y = strlen(b);
	return x != y ? (x < y ? -1 : 1) : strcmp(a, b);
}

bool
naming_is_long(const char *name)
{
	char *decoded;
	size_t units;

	decoded = html_text_decode(name);
	units = utf8_units(decoded, strlen(decoded));
	free(decoded);
	return units > NAMING_LONG;
}

/* The assignments in the order of their ids. */
struct ordered {
	struct naming *one;
};

static int
by_id(const void *a, const void *b)
{
	const struct ordered *x, *y;

	x = a;
	y = b;
	return naming_id_order(x->one->id, y->one->id);
}

/* The name without controls and line ends, and without blanks around it. */
static char *
plain_name(const char *name)
{
	struct buf out = { 0 };
	size_t i, len, used;
	uint32_t cp;

	len = strlen(name);
	for (i = 0; i < len; i += used) {
		used = utf8_decode(name + i, len - i, &cp);
		if (utf8_is_printable(cp) && cp != '\t' &&
		    !(utf8_is_blank(cp) && out.len == 0))
			buf_add(&out, name + i, used);
		else if (out.len > 0 && out.data[out.len - 1] != ' ')
			buf_addc(&out, ' ');
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		out.len--;
	buf_str(&out);
	return out.data;
}

/* How many bytes of a text are units at most, at a character's border. */
static size_t
bytes_of_units(const char *text, size_t units)
{
	size_t i, len, used;
	uint32_t cp;

	len = strlen(text);
	for (i = 0; i < len; i += used) {
		used = utf8_decode(text + i, len - i, &cp);
		if (units < (cp > 0xffff ? 2U : 1U))
			break;
		units -= cp > 0xffff ? 2 : 1;
	}
	return i;
}

/* The name, cut so that the end fits behind it. */
static char *
with_end(const char *name, const char *end)
{
	size_t len, units;

	units = utf8_units(end, strlen(end));
	len = bytes_of_units(name, units < NAMING_MAX ? NAMING_MAX - units : 0);
	while (len > 0 && name[len - 1] == ' ')
		len--;
	return mem_printf("%.*s%s", (int)len, name, end);
}

static bool
name_is_taken(const struct ordered *names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (names[i].one->final_name != NULL &&
		    strcmp(names[i].one->final_name, name) == 0)
			return true;
	}
	return false;
}

/* Gives names[i] its name; those before it have theirs. */
static void
give_name(const struct ordered *names, size_t i)
{
	struct naming *one;
	char *plain, *end;
	unsigned again;

	one = names[i].one;
	plain = plain_name(one->name);
	one->was_cut = utf8_units(plain, strlen(plain)) > NAMING_MAX;
	one->was_duplicate = !one->was_cut && name_is_taken(names, i, plain);
	if (!one->was_cut && !one->was_duplicate && *plain != '\0') {
		one->final_name = plain;
		return;
	}
	end = mem_printf("%s(%s)", *plain == '\0' ? "" : " ", one->id);
	for (again = 2;; again++) {
		one->final_name = with_end(plain, end);
		if (!name_is_taken(names, i, one->final_name))
			break;
		free(one->final_name);
		one->final_name = NULL;
		free(end);
		end = mem_printf(" (%s %u)", one->id, again);
	}
	free(end);
	free(plain);
}

/* Letters and digits of a name; those that start a word in upper case. */
static void
letters_of(const char *name, struct letters *letters)
{
	bool lower, in_word, digit;
	char bytes[UTF8_CASE_GROWTH * 4];
	size_t i, len, used;
	uint32_t cp;

	letters->count = 0;
	in_word = lower = false;
	len = strlen(name);
	for (i = 0; i < len && letters->count < LETTERS_MAX; i += used) {
		used = utf8_decode(name + i, len - i, &cp);
		digit = cp >= '0' && cp <= '9';
		/* An apostrophe stands inside a word: Newton's. */
		if (cp == '\'' || cp == 0x2019)
			continue;
		if (!digit && !utf8_is_letter(cp)) {
			in_word = lower = false;
			continue;
		}
		if (!in_word) {
			utf8_upper(name + i, used, bytes);
			utf8_decode(bytes, sizeof(bytes), &cp);
		}
		letters->all[letters->count++] = (struct letter){ cp,
			digit || !in_word ||
			    (lower && cp >= 'A' && cp <= 'Z') };
		lower = !digit && !(cp >= 'A' && cp <= 'Z');
		in_word = true;
	}
}

static void
letters_drop(struct letters *letters, size_t i)
{
	letters->count--;
	memmove(&letters->all[i], &letters->all[i + 1],
	    (letters->count - i) * sizeof(letters->all[0]));
}

/*
 * Shortens to max: vowels go first, then other letters, each from the end;
 * what starts a word stays while it can.
 */
static void
letters_shorten(struct letters *letters, size_t max)
{
	const struct letter *one;
	size_t i;
	int vowels;

	for (vowels = 1; vowels >= 0; vowels--) {
		for (i = letters->count; i-- > 0 && letters->count > max;) {
			one = &letters->all[i];
			if (!one->stays &&
			    (vowels == 0 ||
				(one->cp < 0x80 &&
				    strchr(VOWELS, (int)one->cp) != NULL)))
				letters_drop(letters, i);
		}
	}
	if (letters->count > max)
		letters->count = max;
}

static char *
letters_text(const struct letters *letters, size_t max, const char *end)
{
	struct buf out = { 0 };
	char bytes[4];
	size_t i;

	for (i = 0; i < letters->count && i < max; i++)
		buf_add(&out, bytes, utf8_encode(letters->all[i].cp, bytes));
	buf_adds(&out, end);
	buf_str(&out);
	return out.data;
}

static bool
abbreviation_is_taken(
    const struct ordered *names, size_t n, const char *abbreviation)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (names[i].one->abbreviation != NULL &&
		    strcasecmp(names[i].one->abbreviation, abbreviation) == 0)
			return true;
	}
	return false;
}

/* Gives one its abbreviation, with a number at the end if need be. */
static void
give_abbreviation(const struct ordered *names, size_t n, struct naming *one)
{
	struct letters letters;
	char *text, end[16];
	unsigned again;

	letters_of(one->name, &letters);
	if (letters.count == 0)
		letters_of("Assignment", &letters);
	letters_shorten(&letters, NAMING_ABBREVIATION);
	end[0] = '\0';
	for (again = 2;; again++) {
		text = letters_text(
		    &letters, NAMING_ABBREVIATION - strlen(end), end);
		if (!abbreviation_is_taken(names, n, text))
			break;
		free(text);
		snprintf(end, sizeof(end), "%u", again);
	}
	one->abbreviation = text;
}

void
naming_assign(struct naming *names, size_t n)
{
	struct ordered *sorted;
	size_t i;

	sorted = mem_zalloc(n + 1, sizeof(*sorted));
	for (i = 0; i < n; i++) {
		sorted[i].one = &names[i];
		names[i].final_name = names[i].abbreviation = NULL;
		if (*names[i].given != '\0')
			names[i].abbreviation = mem_strdup(names[i].given);
	}
	qsort(sorted, n, sizeof(*sorted), by_id);
	for (i = 0; i < n; i++) {
		give_name(sorted, i);
		if (sorted[i].one->abbreviation == NULL)
			give_abbreviation(sorted, n, sorted[i].one);
	}
	free(sorted);
}
