#ifndef BASE_TEXT_OF_H
#define BASE_TEXT_OF_H

/* The text of a macro's value: TEXT_OF(CSV_MAJOR) is "3". */
#define TEXT_OF(macro) TEXT_OF_VALUE(macro)
#define TEXT_OF_VALUE(value) #value

#endif
