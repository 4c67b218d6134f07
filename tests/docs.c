#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/documents.h"

/*
 * Writes the parts of the documents that the program's tables give: see
 * unit/documents.h. Run at the top of the tree by `make docs`.
 */

static int
write_document(const struct document *document)
{
	char *old, *renewed;
	size_t nparts;
	FILE *out;
	int rc;

	rc = -1;
	out = NULL;
	old = documents_read(document->path);
	renewed = documents_renewed(document, &nparts);
	if (renewed == NULL) {
		fprintf(stderr, "docs: %s was left as it is\n", document->path);
		goto out;
	}
	if (old != NULL && strcmp(old, renewed) == 0) {
		rc = 0;
		goto out;
	}
	out = fopen(document->path, "w");
	if (out == NULL || fputs(renewed, out) == EOF) {
		perror(document->path);
		goto out;
	}
	printf("wrote %s\n", document->path);
	rc = 0;
out:
	if (out != NULL && fclose(out) != 0) {
		perror(document->path);
		rc = -1;
	}
	free(old);
	free(renewed);
	return rc;
}

int
main(void)
{
	const struct document *document;
	int rc;

	rc = 0;
	for (document = documents; document->path != NULL; document++) {
		if (write_document(document) != 0)
			rc = 1;
	}
	return rc;
}
