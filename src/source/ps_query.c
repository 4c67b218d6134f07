#include "base/mem.h"
#include "source/ps_pages.h"
#include "source/ps_query.h"

#define STREAMS_SINCE "9.0" /* pagesize=0 */
#define PAGE_SIZE 1000	    /* before that; any number is allowed */

char *
ps_query_body(const struct feed_query *query, int yearid)
{
	return query->takes_yearid ? mem_printf("{\"yearid\":\"%d\"}", yearid) :
				     mem_strdup("{}");
}

static struct ps_question
question_of(const struct feed_query *query, int yearid)
{
	return (struct ps_question){ .path = mem_printf(
					 "/ws/schema/query/%s", query->name),
		.count_path = mem_printf(
		    "/ws/schema/query/%s/count", query->name),
		.body = ps_query_body(query, yearid),
		.group = "" };
}

int
ps_query_count(const struct ps_pull *pull, enum table_id table, uint64_t *count,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_question question;
	int rc;

	question = question_of(feed_queries_of(table), pull->yearid);
	rc = ps_pages_count(pull->client, &question, 1, count, refusal, err);
	ps_pages_forget(&question);
	return rc;
}

int
ps_query_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_question question;
	unsigned page_size;
	int rc;

	if (ps_feed_begin(feed, feed->query->columns, err) != 0)
		return -1;
	question = question_of(feed->query, pull->yearid);
	page_size = pull->options->page_size;
	if (page_size == 0 &&
	    !ps_metadata_at_least(
		ps_client_metadata(pull->client)->version, STREAMS_SINCE))
		page_size = PAGE_SIZE;
	rc = ps_pages_read(
	    pull->client, feed, &question, 1, page_size, refusal, err);
	ps_pages_forget(&question);
	return rc;
}
