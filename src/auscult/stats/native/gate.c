/* Gate: steps that nobody looks at.

   What is done of such a step (`Clock` says the same in Python, for all cases): it is counted, its loss is kept, its
   updates measured. While it is `armed`, four calls tell it how the training goes; whatever is more than that, it leaves
   to Python: it calls the listener's own method, which takes over by `leave` and may arm the gate again. */

#include "gate.h"
#include "snapshot.h"
#include "view.h"
#include <structmember.h>
#include <time.h>

enum { MOST_LOSSES = 2048 };

static PyObject *item_name, *is_cpu_name, *groups_name, *lr_name, *grad_name; /* interned */

/* One that moves tensors in its turn: an optimizer, or the loop itself. */
typedef struct {
    PyObject *optimizer; /* a weak reference to the one that steps; NULL for a loop that moves its tensors itself */
    PyObject *bounds;    /* the learning rates of its groups beyond which a step is worth a look; a tuple */
    Snapshot *snapshot;  /* of what it moves; NULL where updates are not measured */
    Py_buffer rows;      /* (rows, tensors) float32, for the ratios */
    Py_ssize_t most_rows, updates;
    int64_t *update_step;
    long long moved; /* the step in which it moved last */
    int begun, fresh;
} Member;

typedef struct {
    PyObject_HEAD
    PyObject *tensor;       /* PyTorch's class */
    PyObject *otherwise[4]; /* the listener's own methods, in the order of the four calls */
    PyObject *graded;       /* a tensor that the first pass of a step gives a gradient; NULL where none is known */
    Member member[MOST_MEMBERS];
    Py_ssize_t members;
    Member *inside;      /* whose step is going on; NULL between two */
    long long number;    /* of the step that was begun last */
    long long asks_from; /* from this step on the schedule is to be asked */
    long long left;      /* steps until Python wants to see what was kept */
    long long stride;    /* the updates of every so many-th step are measured; 0: of none */
    double unusual;      /* a loss above it is */
    long long passed;    /* times a member has moved since it was armed */
    double updates_s;
    int armed;
    int peeks; /* whether losses may be read where they lie; -1: not yet known */
    Py_ssize_t losses, waiting; /* those of steps; behind them those heard since a member moved last */
    double loss[MOST_LOSSES];
    int64_t loss_step[MOST_LOSSES];
    int8_t loss_whose[MOST_LOSSES]; /* the member whose turn it was of; -1: that of the step */
} Gate;

