/* What the parts of the core share: where tensors lie, their elements as floats, pieces of them, threads.

   It works on raw memory. Python says where each tensor lies, of which type and layout it is, and holds the memory
   alive. It is built without PyTorch's headers, so one build serves every version.

   Sums are taken about a pivot, so that a small spread far from zero does not cancel, piece by piece, and added in the
   order of the pieces, so that the number of threads changes no bit. */

#ifndef AUSCULT_MEMORY_H
#define AUSCULT_MEMORY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#pragma GCC visibility push(hidden) /* nobody else's function of the same name is to be called */
#endif

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EVERY_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
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
    LET_OTHERS_RUN = 1 << 18, /* elements: below, giving up the interpreter's lock costs more than it yields */
};

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

INLINE double element(int dtype, const void *p) {
    switch (dtype) {
    case FLOAT32: return load_float32(p, 0);
    case FLOAT64: return load_float64(p, 0);
    case BFLOAT16: return load_bfloat16(p, 0);
    default: return load_float16(p, 0);
    }
}

/* Every kernel that sums comes twice. The quick one adds up RUN elements in float32 (float64 for tensors of these) before
   it goes on in float64; where its result cannot be trusted, see `shaky`, the sound one does it again in float64. */
#define BOTH_WAYS(KERNELS)                      \
    KERNELS(quick, float32, float, float)       \
    KERNELS(quick, float64, double, double)     \
    KERNELS(quick, bfloat16, uint16_t, float)   \
    KERNELS(quick, float16, uint16_t, float)    \
    KERNELS(sound, float32, float, double)      \
    KERNELS(sound, float64, double, double)     \
    KERNELS(sound, bfloat16, uint16_t, double)  \
    KERNELS(sound, float16, uint16_t, double)
#define EACH(way, kernel) {way##_##kernel##_float32, way##_##kernel##_float64, way##_##kernel##_bfloat16, way##_##kernel##_float16}

/* ‖x − mean‖² from the sums about a pivot; not below 0, as rounding may have it. */
INLINE double centred2(double sum, double square, double n) {
    double c = square - sum * sum / n;
    return c < 0 ? 0 : c;
}

/* Whether quick sums cannot be trusted: the mean lies far from the pivot against the spread, so that the difference
   cancels; or squares were too large or too small for float32. */
INLINE int shaky(double sum, double square, double n) {
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

typedef struct {
    Py_ssize_t of, from, size; /* tensor, first element, elements */
} Piece;

/* Copy elements `from` and on, in the order of the indices, to where they lie side by side. */
void gather(const Memory *m, Py_ssize_t from, Py_ssize_t n, char *to);

/* Where elements `from` and on lie side by side: in the tensor itself, or in `room` of BLOCK elements. */
INLINE const char *beside(const Memory *m, Py_ssize_t from, Py_ssize_t n, char *room) {
    if (!m->dims) return m->at + from * (Py_ssize_t)ITEM[m->dtype];
    gather(m, from, n, room);
    return room;
}

/* Fill in from (address, size, dtype, shape, strides), shape empty where elements lie side by side; 0 where it cannot. */
int describe(PyObject *layout, Memory *m);

/* The same for a tuple of n of them, in memory that the caller frees, also where it cannot. */
int describe_all(PyObject *layouts, Py_ssize_t n, Memory **memory);

/* A writable, contiguous buffer of so many bytes at least. */
int room_in(PyObject *array, Py_buffer *buffer, Py_ssize_t bytes);

/* Do pieces 0 to n − 1, side by side where there are elements enough; a thread that cannot be had is done without. Where
   there are many elements, other threads of Python may run meanwhile. */
void do_all(void (*work)(void *, Py_ssize_t), void *on, Py_ssize_t n, Py_ssize_t elements, int threads);

#endif
