#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUT_MAX 4096
#define WORDS_MAX 48   /* pieces of one input */
#define SECONDS_MAX 10 /* for one input */

/*
 * Runs a target without libFuzzer: on each file of a folder, then on random
 * inputs, the same ones each time. An input that ends the program is left in
 * the file named last.
 *
 * usage: fuzz_X FOLDER N CRASH [SEEDS]
 * With SEEDS, a folder, the first 200 random inputs are written there.
 */

static uint8_t input[INPUT_MAX];
static volatile size_t input_len;
static const char *crash_path;

static void
leave_input(int signal_number)
{
	int fd;

	fd = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd != -1 && write(fd, input, input_len) != (ssize_t)input_len)
		_exit(99);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static uint32_t
random_number(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

static void
add(const void *bytes, size_t len)
{
	if (len > INPUT_MAX - input_len)
		len = INPUT_MAX - input_len;
	memcpy(input + input_len, bytes, len);
	input_len += len;
}

/* Words in a row, now and then a byte between them or one that changed. */
static void
make_input(uint64_t *seed)
{
	uint32_t count, nwords, n;
	const char *word;
	uint8_t byte;

	for (nwords = 0; fuzz_words[nwords] != NULL; nwords++)
		continue;
	input_len = 0;
	byte = (uint8_t)random_number(seed);
	add(&byte, 1);
	count = random_number(seed) % WORDS_MAX;
	for (n = 0; n < count; n++) {
		byte = (uint8_t)random_number(seed);
		if (nwords == 0 || random_number(seed) % 6 == 0) {
			add(&byte, 1);
			continue;
		}
		word = fuzz_words[random_number(seed) % nwords];
		add(word, strlen(word));
	}
	if (input_len > 1 && random_number(seed) % 4 == 0)
		input[1 + random_number(seed) % (input_len - 1)] = (uint8_t)
		    random_number(seed);
}

static void
run_input(void)
{
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput(input, input_len);
	alarm(0);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
replay_folder(const char *folder)
{
	struct dirent **names;
	char path[4096];
	FILE *file;
	int i, n;

	n = scandir(folder, &names, NULL, by_name);
	must(n >= 0);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (names[i]->d_name[0] != '.') {
			file = fopen(path, "rb");
			must(file != NULL);
			input_len = fread(input, 1, INPUT_MAX, file);
			fclose(file);
			run_input();
		}
		free(names[i]);
	}
	free(names);
}

static void
write_seed(const char *folder, unsigned long n)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%lu", folder, n);
	file = fopen(path, "wb");
	must(file != NULL);
	must(fwrite(input, 1, input_len, file) == input_len);
	must(fclose(file) == 0);
}

int
main(int argc, char **argv)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,
		SIGALRM };
	unsigned long i, n;
	uint64_t seed;
	size_t s;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: %s FOLDER N CRASH [SEEDS]\n", argv[0]);
		return 2;
	}
	crash_path = argv[3];
	for (s = 0; s < sizeof(signals) / sizeof(signals[0]); s++)
		signal(signals[s], leave_input);
	n = strtoul(argv[2], NULL, 10);
	replay_folder(argv[1]);
	seed = 20261123;
	for (i = 0; i < n; i++) {
		make_input(&seed);
		if (argc == 5 && i < 200)
			write_seed(argv[4], i);
		run_input();
	}
	return 0;
}
