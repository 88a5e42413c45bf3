// SPDX-License-Identifier: Apache-2.0
#include "client/flight.h"

#include "client/login.h"
#include "convert/digest.h"

#include <aerospike/aerospike_key.h>
#include <citrusleaf/cf_clock.h>

// ---- queues ----

void flights_push(FlightQueue *queue, Flight *flight)
{
    flight->next = NULL;
    *(queue->first == NULL ? &queue->first : &queue->last->next) = flight;
    queue->last = flight;
}

Flight *flights_pop(FlightQueue *queue)
{
    Flight *first = queue->first;
    if (first != NULL) {
        queue->first = first->next;
    }
    return first;
}

// ---- its memory ----

// A pump keeps that of some which are over: to ask the system's allocator would be a twentieth of what a get costs.
#ifdef __SANITIZE_ADDRESS__  // which sees use of what is freed only where it is freed
enum { SPARE_MOST = 0 };
#else
enum { SPARE_MOST = 64 };
#endif

static Flight *memory_take(Pump *pump)
{
    Flight *flight = pump->spare;
    if (flight == NULL) {
        return PyMem_Malloc(sizeof *flight);
    }
    pump->spare = flight->next;
    pump->spare_count--;
    return flight;
}

static void memory_give_back(Pump *pump, Flight *flight)
{
    if (pump->spare_count == SPARE_MOST) {
        PyMem_Free(flight);
    } else {
        pump->spare_count++;
        flight->next = pump->spare;
        pump->spare = flight;
    }
}

void flights_free_spare(Pump *pump)
{
    while (pump->spare != NULL) {
        PyMem_Free(memory_take(pump));
    }
}

// ---- its life ----

