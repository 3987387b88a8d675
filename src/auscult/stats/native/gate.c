/* Gate: steps that nobody looks at.

   What is done of such a step (`Clock` says the same in Python, for all cases): it is counted, its loss is kept, its
   update measured. While it is `armed`, four calls tell it how the training goes; whatever is more than that, it leaves
   to Python: it calls the listener's own method, which takes over by `leave` and may arm the gate again. */

#include "gate.h"
#include "snapshot.h"
#include "view.h"
#include <structmember.h>
#include <time.h>

enum { MOST_LOSSES = 2048 };

static PyObject *item_name, *is_cpu_name, *groups_name, *lr_name, *grad_name; /* interned */

typedef struct {
    PyObject_HEAD
    PyObject *tensor;       /* PyTorch's class */
    PyObject *otherwise[4];           /* the listener's own methods, in the order of the four calls */
    PyObject *optimizer;    /* a weak reference to the one that steps; NULL for a loop that moves its tensors itself */
    PyObject *bounds;       /* the learning rates of its groups beyond which a step is worth a look; a tuple */
    PyObject *graded;       /* a tensor that the first pass of a step gives a gradient; NULL where none is known */
    Snapshot *snapshot;     /* of what it moves; NULL where updates are not measured */
    Py_buffer rows;         /* (rows, tensors) float32, for the ratios */
    Py_ssize_t most_rows;
    long long number;    /* of the last step that was begun, or, of an optimizer, made */
    long long asks_from; /* from this step on the schedule is to be asked */
    long long left;      /* steps until Python wants to see what was kept */
    long long stride;    /* the updates of every so many-th step are measured; 0: of none */
    double unusual;      /* a loss above it is */
    long long passed;    /* steps passed over since it was armed */
    double updates_s;
    int armed, begun, fresh, inside;
    int peeks; /* whether losses may be read where they lie; -1: not yet known */
    Py_ssize_t losses, updates;
    double loss[MOST_LOSSES];
    int64_t loss_step[MOST_LOSSES];
    int64_t *update_step;
} Gate;

static void let_go(Gate *self) {
    self->armed = 0;
    Py_CLEAR(self->optimizer);
    Py_CLEAR(self->bounds);
    Py_CLEAR(self->graded);
    Py_CLEAR(self->snapshot);
    PyMem_Free(self->update_step);
    self->update_step = NULL;
    PyBuffer_Release(&self->rows);
}

static int Gate_clear(Gate *self) {
    Py_CLEAR(self->tensor);
    for (int i = 0; i < 4; i++) Py_CLEAR(self->otherwise[i]);
    return 0;
}

