/* What the hub (`auscult.observe.hub`) hears on every step, as calls in C. */

#ifndef AUSCULT_HUB_H
#define AUSCULT_HUB_H

#include "memory.h"

extern PyTypeObject BackwardType, HookType;

#endif
