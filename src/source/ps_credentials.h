#ifndef SOURCE_PS_CREDENTIALS_H
#define SOURCE_PS_CREDENTIALS_H

#include "base/err.h"
#include "source/source.h"

#define PS_CREDENTIAL_MAX 256 /* bytes of either half, its NUL included */

/* What the plugin's page in PowerSchool shows as Client ID and Secret. */
struct ps_credentials {
	char id[PS_CREDENTIAL_MAX], secret[PS_CREDENTIAL_MAX];
};

/*
 * Reads both from the files that the settings name, else from client_id and
 * client_secret in $CREDENTIALS_DIRECTORY. A file must be an ordinary one of
 * this user's or root's that nobody else may read; one newline at its end is
 * left out. Wipe them in any case, as soon as they were sent. 0, or -1 with
 * EXIT_SETTINGS. (operations 2.7 X3, X4)
 */
int ps_credentials_read(struct ps_credentials *credentials,
    const struct source_options *options, struct err *err);

void ps_credentials_wipe(struct ps_credentials *credentials);

#endif
