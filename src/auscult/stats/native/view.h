/* View: a tensor as DLPack's exchange table shows it, in one call that runs nobody's code. */

#ifndef AUSCULT_VIEW_H
#define AUSCULT_VIEW_H

#include "memory.h"

typedef struct {
    void *at;
    int on_cpu, dims;
    int is_float32;
} View;

/* 0 where a tensor cannot be seen so: this PyTorch has no such table, or the tensor has no memory of that kind. */
int view_of(PyObject *tensor, View *view);

extern const char view_by_doc[];
PyObject *view_by(PyObject *module, PyObject *capsule);

#endif
