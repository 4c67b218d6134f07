#include <stdio.h>
#include <string.h>

#include "base/net_fault.h"

static const struct {
	const char *name;
	bool passes;
} faults[] = {
	[NET_OK] = { "answered", false },
	[NET_NO_NAME] = { "its name cannot be resolved", true },
	[NET_NO_PROXY_NAME] = { "the name of its proxy cannot be resolved",
	    true },
	[NET_NO_CONNECTION] = { "it cannot be connected to", true },
	[NET_PROXY_REFUSED] = { "the proxy refuses to connect", false },
	[NET_TIMEOUT] = { "it does not answer in time", true },
	[NET_CUT] = { "the connection broke off", true },
	[NET_BUSY] = { "it is busy or out of order", true },
	[NET_REDIRECT] = { "it points to another address", false },
	[NET_CERTIFICATE] = { "its certificate cannot be trusted", false },
	[NET_TLS] = { "it offers no TLS that is safe (1.2 or later)", false },
	[NET_CA_FILE] = { "the file of certificates cannot be used", false },
	[NET_LONG_HEADER] = { "the header of an answer is too long", false },
	[NET_NOT_HTTP] = { "it does not answer in HTTP", false },
	[NET_BROKEN] = { "the request failed", false },
};

bool
net_fault_passes(enum net_fault fault)
{
	return faults[fault].passes;
}

const char *
net_fault_name(enum net_fault fault)
{
	return faults[fault].name;
}

static enum exit_code
code_of(const struct net_failure *failure)
{
	if (failure->lost || net_fault_passes(failure->fault))
		return EXIT_TEMPORARY;
	return failure->fault == NET_CA_FILE ? EXIT_SETTINGS : failure->code;
}

/* What happened, without host and consequences. */
static void
say_what(const struct net_failure *failure, char *text, size_t size)
{
	const char *name = net_fault_name(failure->fault);
	const char *detail = failure->text == NULL ? "" : failure->text;

	switch (failure->fault) {
	case NET_BUSY:
		snprintf(
		    text, size, "%s (HTTP status %ld)", name, failure->status);
		break;
	case NET_PROXY_REFUSED:
		snprintf(
		    text, size, "%s (HTTP status %ld)", name, failure->status);
		break;
	case NET_REDIRECT:
		snprintf(text, size, "server moved to %s (HTTP status %ld)",
		    detail[0] == '\0' ? "an address that it does not name" :
					detail,
		    failure->status);
		break;
	case NET_CERTIFICATE:
		snprintf(text, size, "%s%s%s%s%s", name,
		    detail[0] == '\0' ? "" : ": ", detail,
		    failure->certificate == NULL ? "" : "; ",
		    failure->certificate == NULL ? "" : failure->certificate);
		break;
	case NET_CA_FILE:
		snprintf(text, size, "%s: %s", name,
		    failure->ca_file == NULL ? "the system's" :
					       failure->ca_file);
		break;
	default:
		snprintf(text, size, "%s%s%s%s", name,
		    detail[0] == '\0' ? "" : " (", detail,
		    detail[0] == '\0' ? "" : ")");
	}
}

static void
hint_certificate(const struct net_failure *failure, struct err *err)
{
	if (failure->clock != NULL)
		err_hint(err, "%s", failure->clock);
	else
		err_hint(err,
		    "If the server's certificate is your district's own, name"
		    " the file of the authority that signed it: ca_file = FILE"
		    " beside %s%s.",
		    failure->where,
		    failure->ca_file == NULL ? "" : " (another one than now)");
}

static void
hint(const struct net_failure *failure, struct err *err)
{
	if (failure->lost) {
		err_hint(err,
		    "Look at %s whether it was done before you run again.",
		    failure->host);
		return;
	}
	switch (failure->fault) {
	case NET_REDIRECT:
		err_hint(err, "Change %s to the address that is right now.",
		    failure->where);
		break;
	case NET_NO_NAME:
	case NET_NOT_HTTP:
		err_hint(err, "Check %s and the network of this computer.",
		    failure->where);
		break;
	case NET_PROXY_REFUSED:
	case NET_NO_PROXY_NAME:
		err_hint(err,
		    "Set the proxy that leads to %s, or proxy = none.",
		    failure->host);
		break;
	case NET_CERTIFICATE:
		hint_certificate(failure, err);
		break;
	case NET_CA_FILE:
		err_hint(err, "It must hold certificates in PEM form.");
		break;
	default:
		if (net_fault_passes(failure->fault))
			err_hint(err, "Run again later.");
	}
}

int
net_fault_tell(const struct net_failure *failure, struct err *err)
{
	char what[640], tries[64] = "";

	say_what(failure, what, sizeof(what));
	if (failure->spent)
		snprintf(tries, sizeof(tries),
		    "; the time for trying again is used up");
	else if (failure->tries > 1)
		snprintf(
		    tries, sizeof(tries), "; tried %u times", failure->tries);
	err_set(err, code_of(failure), "%s%s%s: %s%s%s%s%s", failure->host,
	    failure->proxy == NULL ? "" : " via proxy ",
	    failure->proxy == NULL ? "" : failure->proxy, what, tries,
	    failure->lost ? "; what was asked for may have been done" : "",
	    failure->undone == NULL || failure->lost ? "" : "; ",
	    failure->undone == NULL || failure->lost ? "" : failure->undone);
	hint(failure, err);
	return -1;
}
