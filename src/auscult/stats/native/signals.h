/* Signals: what one tensor of many values is like, as an activation or its gradient. As Python calls it. */

#ifndef AUSCULT_SIGNALS_H
#define AUSCULT_SIGNALS_H

#include "memory.h"

extern const char summary_doc[], histogram_doc[];
PyObject *summary(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *histogram(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

#endif
