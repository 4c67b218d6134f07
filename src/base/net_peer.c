#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "base/net_peer.h"

static void
copy_name(char *to, size_t size, const X509_NAME *name)
{
	BIO *bio;
	int len = 0;

	bio = BIO_new(BIO_s_mem());
	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE) >= 0)
		len = BIO_read(bio, to, (int)size - 1);
	to[len < 0 ? 0 : len] = '\0';
	BIO_free(bio);
}

static int64_t
utc_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static const char *
reason(int error, int depth)
{
	switch (error) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "it is not valid yet";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "it has expired";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return "it is signed by itself, by no authority";
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
		return "the authority that signed it is not trusted here";
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
		if (depth > 0)
			return "the authority that signed it is not trusted"
			       " here";
		/* fallthrough */
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "the authority that signed it is not trusted here,"
		       " or the server does not send all of its chain";
	default:
		return X509_verify_cert_error_string(error);
	}
}

static int
on_verify(int ok, X509_STORE_CTX *store)
{
	struct net_peer *peer;
	const X509 *cert;
	SSL *ssl;
	int error;

	ssl = X509_STORE_CTX_get_ex_data(
	    store, SSL_get_ex_data_X509_STORE_CTX_idx());
	cert = X509_STORE_CTX_get_current_cert(store);
	peer = ssl == NULL ? NULL : SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	if (ok || peer == NULL || cert == NULL)
		return ok;
	error = X509_STORE_CTX_get_error(store);
	peer->why = reason(error, X509_STORE_CTX_get_error_depth(store));
	peer->dates = error == X509_V_ERR_CERT_NOT_YET_VALID ||
	    error == X509_V_ERR_CERT_HAS_EXPIRED;
	copy_name(peer->certificate.subject, sizeof(peer->certificate.subject),
	    X509_get_subject_name(cert));
	copy_name(peer->certificate.issuer, sizeof(peer->certificate.issuer),
	    X509_get_issuer_name(cert));
	peer->certificate.not_before = utc_of(X509_get0_notBefore(cert));
	peer->certificate.not_after = utc_of(X509_get0_notAfter(cert));
	return ok;
}

void
net_peer_watch(void *ctx, struct net_peer *peer)
{
	SSL_CTX_set_app_data((SSL_CTX *)ctx, peer);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify);
}
