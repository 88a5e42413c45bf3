// SPDX-License-Identifier: Apache-2.0
// How a thread that never takes the GIL wakes a coroutine: it rings a bell, and the pump of the coroutine's loop ends
// the future that hangs there. But for ringing, all of it is done with the GIL.
#ifndef BELL_H
#define BELL_H

#include "client/loops.h"
#include "client/pump.h"

#include <stdatomic.h>

typedef struct Bell {
    struct Bell *next;  // of those of its pump
    Pump *pump;  // NULL: it hangs nowhere
    Slot *slot;
    PyObject *future;
    atomic_bool rung;
} Bell;

// Hang it up for a future of the loop that runs on this thread. 0 or -1.
int bell_hang(Bell *bell, State *state, PyObject *future);
// Nobody waits for it any more. It may hang nowhere.
void bell_take_down(Bell *bell);

// By any thread, and without the GIL; a Bell that was hung up once.
void bell_ring(void *bell);

// Take it down, and end its future. 0 or -1.
int bell_answer(Bell *bell);
// The same for all of a pump that were rung. 0 or -1.
int bells_answer(Pump *pump);

#endif
