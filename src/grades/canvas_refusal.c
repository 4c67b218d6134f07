#include <string.h>
#include <strings.h>

#include "grades/canvas_refusal.h"

/* THE TABLE of what each means and what to do. */
static const struct {
	enum exit_code code;
	const char *why, *hint;
} refusals[] = {
	[CANVAS_REFUSAL_NONE] = { EXIT_BUG, "answered", "" },
	[CANVAS_REFUSAL_WEB_PAGE] = { EXIT_TEMPORARY,
	    "Canvas answered with a web page (maintenance or sign-in?)",
	    "Run again later; open the address in a browser if it stays so." },
	[CANVAS_REFUSAL_TOKEN] = { EXIT_SETTINGS,
	    "Canvas does not take the token (any more)",
	    "Make a new access token in Canvas under Account, Settings, and"
	    " put it into the token file." },
	[CANVAS_REFUSAL_RIGHT] = { EXIT_SOURCE,
	    "the token's owner may not see it",
	    "Use the token of somebody who may view all grades of these"
	    " courses and read SIS data." },
	[CANVAS_REFUSAL_NO_SUCH] = { EXIT_SOURCE,
	    "it is not in Canvas, or the token's owner may not see it",
	    "Check the id; a SIS id is written sis_course_id:ID." },
	[CANVAS_REFUSAL_TOO_FAST] = { EXIT_TEMPORARY,
	    "Canvas still finds our requests too many",
	    "Run again later, or when nothing else uses this token." },
	[CANVAS_REFUSAL_OTHER] = { EXIT_SOURCE, "Canvas refuses", "" },
};

enum canvas_refusal
canvas_refusal_of(const struct net_answer *answer)
{
	const char *first;

	if (answer->status == 429 ||
	    (answer->status == 403 &&
		memmem(answer->body, answer->len, "Rate Limit Exceeded",
		    strlen("Rate Limit Exceeded")) != NULL))
		return CANVAS_REFUSAL_TOO_FAST;
	if (answer->status == 401 && answer->challenge[0] != '\0')
		return CANVAS_REFUSAL_TOKEN;
	first = answer->body + strspn(answer->body, " \t\r\n");
	if (*first == '<' ||
	    strncasecmp(answer->content_type, "text/html", 9) == 0)
		return answer->status == 404 ? CANVAS_REFUSAL_NO_SUCH :
					       CANVAS_REFUSAL_WEB_PAGE;
	if (answer->status == 401 || answer->status == 403)
		return CANVAS_REFUSAL_RIGHT;
	if (answer->status == 404)
		return CANVAS_REFUSAL_NO_SUCH;
	return answer->status == 200 ? CANVAS_REFUSAL_NONE :
				       CANVAS_REFUSAL_OTHER;
}

int
canvas_refusal_tell(enum canvas_refusal refusal, long status, const char *host,
    const char *what, const char *undone, struct err *err)
{
	err_set(err, refusals[refusal].code,
	    "%s: %s cannot be read: %s (HTTP status %ld); %s", host, what,
	    refusals[refusal].why, status, undone);
	return err_hint(err, "%s", refusals[refusal].hint);
}
