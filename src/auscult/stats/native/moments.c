/* Moments of tensors that come and go, as gradients do. */

#include "moments.h"

#define KERNELS(way, name, type, real)                                                                                 \
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

BOTH_WAYS(KERNELS)

typedef void (*MomentsKernel)(const void *, Py_ssize_t, double, Moments *);
static const MomentsKernel MOMENTS[2][DTYPES] = {EACH(quick, moments), EACH(sound, moments)};

void moments_of_piece(void *many_, Py_ssize_t at) {
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

static Moments together(const Many *many, Py_ssize_t from, Py_ssize_t to) {
    Moments t = {.low = INFINITY, .high = -INFINITY, .pivot = many->pivot};
    for (Moments *p = many->moments + from; p < many->moments + to; p++) {
        t.sum += p->sum, t.square += p->square;
        t.low = fmin(t.low, p->low), t.high = fmax(t.high, p->high);
    }
    return t;
}

Moments moments_of_all(Many *many, Py_ssize_t from, Py_ssize_t to, double elements) {
    Moments t = together(many, from, to);
    if (from == to || !shaky(t.sum, t.square, elements)) return t;
    const Memory *m = many->memory + many->piece[from].of;
    char room[8];
    double pivot = element(m->dtype, beside(m, many->piece[from].from, 1, room));
    many->pivot = isfinite(pivot) ? pivot : 0;
    many->sound = 1;
    for (Py_ssize_t p = from; p < to; p++) moments_of_piece(many, p);
    t = together(many, from, to);
    many->pivot = many->sound = 0;
    return t;
}

static double nonfinite(const Memory *m) {
    char room[8];
    Py_ssize_t bad = 0;
    for (Py_ssize_t i = 0; i < m->size; i++) bad += !isfinite(element(m->dtype, beside(m, i, 1, room)));
    return (double)bad;
}

const char moments_doc[] =
    PyDoc_STR("moments(layouts, table, threads): write mean, ‖x − mean‖, smallest, largest and the number of values that "
             "are not finite to a table (5, tensors) float64. A layout is (address, elements, dtype, shape, strides): "
             "dtype 0 to 3 for float32, float64, bfloat16, float16; shape and strides empty where the elements lie side "
             "by side. The memory must stay alive meanwhile.");
PyObject *moments(PyObject *module, PyObject *args) {
    PyObject *layouts, *table, *result = NULL;
    int threads;
    Py_buffer buffer;
    Memory *memory = NULL;
    Many many = {0};
    if (!PyArg_ParseTuple(args, "O!Oi", &PyTuple_Type, &layouts, &table, &threads)) return NULL;
    Py_ssize_t n = PyTuple_GET_SIZE(layouts), pieces = 0, elements = 0, at = 0;
    if (!room_in(table, &buffer, 5 * n * (Py_ssize_t)sizeof(double))) return NULL;
    if (!describe_all(layouts, n, &memory)) goto end;
    many.memory = memory;
    for (Py_ssize_t i = 0; i < n; i++) {
        pieces += (memory[i].size + PIECE - 1) / PIECE;
        elements += memory[i].size;
    }
    many.piece = PyMem_Calloc((size_t)pieces + 1, sizeof(Piece));
    many.moments = PyMem_Calloc((size_t)pieces + 1, sizeof(Moments));
    if (!many.piece || !many.moments) {
        PyErr_NoMemory();
        goto end;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t from = 0, size = memory[i].size; from < size; from += PIECE)
            many.piece[at++] = (Piece){i, from, size - from < PIECE ? size - from : PIECE};
    do_all(moments_of_piece, &many, pieces, elements, threads);
    double *out = buffer.buf;
    at = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        const Memory *m = memory + i;
        Py_ssize_t first = at;
        double size = (double)m->size;
        while (at < pieces && many.piece[at].of == i) at++;
        Moments t = moments_of_all(&many, first, at, size);
        out[0 * n + i] = t.pivot + t.sum / size;
        out[1 * n + i] = sqrt(centred2(t.sum, t.square, size));
        out[2 * n + i] = t.low;
        out[3 * n + i] = t.high;
        out[4 * n + i] = isfinite(t.sum) ? 0 : nonfinite(m);
    }
    result = Py_NewRef(Py_None);
end:
    PyMem_Free(memory);
    PyMem_Free(many.piece);
    PyMem_Free(many.moments);
    PyBuffer_Release(&buffer);
    return result;
}
