#ifndef BASE_STREAMS_H
#define BASE_STREAMS_H

/*
 * Puts /dev/null in the place of each standard stream that is closed, so that
 * no other file takes it and gets what was meant for a person. Reading and
 * writing there still fails. To be called before anything is opened.
 */
void streams_hold(void);

#endif
