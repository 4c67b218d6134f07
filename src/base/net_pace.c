#include <time.h>

#include "base/net_pace.h"

#define BACKOFF_MAX 60 /* seconds */
#define ASKED_MIN 1
#define ASKED_MAX 300

uint64_t
net_pace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
net_pace_enter(struct net_pace *pace, uint64_t now)
{
	if (pace->depth++ == 0)
		pace->entered = now;
}

void
net_pace_leave(struct net_pace *pace, uint64_t now)
{
	if (--pace->depth == 0)
		pace->spent_ms += now - pace->entered;
}

uint64_t
net_pace_left(const struct net_pace *pace, uint64_t now)
{
	uint64_t spent = pace->spent_ms;

	if (pace->depth > 0)
		spent += now - pace->entered;
	return spent >= pace->budget_ms ? 0 : pace->budget_ms - spent;
}

uint64_t
net_pace_wait(const struct net_pace *pace, uint64_t now)
{
	return now >= pace->free_at ? 0 : pace->free_at - now;
}

void
net_pace_start(struct net_pace *pace, uint64_t now)
{
	net_pace_hold(pace, now + pace->interval_ms);
}

void
net_pace_hold(struct net_pace *pace, uint64_t until)
{
	if (until > pace->free_at)
		pace->free_at = until;
}

uint64_t
net_pace_backoff(const struct net_pace *pace, unsigned tries, uint32_t random)
{
	uint64_t seconds = 1;

	while (tries-- > 1 && seconds < BACKOFF_MAX)
		seconds *= 2;
	if (seconds > BACKOFF_MAX)
		seconds = BACKOFF_MAX;
	return seconds * pace->unit_ms * random / UINT32_MAX;
}

uint64_t
net_pace_asked(const struct net_pace *pace, int64_t seconds)
{
	if (seconds < ASKED_MIN)
		seconds = ASKED_MIN;
	if (seconds > ASKED_MAX)
		seconds = ASKED_MAX;
	return (uint64_t)seconds * pace->unit_ms;
}
