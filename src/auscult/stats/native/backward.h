/* Backward: what stands for `torch.autograd.backward` and tells listeners of it. */

#ifndef AUSCULT_BACKWARD_H
#define AUSCULT_BACKWARD_H

#include "memory.h"

extern PyTypeObject BackwardType;

#endif
