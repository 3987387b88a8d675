/* What the hub hears on every step: a call of `torch.autograd.backward` on one loss, and an optimizer's step.

   The hub's functions in Python say the same in full, and are called for all that is more: several roots, a pass inside
   another or in another thread, tensors on a device, code that a compiler reads, listeners that are Python themselves. */

#include "hub.h"
#include "view.h"

/* Whether Python runs frames itself: a compiler of theirs (Dynamo) is to read the function that is Python's. */
static int is_interpreted(void) {
    return _PyInterpreterState_GetEvalFrameFunc(PyInterpreterState_Get()) == _PyEval_EvalFrameDefault;
}

static unsigned long owner; /* the thread that is heard; what another does is left to Python */

PyObject *heard_in(PyObject *module, PyObject *thread) {
    unsigned long ident = PyLong_AsUnsignedLong(thread);
    if (PyErr_Occurred()) return NULL;
    owner = ident;
    Py_RETURN_NONE;
}

static int is_heard(void) { return PyThread_get_thread_ident() == owner; }

/* Call each of a tuple, with an argument or without; 0 where one raises, which none is to. */
static int tell(PyObject *listeners, PyObject *argument) {
    int fine = 1;
    Py_INCREF(listeners);
    for (Py_ssize_t i = 0; fine && i < PyTuple_GET_SIZE(listeners); i++) {
        PyObject *listener = PyTuple_GET_ITEM(listeners, i);
        PyObject *result = argument ? PyObject_CallOneArg(listener, argument) : PyObject_CallNoArgs(listener);
        fine = result != NULL;
        Py_XDECREF(result);
    }
    Py_DECREF(listeners);
    return fine;
}

/* -- a backward pass ------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *dict;
    vectorcallfunc call;
    PyObject *tensor, *original, *otherwise, *task, *failed;
    PyObject *begins, *ended; /* tuples of the listeners' methods; NULL: all is left to Python */
} Backward;

/* Whether no backward pass is going on that this one is a part of, as that of a checkpoint is. */
static int is_outermost(Backward *self) {
    PyObject *task = PyObject_CallNoArgs(self->task);
    int outermost = task && PyLong_AsLong(task) == -1 && !PyErr_Occurred();
    PyErr_Clear();
    Py_XDECREF(task);
    return outermost;
}

/* The pass has raised: tell of it, and let that go on. */
static PyObject *fail(Backward *self) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(PyObject_CallNoArgs(self->failed));
    PyErr_Restore(type, value, traceback);
    return NULL;
}

static PyObject *Backward_call(Backward *self, PyObject *const *args, size_t nargsf, PyObject *names) {
    View view;
    if (!self->begins || !is_heard() || !is_interpreted() || PyVectorcall_NARGS(nargsf) < 1 ||
        (PyObject *)Py_TYPE(args[0]) != self->tensor || !view_of(args[0], &view) || !view.on_cpu || !is_outermost(self))
        return PyObject_Vectorcall(self->otherwise, args, nargsf, names);
    PyObject *roots = PyTuple_Pack(1, args[0]);
    int told = roots && tell(self->begins, roots);
    Py_XDECREF(roots);
    if (!told) return NULL;
    PyObject *result = PyObject_Vectorcall(self->original, args, nargsf, names);
    if (!result) return fail(self);
    if (self->ended && !tell(self->ended, NULL)) Py_CLEAR(result);
    return result;
}

PyDoc_STRVAR(listen_doc, "listen(begins, ended): whom to tell, two tuples of callables; None, None to leave all to Python.");
static PyObject *Backward_listen(Backward *self, PyObject *args) {
    PyObject *begins, *ended;
    if (!PyArg_ParseTuple(args, "OO", &begins, &ended)) return NULL;
    int none = begins == Py_None && ended == Py_None;
    if (!none && !(PyTuple_CheckExact(begins) && PyTuple_CheckExact(ended)))
        return PyErr_SetString(PyExc_TypeError, "two tuples, or None and None"), NULL;
    Py_XSETREF(self->begins, none ? NULL : Py_NewRef(begins));
    Py_XSETREF(self->ended, none ? NULL : Py_NewRef(ended));
    Py_RETURN_NONE;
}

/* Pickled by name, as the function it stands for is. */
static PyObject *Backward_reduce(Backward *self, PyObject *nothing) {
    return PyObject_GetAttrString((PyObject *)self, "__qualname__");
}

static int Backward_init(Backward *self, PyObject *args, PyObject *kwargs) {
    PyObject *given[5];
    if (!PyArg_ParseTuple(args, "OOOOO", given, given + 1, given + 2, given + 3, given + 4)) return -1;
    Py_XSETREF(self->tensor, Py_NewRef(given[0]));
    Py_XSETREF(self->original, Py_NewRef(given[1]));
    Py_XSETREF(self->otherwise, Py_NewRef(given[2]));
    Py_XSETREF(self->task, Py_NewRef(given[3]));
    Py_XSETREF(self->failed, Py_NewRef(given[4]));
    self->call = (vectorcallfunc)Backward_call;
    return 0;
}

