/* What the hub (`auscult.observe.hub`) hears on every step, as calls in C. */

#ifndef AUSCULT_HUB_H
#define AUSCULT_HUB_H

#include "memory.h"

extern PyTypeObject BackwardType, HookType;

PyDoc_STRVAR(heard_in_doc, "heard_in(thread): the thread, by its ident, whose calls are heard without Python.");
PyObject *heard_in(PyObject *module, PyObject *thread);

#endif
