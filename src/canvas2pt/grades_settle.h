#ifndef GRADES_SETTLE_H
#define GRADES_SETTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "base/err.h"
#include "grades/canvas_api.h"
#include "grades/crosswalk.h"
#include "grades/grade_policy.h"

#define GRADES_FOLDER "grades" /* OUT/grades/ID */

/* Where exports are kept, [output] dir and GRADES_FOLDER; free() it. */
char *grades_settle_out(const struct conf *conf);

/* What [grades] says of the way to Canvas. -1 with EXIT_SETTINGS when there
 * is no url. */
int grades_settle_api(const struct conf *conf,
    struct canvas_api_options *options, struct err *err);

/*
 * The crosswalk that the settings call for: the file named, else that of the
 * run that was accepted last, else of the current one. *path, which the
 * caller frees, is the file; *crosswalk stays NULL when the settings need
 * none and none was named. from_api: the sections come with their SIS ids.
 * 0, or -1 with EXIT_SETTINGS, EXIT_SOURCE or EXIT_IO.
 */
int grades_settle_crosswalk(const struct conf *conf,
    const struct grade_policy *policy, const char *named, bool from_api,
    char **path, struct crosswalk **crosswalk, struct err *err);

#endif
