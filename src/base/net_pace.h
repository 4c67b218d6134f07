#ifndef BASE_NET_PACE_H
#define BASE_NET_PACE_H

#include <stdint.h>

/*
 * When the next request may start: the interval between starts, what the
 * server asked to wait, and the budget of the whole. Times are milliseconds
 * of a clock that only runs forward. (operations N6, N7; powerschool 5)
 */
struct net_pace {
	unsigned unit_ms;     /* how long a second of waiting is */
	unsigned interval_ms; /* between two starts */
	uint64_t budget_ms;
	uint64_t spent_ms; /* by what has ended */
	uint64_t entered;  /* when what goes on began */
	unsigned depth;	   /* 0: nothing goes on */
	uint64_t free_at;  /* no start before */
};

/* Now, on the clock of this file. */
uint64_t net_pace_now(void);

/* Begins and ends a time that the budget pays for; may be nested. */
void net_pace_enter(struct net_pace *pace, uint64_t now);
void net_pace_leave(struct net_pace *pace, uint64_t now);

/* What is left of the budget, 0 when it is used up. */
uint64_t net_pace_left(const struct net_pace *pace, uint64_t now);

/* How long the next start has to wait; 0: it may start now. */
uint64_t net_pace_wait(const struct net_pace *pace, uint64_t now);

/* Notes a start. */
void net_pace_start(struct net_pace *pace, uint64_t now);

/* Lets nothing start before until. */
void net_pace_hold(struct net_pace *pace, uint64_t until);

/* The wait after tries failures: anything up to 1, 2, 4 ... 60 seconds, as
 * random, a number of all 32 bits, says (full jitter). */
uint64_t net_pace_backoff(
    const struct net_pace *pace, unsigned tries, uint32_t random);

/* The wait that a server asked for, in seconds, bounded to 1 to 300. */
uint64_t net_pace_asked(const struct net_pace *pace, int64_t seconds);

#endif
