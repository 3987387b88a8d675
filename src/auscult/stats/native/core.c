/* The native core: `auscult.stats._core`, which `auscult.stats.memory` calls. */

#include "gate.h"
#include "hub.h"
#include "moments.h"
#include "signals.h"
#include "snapshot.h"
#include "view.h"

static PyMethodDef functions[] = {
    {"moments", moments, METH_VARARGS, moments_doc},
    {"summary", (PyCFunction)(void (*)(void))summary, METH_FASTCALL, summary_doc},
    {"histogram", (PyCFunction)(void (*)(void))histogram, METH_FASTCALL, histogram_doc},
    {"view_by", view_by, METH_O, view_by_doc},
    {"heard_in", heard_in, METH_O, heard_in_doc},
    {NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "auscult.stats._core",
    .m_doc = PyDoc_STR("One pass over many tensors' memory; `auscult.stats.memory` is how to call it."),
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit__core(void) {
    if (PyType_Ready(&SnapshotType) < 0 || PyType_Ready(&BackwardType) < 0 || PyType_Ready(&HookType) < 0 || !gate_is_ready()) return NULL;
    PyObject *m = PyModule_Create(&module);
    if (m && (PyModule_AddObjectRef(m, "Snapshot", (PyObject *)&SnapshotType) < 0 ||
              PyModule_AddObjectRef(m, "Backward", (PyObject *)&BackwardType) < 0 ||
              PyModule_AddObjectRef(m, "Hook", (PyObject *)&HookType) < 0 ||
              PyModule_AddObjectRef(m, "Gate", (PyObject *)&GateType) < 0 ||
              PyModule_AddIntConstant(m, "MOST_MEMBERS", MOST_MEMBERS) < 0)) {
        Py_DECREF(m);
        return NULL;
    }
    return m;
}
