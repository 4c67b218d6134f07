#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"

struct hash {
	EVP_MD_CTX *ctx;
};

static _Noreturn void
hash_broken(void)
{
	mem_library_gave_up("libcrypto refuses SHA-256");
}

struct hash *
hash_begin(void)
{
	struct hash *hash;

	hash = mem_zalloc(1, sizeof(*hash));
	hash->ctx = EVP_MD_CTX_new();
	if (hash->ctx == NULL ||
	    EVP_DigestInit_ex(hash->ctx, EVP_sha256(), NULL) != 1)
		hash_broken();
	return hash;
}

void
hash_add(struct hash *hash, const void *bytes, size_t len)
{
	if (EVP_DigestUpdate(hash->ctx, bytes, len) != 1)
		hash_broken();
}

void
hash_end(struct hash *hash, char hex[HASH_HEX_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len, i;

	if (hash == NULL)
		return;
	if (EVP_DigestFinal_ex(hash->ctx, digest, &len) != 1 || len != 32)
		hash_broken();
	for (i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(hash->ctx);
	free(hash);
}

int
hash_file(const char *path, char hex[HASH_HEX_SIZE])
{
	struct hash *hash;
	char block[65536];
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	hash = hash_begin();
	while ((got = read(fd, block, sizeof(block))) > 0)
		hash_add(hash, block, (size_t)got);
	hash_end(hash, hex);
	close(fd);
	return got == 0 ? 0 : -1;
}

const char *
hash_library(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
