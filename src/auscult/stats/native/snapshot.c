/* One pass over many tensors: the copy before a step, then what the step did to them.

   Before every pass each tensor is asked for its address again, and nothing is read where one has moved. */

#include "snapshot.h"
#include "view.h"
#include <structmember.h>

/* A spread no wider than the rounding of the mean is none; float32's epsilon, as in stats/ratios.py. */
static const double ROUNDING = 2 * 1.1920928955078125e-07;

/* -- sums over a stretch of memory ------------------------------------------------------------------------------- */

#define KERNELS(way, name, type, real)                                                                                 \
    FOR_EVERY_CPU static void way##_step_##name(const void *now_, const void *before_, Py_ssize_t size, Pivots pivot,  \
                                                Sums *sums) {                                                          \
        const real pu = (real)pivot.update, pd = (real)pivot.data;                                                     \
        for (Py_ssize_t from = 0; from < size; from += RUN) {                                                          \
            const type *now = (const type *)now_ + from, *before = (const type *)before_ + from;                       \
            Py_ssize_t n = size - from < RUN ? size - from : RUN;                                                      \
            real u1 = 0, u2 = 0, d1 = 0, d2 = 0;                                                                       \
            _Pragma("omp simd reduction(+ : u1, u2, d1, d2)") for (Py_ssize_t i = 0; i < n; i++) {                     \
                real x = load_##name(now, i), b = load_##name(before, i);                                              \
                real u = x - b - pu, d = b - pd;                                                                       \
                u1 += u, u2 += u * u, d1 += d, d2 += d * d;                                                            \
            }                                                                                                          \
            sums->update += u1, sums->update2 += u2, sums->data += d1, sums->data2 += d2;                              \
        }                                                                                                              \
    }                                                                                                                  \
    FOR_EVERY_CPU static void way##_whole_##name(const void *now_, const void *before_, const void *start_,            \
                                                 Py_ssize_t size, Pivots pivot, Sums *sums) {                          \
        const real pu = (real)pivot.update, pd = (real)pivot.data;                                                     \
        for (Py_ssize_t from = 0; from < size; from += RUN) {                                                          \
            const type *now = (const type *)now_ + from, *before = (const type *)before_ + from;                       \
            const type *start = (const type *)start_ + from;                                                           \
            Py_ssize_t n = size - from < RUN ? size - from : RUN;                                                      \
            real u1 = 0, u2 = 0, d1 = 0, d2 = 0, a1 = 0, a2 = 0, w2 = 0;                                               \
            _Pragma("omp simd reduction(+ : u1, u2, d1, d2, a1, a2, w2)") for (Py_ssize_t i = 0; i < n; i++) {         \
                real x = load_##name(now, i), b = load_##name(before, i), w = x - (real)load_##name(start, i);         \
                real u = x - b - pu, d = b - pd, a = x - pd;                                                           \
                u1 += u, u2 += u * u, d1 += d, d2 += d * d, a1 += a, a2 += a * a, w2 += w * w;                         \
            }                                                                                                          \
            sums->update += u1, sums->update2 += u2, sums->data += d1, sums->data2 += d2;                              \
            sums->after += a1, sums->after2 += a2, sums->way2 += w2;                                                   \
        }                                                                                                              \
    }

BOTH_WAYS(KERNELS)

typedef void (*StepKernel)(const void *, const void *, Py_ssize_t, Pivots, Sums *);
typedef void (*WholeKernel)(const void *, const void *, const void *, Py_ssize_t, Pivots, Sums *);
static const StepKernel STEP[2][DTYPES] = {EACH(quick, step), EACH(sound, step)};
static const WholeKernel WHOLE[2][DTYPES] = {EACH(quick, whole), EACH(sound, whole)};

/* -- the tensors ------------------------------------------------------------------------------------------------- */

