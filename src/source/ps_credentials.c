#include "source/ps_credentials.h"

#define HOW(setting)                                                           \
	"Put what the plugin's page in PowerSchool shows into a file, and"     \
	" nothing else, chmod 600, and name it: " setting " = FILE"

int
ps_credentials_read(struct ps_credentials *credentials,
    const struct source_options *options, struct err *err)
{
	const struct credential id = { "[source] client_id_file",
		options->client_id_file, "client_id", "PowerSchool",
		HOW("client_id_file") };
	const struct credential secret = { "[source] client_secret_file",
		options->client_secret_file, "client_secret", "PowerSchool",
		HOW("client_secret_file") };

	if (credential_read(&id, credentials->id, err) != 0)
		return -1;
	return credential_read(&secret, credentials->secret, err);
}

void
ps_credentials_wipe(struct ps_credentials *credentials)
{
	credential_wipe(credentials->id);
	credential_wipe(credentials->secret);
}
