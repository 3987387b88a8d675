/* One pass over many tensors: the copy before a step, then what the step did to them.

   Works on raw memory. Python says where each tensor lies, of which type and layout it is, and holds the memory alive;
   before every pass each tensor is asked for its address again, and nothing is read where one has moved. It is built
   without PyTorch's headers, so one build serves every version.

   Sums are taken about a pivot, so that a small spread far from zero does not cancel, piece by piece, and added in the
   order of the pieces, so that the number of threads changes no bit. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>
#include <time.h>

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EVERY_CPU __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define FOR_EVERY_CPU
#endif
#define INLINE static inline __attribute__((always_inline))

enum { FLOAT32, FLOAT64, BFLOAT16, FLOAT16, DTYPES };
static const size_t ITEM[DTYPES] = {4, 8, 2, 2};

enum {
    PIECE = 1 << 16, /* elements summed at a time */
    RUN = 1 << 10,   /* elements added up in float32 */
    BLOCK = 1 << 9,  /* elements gathered at a time where they do not lie side by side */
    MOST_DIMS = 16,
    MOST_THREADS = 64,
    WORTH_A_THREAD = 1 << 20, /* elements: starting a thread takes as long as summing some ten thousand */
    LET_OTHERS_RUN = 1 << 18, /* elements: below, giving up the interpreter's lock costs more than it yields */
};

static PyObject *item_name, *groups_name, *lr_name; /* interned */

/* A spread no wider than the rounding of the mean is none; float32's epsilon, as in stats/ratios.py. */
static const double ROUNDING = 2 * 1.1920928955078125e-07;

/* -- elements as floats ----------------------------------------------------------------------------------------- */

INLINE float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

INLINE float load_float32(const float *p, Py_ssize_t i) { return p[i]; }
INLINE double load_float64(const double *p, Py_ssize_t i) { return p[i]; }
INLINE float load_bfloat16(const uint16_t *p, Py_ssize_t i) { return from_bits((uint32_t)p[i] << 16); }
INLINE float load_float16(const uint16_t *p, Py_ssize_t i) {
    /* exponent and mantissa moved into those of a float32, then 2^112 makes up for the other bias, denormals too */
    uint32_t h = p[i], rest = (h & 0x7fffu) << 13, top = rest >= (0x1fu << 23) ? 0x7f800000u : 0u;
    float size = from_bits(rest) * 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &size, 4);
    return from_bits(bits | top | (h & 0x8000u) << 16);
}

/* -- sums over a stretch of memory ------------------------------------------------------------------------------- */

typedef struct {
    double update, update2; /* Σ(u − pivot), Σ(u − pivot)² of the update u = now − before */
    double data, data2;     /* of the data before */
    double after, after2;   /* of the data after, about the same pivot */
    double way2;            /* Σ(now − start)² */
} Sums;

typedef struct {
    double sum, square; /* Σ(x − pivot), Σ(x − pivot)² */
    double low, high;   /* of what is not NaN */
} Moments;

typedef struct {
    double update, data;
} Pivots;

/* Every kernel comes twice. The quick one adds up RUN elements in float32 (float64 for tensors of these) before it goes on
   in float64; where its result cannot be trusted, see `shaky`, the sound one does it again in float64 throughout. */
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
    }                                                                                                                  \
    FOR_EVERY_CPU static void way##_moments_##name(const void *x_, Py_ssize_t size, double pivot, Moments *m) {        \
        const real p = (real)pivot;                                                                                    \
        for (Py_ssize_t from = 0; from < size; from += RUN) {                                                          \
            const type *x = (const type *)x_ + from;                                                                   \
            Py_ssize_t n = size - from < RUN ? size - from : RUN;                                                      \
            real s1 = 0, s2 = 0, low = INFINITY, high = -INFINITY;                                                     \
            _Pragma("omp simd reduction(+ : s1, s2) reduction(min : low) reduction(max : high)") for (Py_ssize_t i = 0; \
                                                                                                      i < n; i++) {    \
                real v = load_##name(x, i), d = v - p;                                                                 \
                s1 += d, s2 += d * d;                                                                                  \
                low = v < low ? v : low, high = v > high ? v : high;                                                   \
            }                                                                                                          \
            m->sum += s1, m->square += s2;                                                                             \
            m->low = low < m->low ? low : m->low, m->high = high > m->high ? high : m->high;                           \
        }                                                                                                              \
    }

