// SPDX-License-Identifier: Apache-2.0
#include "client/bell.h"

int bell_hang(Bell *bell, State *state, PyObject *future)
{
    Pump *pump = pump_here(state);
    if (pump == NULL) {
        return -1;
    }
    bell_take_down(bell);
    bell->pump = (Pump *)Py_NewRef(pump);
    bell->slot = pump->slot;
    bell->future = Py_NewRef(future);
    atomic_store(&bell->rung, false);
    bell->next = pump->bells;
    pump->bells = bell;
    return 0;
}

void bell_take_down(Bell *bell)
{
    if (bell->pump == NULL) {
        return;
    }
    Bell **place = &bell->pump->bells;
    while (*place != bell) {
        place = &(*place)->next;
    }
    *place = bell->next;
    Py_CLEAR(bell->pump);
    Py_CLEAR(bell->future);
}

// Slots are never given up, so that it does no harm where the loop is another one by now.
void bell_ring(void *argument)
{
    Bell *bell = argument;
    atomic_store(&bell->rung, true);
    uv_async_send(&bell->slot->bell);
}

int bell_answer(Bell *bell)
{
    PyObject *future = Py_NewRef(bell->future);
    bell_take_down(bell);
    PyObject *done = PyObject_CallMethod(future, "done", NULL);
    PyObject *answer = done == Py_False ? PyObject_CallMethod(future, "set_result", "O", Py_None) : Py_XNewRef(done);
    Py_XDECREF(done);
    Py_DECREF(future);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

static Bell *first_rung(const Pump *pump)
{
    Bell *bell = pump->bells;
    while (bell != NULL && !atomic_load(&bell->rung)) {
        bell = bell->next;
    }
    return bell;
}

int bells_answer(Pump *pump)
{
    if (!pump->slot->rung) {
        return 0;
    }
    int result = 0;
    for (Bell *bell; result == 0 && (bell = first_rung(pump)) != NULL;) {
        result = bell_answer(bell);
    }
    pump->slot->rung = result < 0;  // there may be more
    return result;
}