static void Snapshot_dealloc(Snapshot *self) {
    Py_XDECREF(self->tensors);
    Py_XDECREF(self->ask);
    PyMem_Free(self->now);
    PyMem_Free(self->before);
    PyMem_Free(self->start);
    PyMem_Free(self->pivots);
    PyMem_Free(self->piece);
    PyMem_Free(self->sums);
    PyMem_Free(self->totals);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int Snapshot_init(Snapshot *self, PyObject *args, PyObject *kwargs) {
    PyObject *now, *before, *start;
    if (self->tensors) return PyErr_SetString(PyExc_TypeError, "a snapshot is made once"), -1;
    if (!PyArg_ParseTuple(args, "O!OO!O!O!i", &PyTuple_Type, &self->tensors, &self->ask, &PyTuple_Type, &now,
                          &PyTuple_Type, &before, &PyTuple_Type, &start, &self->threads))
        return self->tensors = self->ask = NULL, -1;
    Py_INCREF(self->tensors);
    Py_INCREF(self->ask);
    Py_ssize_t n = self->n = PyTuple_GET_SIZE(self->tensors);
    if (PyTuple_GET_SIZE(now) != n || PyTuple_GET_SIZE(before) != n || PyTuple_GET_SIZE(start) != n)
        return PyErr_SetString(PyExc_ValueError, "as many layouts as tensors"), -1;
    if (!describe_all(now, n, &self->now) || !describe_all(before, n, &self->before) ||
        !describe_all(start, n, &self->start))
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Memory *a = self->now + i, *b = self->before + i, *s = self->start + i;
        if (a->dtype != b->dtype || a->size != b->size || a->dtype != s->dtype || a->size != s->size || b->dims)
            return PyErr_SetString(PyExc_ValueError, "a copy has the size and type of its tensor"), -1;
        self->pieces += (a->size + PIECE - 1) / PIECE;
        self->elements += a->size;
    }
    self->pivots = PyMem_Calloc((size_t)n + 1, sizeof(Pivots));
    self->piece = PyMem_Calloc((size_t)self->pieces + 1, sizeof(Piece));
    self->sums = PyMem_Calloc((size_t)self->pieces + 1, sizeof(Sums));
    self->totals = PyMem_Calloc((size_t)n + 1, sizeof(Totals));
    if (!self->pivots || !self->piece || !self->sums || !self->totals) return PyErr_NoMemory(), -1;
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t from = 0, size = self->now[i].size; from < size; from += PIECE)
            self->piece[at++] = (Piece){i, from, size - from < PIECE ? size - from : PIECE};
    return 0;
}

int all_in_place(Snapshot *self) {
    View view;
    for (Py_ssize_t i = 0; i < self->n; i++) {
        if (view_of(PyTuple_GET_ITEM(self->tensors, i), &view)) {
            if (view.at != self->now[i].at) return 0;
            continue;
        }
        PyObject *address = PyObject_CallOneArg(self->ask, PyTuple_GET_ITEM(self->tensors, i));
        if (!address) return -1;
        void *at = PyLong_AsVoidPtr(address);
        Py_DECREF(address);
        if (!at && PyErr_Occurred()) return -1;
        if (at != self->now[i].at) return 0;
    }
    return 1;
}

static void keep_piece(void *self_, Py_ssize_t at) {
    Snapshot *self = self_;
    Piece p = self->piece[at];
    Memory *now = self->now + p.of, *before = self->before + p.of;
    size_t item = ITEM[now->dtype];
    char *to = before->at + p.from * (Py_ssize_t)item;
    if (now->dims)
        gather(now, p.from, p.size, to);
    else
        memcpy(to, now->at + p.from * (Py_ssize_t)item, (size_t)p.size * item);
}

void keep_all(Snapshot *self) { do_all(keep_piece, self, self->pieces, self->elements, self->threads); }

