/* Moments: sums and extremes of memory, piece by piece. */

#ifndef AUSCULT_MOMENTS_H
#define AUSCULT_MOMENTS_H

#include "memory.h"

typedef struct {
    double sum, square; /* Σ(x − pivot), Σ(x − pivot)² */
    double low, high;   /* of what is not NaN */
    double pivot;
} Moments;

typedef struct {
    const Memory *memory; /* of each tensor */
    Piece *piece;
    Moments *moments; /* of each piece */
    double pivot;
    int sound;
} Many;

/* Work of `do_all` on a Many. */
void moments_of_piece(void *many, Py_ssize_t at);

/* Of the pieces of one tensor together, `elements` in all, once each has been worked on: again where they are shaky. */
Moments moments_of_all(Many *many, Py_ssize_t from, Py_ssize_t to, double elements);

/* As Python calls it. */
extern const char moments_doc[];
PyObject *moments(PyObject *module, PyObject *args);

#endif
