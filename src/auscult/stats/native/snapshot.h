/* Snapshot: tensors, and room for how they were before a step. */

#ifndef AUSCULT_SNAPSHOT_H
#define AUSCULT_SNAPSHOT_H

#include "memory.h"

typedef struct {
    double update, data;
} Pivots;

typedef struct {
    double update, update2; /* Σ(u − pivot), Σ(u − pivot)² of the update u = now − before */
    double data, data2;     /* of the data before */
    double after, after2;   /* of the data after, about the same pivot */
    double way2;            /* Σ(now − start)² */
} Sums;

typedef struct {
    double size, update, data, after; /* elements; means */
    double update2, data2, after2;    /* ‖x − mean‖² */
    double way2;                      /* ‖now − start‖² */
} Totals;

typedef struct {
    PyObject_HEAD
    PyObject *tensors, *ask; /* ask(tensor) is its address */
    Py_ssize_t n, pieces, elements;
    Memory *now, *before, *start;
    Pivots *pivots;
    Piece *piece;
    Sums *sums;     /* of each piece */
    Totals *totals; /* of each tensor */
    int threads, whole, sound;
} Snapshot;

extern PyTypeObject SnapshotType;

/* 1 where every tensor lies where it lay, 0 where one does not, -1 where asking failed. */
int all_in_place(Snapshot *self);

/* Copy every tensor as it is now. */
void keep_all(Snapshot *self);

/* log10(std(update) / std(data)) of every tensor; `again`: and copy every tensor as it is now. */
void take_ratios(Snapshot *self, float *out, int again);

#endif