static void sum_piece(void *self_, Py_ssize_t at) {
    Snapshot *self = self_;
    Piece p = self->piece[at];
    const Memory *now = self->now + p.of, *before = self->before + p.of, *start = self->start + p.of;
    Py_ssize_t block = now->dims || (self->whole && start->dims) ? BLOCK : PIECE;
    char room[2][BLOCK * 8];
    self->sums[at] = (Sums){0};
    for (Py_ssize_t done = 0; done < p.size; done += block) {
        Py_ssize_t from = p.from + done, n = p.size - done < block ? p.size - done : block;
        const char *a = beside(now, from, n, room[0]), *b = beside(before, from, n, NULL);
        if (self->whole)
            WHOLE[self->sound][now->dtype](a, b, beside(start, from, n, room[1]), n, self->pivots[p.of], self->sums + at);
        else
            STEP[self->sound][now->dtype](a, b, n, self->pivots[p.of], self->sums + at);
    }
}

/* The sums of tensor i, of whose pieces the first is *at; moves on to the next tensor's. */
static Sums total_of(Snapshot *self, Py_ssize_t i, Py_ssize_t *at) {
    Sums t = {0};
    for (; *at < self->pieces && self->piece[*at].of == i; ++*at) {
        Sums *p = self->sums + *at;
        t.update += p->update, t.update2 += p->update2, t.data += p->data, t.data2 += p->data2;
        t.after += p->after, t.after2 += p->after2, t.way2 += p->way2;
    }
    return t;
}

/* The mean and spread of tensor i, of whose pieces the first is *at and the quick sums are there; moves on to the next
   tensor's. The pivot of the data is the mean that was last found. */
static void conclude(Snapshot *self, Py_ssize_t i, Py_ssize_t *at) {
    Py_ssize_t first = *at;
    double n = (double)self->now[i].size;
    Sums t = total_of(self, i, at);
    if (shaky(t.update, t.update2, n) || shaky(t.data, t.data2, n) ||
        (self->whole && (shaky(t.after, t.after2, n) || shaky(0, t.way2, n)))) {
        char room[8];
        double now = element(self->now[i].dtype, beside(self->now + i, 0, 1, room));
        double before = element(self->before[i].dtype, self->before[i].at);
        self->pivots[i].update = isfinite(now - before) ? now - before : 0;
        self->pivots[i].data = isfinite(before) ? before : 0;
        self->sound = 1;
        for (Py_ssize_t p = first; p < *at; p++) sum_piece(self, p);
        self->sound = 0;
        t = total_of(self, i, (*at = first, at));
    }
    double update = self->pivots[i].update + t.update / n, data = self->pivots[i].data + t.data / n;
    self->totals[i] = (Totals){
        n, update, data, self->pivots[i].data + t.after / n, centred2(t.update, t.update2, n),
        centred2(t.data, t.data2, n), centred2(t.after, t.after2, n), t.way2,
    };
    self->pivots[i] = (Pivots){0, isfinite(data) ? data : 0};
}

/* Sum everything; `totals`: of each tensor. */
static void take_sums(Snapshot *self, int whole) {
    self->whole = whole;
    self->sound = 0;
    do_all(sum_piece, self, self->pieces, self->elements, self->threads);
    for (Py_ssize_t i = 0, at = 0; i < self->n; i++) conclude(self, i, &at);
}

/* The same, and keep what there is now: tensor by tensor, while it is still in the caches. */
static void take_sums_and_keep(Snapshot *self) {
    if (self->elements >= LET_OTHERS_RUN) {
        take_sums(self, 0);
        keep_all(self);
        return;
    }
    self->whole = self->sound = 0;
    for (Py_ssize_t i = 0, first = 0, at = 0; i < self->n; i++, first = at) {
        for (Py_ssize_t p = first; p < self->pieces && self->piece[p].of == i; p++) sum_piece(self, p);
        conclude(self, i, &at);
        for (Py_ssize_t p = first; p < at; p++) keep_piece(self, p);
    }
}

static double std_from(double mean, double centred2, double n) {
    double std = sqrt(centred2 / (n - 1));
    return std <= ROUNDING * fabs(mean) ? 0 : std;
}

