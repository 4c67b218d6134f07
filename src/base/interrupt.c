#include <signal.h>
#include <stddef.h>

#include "base/interrupt.h"

/* A handler can reach nothing else. */
static volatile sig_atomic_t pending;

static void
note_signal(int number)
{
	pending = number;
}

void
interrupt_install(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	sigemptyset(&action.sa_mask);
	action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

int
interrupt_check(struct err *err)
{
	if (pending == 0)
		return 0;
	err_set(err, pending == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM,
	    "interrupted by %s; nothing was published",
	    pending == SIGINT ? "SIGINT" : "SIGTERM");
	return err_hint(err,
	    "Run again when you are ready; the last"
	    " published run is untouched.");
}