KERNELS(quick, float32, float, float)
KERNELS(quick, float64, double, double)
KERNELS(quick, bfloat16, uint16_t, float)
KERNELS(quick, float16, uint16_t, float)
KERNELS(sound, float32, float, double)
KERNELS(sound, float64, double, double)
KERNELS(sound, bfloat16, uint16_t, double)
KERNELS(sound, float16, uint16_t, double)

typedef void (*StepKernel)(const void *, const void *, Py_ssize_t, Pivots, Sums *);
typedef void (*WholeKernel)(const void *, const void *, const void *, Py_ssize_t, Pivots, Sums *);
typedef void (*MomentsKernel)(const void *, Py_ssize_t, double, Moments *);
#define EACH(way, kernel) {way##_##kernel##_float32, way##_##kernel##_float64, way##_##kernel##_bfloat16, way##_##kernel##_float16}
static const StepKernel STEP[2][DTYPES] = {EACH(quick, step), EACH(sound, step)};
static const WholeKernel WHOLE[2][DTYPES] = {EACH(quick, whole), EACH(sound, whole)};
static const MomentsKernel MOMENTS[2][DTYPES] = {EACH(quick, moments), EACH(sound, moments)};

static double element(int dtype, const void *p) {
    switch (dtype) {
    case FLOAT32: return load_float32(p, 0);
    case FLOAT64: return load_float64(p, 0);
    case BFLOAT16: return load_bfloat16(p, 0);
    default: return load_float16(p, 0);
    }
}

/* ‖x − mean‖² from the sums about a pivot; not below 0, as rounding may have it. */
static double centred2(double sum, double square, double n) {
    double c = square - sum * sum / n;
    return c < 0 ? 0 : c;
}

/* Whether quick sums cannot be trusted: the mean lies far from the pivot against the spread, so that the difference
   cancels; or squares were too large or too small for float32. */
static int shaky(double sum, double square, double n) {
    if (!isfinite(square)) return 1;
    if (square < n * 1e-30) return sum != 0 || square != 0;
    return sum * sum / n > 16 * centred2(sum, square, n);
}

/* -- a tensor's memory ------------------------------------------------------------------------------------------- */

typedef struct {
    char *at;
    Py_ssize_t size;
    int dtype;
    int dims; /* 0: the elements lie side by side, in whatever order */
    Py_ssize_t shape[MOST_DIMS], stride[MOST_DIMS];
} Memory;

/* Copy elements `from` and on, in the order of the indices, to where they lie side by side. */
static void gather(const Memory *m, Py_ssize_t from, Py_ssize_t n, char *to) {
    size_t item = ITEM[m->dtype];
    Py_ssize_t index[MOST_DIMS], at = 0, rest = from;
    for (int d = m->dims - 1; d >= 0; d--) {
        index[d] = rest % m->shape[d];
        rest /= m->shape[d];
        at += index[d] * m->stride[d];
    }
    for (Py_ssize_t i = 0; i < n; i++, to += item) {
        const char *source = m->at + at * (Py_ssize_t)item;
        switch (item) {
        case 2: memcpy(to, source, 2); break;
        case 4: memcpy(to, source, 4); break;
        default: memcpy(to, source, 8);
        }
        for (int d = m->dims - 1; d >= 0; d--) {
            at += m->stride[d];
            if (++index[d] < m->shape[d]) break;
            at -= m->stride[d] * m->shape[d];
            index[d] = 0;
        }
    }
}

/* Where elements `from` and on lie side by side: in the tensor itself, or in `room` of BLOCK elements. */
INLINE const char *beside(const Memory *m, Py_ssize_t from, Py_ssize_t n, char *room) {
    if (!m->dims) return m->at + from * (Py_ssize_t)ITEM[m->dtype];
    gather(m, from, n, room);
    return room;
}