PyDoc_STRVAR(keep_doc, "Copy every tensor as it is now. False where one has moved; then nothing is copied.");
static PyObject *Snapshot_keep(Snapshot *self, PyObject *nothing) {
    int in_place = all_in_place(self);
    if (in_place < 0) return NULL;
    if (in_place) keep_all(self);
    return PyBool_FromLong(in_place);
}

void take_ratios(Snapshot *self, float *out, int again) {
    if (again)
        take_sums_and_keep(self);
    else
        take_sums(self, 0);
    for (Py_ssize_t i = 0; i < self->n; i++) {
        Totals *t = self->totals + i;
        double data = std_from(t->data, t->data2, t->size);
        out[i] = t->size > 1 && data > 0 ? (float)log10(std_from(t->update, t->update2, t->size) / data) : NAN;
    }
}

PyDoc_STRVAR(ratios_doc,
             "ratios(rows, row): write log10(std(update) / std(data)) of every tensor since `keep` to rows[row], of "
             "(rows, tensors) float32. False where a tensor has moved.");
static PyObject *Snapshot_ratios(Snapshot *self, PyObject *const *args, Py_ssize_t nargs) {
    Py_buffer rows;
    if (nargs != 2) return PyErr_SetString(PyExc_TypeError, "ratios(rows, row)"), NULL;
    Py_ssize_t row = PyLong_AsSsize_t(args[1]);
    if (row < 0) return PyErr_Occurred() ? NULL : (PyErr_SetString(PyExc_ValueError, "row is 0 or more"), NULL);
    int in_place = all_in_place(self);
    if (in_place < 0) return NULL;
    if (!in_place) Py_RETURN_FALSE;
    if (!room_in(args[0], &rows, (row + 1) * self->n * (Py_ssize_t)sizeof(float))) return NULL;
    take_ratios(self, (float *)rows.buf + row * self->n, 0);
    PyBuffer_Release(&rows);
    Py_RETURN_TRUE;
}

PyDoc_STRVAR(measure_doc,
             "measure(table): write mean and ‖x − mean‖ of the update, of the data before and after, and ‖now − start‖ "
             "to a table (7, tensors) float64. False where a tensor has moved.");
static PyObject *Snapshot_measure(Snapshot *self, PyObject *table) {
    Py_buffer buffer;
    int in_place = all_in_place(self);
    if (in_place < 0) return NULL;
    if (!in_place) Py_RETURN_FALSE;
    if (!room_in(table, &buffer, 7 * self->n * (Py_ssize_t)sizeof(double))) return NULL;
    take_sums(self, 1);
    double *out = buffer.buf;
    for (Py_ssize_t i = 0; i < self->n; i++) {
        Totals *t = self->totals + i;
        double values[7] = {t->update,       sqrt(t->update2), t->data,      sqrt(t->data2), t->after,
                            sqrt(t->after2), sqrt(t->way2)};
        for (int k = 0; k < 7; k++) out[k * self->n + i] = values[k];
    }
    PyBuffer_Release(&buffer);
    Py_RETURN_TRUE;
}

static PyMethodDef Snapshot_methods[] = {
    {"keep", (PyCFunction)Snapshot_keep, METH_NOARGS, keep_doc},
    {"ratios", (PyCFunction)(void (*)(void))Snapshot_ratios, METH_FASTCALL, ratios_doc},
    {"measure", (PyCFunction)Snapshot_measure, METH_O, measure_doc},
    {NULL},
};

PyTypeObject SnapshotType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "auscult.stats._core.Snapshot",
    .tp_doc = PyDoc_STR("Snapshot(tensors, address_of, now, before, start, threads): layouts are those of `moments`, "
                        "one a tensor; `before` is written to."),
    .tp_basicsize = sizeof(Snapshot),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Snapshot_init,
    .tp_dealloc = (destructor)Snapshot_dealloc,
    .tp_methods = Snapshot_methods,
};