static void let_go(Gate *self) {
    self->armed = 0;
    self->inside = NULL;
    Py_CLEAR(self->graded);
    for (Py_ssize_t i = 0; i < self->members; i++) {
        Member *m = self->member + i;
        Py_CLEAR(m->optimizer);
        Py_CLEAR(m->bounds);
        Py_CLEAR(m->snapshot);
        PyMem_Free(m->update_step);
        m->update_step = NULL;
        PyBuffer_Release(&m->rows);
    }
    self->members = 0;
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

static int is_loop(Gate *self) { return !self->member[0].optimizer; }

/* Take in (optimizer, bounds, snapshot, rows, begun, moved); 0 where it is not of that kind. */
static int add_member(Gate *self, PyObject *given) {
    PyObject *optimizer, *bounds, *snapshot, *rows;
    long long moved;
    int begun;
    if (!PyTuple_Check(given)) return PyErr_SetString(PyExc_TypeError, "each member is a tuple"), 0;
    if (!PyArg_ParseTuple(given, "OO!OOpL", &optimizer, &PyTuple_Type, &bounds, &snapshot, &rows, &begun, &moved)) return 0;
    if (snapshot != Py_None && !PyObject_TypeCheck(snapshot, &SnapshotType))
        return PyErr_SetString(PyExc_TypeError, "that is no snapshot"), 0;
    Member *m = self->member + self->members++;
    memset(m, 0, sizeof *m);
    if (snapshot != Py_None) {
        Py_ssize_t width = ((Snapshot *)snapshot)->n * (Py_ssize_t)sizeof(float);
        if (!room_in(rows, &m->rows, width)) return 0;
        m->most_rows = width ? m->rows.len / width : 0;
        m->update_step = PyMem_Calloc((size_t)m->most_rows + 1, sizeof(int64_t));
        if (!m->update_step) return PyErr_NoMemory(), 0;
        m->snapshot = (Snapshot *)Py_NewRef(snapshot);
    }
    m->optimizer = optimizer == Py_None ? NULL : Py_NewRef(optimizer);
    m->bounds = Py_NewRef(bounds);
    m->begun = begun && m->snapshot, m->moved = moved;
    return 1;
}

PyDoc_STRVAR(arm_doc, "arm(members, graded, waiting, number, asks_from, left, stride, unusual): pass over steps from now "
                      "on. `members` is a tuple of (optimizer, bounds, snapshot, rows, begun, moved), `waiting` one of "
                      "losses. `optimizer` is a weak reference or None, which only a single one may be; `graded`, "
                      "`snapshot` and `rows` may be None.");
static PyObject *Gate_arm(Gate *self, PyObject *args) {
    PyObject *members, *graded, *waiting;
    long long number, asks_from, left, stride;
    double unusual;
    if (!PyArg_ParseTuple(args, "O!OO!LLLLd", &PyTuple_Type, &members, &graded, &PyTuple_Type, &waiting, &number,
                          &asks_from, &left, &stride, &unusual))
        return NULL;
    Py_ssize_t n = PyTuple_GET_SIZE(members);
    if (n < 1 || n > MOST_MEMBERS || PyTuple_GET_SIZE(waiting) > MOST_LOSSES)
        return PyErr_SetString(PyExc_ValueError, "none, or too many"), NULL;
    let_go(self);
    int fine = 1;
    for (Py_ssize_t i = 0; fine && i < n; i++) fine = add_member(self, PyTuple_GET_ITEM(members, i));
    self->losses = 0;
    self->waiting = PyTuple_GET_SIZE(waiting);
    for (Py_ssize_t i = 0; i < self->waiting; i++) self->loss[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(waiting, i));
    if (!fine || PyErr_Occurred()) return let_go(self), NULL;
    self->graded = graded == Py_None ? NULL : Py_NewRef(graded);
    self->number = number, self->asks_from = asks_from, self->left = left, self->stride = stride;
    self->unusual = unusual, self->peeks = -1, self->passed = 0, self->updates_s = 0, self->armed = 1;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(leave_doc, "leave(): pass over no more steps. What has come of it: (number, passed, inside, updates_s, steps "
                        "of the losses, members they are of, losses, members). `inside` is the member whose step is going "
                        "on, -1 for none; a loss of the member -1 is that of the step; there are more losses than steps, "
                        "those that wait; of each member (begun, moved, steps of the updates), and its ratios stand in the "
                        "first rows. Steps are bytes of int64, members of int8, losses of float64.");
static PyObject *Gate_leave(Gate *self, PyObject *nothing) {
    PyObject *members = PyTuple_New(self->members);
    for (Py_ssize_t i = 0; members && i < self->members; i++) {
        Member *m = self->member + i;
        PyObject *one = Py_BuildValue("NLy#", PyBool_FromLong(m->begun), m->moved, m->updates ? (char *)m->update_step : "",
                                      m->updates * (Py_ssize_t)sizeof(int64_t));
        if (one)
            PyTuple_SET_ITEM(members, i, one);
        else
            Py_CLEAR(members);
    }
    if (!members) return NULL;
    long long inside = self->inside ? self->inside - self->member : -1;
    PyObject *result = Py_BuildValue("LLLdy#y#y#N", self->number, self->passed, inside, self->updates_s,
                                     (char *)self->loss_step, self->losses * (Py_ssize_t)sizeof(int64_t),
                                     (char *)self->loss_whose, self->losses,
                                     (char *)self->loss, (self->losses + self->waiting) * (Py_ssize_t)sizeof(double), members);
    if (result) let_go(self);
    return result;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int is_in_stride(Gate *self, Member *m) {
    return m->snapshot && self->stride > 0 && self->number % self->stride == 0;
}

/* Tensors are about to be moved. 0 where Python has to see to it. The snapshot is held: asking for addresses may run
   code of others, and that may end in `leave`. */
static int begin_update(Gate *self, Member *m) {
    double began = seconds();
    Snapshot *snapshot = (Snapshot *)Py_NewRef(m->snapshot);
    int in_place = m->fresh || (all_in_place(snapshot) > 0 && self->armed);
    if (in_place && !m->fresh) keep_all(snapshot);
    Py_DECREF(snapshot);
    self->updates_s += seconds() - began;
    m->begun = in_place;
    m->fresh = 0;
    return in_place;
}

/* They have been moved, in this step. `again`: and nothing moves them until they are about to be. */
static int end_update(Gate *self, Member *m, int again) {
    double began = seconds();
    Snapshot *snapshot = (Snapshot *)Py_NewRef(m->snapshot);
    int in_place = m->updates < m->most_rows && all_in_place(snapshot) > 0 && self->armed;
    if (in_place) {
        take_ratios(snapshot, (float *)m->rows.buf + m->updates * snapshot->n, again);
        m->update_step[m->updates++] = self->number;
        m->fresh = again;
        m->begun = 0;
        self->updates_s += seconds() - began;
    }
    Py_DECREF(snapshot);
    return in_place;
}

/* Whether Python has to see to what comes: the next step may be due, or there is enough to hand over. */
static int calls_for_python(Gate *self) { return self->number + 1 >= self->asks_from || self->left <= 0; }

/* Another step begins. */
static void count(Gate *self) { self->number++, self->left--; }

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

/* Another pass: the losses of a step add up, as its gradients do, from the last pass on that found none; of the passes
   that an optimizer's step calls for, only the first is the step's. */
static void hear_loss(Gate *self, double loss) {
    if (self->waiting && self->inside) return;
    if (self->waiting && self->graded && attribute_is(self->graded, grad_name, Py_None)) self->waiting = 0;
    self->loss[self->losses + self->waiting++] = loss;
}

/* A member has moved; what was heard before the first one did is the loss of the step, else that of its turn. */
static void move(Gate *self, Member *moved) {
    int first = 1;
    for (Py_ssize_t i = 0; i < self->members; i++) first &= self->member[i].moved != self->number;
    if (self->waiting) {
        double sum = 0;
        for (Py_ssize_t i = 0; i < self->waiting; i++) sum += self->loss[self->losses + i];
        self->loss[self->losses] = sum;
        self->loss_whose[self->losses] = first ? -1 : (int8_t)(moved - self->member);
        self->loss_step[self->losses++] = self->number;
    }
    self->waiting = 0;
    moved->moved = self->number;
    self->passed++;
}

static int passes_backward_begin(Gate *self, PyObject *roots) {
    double loss;
    Member *loop = is_loop(self) ? self->member : NULL;
    if (!PyTuple_Check(roots) || PyTuple_GET_SIZE(roots) != 1 || self->losses + self->waiting >= MOST_LOSSES) return 0;
    if (loop && loop->begun && !end_update(self, loop, self->stride == 1)) return 0;
    if (!read_loss(self, PyTuple_GET_ITEM(roots, 0), &loss) || (loop && calls_for_python(self))) return 0;
    if (loop) move(self, loop), count(self);
    hear_loss(self, loss);
    return 1;
}

static int passes_backward_end(Gate *self, PyObject *nothing) {
    return !is_loop(self) || !is_in_stride(self, self->member) || begin_update(self, self->member);
}

/* 1 where it is the optimizer of a member. */
static int is_of(Member *m, PyObject *optimizer) {
    if (!m->optimizer) return 0;
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *known = NULL;
    int is = PyWeakref_GetRef(m->optimizer, &known) > 0 && known == optimizer;
    Py_XDECREF(known);
    return is;
#else
    return PyWeakref_GetObject(m->optimizer) == optimizer;
#endif
}

/* 1 where its learning rates are nothing new. */
static int is_steady(Member *m, PyObject *optimizer) {
    PyObject *groups = PyObject_GetAttr(optimizer, groups_name);
    int steady = groups && PyList_CheckExact(groups) && PyList_GET_SIZE(groups) == PyTuple_GET_SIZE(m->bounds);
    for (Py_ssize_t i = 0; steady && i < PyTuple_GET_SIZE(m->bounds); i++) {
        PyObject *group = PyList_GET_ITEM(groups, i);
        PyObject *rate = PyDict_Check(group) ? PyDict_GetItemWithError(group, lr_name) : NULL;
        PyObject *bound = PyTuple_GET_ITEM(m->bounds, i);
        steady = rate && PyFloat_CheckExact(rate) && PyFloat_AS_DOUBLE(rate) <= PyFloat_AsDouble(bound);
    }
    Py_XDECREF(groups);
    return steady;
}

static int passes_step_begin(Gate *self, PyObject *optimizer) {
    Member *m = self->member, *end = m + self->members;
    while (m < end && !is_of(m, optimizer)) m++;
    if (self->inside || m == end || !is_steady(m, optimizer) || !self->armed) return 0;
    if (m->moved == self->number) count(self); /* its turn is over: it begins the next step */
    if (is_in_stride(self, m) && !begin_update(self, m)) return 0;
    self->inside = m;
    return 1;
}

static int passes_step_end(Gate *self, PyObject *optimizer) {
    Member *m = self->inside;
    if (!m || !is_of(m, optimizer)) return 0;
    if (m->begun && !end_update(self, m, 0)) return 0;
    if (calls_for_python(self)) return 0;
    move(self, m);
    self->inside = NULL;
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
