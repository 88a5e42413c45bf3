// SPDX-License-Identifier: Apache-2.0
#include "client/pump.h"

#include "client/bell.h"
#include "client/flight.h"

#include <aerospike/as_cluster.h>
#include <citrusleaf/cf_clock.h>

// ---- the loop's own methods ----

static PyObject *call_soon(Pump *pump)
{
    PyObject *arguments[] = {pump->turn};
    return PyObject_Vectorcall(pump->call_soon, arguments, 1, NULL);
}

static int schedule_soon(Pump *pump)
{
    if (pump->scheduled) {
        return 0;
    }
    PyObject *handle = call_soon(pump);
    pump->scheduled = handle != NULL;
    Py_XDECREF(handle);
    return handle == NULL ? -1 : 0;
}

static int timer_stop(Pump *pump)
{
    PyObject *answer = pump->timer == NULL ? Py_NewRef(Py_None) : PyObject_CallMethod(pump->timer, "cancel", NULL);
    Py_CLEAR(pump->timer);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

static int schedule_later(Pump *pump, uint64_t milliseconds)
{
    uint64_t due = cf_getms() + milliseconds;
    if (pump->timer != NULL && pump->timer_due <= due) {
        return 0;
    }
    if (timer_stop(pump) < 0) {
        return -1;
    }
    PyObject *by_time = PyObject_GetAttrString((PyObject *)pump, "_due");
    pump->timer =
        by_time == NULL ? NULL : PyObject_CallFunction(pump->call_later, "dO", (double)milliseconds / 1e3, by_time);
    pump->timer_due = due;
    Py_XDECREF(by_time);
    return pump->timer == NULL ? -1 : 0;
}

static int64_t sooner(int64_t patience, uint64_t due)
{
    int64_t left = (int64_t)(due - cf_getms());
    left = left < 0 ? 0 : left;
    return patience < 0 || left < patience ? left : patience;
}

// When it must be turned again, where nothing is heard until then: in milliseconds; -1: never.
static int64_t pump_patience(const Pump *pump)
{
    int64_t patience = pump->landed.first != NULL ? 0 : uv_backend_timeout(&pump->slot->uv);
    if (pump->again.first != NULL) {
        patience = sooner(patience, pump->again_due);
    }
    for (const Lane *lane = pump->crowded; lane != NULL; lane = lane->next) {
        if (lane->next_deadline != 0) {
            patience = sooner(patience, lane->next_deadline);
        }
    }
    return patience;
}

static int schedule(Pump *pump)
{
    int64_t patience = pump->flights == 0 && pump->slot->events->pending == 0 && !uv_loop_alive(&pump->slot->uv)
                           ? -1
                           : pump_patience(pump);
    return patience == 0 ? schedule_soon(pump) : patience > 0 ? schedule_later(pump, (uint64_t)patience) : 0;
}

// ---- a turn ----

// Until all are given, or the time is over, or one raised. 0 or -1.
static int give_landed(Pump *pump, uint64_t end)
{
    Flight *flight;
    do {
        flight = flights_pop(&pump->landed);
        if (flight != NULL && flight_give(flight) < 0) {
            return -1;
        }
    } while (flight != NULL && uv_hrtime() < end);
    return 0;
}

static void look_at_clock(Pump *pump)
{
    uint64_t now = pump->crowded == NULL && pump->again.first == NULL ? 0 : cf_getms();
    if (pump->again.first != NULL && pump->again_due <= now) {
        flights_go_again(pump);
    }
    for (Lane *lane = pump->crowded, *next; lane != NULL; lane = next) {
        next = lane->next;
        if (lane->next_deadline != 0 && lane->next_deadline <= now) {
            lane_expire(pump, lane, now);
        }
    }
}

static void launch_waiting(Pump *pump)
{
    for (Lane *lane = pump->crowded, *next; lane != NULL; lane = next) {
        next = lane->next;
        lane_launch(pump, lane);
    }
}

// Answers are read, tasks go on with them, and what they ask for next is sent, until nothing is left to do or others
// must have their turn.
static int burst(Pump *pump)
{
    uint64_t end = uv_hrtime() + PUMP_BURST;
    int result;
    launch_waiting(pump);
    do {
        pump->launched = false;
        slot_turn(pump->slot);
        look_at_clock(pump);
        result = bells_answer(pump) < 0 ? -1 : give_landed(pump, end);
        launch_waiting(pump);
    } while (result == 0 && pump->launched && uv_hrtime() < end);
    return result;
}

static PyObject *pump_turn(Pump *pump)
{
    if (pump->loop == NULL || pump->turning || pump->fork_generation != fork_count()) {
        Py_RETURN_NONE;
    }
    Py_INCREF(pump);
    pump->turning = true;
    int result = burst(pump);
    pump->turning = false;
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    if (pump->loop != NULL && schedule(pump) < 0) {
        result = -1;
    }
    connections_rest();
    if (type != NULL) {
        PyErr_Restore(type, error, traceback);
    }
    Py_DECREF(pump);
    return result < 0 ? NULL : Py_NewRef(Py_None);
}

// The loop's descriptor is ready. Where a turn is scheduled, that will see to it.
static PyObject *pump_ready(PyObject *self, PyObject *Py_UNUSED(none))
{
    Pump *pump = (Pump *)self;
    return pump->scheduled ? Py_NewRef(Py_None) : pump_turn(pump);
}

static PyObject *pump_scheduled(PyObject *self, PyObject *Py_UNUSED(none))
{
    Pump *pump = (Pump *)self;
    pump->scheduled = false;
    return pump_turn(pump);
}

static PyObject *pump_due(PyObject *self, PyObject *Py_UNUSED(none))
{
    Pump *pump = (Pump *)self;
    Py_CLEAR(pump->timer);
    return pump->scheduled ? Py_NewRef(Py_None) : pump_turn(pump);
}

int pump_wake(Pump *pump)
{
    return pump->turning ? 0 : schedule_soon(pump);
}

// ---- its life ----

static PyObject *done_future(PyObject *loop)
{
    PyObject *future = PyObject_CallMethod(loop, "create_future", NULL);
    PyObject *answer = future == NULL ? NULL : PyObject_CallMethod(future, "set_result", "O", Py_None);
    if (answer == NULL) {
        Py_CLEAR(future);
    }
    Py_XDECREF(answer);
    return future;
}

static int pump_attach(Pump *pump)
{
    uv_loop_t *uv = &pump->slot->uv;
    pump->done = done_future(pump->loop);
    PyObject *ready = PyObject_GetAttrString((PyObject *)pump, "_ready");
    pump->call_soon = PyObject_GetAttrString(pump->loop, "call_soon");
    pump->call_later = PyObject_GetAttrString(pump->loop, "call_later");
    pump->turn = PyObject_GetAttrString((PyObject *)pump, "_scheduled");
    PyObject *answer =
        ready == NULL || pump->call_soon == NULL || pump->call_later == NULL || pump->turn == NULL || pump->done == NULL
            ? NULL
            : PyObject_CallMethod(pump->loop, "add_reader", "iO", uv_backend_fd(uv), ready);
    Py_XDECREF(ready);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

static void pump_release(Pump *pump)
{
    Py_CLEAR(pump->loop);
    Py_CLEAR(pump->call_soon);
    Py_CLEAR(pump->call_later);
    Py_CLEAR(pump->turn);
    Py_CLEAR(pump->done);
    Py_CLEAR(pump->timer);
}

// Of a loop that is no more, by whoever finds it. What was under way ends, and nobody is told.
static void pump_detach(Pump *pump)
{
    if (pump->fork_generation == fork_count()) {
        pump->slot->events->thread = pthread_self();
        bool over = slot_abort(pump->slot, NULL);
        Flight *flight;
        while (pump->crowded != NULL) {
            lane_expire(pump, pump->crowded, LANE_ALL);
        }
        while ((flight = flights_pop(&pump->again)) != NULL) {
            flights_push(&pump->landed, flight);
        }
        while ((flight = flights_pop(&pump->landed)) != NULL) {
            flight_drop(flight);
        }
        slot_turn(pump->slot);
        if (over) {  // else nobody gets the slot
            slot_give_back(pump->slot);
        }
    }
    while (pump->bells != NULL) {
        bell_take_down(pump->bells);
    }
    pump_release(pump);
}

static bool is_over(Pump *pump)
{
    PyObject *answer =
        pump->fork_generation == fork_count() ? PyObject_CallMethod(pump->loop, "is_closed", NULL) : Py_NewRef(Py_True);
    PyErr_Clear();
    Py_XDECREF(answer);
    return answer == Py_True;
}

void pumps_sweep(State *state)
{
    PyObject *pumps = state->pumps == NULL ? NULL : PyDict_Values(state->pumps);
    for (Py_ssize_t i = 0; pumps != NULL && i < PyList_GET_SIZE(pumps); i++) {
        Pump *pump = (Pump *)PyList_GET_ITEM(pumps, i);
        if (pump->loop != NULL && is_over(pump)) {
            PyObject *loop = Py_NewRef(pump->loop);
            if (state->pump == (PyObject *)pump) {
                Py_CLEAR(state->pump);
            }
            pump_detach(pump);
            if (PyDict_DelItem(state->pumps, loop) < 0) {
                PyErr_Clear();
            }
            Py_DECREF(loop);
        }
    }
    Py_XDECREF(pumps);
    loops_sweep();
    connections_rest();
}

static Pump *pump_new(State *state, PyObject *loop)
{
    pumps_sweep(state);
    Pump *pump = (Pump *)((PyTypeObject *)state->pump_type)->tp_alloc((PyTypeObject *)state->pump_type, 0);
    if (pump == NULL || (pump->slot = slot_take(state)) == NULL) {
        Py_XDECREF(pump);
        return NULL;
    }
    pump->state = state;
    pump->loop = Py_NewRef(loop);
    pump->fork_generation = fork_count();
    if (pump_attach(pump) < 0 || PyDict_SetItem(state->pumps, loop, (PyObject *)pump) < 0) {
        PyObject *type, *error, *traceback;
        PyErr_Fetch(&type, &error, &traceback);
        pump_detach(pump);
        PyErr_Restore(type, error, traceback);
        Py_DECREF(pump);
        return NULL;
    }
    return pump;
}

// ---- the loop of this thread ----

static int asyncio_import(State *state)
{
    PyObject *asyncio = PyImport_ImportModule("asyncio");
    if (asyncio != NULL) {
        state->pumps = PyDict_New();
        state->cancelled_error = PyObject_GetAttrString(asyncio, "CancelledError");
        state->running_loop = PyObject_GetAttrString(asyncio, "get_running_loop");
        Py_DECREF(asyncio);
    }
    return state->running_loop == NULL || state->pumps == NULL || state->cancelled_error == NULL ? -1 : 0;
}

static PyObject *running_loop(State *state)
{
    if (state->running_loop == NULL && asyncio_import(state) < 0) {
        return NULL;
    }
    PyObject *loop = PyObject_CallNoArgs(state->running_loop);
    if (loop == NULL && PyErr_ExceptionMatches(PyExc_RuntimeError)) {
        PyErr_Clear();
        error_set(state, AEROSPIKE_ERR_CLIENT,
                  "no asyncio loop runs here: AsyncClient works in asyncio, with uvloop or anyio too; not with trio");
    }
    return loop;
}

Pump *pump_here(State *state)
{
    PyObject *loop = running_loop(state);
    Pump *pump = (Pump *)state->pump;
    if (loop == NULL || (pump != NULL && pump->loop == loop && pump->fork_generation == fork_count())) {
        Py_XDECREF(loop);
        return loop == NULL ? NULL : pump;
    }
    pump = (Pump *)PyDict_GetItemWithError(state->pumps, loop);
    if (pump != NULL && pump->fork_generation != fork_count()) {
        pump = NULL;
    }
    if (pump == NULL && !PyErr_Occurred() && (pump = pump_new(state, loop)) != NULL) {
        Py_DECREF(pump);  // the dict has it
    }
    if (pump != NULL) {
        Py_XSETREF(state->pump, Py_NewRef(pump));
    }
    Py_DECREF(loop);
    return pump;
}

// ---- the type ----

static void pump_dealloc(PyObject *self)
{
    Pump *pump = (Pump *)self;
    PyTypeObject *type = Py_TYPE(self);
    flights_free_spare(pump);
    pump_release(pump);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"_ready", pump_ready, METH_NOARGS, NULL},
    {"_scheduled", pump_scheduled, METH_NOARGS, NULL},
    {"_due", pump_due, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot type_slots[] = {
    {Py_tp_methods, methods},
    {Py_tp_dealloc, pump_dealloc},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike._native._Pump",
    .basicsize = sizeof(Pump),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = type_slots,
};

int pump_init(PyObject *module, State *state)
{
    state->pump_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->pump_type == NULL ? -1 : 0;
}
