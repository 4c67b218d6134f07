#ifndef BASE_CREDENTIAL_H
#define BASE_CREDENTIAL_H

#include <stddef.h>

#include "base/err.h"

#define CREDENTIAL_MAX 512 /* bytes, the NUL included */

/* Where a secret lies, and how messages name it. */
struct credential {
	const char *setting; /* "[grades] token_file" */
	const char *path;    /* of the setting; "" or NULL: it is not set */
	const char *name;    /* of the file in $CREDENTIALS_DIRECTORY */
	const char *source;  /* "Canvas", that nothing was sent to */
	const char *how;     /* a sentence: where to get it */
};

/*
 * Reads a secret from the file that the setting names, else from name in
 * $CREDENTIALS_DIRECTORY: an ordinary file of this user's or root's that
 * nobody else may read, with one word and perhaps a newline. The caller wipes
 * it with credential_wipe() as soon as it was used, in any case. 0, or -1 with
 * EXIT_SETTINGS. (operations 2.7 X3, X4)
 */
int credential_read(const struct credential *credential,
    char value[CREDENTIAL_MAX], struct err *err);

void credential_wipe(char value[CREDENTIAL_MAX]);

#endif
