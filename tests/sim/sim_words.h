#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#include "sim_effect.h"

#define SIM_WORDS_MAX 64

/*
 * Splits a line into its words, in place: blanks separate, "..." holds
 * blanks, \n \r \t \\ \" \xHH stand for a byte, # begins a comment. Each word
 * ends with a NUL that its length does not count. words has room for
 * SIM_WORDS_MAX.
 */
size_t sim_words(char *line, struct sim_text *words);

#endif