static int Backward_traverse(Backward *self, visitproc visit, void *arg) {
    Py_VISIT(self->dict);
    Py_VISIT(self->tensor);
    Py_VISIT(self->original);
    Py_VISIT(self->otherwise);
    Py_VISIT(self->task);
    Py_VISIT(self->failed);
    Py_VISIT(self->begins);
    Py_VISIT(self->ended);
    return 0;
}

static int Backward_clear(Backward *self) {
    Py_CLEAR(self->dict);
    Py_CLEAR(self->tensor);
    Py_CLEAR(self->original);
    Py_CLEAR(self->otherwise);
    Py_CLEAR(self->task);
    Py_CLEAR(self->failed);
    Py_CLEAR(self->begins);
    Py_CLEAR(self->ended);
    return 0;
}

static void Backward_dealloc(Backward *self) {
    PyObject_GC_UnTrack(self);
    Backward_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef Backward_methods[] = {
    {"listen", (PyCFunction)Backward_listen, METH_VARARGS, listen_doc},
    {"__reduce__", (PyCFunction)Backward_reduce, METH_NOARGS, NULL},
    {NULL},
};

static PyGetSetDef Backward_attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
    {NULL},
};

PyTypeObject BackwardType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "auscult.stats._core.Backward",
    .tp_doc = PyDoc_STR("Backward(tensor, original, otherwise, task, failed): calls `original` and tells listeners; "
                        "`otherwise` where the root is no plain `tensor` on the CPU or `task()` is not -1."),
    .tp_basicsize = sizeof(Backward),
    .tp_dictoffset = offsetof(Backward, dict),
    .tp_vectorcall_offset = offsetof(Backward, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Backward_init,
    .tp_dealloc = (destructor)Backward_dealloc,
    .tp_traverse = (traverseproc)Backward_traverse,
    .tp_clear = (inquiry)Backward_clear,
    .tp_methods = Backward_methods,
    .tp_getset = Backward_attributes,
};

/* -- an optimizer's step --------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *otherwise;
    PyObject *listeners; /* a tuple of their methods; NULL: all is left to Python */
} Hook;

static PyObject *Hook_call(Hook *self, PyObject *const *args, size_t nargsf, PyObject *names) {
    if (!self->listeners || PyVectorcall_NARGS(nargsf) < 1 || !is_heard() || !is_interpreted())
        return PyObject_Vectorcall(self->otherwise, args, nargsf, names);
    return tell(self->listeners, args[0]) ? Py_NewRef(Py_None) : NULL;
}

PyDoc_STRVAR(tell_doc, "listen(listeners): whom to tell, a tuple of callables; None to leave all to Python.");
static PyObject *Hook_listen(Hook *self, PyObject *listeners) {
    if (listeners != Py_None && !PyTuple_CheckExact(listeners))
        return PyErr_SetString(PyExc_TypeError, "a tuple, or None"), NULL;
    Py_XSETREF(self->listeners, listeners == Py_None ? NULL : Py_NewRef(listeners));
    Py_RETURN_NONE;
}

static int Hook_init(Hook *self, PyObject *args, PyObject *kwargs) {
    PyObject *otherwise;
    if (!PyArg_ParseTuple(args, "O", &otherwise)) return -1;
    Py_XSETREF(self->otherwise, Py_NewRef(otherwise));
    self->call = (vectorcallfunc)Hook_call;
    return 0;
}

static int Hook_traverse(Hook *self, visitproc visit, void *arg) {
    Py_VISIT(self->otherwise);
    Py_VISIT(self->listeners);
    return 0;
}

static int Hook_clear(Hook *self) {
    Py_CLEAR(self->otherwise);
    Py_CLEAR(self->listeners);
    return 0;
}

static void Hook_dealloc(Hook *self) {
    PyObject_GC_UnTrack(self);
    Hook_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef Hook_methods[] = {
    {"listen", (PyCFunction)Hook_listen, METH_O, tell_doc},
    {NULL},
};

PyTypeObject HookType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "auscult.stats._core.Hook",
    .tp_doc = PyDoc_STR("Hook(otherwise): an optimizer's hook; tells listeners of it, or calls `otherwise`."),
    .tp_basicsize = sizeof(Hook),
    .tp_vectorcall_offset = offsetof(Hook, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Hook_init,
    .tp_dealloc = (destructor)Hook_dealloc,
    .tp_traverse = (traverseproc)Hook_traverse,
    .tp_clear = (inquiry)Hook_clear,
    .tp_methods = Hook_methods,
};
