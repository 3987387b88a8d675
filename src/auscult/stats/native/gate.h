/* Gate: passes over steps that nobody looks at. */

#ifndef AUSCULT_GATE_H
#define AUSCULT_GATE_H

#include "memory.h"

extern PyTypeObject GateType;

/* Make the type; 0 where that fails. */
int gate_is_ready(void);

#endif