/* Fill in from (address, size, dtype, shape, strides), shape empty where elements lie side by side; 0 where it cannot. */
static int describe(PyObject *layout, Memory *m) {
    Py_ssize_t at;
    PyObject *shape, *strides;
    if (!PyArg_ParseTuple(layout, "nniO!O!", &at, &m->size, &m->dtype, &PyTuple_Type, &shape, &PyTuple_Type, &strides))
        return 0;
    m->at = (char *)at;
    m->dims = (int)PyTuple_GET_SIZE(shape);
    if (m->dims > MOST_DIMS || PyTuple_GET_SIZE(strides) != m->dims || m->dtype < 0 || m->dtype >= DTYPES ||
        m->size < 0 || (m->size && !m->at)) {
        PyErr_SetString(PyExc_ValueError, "no memory of a known type and at most 16 dimensions");
        return 0;
    }
    for (int d = 0; d < m->dims; d++) {
        m->shape[d] = PyLong_AsSsize_t(PyTuple_GET_ITEM(shape, d));
        m->stride[d] = PyLong_AsSsize_t(PyTuple_GET_ITEM(strides, d));
    }
    return !PyErr_Occurred();
}

/* -- work for several threads ------------------------------------------------------------------------------------ */

typedef struct {
    void (*work)(void *, Py_ssize_t);
    void *on;
    Py_ssize_t from, to;
} Share;

static void *do_share(void *share_) {
    Share *share = share_;
    for (Py_ssize_t i = share->from; i < share->to; i++) share->work(share->on, i);
    return NULL;
}

/* Do pieces 0 to n − 1, side by side where there are elements enough; a thread that cannot be had is done without. */
static void share_out(void (*work)(void *, Py_ssize_t), void *on, Py_ssize_t n, Py_ssize_t elements, int threads) {
    Share share[MOST_THREADS];
    pthread_t thread[MOST_THREADS];
    int started[MOST_THREADS];
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    if (threads > elements / WORTH_A_THREAD) threads = (int)(elements / WORTH_A_THREAD);
    if (threads > n) threads = (int)n;
    if (threads < 1) threads = 1;
    for (int t = 0; t < threads; t++) {
        share[t] = (Share){work, on, n * t / threads, n * (t + 1) / threads};
        started[t] = t && !pthread_create(&thread[t], NULL, do_share, &share[t]);
    }
    for (int t = 0; t < threads; t++)
        if (!started[t]) do_share(&share[t]);
    for (int t = 1; t < threads; t++)
        if (started[t]) pthread_join(thread[t], NULL);
}

/* -- Snapshot: tensors, and room for how they were before a step ------------------------------------------------- */

typedef struct {
    Py_ssize_t of, from, size; /* tensor, first element, elements */
} Piece;

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

static int describe_all(PyObject *layouts, Py_ssize_t n, Memory **memory) {
    *memory = PyMem_Calloc((size_t)n + 1, sizeof(Memory));
    if (!*memory) return PyErr_NoMemory(), 0;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!describe(PyTuple_GET_ITEM(layouts, i), *memory + i)) return 0;
    return 1;
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

/* 1 where every tensor lies where it lay, 0 where one does not, -1 where asking failed. */
static int all_in_place(Snapshot *self) {
    for (Py_ssize_t i = 0; i < self->n; i++) {
        PyObject *address = PyObject_CallOneArg(self->ask, PyTuple_GET_ITEM(self->tensors, i));
        if (!address) return -1;
        void *at = PyLong_AsVoidPtr(address);
        Py_DECREF(address);
        if (!at && PyErr_Occurred()) return -1;
        if (at != self->now[i].at) return 0;
    }
    return 1;
}

