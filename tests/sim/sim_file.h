#ifndef SIM_FILE_H
#define SIM_FILE_H

#include "base/err.h"

/* The text of a file, which the caller frees; NULL with the reason. */
char *sim_file_read(const char *path, struct err *err);

/* Writes a file so that it is there whole or not at all, mode 0600. */
int sim_file_write(const char *path, const char *text, struct err *err);

#endif
