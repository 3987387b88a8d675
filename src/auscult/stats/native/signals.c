/* Signals: what one tensor is like whose elements lie side by side, in one pass. `stats/signals.py` says the same with
   PyTorch, and it is to be the same also of what is not finite. */

#include "moments.h"
#include "signals.h"

/* (address, elements, dtype, …) */
static int take(PyObject *const *args, Memory *m) {
    m->at = PyLong_AsVoidPtr(args[0]);
    m->size = PyLong_AsSsize_t(args[1]);
    m->dtype = (int)PyLong_AsLong(args[2]);
    m->dims = 0;
    if (PyErr_Occurred()) return 0;
    if (m->size > 0 && m->at && m->dtype >= 0 && m->dtype < DTYPES) return 1;
    return PyErr_SetString(PyExc_ValueError, "no memory of a known type"), 0;
}

/* How many elements are not finite; *nan: how many of them are no number. */
static Py_ssize_t nonfinite(const Memory *m, Py_ssize_t *nan) {
    Py_ssize_t bad = *nan = 0;
    for (Py_ssize_t i = 0; i < m->size; i++) {
        double x = element(m->dtype, m->at + i * (Py_ssize_t)ITEM[m->dtype]);
        bad += !isfinite(x), *nan += isnan(x);
    }
    return bad;
}

const char summary_doc[] =
    PyDoc_STR("summary(address, elements, dtype, enough, threads): (mean, ‖x − mean‖/√(n − 1), smallest, largest, number "
              "of values that are not finite). The first two are of the first `enough` elements. dtype: see `moments`.");
PyObject *summary(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    Memory m;
    if (nargs != 5) return PyErr_SetString(PyExc_TypeError, "summary takes five numbers"), NULL;
    if (!take(args, &m)) return NULL;
    Py_ssize_t part = PyLong_AsSsize_t(args[3]), threads = PyLong_AsSsize_t(args[4]), pieces = 0, first;
    if (PyErr_Occurred()) return NULL;
    if (part < 1 || part > m.size) part = m.size;
    Piece some_pieces[8], *piece = some_pieces;
    Moments some_moments[8], *moments = some_moments;
    Py_ssize_t most = m.size / PIECE + 2;
    if (most > 8) {
        piece = PyMem_Malloc((size_t)most * sizeof(Piece));
        moments = PyMem_Malloc((size_t)most * sizeof(Moments));
        if (!piece || !moments) {
            PyMem_Free(piece);
            PyMem_Free(moments);
            return PyErr_NoMemory();
        }
    }
    for (Py_ssize_t from = 0; from < part; from += PIECE)
        piece[pieces++] = (Piece){0, from, part - from < PIECE ? part - from : PIECE};
    first = pieces;
    for (Py_ssize_t from = part; from < m.size; from += PIECE)
        piece[pieces++] = (Piece){0, from, m.size - from < PIECE ? m.size - from : PIECE};

    Many many = {&m, piece, moments, 0, 0};
    do_all(moments_of_piece, &many, pieces, m.size, (int)threads);
    double low = INFINITY, high = -INFINITY, finite = 0, n = (double)part;
    for (Py_ssize_t i = 0; i < pieces; i++) {
        low = fmin(low, moments[i].low), high = fmax(high, moments[i].high);
        finite += isfinite(moments[i].sum) ? 0 : NAN;
    }
    Moments t = moments_of_all(&many, 0, first, n);
    Py_ssize_t nan = 0, bad = finite == 0 ? 0 : nonfinite(&m, &nan);
    if (nan) low = high = NAN;
    if (piece != some_pieces) {
        PyMem_Free(piece);
        PyMem_Free(moments);
    }
    double mean = t.pivot + t.sum / n, std = sqrt(centred2(t.sum, t.square, n) / (part > 1 ? n - 1 : 1));
    return Py_BuildValue("ddddd", mean, std, low, high, (double)bad);
}

const char histogram_doc[] =
    PyDoc_STR("histogram(address, elements, dtype, every, out): of every so many-th element that is finite, write lowest "
              "and highest edge and then the counts of equal bins to `out`, float32; zeros where none is finite.");
PyObject *histogram(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    Memory m;
    Py_buffer buffer;
    if (nargs != 5) return PyErr_SetString(PyExc_TypeError, "histogram takes four numbers and an array"), NULL;
    if (!take(args, &m)) return NULL;
    Py_ssize_t every = PyLong_AsSsize_t(args[3]);
    if (PyErr_Occurred()) return NULL;
    if (every < 1) return PyErr_SetString(PyExc_ValueError, "every is 1 or more"), NULL;
    if (!room_in(args[4], &buffer, 3 * (Py_ssize_t)sizeof(float))) return NULL;
    float *out = buffer.buf, *count = out + 2;
    Py_ssize_t bins = buffer.len / (Py_ssize_t)sizeof(float) - 2, stride = every * (Py_ssize_t)ITEM[m.dtype];
    const char *end = m.at + m.size * (Py_ssize_t)ITEM[m.dtype];
    double low = INFINITY, high = -INFINITY;
    memset(out, 0, (size_t)buffer.len);
    for (const char *at = m.at; at < end; at += stride) {
        double x = element(m.dtype, at);
        if (!isfinite(x)) continue;
        low = x < low ? x : low, high = x > high ? x : high;
    }
    if (low <= high) {
        if (low == high) {
            double margin = fmax(0.5, fabs(low) / 1024);
            low -= margin, high += margin;
        }
        double last = (double)(bins - 1), width = high - low;
        for (const char *at = m.at; at < end; at += stride) {
            double x = element(m.dtype, at), bin = (x - low) / width * (double)bins;
            if (isfinite(x)) count[bin > 0 ? (Py_ssize_t)(bin < last ? bin : last) : 0]++;
        }
        out[0] = (float)low, out[1] = (float)high;
    }
    PyBuffer_Release(&buffer);
    Py_RETURN_NONE;
}
