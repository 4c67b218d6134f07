#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/nearest.h"

#define NEAREST_BYTES 64 /* of a name that are compared one by one */

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int
same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * Optimal string alignment of a and b with three rows of the usual matrix:
 * row i % 3 holds the distances of the first i bytes of a.
 */
static size_t
slips_between(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t rows[3][NEAREST_BYTES + 1];
	size_t *row, *above, *two_above;
	size_t i, j;

	for (j = 0; j <= blen; j++)
		rows[0][j] = j;
	for (i = 1; i <= alen; i++) {
		row = rows[i % 3];
		above = rows[(i + 2) % 3];
		two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			row[j] = smaller(above[j] + 1, row[j - 1] + 1);
			row[j] = smaller(row[j],
			    above[j - 1] + !same_letter(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				row[j] = smaller(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[alen % 3][blen];
}

const char *
nearest_name(const char *wrong, const char *const *names)
{
	const char *best;
	size_t best_slips, len, wrong_len, longer, slips;
	size_t cut, wrong_cut;

	best = NULL;
	best_slips = 0;
	wrong_len = strlen(wrong);
	wrong_cut = smaller(wrong_len, NEAREST_BYTES);
	for (; *names != NULL; names++) {
		len = strlen(*names);
		cut = smaller(len, NEAREST_BYTES);
		longer = len > wrong_len ? len : wrong_len;
		slips = slips_between(wrong, wrong_cut, *names, cut);
		if (longer > NEAREST_BYTES)
			slips += longer - smaller(len, wrong_len);
		/* As many slips as letters is another word, not a slip. */
		if (slips >= longer || (slips > 2 && slips > longer / 3))
			continue;
		if (best == NULL || slips < best_slips) {
			best = *names;
			best_slips = slips;
		}
	}
	return best;
}