static void do_pieces(Snapshot *self, void (*work)(void *, Py_ssize_t)) {
    if (self->elements < LET_OTHERS_RUN) {
        share_out(work, self, self->pieces, self->elements, 1);
        return;
    }
    Py_BEGIN_ALLOW_THREADS
    share_out(work, self, self->pieces, self->elements, self->threads);
    Py_END_ALLOW_THREADS
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

/* Sum everything; `totals`: of each tensor. The pivot of the data is the mean that was last found. */
static void take_sums(Snapshot *self, int whole) {
    self->whole = whole;
    self->sound = 0;
    do_pieces(self, sum_piece);
    for (Py_ssize_t i = 0, at = 0; i < self->n; i++) {
        Py_ssize_t first = at;
        double n = (double)self->now[i].size;
        Sums t = total_of(self, i, &at);
        if (shaky(t.update, t.update2, n) || shaky(t.data, t.data2, n) ||
            (whole && (shaky(t.after, t.after2, n) || shaky(0, t.way2, n)))) {
            char room[8];
            double now = element(self->now[i].dtype, beside(self->now + i, 0, 1, room));
            double before = element(self->before[i].dtype, self->before[i].at);
            self->pivots[i].update = isfinite(now - before) ? now - before : 0;
            self->pivots[i].data = isfinite(before) ? before : 0;
            self->sound = 1;
            for (Py_ssize_t p = first; p < at; p++) sum_piece(self, p);
            self->sound = 0;
            t = total_of(self, i, (at = first, &at));
        }
        double update = self->pivots[i].update + t.update / n, data = self->pivots[i].data + t.data / n;
        self->totals[i] = (Totals){
            n, update, data, self->pivots[i].data + t.after / n, centred2(t.update, t.update2, n),
            centred2(t.data, t.data2, n), centred2(t.after, t.after2, n), t.way2,
        };
        self->pivots[i] = (Pivots){0, isfinite(data) ? data : 0};
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
    if (in_place) do_pieces(self, keep_piece);
    return PyBool_FromLong(in_place);
}

/* log10(std(update) / std(data)) of every tensor. */
static void take_ratios(Snapshot *self, float *out) {
    take_sums(self, 0);
    for (Py_ssize_t i = 0; i < self->n; i++) {
        Totals *t = self->totals + i;
        double data = std_from(t->data, t->data2, t->size);
        out[i] = t->size > 1 && data > 0 ? (float)log10(std_from(t->update, t->update2, t->size) / data) : NAN;
    }
}

/* A writable, contiguous buffer of so many bytes at least. */
static int room_in(PyObject *array, Py_buffer *buffer, Py_ssize_t bytes) {
    if (PyObject_GetBuffer(array, buffer, PyBUF_CONTIG)) return 0;
    if (buffer->len >= bytes) return 1;
    PyBuffer_Release(buffer);
    return PyErr_SetString(PyExc_ValueError, "the array is too small"), 0;
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
    take_ratios(self, (float *)rows.buf + row * self->n);
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

static PyTypeObject SnapshotType = {
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

/* -- Gate: steps that nobody looks at ---------------------------------------------------------------------------- */

/* What is done of such a step (`Clock` says the same in Python, for all cases): it is counted, its loss is kept, its
   update measured. While it is `armed`, four calls tell it how the training goes; whatever is more than that, it leaves
   to Python: it calls the listener's own method, which takes over by `leave` and may arm the gate again. */

enum { MOST_LOSSES = 2048 };

typedef struct {
    PyObject_HEAD
    PyObject *otherwise[4]; /* the listener's own methods, in the order of the four calls */
    PyObject *optimizer;    /* a weak reference to the one that steps; NULL for a loop that moves its tensors itself */
    PyObject *bounds;       /* the learning rates of its groups beyond which a step is worth a look; a tuple */
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
    Py_ssize_t losses, updates;
    double loss[MOST_LOSSES];
    int64_t loss_step[MOST_LOSSES];
    int64_t *update_step;
} Gate;

static void let_go(Gate *self) {
    self->armed = 0;
    Py_CLEAR(self->optimizer);
    Py_CLEAR(self->bounds);
    Py_CLEAR(self->snapshot);
    PyMem_Free(self->update_step);
    self->update_step = NULL;
    PyBuffer_Release(&self->rows);
}

static void Gate_dealloc(Gate *self) {
    PyObject_GC_UnTrack(self);
    let_go(self);
    for (int i = 0; i < 4; i++) Py_CLEAR(self->otherwise[i]);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int Gate_traverse(Gate *self, visitproc visit, void *arg) {
    for (int i = 0; i < 4; i++) Py_VISIT(self->otherwise[i]);
    return 0;
}

static int Gate_clear(Gate *self) {
    for (int i = 0; i < 4; i++) Py_CLEAR(self->otherwise[i]);
    return 0;
}

static int Gate_init(Gate *self, PyObject *args, PyObject *kwargs) {
    PyObject *methods[4];
    if (!PyArg_ParseTuple(args, "OOOO", methods, methods + 1, methods + 2, methods + 3)) return -1;
    for (int i = 0; i < 4; i++) Py_XSETREF(self->otherwise[i], Py_NewRef(methods[i]));
    return 0;
}

PyDoc_STRVAR(arm_doc, "arm(optimizer, bounds, snapshot, rows, number, asks_from, left, stride, unusual, begun): pass over "
                      "steps from now on. `optimizer` is a weak reference or None, `snapshot` and `rows` may be None.");
static PyObject *Gate_arm(Gate *self, PyObject *args) {
    PyObject *optimizer, *bounds, *snapshot, *rows;
    long long number, asks_from, left, stride;
    double unusual;
    int begun;
    if (!PyArg_ParseTuple(args, "OO!OOLLLLdp", &optimizer, &PyTuple_Type, &bounds, &snapshot, &rows, &number, &asks_from,
                          &left, &stride, &unusual, &begun))
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
    self->number = number, self->asks_from = asks_from, self->left = left, self->stride = stride;
    self->unusual = unusual, self->begun = begun, self->fresh = self->inside = 0;
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
    if (in_place && !self->fresh) do_pieces(snapshot, keep_piece);
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
        take_ratios(snapshot, (float *)self->rows.buf + self->updates * snapshot->n);
        self->update_step[self->updates++] = step;
        if (again) do_pieces(snapshot, keep_piece);
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

/* The loss, where it is a number on the CPU and no unusual one. 0 where Python has to see to it. */
static int read_loss(Gate *self, PyObject *root, double *loss) {
    PyObject *is_cpu = PyObject_GetAttrString(root, "is_cpu"), *value = NULL;
    if (is_cpu == Py_True) value = PyObject_CallMethodNoArgs(root, item_name);
    Py_XDECREF(is_cpu);
    if (!value) return 0;
    *loss = PyFloat_AsDouble(value);
    Py_DECREF(value);
    return !PyErr_Occurred() && *loss <= self->unusual && *loss > -INFINITY;
}

static int keep_loss(Gate *self, long long step, double loss) {
    if (self->losses && self->loss_step[self->losses - 1] == step) {
        if (!self->inside) self->loss[self->losses - 1] += loss;
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

static PyTypeObject GateType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "auscult.stats._core.Gate",
    .tp_doc = PyDoc_STR("Gate(backward_begins, backward_ended, step_begins, step_ended): passes over steps, and calls these "
                        "for all that is more."),
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

/* -- moments of tensors that come and go, as gradients do -------------------------------------------------------- */

typedef struct {
    Memory *memory;
    Piece *piece;
    Moments *moments; /* of each piece */
    double pivot;
    int sound;
} Many;

static void moments_of_piece(void *many_, Py_ssize_t at) {
    Many *many = many_;
    Piece p = many->piece[at];
    const Memory *m = many->memory + p.of;
    Py_ssize_t block = m->dims ? BLOCK : PIECE;
    char room[BLOCK * 8];
    many->moments[at] = (Moments){.low = INFINITY, .high = -INFINITY};
    for (Py_ssize_t done = 0; done < p.size; done += block) {
        Py_ssize_t n = p.size - done < block ? p.size - done : block;
        MOMENTS[many->sound][m->dtype](beside(m, p.from + done, n, room), n, many->pivot, many->moments + at);
    }
}

static Moments moments_of_all(Many *many, Py_ssize_t from, Py_ssize_t to) {
    Moments t = {.low = INFINITY, .high = -INFINITY};
    for (Moments *p = many->moments + from; p < many->moments + to; p++) {
        t.sum += p->sum, t.square += p->square;
        t.low = fmin(t.low, p->low), t.high = fmax(t.high, p->high);
    }
    return t;
}

static double nonfinite(const Memory *m) {
    char room[8];
    Py_ssize_t bad = 0;
    for (Py_ssize_t i = 0; i < m->size; i++) bad += !isfinite(element(m->dtype, beside(m, i, 1, room)));
    return (double)bad;
}

PyDoc_STRVAR(moments_doc,
             "moments(layouts, table, threads): write mean, ‖x − mean‖, smallest, largest and the number of values that "
             "are not finite to a table (5, tensors) float64. A layout is (address, elements, dtype, shape, strides): "
             "dtype 0 to 3 for float32, float64, bfloat16, float16; shape and strides empty where the elements lie side "
             "by side. The memory must stay alive meanwhile.");
static PyObject *moments(PyObject *module, PyObject *args) {
    PyObject *layouts, *table, *result = NULL;
    int threads;
    Py_buffer buffer;
    Many many = {0};
    if (!PyArg_ParseTuple(args, "O!Oi", &PyTuple_Type, &layouts, &table, &threads)) return NULL;
    Py_ssize_t n = PyTuple_GET_SIZE(layouts), pieces = 0, elements = 0, at = 0;
    if (!room_in(table, &buffer, 5 * n * (Py_ssize_t)sizeof(double))) return NULL;
    if (!describe_all(layouts, n, &many.memory)) goto end;
    for (Py_ssize_t i = 0; i < n; i++) {
        pieces += (many.memory[i].size + PIECE - 1) / PIECE;
        elements += many.memory[i].size;
    }
    many.piece = PyMem_Calloc((size_t)pieces + 1, sizeof(Piece));
    many.moments = PyMem_Calloc((size_t)pieces + 1, sizeof(Moments));
    if (!many.piece || !many.moments) {
        PyErr_NoMemory();
        goto end;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t from = 0, size = many.memory[i].size; from < size; from += PIECE)
            many.piece[at++] = (Piece){i, from, size - from < PIECE ? size - from : PIECE};
    if (elements < LET_OTHERS_RUN) {
        share_out(moments_of_piece, &many, pieces, elements, 1);
    } else {
        Py_BEGIN_ALLOW_THREADS
        share_out(moments_of_piece, &many, pieces, elements, threads);
        Py_END_ALLOW_THREADS
    }
    double *out = buffer.buf;
    at = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        const Memory *m = many.memory + i;
        Py_ssize_t first = at;
        double size = (double)m->size, pivot = 0;
        while (at < pieces && many.piece[at].of == i) at++;
        Moments t = moments_of_all(&many, first, at);
        if (shaky(t.sum, t.square, size)) {
            char room[8];
            pivot = element(m->dtype, beside(m, 0, 1, room));
            many.pivot = pivot = isfinite(pivot) ? pivot : 0;
            many.sound = 1;
            for (Py_ssize_t p = first; p < at; p++) moments_of_piece(&many, p);
            t = moments_of_all(&many, first, at);
        }
        out[0 * n + i] = pivot + t.sum / size;
        out[1 * n + i] = sqrt(centred2(t.sum, t.square, size));
        out[2 * n + i] = t.low;
        out[3 * n + i] = t.high;
        out[4 * n + i] = isfinite(t.sum) ? 0 : nonfinite(m);
    }
    result = Py_NewRef(Py_None);
end:
    PyMem_Free(many.memory);
    PyMem_Free(many.piece);
    PyMem_Free(many.moments);
    PyBuffer_Release(&buffer);
    return result;
}

static PyMethodDef functions[] = {
    {"moments", moments, METH_VARARGS, moments_doc},
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
    item_name = PyUnicode_InternFromString("item");
    groups_name = PyUnicode_InternFromString("param_groups");
    lr_name = PyUnicode_InternFromString("lr");
    if (!item_name || !groups_name || !lr_name) return NULL;
    if (PyType_Ready(&SnapshotType) < 0 || PyType_Ready(&GateType) < 0) return NULL;
    PyObject *m = PyModule_Create(&module);
    if (m && (PyModule_AddObjectRef(m, "Snapshot", (PyObject *)&SnapshotType) < 0 ||
              PyModule_AddObjectRef(m, "Gate", (PyObject *)&GateType) < 0)) {
        Py_DECREF(m);
        return NULL;
    }
    return m;
}