static void Gate_dealloc(Gate *self) {
    PyObject_GC_UnTrack(self);
    let_go(self);
    Gate_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int Gate_traverse(Gate *self, visitproc visit, void *arg) {
    Py_VISIT(self->tensor);
    for (int i = 0; i < 4; i++) Py_VISIT(self->otherwise[i]);
    return 0;
}

static int Gate_init(Gate *self, PyObject *args, PyObject *kwargs) {
    PyObject *tensor, *methods[4];
    if (!PyArg_ParseTuple(args, "OOOOO", &tensor, methods, methods + 1, methods + 2, methods + 3))
        return -1;
    Py_XSETREF(self->tensor, Py_NewRef(tensor));
    for (int i = 0; i < 4; i++) Py_XSETREF(self->otherwise[i], Py_NewRef(methods[i]));
    return 0;
}

PyDoc_STRVAR(arm_doc, "arm(optimizer, bounds, graded, snapshot, rows, number, asks_from, left, stride, unusual, begun): "
                      "pass over steps from now on. `optimizer` is a weak reference or None; `graded`, `snapshot` and "
                      "`rows` may be None.");
static PyObject *Gate_arm(Gate *self, PyObject *args) {
    PyObject *optimizer, *bounds, *graded, *snapshot, *rows;
    long long number, asks_from, left, stride;
    double unusual;
    int begun;
    if (!PyArg_ParseTuple(args, "OO!OOOLLLLdp", &optimizer, &PyTuple_Type, &bounds, &graded, &snapshot, &rows, &number,
                          &asks_from, &left, &stride, &unusual, &begun))
        return NULL;
    if (snapshot != Py_None && !PyObject_TypeCheck(snapshot, &SnapshotType))
        return PyErr_SetString(PyExc_TypeError, "that is no snapshot"), NULL;
    let_go(self);
    self->losses = self->updates = self->most_rows = 0;
    if (snapshot != Py_None) {
        Py_ssize_t width = ((Snapshot *)snapshot)->n * (Py_ssize_t)sizeof(float);
        if (!room_in(rows, &self->rows, width)) return NULL;
        self->most_rows = width ? self->rows.len / width : 0;
        self->update_step = PyMem_Calloc((size_t)self->most_rows + 1, sizeof(int64_t));
        if (!self->update_step) return PyErr_NoMemory();
        self->snapshot = (Snapshot *)Py_NewRef(snapshot);
    }
    self->optimizer = optimizer == Py_None ? NULL : Py_NewRef(optimizer);
    self->bounds = Py_NewRef(bounds);
    self->graded = graded == Py_None ? NULL : Py_NewRef(graded);
    self->number = number, self->asks_from = asks_from, self->left = left, self->stride = stride;
    self->unusual = unusual, self->begun = begun && self->snapshot, self->fresh = self->inside = 0, self->peeks = -1;
    self->passed = 0, self->updates_s = 0, self->armed = 1;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(leave_doc, "leave(): pass over no more steps. What has come of it: (number, passed, begun, inside, updates_s, "
                        " steps of the losses, losses, steps of the updates); the last three are bytes of int64, "
                        "float64, int64, and the ratios stand in the first rows.");
static PyObject *Gate_leave(Gate *self, PyObject *nothing) {
    PyObject *result = Py_BuildValue(
        "LLiidy#y#y#", self->number, self->passed, self->begun, self->inside, self->updates_s,
        (char *)self->loss_step, self->losses * (Py_ssize_t)sizeof(int64_t), (char *)self->loss,
        self->losses * (Py_ssize_t)sizeof(double), self->updates ? (char *)self->update_step : "",
        self->updates * (Py_ssize_t)sizeof(int64_t));
    if (result) let_go(self);
    return result;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int is_in_stride(Gate *self) { return self->snapshot && self->stride > 0 && self->number % self->stride == 0; }

/* Tensors are about to be moved. 0 where Python has to see to it. The snapshot is held: asking for addresses may run
   code of others, and that may end in `leave`. */
static int begin_update(Gate *self) {
    double began = seconds();
    Snapshot *snapshot = (Snapshot *)Py_NewRef(self->snapshot);
    int in_place = self->fresh || all_in_place(snapshot) > 0;
    if (in_place && !self->fresh) keep_all(snapshot);
    Py_DECREF(snapshot);
    self->updates_s += seconds() - began;
    self->begun = in_place;
    self->fresh = 0;
    return in_place;
}

/* They have been moved, in this step. `again`: and nothing moves them until they are about to be. */
static int end_update(Gate *self, long long step, int again) {
    double began = seconds();
    Snapshot *snapshot = (Snapshot *)Py_NewRef(self->snapshot);
    int in_place = self->updates < self->most_rows && all_in_place(snapshot) > 0 && self->armed;
    if (in_place) {
        take_ratios(snapshot, (float *)self->rows.buf + self->updates * snapshot->n, again);
        self->update_step[self->updates++] = step;
        self->fresh = again;
        self->begun = 0;
        self->updates_s += seconds() - began;
    }
    Py_DECREF(snapshot);
    return in_place;
}

/* Count a step, unless the next one, of this number, may be due, or Python wants to see what was kept. */
static int pass_over(Gate *self, long long next) {
    if (next >= self->asks_from || self->left <= 1) return 0;
    self->number++, self->passed++, self->left--;
    return 1;
}

static int attribute_is(PyObject *object, PyObject *name, PyObject *value) {
    PyObject *found = PyObject_GetAttr(object, name);
    Py_XDECREF(found);
    return found == value;
}

/* The loss, where it is a number on the CPU and no unusual one. 0 where Python has to see to it. Where PyTorch can show
   it, it is read where it lies: `item` would go through the dispatcher, whose code has left the caches since the step
   before. The first one is read both ways, since what lies there may have to be negated, for one. */
static int read_loss(Gate *self, PyObject *root, double *loss) {
    View view;
    const float *at = NULL;
    if (self->peeks && (PyObject *)Py_TYPE(root) == self->tensor && view_of(root, &view) && view.on_cpu &&
        view.is_float32 && !view.dims)
        at = view.at;
    if (at && self->peeks > 0)
        *loss = *at;
    else {
        if (!attribute_is(root, is_cpu_name, Py_True)) return 0;
        PyObject *value = PyObject_CallMethodNoArgs(root, item_name);
        if (!value) return 0;
        *loss = PyFloat_AsDouble(value);
        Py_DECREF(value);
        self->peeks = at && *loss == *at;
    }
    return !PyErr_Occurred() && *loss <= self->unusual && *loss > -INFINITY;
}

/* Of several passes of a step the losses add up, as their gradients do, from the last one on that found none. */
static int keep_loss(Gate *self, long long step, double loss) {
    if (self->losses && self->loss_step[self->losses - 1] == step) {
        int dropped = !self->inside && self->graded && attribute_is(self->graded, grad_name, Py_None);
        if (!self->inside) self->loss[self->losses - 1] = loss + (dropped ? 0 : self->loss[self->losses - 1]);
        return 1;
    }
    if (self->losses >= MOST_LOSSES) return 0;
    self->loss_step[self->losses] = step;
    self->loss[self->losses++] = loss;
    return 1;
}

static int passes_backward_begin(Gate *self, PyObject *roots) {
    double loss;
    if (!PyTuple_Check(roots) || PyTuple_GET_SIZE(roots) != 1 || self->losses >= MOST_LOSSES) return 0;
    if (!self->optimizer && self->begun && !end_update(self, self->number, self->stride == 1)) return 0;
    if (!read_loss(self, PyTuple_GET_ITEM(roots, 0), &loss)) return 0;
    if (self->optimizer) return keep_loss(self, self->number + 1, loss);
    return pass_over(self, self->number + 1) && keep_loss(self, self->number, loss);
}

static int passes_backward_end(Gate *self, PyObject *nothing) {
    return self->optimizer || !is_in_stride(self) || begin_update(self);
}

/* 1 where it is the optimizer that is waited for. */
static int is_the_one(Gate *self, PyObject *optimizer) {
    if (!self->optimizer) return 0;
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *known = NULL;
    int is = PyWeakref_GetRef(self->optimizer, &known) > 0 && known == optimizer;
    Py_XDECREF(known);
    return is;
#else
    return PyWeakref_GetObject(self->optimizer) == optimizer;
#endif
}

/* 1 where it is, and its learning rates are nothing new. */
static int is_known(Gate *self, PyObject *optimizer) {
    if (!is_the_one(self, optimizer)) return 0;
    PyObject *groups = PyObject_GetAttr(optimizer, groups_name);
    int known = groups && PyList_CheckExact(groups) && PyList_GET_SIZE(groups) == PyTuple_GET_SIZE(self->bounds);
    for (Py_ssize_t i = 0; known && i < PyTuple_GET_SIZE(self->bounds); i++) {
        PyObject *group = PyList_GET_ITEM(groups, i);
        PyObject *rate = PyDict_Check(group) ? PyDict_GetItemWithError(group, lr_name) : NULL;
        PyObject *bound = PyTuple_GET_ITEM(self->bounds, i);
        known = rate && PyFloat_CheckExact(rate) && PyFloat_AS_DOUBLE(rate) <= PyFloat_AsDouble(bound);
    }
    Py_XDECREF(groups);
    return known;
}

static int passes_step_begin(Gate *self, PyObject *optimizer) {
    if (self->inside || !is_known(self, optimizer)) return 0;
    if (is_in_stride(self) && !begin_update(self)) return 0;
    self->inside = 1;
    return 1;
}

static int passes_step_end(Gate *self, PyObject *optimizer) {
    if (!self->inside || !is_the_one(self, optimizer)) return 0;
    if (self->begun && !end_update(self, self->number + 1, 0)) return 0;
    if (!pass_over(self, self->number + 2)) return 0;
    self->inside = 0;
    return 1;
}

static PyObject *or_otherwise(Gate *self, int passes, int which, PyObject *argument) {
    if (passes) Py_RETURN_NONE;
    PyErr_Clear();
    PyObject *method = self->otherwise[which];
    if (!method) Py_RETURN_NONE;
    return argument ? PyObject_CallOneArg(method, argument) : PyObject_CallNoArgs(method);
}

#define CALL(name, which, passes)                                                        \
    static PyObject *Gate_##name(Gate *self, PyObject *argument) {                       \
        return or_otherwise(self, self->armed && passes(self, argument), which, argument); \
    }
CALL(backward_begins, 0, passes_backward_begin)
CALL(backward_ended, 1, passes_backward_end)
CALL(step_begins, 2, passes_step_begin)
CALL(step_ended, 3, passes_step_end)

static PyMethodDef Gate_methods[] = {
    {"arm", (PyCFunction)Gate_arm, METH_VARARGS, arm_doc},
    {"leave", (PyCFunction)Gate_leave, METH_NOARGS, leave_doc},
    {"backward_begins", (PyCFunction)Gate_backward_begins, METH_O, NULL},
    {"backward_ended", (PyCFunction)Gate_backward_ended, METH_NOARGS, NULL},
    {"step_begins", (PyCFunction)Gate_step_begins, METH_O, NULL},
    {"step_ended", (PyCFunction)Gate_step_ended, METH_O, NULL},
    {NULL},
};

static PyMemberDef Gate_members[] = {
    {"armed", T_INT, offsetof(Gate, armed), READONLY, "whether it passes over steps"},
    {"number", T_LONGLONG, offsetof(Gate, number), READONLY, "of the last step, while it is armed"},
    {NULL},
};

PyTypeObject GateType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "auscult.stats._core.Gate",
    .tp_doc = PyDoc_STR("Gate(tensor, backward_begins, backward_ended, step_begins, step_ended): passes "
                        "over steps, and calls the last four for all that is more."),
    .tp_basicsize = sizeof(Gate),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Gate_init,
    .tp_dealloc = (destructor)Gate_dealloc,
    .tp_traverse = (traverseproc)Gate_traverse,
    .tp_clear = (inquiry)Gate_clear,
    .tp_methods = Gate_methods,
    .tp_members = Gate_members,
};

int gate_is_ready(void) {
    item_name = PyUnicode_InternFromString("item");
    is_cpu_name = PyUnicode_InternFromString("is_cpu");
    groups_name = PyUnicode_InternFromString("param_groups");
    lr_name = PyUnicode_InternFromString("lr");
    grad_name = PyUnicode_InternFromString("grad");
    return grad_name && item_name && is_cpu_name && groups_name && lr_name && PyType_Ready(&GateType) >= 0;
}
