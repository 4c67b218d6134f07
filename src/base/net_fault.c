#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
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

/* Whose a certificate is and when it holds. */
static void
describe_certificate(
    const struct net_certificate *seen, char *text, size_t size)
{
	char from[UTC_TEXT_SIZE] = "", to[UTC_TEXT_SIZE] = "";

	utc_format(seen->not_before, from);
	utc_format(seen->not_after, to);
	snprintf(text, size, "; it is for \"%s\", from \"%s\", valid %s to %s",
	    seen->subject, seen->issuer, from, to);
}

/* Whether a redirect only leads to another page, to sign in for instance. */
static bool
leads_back(const struct net_failure *failure)
{
	const char *host = failure->text == NULL ? NULL :
						   strstr(failure->text, "://");

	return host != NULL && strcasecmp(host + 3, failure->host) == 0;
}

static void
say_where(
    const struct net_failure *failure, const char *to, char *text, size_t size)
{
	if (leads_back(failure))
		snprintf(text, size,
		    "it points to another page of its own, perhaps to sign in"
		    " (HTTP status %ld)",
		    failure->status);
	else
		snprintf(text, size, "server moved to %s (HTTP status %ld)",
		    to[0] == '\0' ? "an address that it does not name" : to,
		    failure->status);
}

/* What happened, without host and consequences. */
static void
say_what(const struct net_failure *failure, char *text, size_t size)
{
	const char *name = net_fault_name(failure->fault);
	const char *detail = failure->text == NULL ? "" : failure->text;
	char whose[640] = "";

	switch (failure->fault) {
	case NET_BUSY:
	case NET_PROXY_REFUSED:
		snprintf(
		    text, size, "%s (HTTP status %ld)", name, failure->status);
		break;
	case NET_REDIRECT:
		say_where(failure, detail, text, size);
		break;
	case NET_CERTIFICATE:
		if (failure->certificate != NULL)
			describe_certificate(
			    failure->certificate, whose, sizeof(whose));
		snprintf(text, size, "%s%s%s%s", name,
		    detail[0] == '\0' ? "" : ": ", detail, whose);
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

/* What speaks for a wrong clock, where dates are the trouble (N20). */
static void
describe_clock(int64_t skew, char *text, size_t size)
{
	char now[UTC_TEXT_SIZE] = "";
	int64_t hours = skew / 3600;

	utc_format(clock_now(), now);
	if (hours != 0)
		snprintf(text, size,
		    "The clock of this computer shows %s and is off by %lld h"
		    " from the server's; set it right first.",
		    now, (long long)-hours);
	else
		snprintf(text, size,
		    "The clock of this computer shows %s; if that is wrong,"
		    " set it right, else the server needs a new certificate.",
		    now);
}

static void
hint_certificate(const struct net_failure *failure, struct err *err)
{
	char clock[256];

	if (failure->dates) {
		describe_clock(failure->skew, clock, sizeof(clock));
		err_hint(err, "%s", clock);
	} else if (failure->other_name)
		err_hint(err,
		    "Write the host name in %s as the certificate has it.",
		    failure->where);
	else
		err_hint(err,
		    "If the server's certificate is your district's own, name"
		    " the file of the authority that signed it: ca_file = FILE"
		    " beside %s%s. If a public authority signed it, have the"
		    " server send its intermediate certificates too.",
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
		if (leads_back(failure))
			err_hint(err,
			    "Check that %s is the address for programs.",
			    failure->where);
		else if (failure->text == NULL || failure->text[0] == '\0')
			err_hint(err, "Check %s.", failure->where);
		else
			err_hint(
			    err, "Change %s to that address.", failure->where);
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
	char what[800], tries[64] = "";

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
