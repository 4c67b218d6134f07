#ifndef SOURCE_PS_V1_LIST_H
#define SOURCE_PS_V1_LIST_H

#include "source/ps_client.h"
#include "source/ps_v1_rows.h"

/* A list of /ws/v1, or one object, and what came of it. */
struct ps_v1_list {
	uint64_t owner;
	char *path;	  /* the pages are asked for behind it */
	char *count_path; /* NULL: one object, which has no pages */
	bool counted;	  /* its count is asked for, before and after */
	struct ps_v1_rows rows;
	struct ps_v1_rows last; /* of a reading that had an id twice */
	/* While it is read. */
	struct ps_v1_lists *all;
	unsigned page, tries;
	uint64_t before; /* what the count said */
	bool open;	 /* it is to be read, once more */
};

/* Lists of one kind that are read together. */
struct ps_v1_lists {
	enum ps_v1_kind kind;
	struct ps_v1_list *list;
	size_t count, cap;
	const char *name; /* of what is read, for messages: "students" */
	uint64_t bytes;	  /* of answers */
	/* While they are read. */
	struct ps_client *client;
	struct progress *progress;
	unsigned page_size;
	struct ps_refusal *refusal;
	bool refused;
	size_t done;
};

/*
 * Reads all lists whole, several requests at once, page after page, and makes
 * sure that it is all (operations 2.1 N15 to N17): a counted list has as many
 * rows as its count says before and after, and none in two pages, unless
 * it is read so twice; a page that is
 * shorter than asked is not its end. Lists that are not counted come in one
 * page: the fullest of them are counted, for if the server gives less at a
 * time than it says, they are the ones that were cut. What moved is read
 * again, at most twice. One object that is not there (404) has no row.
 * page_size is in rows. 0; 1 with *refusal; or -1.
 */
int ps_v1_lists_read(struct ps_v1_lists *lists, struct ps_client *client,
    unsigned page_size, struct progress *progress, struct ps_refusal *refusal,
    struct err *err);

/* Adds a list; paths are taken over. The pointer holds until the next one. */
struct ps_v1_list *ps_v1_lists_add(
    struct ps_v1_lists *lists, uint64_t owner, char *path, char *count_path);

void ps_v1_lists_free(struct ps_v1_lists *lists);

#endif