static Flight *flight_new(const CommandKind *kind, ClientObject *client, Settings *settings, Pump *pump)
{
    Flight *flight = memory_take(pump);
    if (flight == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memset(flight, 0, offsetof(Flight, command) + offsetof(Command, policy));
    flight->command.kind = kind;
    flight->command.hashed_later = kind->fusion != FUSION_NONE;
    flight->command.client = (ClientObject *)Py_NewRef(client);
    flight->command.settings = settings;
    flight->pump = (Pump *)Py_NewRef(pump);
    return flight;
}

static void flight_free(Flight *flight)
{
    ClientObject *client = flight->command.client;
    Pump *pump = flight->pump;
    tries_end(&flight->tries);
    if (flight->command.observation != NULL) {
        observation_drop(&flight->observation);
    }
    fused_release(flight);
    command_release(&flight->command);
    Py_XDECREF(flight->awaited);
    memory_give_back(pump, flight);
    Py_DECREF(pump);
    Py_DECREF(client);
}

// ---- the C client's answers ----

void flight_land(Flight *flight, const as_error *err)
{
    if (err != NULL && err != &flight->command.err) {
        as_error_copy(&flight->command.err, err);
    }
    if (err != NULL && err->code == AEROSPIKE_ERR_ASYNC_CONNECTION) {
        flight->command.err.code = AEROSPIKE_ERR_CONNECTION;  // as it is called elsewhere
    }
    tries_end(&flight->tries);
    flight->failed = err != NULL;
    flight->landed = true;
    flights_push(&flight->pump->landed, flight);
}

static Flight *flight_of(void *command)
{
    return (Flight *)((char *)command - offsetof(Flight, command));
}

void command_on_write(as_error *err, void *udata, as_event_loop *Py_UNUSED(loop))
{
    flight_land(flight_of(udata), err);
}

void command_on_record(as_error *err, as_record *record, void *udata, as_event_loop *Py_UNUSED(loop))
{
    ((Command *)udata)->record = record;  // of the heap, as the policy says
    flight_land(flight_of(udata), err);
}

as_status command_start_operate(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_operate_async(as, &command->err, &command->policy.operate, &command->key, &command->operations,
                                       command_on_record, command, loop, NULL);
}

// as_val_reserve() counts all of the heap but booleans, which its counterpart frees all the same.
void command_on_value(as_error *err, as_val *value, void *udata, as_event_loop *Py_UNUSED(loop))
{
    if (value != NULL && value->count > 0) {
        value->count++;
    }
    ((Command *)udata)->answer = value;
    flight_land(flight_of(udata), err);
}

// ---- sending ----

// The part of the policy that all kinds begin with.
static as_policy_base *policy_base(Command *command)
{
    return &command->policy.read.base;
}

// Of a batch that was sent before, the rows tell.
static void say_late(Flight *flight)
{
    if (flight->command.refused) {
        flight_land(flight, NULL);
        return;
    }
    as_error_update(&flight->command.err, AEROSPIKE_ERR_TIMEOUT,
                    "Client timeout: the command waited for its turn (config['max_in_flight']) and was never sent");
    flight_land(flight, &flight->command.err);
}

static as_status start(Flight *flight)
{
    Command *command = &flight->command;
    tries_begin(&flight->tries, command->observation == NULL ? NULL : command->observation->trace);
    as_status status = command->kind->start(command, command->connection->as, flight->pump->slot->events);
    tries_began();
    return status;
}

// False: out of memory.
static bool make_digest(Command *command)
{
    return !command->hashed_later || command->key.digest.init || digest_make(&command->key);
}

void flight_launch(Flight *flight)
{
    Command *command = &flight->command;
    as_error_init(&command->err);
    flight->lane->under_way++;
    if (!make_digest(command)) {
        as_error_update(&command->err, AEROSPIKE_ERR_CLIENT, "out of memory");
        flight_land(flight, &command->err);
        return;
    }
    if (flight->deadline != 0) {
        uint64_t now = cf_getms();
        if (now >= flight->deadline) {
            say_late(flight);
            return;
        }
        policy_base(command)->total_timeout = (uint32_t)(flight->deadline - now);
    }
    uv_update_time(&flight->pump->slot->uv);  // timers begin now, not when it was last turned
    flight->sent = flight->pump->launched = true;
    if (start(flight) != AEROSPIKE_OK && !flight->landed) {
        flight->sent = false;
        flight_land(flight, &command->err);
    }
}

static void say_given_up(Flight *flight)
{
    as_error_update(&flight->command.err, AEROSPIKE_ERR_CLIENT_ABORT, "the command was cancelled before it was sent");
    flight->lane->under_way++;
    flight_land(flight, &flight->command.err);
}

uint32_t flight_lane_most(const Flight *flight)
{
    const Command *command = &flight->command;
    uint32_t most = command->settings->max_in_flight;
    return most == 0 ? command->connection->as->config.max_conns_per_node : most;
}

// ---- turns ----

static void lane_join(Lane *lane, Flight *flight)
{
    Pump *pump = flight->pump;
    if (lane->waiting_count++ == 0) {
        lane->next = pump->crowded;
        pump->crowded = lane;
        lane->next_deadline = 0;
    }
    lane->waiting_plain += !flight->fusible;
    flights_push(&lane->waiting, flight);
    if (flight->deadline != 0 && (lane->next_deadline == 0 || flight->deadline < lane->next_deadline)) {
        lane->next_deadline = flight->deadline;
    }
}

Flight *lane_next(Pump *pump, Lane *lane)
{
    Flight *flight = flights_pop(&lane->waiting);
    lane->waiting_plain -= !flight->fusible;
    if (--lane->waiting_count == 0) {
        Lane **place = &pump->crowded;
        while (*place != lane) {
            place = &(*place)->next;
        }
        *place = lane->next;
    }
    return flight;
}

void lane_launch(Pump *pump, Lane *lane)
{
    while (lane->waiting_count > 0 && lane->under_way < flight_lane_most(lane->waiting.first)) {
        Flight *flight = lane_next(pump, lane);
        if (flight->awaited == NULL) {
            say_given_up(flight);
        } else if (flight->fusible) {
            fused_launch(pump, lane, flight);
        } else {
            flight_launch(flight);
        }
    }
}

// Whoever waits keeps its place.
void lane_expire(Pump *pump, Lane *lane, uint64_t now)
{
    lane->next_deadline = 0;
    for (uint32_t left = lane->waiting_count; left > 0; left--) {
        Flight *flight = lane_next(pump, lane);
        if (flight->awaited == NULL) {
            say_given_up(flight);
        } else if (now == LANE_ALL || (flight->deadline != 0 && flight->deadline <= now)) {
            lane->under_way++;
            say_late(flight);
        } else {
            lane_join(lane, flight);
        }
    }
}

// ---- read ----

// Records of answers are of the heap, for they are kept until the pump comes to them.
static void keep_records(Command *command)
{
    switch (command->kind->policy) {
    case POLICY_KIND_READ:
        command->policy.read.async_heap_rec = true;
        break;
    case POLICY_KIND_OPERATE:
        command->policy.operate.async_heap_rec = true;
        break;
    default:
        break;
    }
}

static int flight_board(Flight *flight)
{
    Command *command = &flight->command;
    uint32_t timeout = policy_base(command)->total_timeout;
    command->connection = connection_acquire(command->client);
    if (command->connection == NULL) {
        return -1;
    }
    command->connection->flown = true;
    Lane *lane = flight->lane = &command->connection->lanes[flight->pump->slot->events->index];
    uint32_t waiting_most = command->settings->max_waiting;
    if (waiting_most > 0 && lane->waiting_count >= waiting_most && lane->under_way >= flight_lane_most(flight)) {
        return error_set(command_state(command), AEROSPIKE_ERR_ASYNC_QUEUE_FULL,
                         "%u commands are under way and %u wait, as many as config['max_in_flight'] and "
                         "config['max_waiting'] let: nothing was sent",
                         (unsigned)lane->under_way, (unsigned)lane->waiting_count);
    }
    flight->awaited = awaited_new(command_state(command), flight, flight->pump->loop);
    flight->deadline = timeout == 0 ? 0 : cf_getms() + timeout;
    return flight->awaited == NULL ? -1 : 0;
}

// Send it, or let it wait for its turn.
static void flight_depart(Flight *flight)
{
    Lane *lane = flight->lane;
    flight->pump->flights++;
    flight->fusible = fused_allows(flight);
    if (!flight->fusible && lane->waiting_plain == 0 && lane->under_way < flight_lane_most(flight)) {
        flight_launch(flight);
    } else {
        lane_join(lane, flight);
    }
}

PyObject *flight_begin(const CommandKind *kind, PyObject *self, METHOD_ARGS)
{
    ClientObject *client = (ClientObject *)self;
    PyObject *given[ARGS_MAX], *result = NULL;
    Settings *settings = settings_acquire(client);
    Pump *pump = settings == NULL ? NULL : pump_here(client->state);
    Flight *flight = pump == NULL || args_parse(&kind->signature, args, count, keywords, given) < 0
                         ? NULL
                         : flight_new(kind, client, settings, pump);
    if (flight == NULL) {
        settings_release(settings);
        return NULL;
    }
    Command *command = &flight->command;
    bool ready = command_read(command, given) == 0;
    if (ready && command->owned.transaction != NULL) {  // commands of one take turns, for which threads can wait
        flight_free(flight);
        return Py_NewRef(Py_NotImplemented);
    }
    if (ready && observed(client, settings) && observation_begin(command, &flight->observation)) {
        command->observation = &flight->observation;
        ready = make_digest(command) || (PyErr_NoMemory(), false);
    }
    if (!ready || flight_board(flight) < 0) {
        (void)command_result(command, false);
        flight_free(flight);
        return NULL;
    }
    keep_records(command);
    result = Py_NewRef(flight->awaited);
    flight_depart(flight);
    if (pump_wake(pump) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

// ---- again ----

static void flight_leave(Flight *flight)
{
    if (flight->fused == NULL || fused_leave(flight)) {
        flight->lane->under_way--;
    }
}

// What a pool that is empty refuses was not sent, nor what a node refuses that wants another log-in. The pool is empty
// although commands take turns where the C client keeps connections for late answers (timeout_delay).
static bool flight_may_go_again(Flight *flight)
{
    const as_error *err = &flight->command.err;
    if (!(flight->failed || flight->command.refused) || !flight->sent || flight->awaited == NULL) {
        return false;
    }
    uint64_t now = cf_getms();
    if (err->code == AEROSPIKE_ERR_NO_MORE_CONNECTIONS && !err->in_doubt) {
        return flight->deadline == 0 || now < flight->deadline;
    }
    if (!command_must_log_in(&flight->command)) {
        return false;
    }
    flight->refused = flight->refused == 0 ? now : flight->refused;
    return now - flight->refused < LOGIN_PATIENCE;
}

static void flight_pause(Flight *flight)
{
    Pump *pump = flight->pump;
    flight_leave(flight);
    fused_release(flight);
    flight->lane->under_way++;
    if (pump->again.first == NULL) {
        pump->again_due = cf_getms() + LOGIN_PAUSE;
    }
    flight->failed = flight->landed = flight->sent = flight->fusible = false;
    flights_push(&pump->again, flight);
}

void flights_go_again(Pump *pump)
{
    FlightQueue queue = pump->again;
    pump->again = (FlightQueue){NULL, NULL};
    for (Flight *flight; (flight = flights_pop(&queue)) != NULL;) {
        flight->lane->under_way--;
        lane_join(flight->lane, flight);
    }
}

// ---- give ----

bool flight_in_doubt(const Flight *flight)
{
    PolicyKind policy = flight->command.kind->policy;
    bool under_way = (flight->sent && !flight->landed) || flight->command.refused;  // other rows may be written
    return under_way && policy != POLICY_KIND_READ && policy != POLICY_KIND_BATCH;
}

void flight_abandon(Flight *flight)
{
    Py_CLEAR(flight->awaited);
}

int flight_give(Flight *flight)
{
    Command *command = &flight->command;
    Awaited *awaited = flight->awaited;
    const Pump *pump = flight->pump;
    if (flight_may_go_again(flight)) {
        flight_pause(flight);
        return 0;
    }
    flight->awaited = NULL;
    flight_leave(flight);
    flight->lane->completed++;
    flight->pump->flights--;
    if (awaited == NULL && command->observation == NULL) {
        flight_free(flight);
        return 0;
    }
    if (flight->failed) {
        error_raise(command_state(command), &command->err);
    }
    PyObject *result = command_result(command, !flight->failed);
    command->observation = NULL;  // which was told
    flight_free(flight);
    if (awaited == NULL) {  // a hook alone was told
        Py_XDECREF(result);
        PyErr_Clear();
        return 0;
    }
    int told = awaited_end(awaited, result, pump->done);
    Py_DECREF(awaited);
    return told;
}

void flight_drop(Flight *flight)
{
    if (flight->awaited != NULL) {
        awaited_drop(flight->awaited);
    }
    flight_leave(flight);
    flight->lane->completed++;
    flight->pump->flights--;
    flight_free(flight);
}
