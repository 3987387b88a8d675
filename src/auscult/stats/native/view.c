/* View: PyTorch's own table of functions for the exchange of tensors (DLPack 1.2 and on), as far as it is used here.

   Asking a tensor for `is_cpu`, `dtype`, `ndim` and `data_ptr()` takes four calls whose code has left the caches since
   the step before; that is microseconds of a step. */

#include "view.h"

typedef struct { /* DLTensor */
    void *data;
    struct {
        int32_t type, id;
    } device;
    int32_t ndim;
    struct {
        uint8_t code, bits;
        uint16_t lanes;
    } dtype;
    int64_t *shape, *strides;
    uint64_t byte_offset;
} Shown;

typedef struct { /* DLPackExchangeAPI */
    uint32_t major, minor;
    void *older;
    void (*allocate)(void), (*managed_from)(void), (*managed_to)(void);
    int (*show)(void *tensor, Shown *shown); /* may be missing */
    void (*stream)(void);
} Table;

enum { VERSION = 1, ON_CPU = 1, FLOATING = 2 };

static int (*show)(void *, Shown *);

const char view_by_doc[] = PyDoc_STR("view_by(capsule): use this exchange table, None for none. Whether there is one to use.");
PyObject *view_by(PyObject *module, PyObject *capsule) {
    const Table *table = capsule == Py_None ? NULL : PyCapsule_GetPointer(capsule, "dlpack_exchange_api");
    if (!table && PyErr_Occurred()) return NULL;
    show = table && table->major == VERSION ? table->show : NULL;
    return PyBool_FromLong(show != NULL);
}

int view_of(PyObject *tensor, View *view) {
    Shown s;
    if (!show) return 0;
    if (show(tensor, &s)) return PyErr_Clear(), 0;
    view->at = s.data ? (char *)s.data + s.byte_offset : NULL;
    view->on_cpu = s.device.type == ON_CPU;
    view->dims = s.ndim;
    view->is_float32 = s.dtype.code == FLOATING && s.dtype.bits == 32 && s.dtype.lanes == 1;
    return 1;
}
