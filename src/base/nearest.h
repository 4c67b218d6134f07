#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/*
 * The one of names (ended by NULL) that wrong was probably meant to be, or
 * NULL when none is near. Letters compare without case; a swap of two
 * neighbours counts as one slip; of equally near names the first wins. The
 * result is one of names.
 */
const char *nearest_name(const char *wrong, const char *const *names);

#endif
