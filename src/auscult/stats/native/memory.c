/* Where tensors lie, as Python says it, and the work on pieces of them shared out among threads. */

#include "memory.h"
#include <pthread.h>

enum {
    MOST_THREADS = 64,
    WORTH_A_THREAD = 1 << 20, /* elements: starting a thread takes as long as summing some ten thousand */
};

void gather(const Memory *m, Py_ssize_t from, Py_ssize_t n, char *to) {
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

int describe(PyObject *layout, Memory *m) {
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

int describe_all(PyObject *layouts, Py_ssize_t n, Memory **memory) {
    *memory = PyMem_Calloc((size_t)n + 1, sizeof(Memory));
    if (!*memory) return PyErr_NoMemory(), 0;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!describe(PyTuple_GET_ITEM(layouts, i), *memory + i)) return 0;
    return 1;
}

int room_in(PyObject *array, Py_buffer *buffer, Py_ssize_t bytes) {
    if (PyObject_GetBuffer(array, buffer, PyBUF_CONTIG)) return 0;
    if (buffer->len >= bytes) return 1;
    PyBuffer_Release(buffer);
    return PyErr_SetString(PyExc_ValueError, "the array is too small"), 0;
}

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

void do_all(void (*work)(void *, Py_ssize_t), void *on, Py_ssize_t n, Py_ssize_t elements, int threads) {
    if (elements < LET_OTHERS_RUN) {
        share_out(work, on, n, elements, 1);
        return;
    }
    Py_BEGIN_ALLOW_THREADS
    share_out(work, on, n, elements, threads);
    Py_END_ALLOW_THREADS
}
