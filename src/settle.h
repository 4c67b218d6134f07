#ifndef SETTLE_H
#define SETTLE_H

#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "canvas/policy.h"
#include "source/source.h"

/*
 * Puts the district's time zone in use and finds out what time it is there:
 * now_text is --now, or NULL for the clock. 0, or -1 with EXIT_USAGE or
 * EXIT_SETTINGS.
 */
int settle_now(const struct conf *conf, const char *now_text, int64_t *now,
    struct err *err);

/*
 * Puts the district's time zone in use, finds out what time it is there
 * (now_text is --now, or NULL for the clock) and reads the policy, which marks
 * the columns that the roster needs. *now is in UTC seconds. 0, or -1 with
 * EXIT_USAGE or EXIT_SETTINGS; policy_free() in both cases.
 */
int settle_policy(const struct conf *conf, const char *now_text,
    struct roster *roster, struct policy *policy, int64_t *now,
    struct err *err);

/*
 * What [source] and the policy's school year say; jobs, progress and save are
 * the caller's to set.
 */
struct source_options settle_source(
    const struct conf *conf, const struct policy *policy);

#endif
