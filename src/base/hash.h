#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>

#define HASH_HEX_SIZE 65 /* 64 hex digits of a SHA-256 and the NUL */

struct hash;

/* Starts a SHA-256 (FIPS 180-4, by libcrypto); hash_end() frees it. */
struct hash *hash_begin(void);
void hash_add(struct hash *hash, const void *bytes, size_t len);

/* Writes the digest as lower-case hex and frees the hash; NULL is ignored. */
void hash_end(struct hash *hash, char hex[HASH_HEX_SIZE]);

/* The library and its version. */
const char *hash_library(void);

/* The SHA-256 of a file; 0, or -1 with errno when it cannot be read. */
int hash_file(const char *path, char hex[HASH_HEX_SIZE]);

#endif
