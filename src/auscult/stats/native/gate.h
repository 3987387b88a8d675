/* Gate: passes over steps that nobody looks at. */

#ifndef AUSCULT_GATE_H
#define AUSCULT_GATE_H

#include "memory.h"

enum { MOST_MEMBERS = 8 }; /* that take turns */

extern PyTypeObject GateType;

/* Make the type; 0 where that fails. */
int gate_is_ready(void);

#endif
