#ifndef GRADES_GRADEBOOK_SECTIONS_H
#define GRADES_GRADEBOOK_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "grades/course.h"
#include "grades/gradebook_note.h"

/*
 * The sections of a Gradebook CSV. A student in several has their names in
 * one cell, joined as a sentence: "A and B", "A, B, and C", "A y B"; and a
 * name may hold a comma or "and" itself (grades B1.2). So a cell is taken
 * apart only when every part is a section: the whole cell of another student,
 * or a name that the caller knows; and never when the caller knows the whole.
 */
struct gradebook_sections;

/* known ends with NULL or is NULL; it lives as long as the result. */
struct gradebook_sections *gradebook_sections_new(const char *const *known);
void gradebook_sections_free(struct gradebook_sections *sections);

/* A Section cell that is not blank, and the line it stands on. */
void gradebook_sections_add(
    struct gradebook_sections *sections, struct str cell, uint32_t line);

/* Once all cells are added: puts the sections into the course. */
void gradebook_sections_settle(struct gradebook_sections *sections,
    struct course *course, gradebook_note_fn *note, void *arg);

/* The sections of a cell that was added; *count of them. */
const uint32_t *gradebook_sections_of(
    const struct gradebook_sections *sections, struct str cell, size_t *count);

#endif
