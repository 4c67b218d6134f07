#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "canvas2pt/grades_settle.h"
#include "pack/rundir.h"
#include "version.h"

char *
grades_settle_out(const struct conf *conf)
{
	return mem_printf(
	    "%s/" GRADES_FOLDER, conf_text(conf, "output", "dir"));
}

int
grades_settle_api(const struct conf *conf, struct canvas_api_options *options,
    struct err *err)
{
	*options = (struct canvas_api_options){
		.url = conf_text(conf, "grades", "url"),
		.url_where = "[grades] url",
		.token_file = conf_text(conf, "grades", "token_file"),
		.token_where = "[grades] token_file",
		.ca_file = conf_text(conf, "grades", "ca_file"),
		.proxy = conf_text(conf, "grades", "proxy"),
		.at_once = (unsigned)conf_number(conf, "grades", "at_once"),
		.agent = "canvas2pt/" ROLLBOOK_VERSION,
	};
	if (options->url[0] != '\0')
		return 0;
	err_set(err, EXIT_SETTINGS,
	    "[grades] url is not set; nothing was published");
	return err_hint(err,
	    "Write url = https://YOUR-CANVAS under [grades], or read"
	    " gradebook files: canvas2pt export --gradebook FILE.csv");
}

/* The newest run that Canvas holds, or else the newest one at all. */
static char *
path_of_run(const struct conf *conf)
{
	const char *out;
	char *path;

	out = conf_text(conf, "output", "dir");
	path = mem_printf("%s/" RUNDIR_ACCEPTED "/crosswalk.csv", out);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return mem_printf("%s/" RUNDIR_CURRENT "/crosswalk.csv", out);
}

int
grades_settle_crosswalk(const struct conf *conf,
    const struct grade_policy *policy, const char *named, bool from_api,
    char **path, struct crosswalk **crosswalk, struct err *err)
{
	bool needed;

	*crosswalk = NULL;
	*path = named == NULL ? path_of_run(conf) : mem_strdup(named);
	needed = named != NULL || policy->number == GRADE_NUMBER_CROSSWALK ||
	    (policy->section == GRADE_SECTION_CROSSWALK &&
		(from_api || access(*path, F_OK) == 0));
	if (!needed)
		return 0;
	*crosswalk = crosswalk_read(*path, err);
	return *crosswalk == NULL ? -1 : 0;
}
