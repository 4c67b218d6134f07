#include <stdlib.h>
#include <sys/stat.h>

#include "exam.h"
#include "canvas2pt/grades_check.h"
#include "canvas2pt/grades_settle.h"
#include "settle.h"

#define FRESH_SECONDS (7 * 24 * 60 * 60) /* of a crosswalk */
#define ROOM ((uint64_t)64 << 20)	 /* bytes that an export may take */

/* What the examinations hand on to each other. */
struct check {
	const struct grades_check_options *options;
	struct grade_policy policy;
	int64_t now;
};

/* The first course that Canvas lists. */
struct first {
	bool is_there, has_sis_id;
};

static enum exam_verdict
check_settings(void *arg, struct exam_words *words)
{
	const struct conf *conf;
	struct check *check;

	check = arg;
	conf = check->options->conf;
	if (settle_now(conf, check->options->now, &check->now, &words->err) !=
		0 ||
	    grade_policy_load(&check->policy, conf, &words->err) != 0)
		return exam_failed(words);
	buf_printf(&words->says, "%s: %s assignments, student numbers by %s",
	    check->options->conf_path, conf_text(conf, "grades", "which"),
	    conf_text(conf, "grades", "student_number"));
	return EXAM_PASS;
}

static enum exam_verdict
judge_age(const struct check *check, const char *path, struct exam_words *words)
{
	struct stat st;

	if (stat(path, &st) == -1 || check->now - st.st_mtime <= FRESH_SECONDS)
		return EXAM_PASS;
	buf_printf(&words->says, "; it is %lld days old",
	    (long long)(check->now - st.st_mtime) / (24 * 60 * 60));
	buf_adds(&words->fix,
	    "Run ps2canvas, so that new students and sections are known.");
	return EXAM_WARN;
}

static enum exam_verdict
check_crosswalk(void *arg, struct exam_words *words)
{
	struct crosswalk *crosswalk;
	enum exam_verdict verdict;
	const struct check *check;
	char *path;

	check = arg;
	verdict = EXAM_PASS;
	if (grades_settle_crosswalk(check->options->conf, &check->policy,
		check->options->crosswalk,
		conf_is_set(check->options->conf, "grades", "url"), &path,
		&crosswalk, &words->err) != 0) {
		verdict = exam_failed(words);
	} else if (crosswalk == NULL) {
		buf_adds(&words->says, "none is needed");
	} else {
		buf_printf(&words->says, "%s: %zu students, %zu sections", path,
		    crosswalk_students(crosswalk),
		    crosswalk_sections(crosswalk));
		verdict = judge_age(check, path, words);
	}
	crosswalk_free(crosswalk);
	free(path);
	return verdict;
}

/* One course is enough: it ends the reading. */
static int
look_at_course(void *arg, const struct json *item, struct err *err)
{
	struct first *first;

	first = arg;
	first->is_there = true;
	first->has_sis_id = json_kind(json_get(item, "sis_course_id")) !=
	    JSON_NOTHING;
	return err_set(err, EXIT_DIFFERENT, "seen");
}

static enum exam_verdict
judge_answer(const struct check *check, const struct first *first,
    const char *host, struct exam_words *words)
{
	if (words->err.code != EXIT_DONE && !first->is_there)
		return exam_failed(words);
	words->err = (struct err){ 0 };
	buf_printf(&words->says, "%s: the token is taken", host);
	if (!first->is_there) {
		buf_adds(&words->says, ", but no published course is seen");
		buf_adds(&words->fix,
		    "Publish courses, or use the token of "
		    "an account admin.");
		return EXAM_WARN;
	}
	if (first->has_sis_id) {
		buf_adds(&words->says, ", SIS ids are seen");
		return EXAM_PASS;
	}
	buf_adds(&words->says, ", but SIS ids are not seen");
	buf_adds(&words->fix,
	    "Let the token's owner read SIS data in Canvas (permission SIS"
	    " Data - read).");
	if (check->policy.number != GRADE_NUMBER_CROSSWALK &&
	    check->policy.number != GRADE_NUMBER_SIS_ID)
		return EXAM_WARN;
	words->err.code = EXIT_SETTINGS;
	return EXAM_FAIL;
}

static enum exam_verdict
check_canvas(void *arg, struct exam_words *words)
{
	struct canvas_api_options options;
	struct first first = { 0 };
	enum exam_verdict verdict;
	const struct check *check;
	struct canvas_api *api;

	check = arg;
	if (grades_settle_api(check->options->conf, &options, &words->err) !=
	    0) {
		words->err = (struct err){ 0 };
		buf_adds(&words->says,
		    "[grades] url is not set: only gradebook files can be"
		    " read");
		buf_adds(
		    &words->fix, "Nothing, if grades are exported by hand.");
		return EXAM_WARN;
	}
	api = canvas_api_open(&options, &words->err);
	if (api == NULL)
		return exam_failed(words);
	canvas_api_read(api,
	    &(struct canvas_api_list){
		.path = "/api/v1/accounts/self/courses?published=true"
			"&per_page=1",
		.what = "the courses",
		.item = look_at_course,
		.arg = &first });
	(void)canvas_api_run(api, &words->err);
	verdict = judge_answer(check, &first, canvas_api_host(api), words);
	canvas_api_close(api);
	return verdict;
}

static enum exam_verdict
check_output(void *arg, struct exam_words *words)
{
	const struct check *check;

	check = arg;
	return exam_folder(
	    words, conf_text(check->options->conf, "output", "dir"), ROOM);
}

static const struct examination examinations[] = {
	{ "settings", check_settings },
	{ "crosswalk", check_crosswalk },
	{ "canvas", check_canvas },
	{ "output", check_output },
	{ NULL, NULL },
};

int
grades_check(const struct grades_check_options *options, struct err *err)
{
	struct check check = { .options = options };
	int code;

	(void)err;
	code = exam_run(examinations, &check, options->json);
	grade_policy_free(&check.policy);
	return code;
}
