#ifndef SOURCE_PS_CREDENTIALS_H
#define SOURCE_PS_CREDENTIALS_H

#include "base/credential.h"
#include "source/source.h"

/* What the plugin's page in PowerSchool shows as Client ID and Secret. */
struct ps_credentials {
	char id[CREDENTIAL_MAX], secret[CREDENTIAL_MAX];
};

/*
 * Reads both from the files that the settings name, else from client_id and
 * client_secret in $CREDENTIALS_DIRECTORY; see credential_read(). Wipe them in
 * any case, as soon as they were sent. 0, or -1 with EXIT_SETTINGS.
 */
int ps_credentials_read(struct ps_credentials *credentials,
    const struct source_options *options, struct err *err);

void ps_credentials_wipe(struct ps_credentials *credentials);

#endif
