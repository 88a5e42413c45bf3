// SPDX-License-Identifier: Apache-2.0
// The way of a command: read its arguments, run the C client's call, give the result. What differs between commands is
// a row (CommandKind), what lives between the steps is one Command, and one driver leads it through them.
#ifndef COMMAND_H
#define COMMAND_H

#include "args.h"
#include "client/observation.h"
#include "policy.h"

#include <aerospike/as_listener.h>
#include <aerospike/as_operations.h>

typedef struct Command Command;

// Which commands of asyncio may be one batch with others (fused.c): such as read all bins of a record by a policy of
// reads, and such as write a record's bins by a policy of writes.
typedef enum Fusion { FUSION_NONE, FUSION_READ, FUSION_WRITE } Fusion;

typedef struct CommandKind {
    Signature signature;
    const char *name;  // as hooks are told it; NULL: the method's
    bool keyed;  // the first argument is a key
    PolicyKind policy;  // of the first argument whose name begins with "policy"; POLICY_KIND_COUNT: there is none
    as_status policy_error;  // of a policy with a mistake, where it is not ParamError
    // What is read beside the key and the policy, `given` in the signature's order. 0, or -1 with an exception. NULL:
    // nothing.
    int (*read)(Command *command, PyObject *const *given);
    // One call of the C client, without the GIL. NULL: the command needs no cluster.
    as_status (*run)(Command *command, aerospike *as);
    // The same call, which ends later, by one of the listeners below. NULL: there is none.
    as_status (*start)(Command *command, aerospike *as, as_event_loop *loop);
    Fusion fusion;
    bool local;  // it asks no node, and takes no connection to one
    // Wait until what ran has come about everywhere (spread.h). 0, or -1 with an exception. NULL: it has.
    int (*settle)(Command *command);
    // The result, of what ran well.
    PyObject *(*give)(Command *command);
    // Tell a report what the command is about, where that is no single record; at its end, what is known only then.
    // NULL: nothing.
    void (*tell)(const Command *command, Report *report);
    // Tell the pending exception what it was about, where that is no record. NULL: it knows.
    void (*note)(Command *command);
    // Let go of an answer that is no record. NULL: there is nothing to let go of.
    void (*release)(Command *command);
} CommandKind;

// Everything up to `policy` is zero until it is set, and released in the end.
struct Command {
    const CommandKind *kind;
    ClientObject *client;
    Settings *settings;  // for the life of the command, as all below
    Connection *connection;
    Codec codec;  // of its values and of its answer
    Keep keep;
    PolicyOwned owned;
    PyObject *key_object;  // as the caller gave it, for results and errors
    PyObject *bin_object;  // the bin's name where a command has one, or the bins of put, for errors
    // what is asked
    as_record written;
    as_operations operations;
    bool has_key, has_written;
    bool hashed_later;  // the key's digest is made when the command is sent, not when it is read
    bool has_place;  // in the connection's gate
    bool refused;  // rows of a batch of asyncio, which may be sent again: a node wants another log-in
    const char **names;  // of bins, NULL at the end
    const char *text, *node;
    const char *function;  // on the server, of the module that `text` names
    as_val *arguments;  // of it
    uint64_t number;
    // what is answered
    as_record *record;
    void *answer;  // another one: what it is, its room knows
    Observation *observation;  // of who is told of it; NULL: nobody
    uint32_t answer_count;  // of nodes that have answered, where a command asks all

    union {
        as_policy_read read;
        as_policy_write write;
        as_policy_operate operate;
        as_policy_apply apply;
        as_policy_remove remove;
        as_policy_batch batch;
        as_policy_info info;
        as_policy_admin admin;
    } policy;
    as_key key;
    as_error err;
};

static inline State *command_state(const Command *command)
{
    return command->client->state;
}

// Lead a command of that kind through its steps: its result, or NULL with an exception.
PyObject *command_call(const CommandKind *kind, PyObject *self, METHOD_ARGS);

// The parts of that, for another driver. Read the arguments: 0, or -1 with an exception.
int command_read(Command *command, PyObject *const *given);
// Its result, or NULL with an exception: of what went well, or the pending one. Who is told of commands is told.
PyObject *command_result(Command *command, bool ran);
void command_release(Command *command);
// Whether it ended because a node wants another log-in, and may be sent again when the C client has logged in.
bool command_must_log_in(const Command *command);

// Listeners, whose argument is the command (flight.c).
void command_on_write(as_error *err, void *command, as_event_loop *loop);
void command_on_record(as_error *err, as_record *record, void *command, as_event_loop *loop);
void command_on_value(as_error *err, as_val *value, void *command, as_event_loop *loop);
// The start of a row whose command carries out operations.
as_status command_start_operate(Command *command, aerospike *as, as_event_loop *loop);

// Begin a command of that kind on the asyncio loop of this thread: what can be awaited for its result, NotImplemented
// where it must run in a thread, or NULL with an exception.
PyObject *flight_begin(const CommandKind *kind, PyObject *self, METHOD_ARGS);

// A key as the tuple that key_from_py reads: itself, or what a dict says. A new reference, or NULL.
PyObject *command_key(const Codec *codec, PyObject *given);

// Operations with the meta that goes along. *out is for as_operations_destroy, also on failure. 0 or -1.
int command_operations(Command *command, PyObject *list, const char *what, PyObject *meta, as_operations *out);

// command->names and their number, of a list or tuple of str that were checked and are kept. 0 or -1.
int command_names(Command *command, PyObject *names);

// command->arguments, of a list that errors call `what`. 0 or -1.
int command_arguments(Command *command, PyObject *list, const char *what);

// A list that the garbage collector does not show to other code while it grows. A new reference, or NULL.
PyObject *command_list(void);
// Nor does the collector look at items again and again while their list grows: nobody else sees them, so that none can
// be garbage. Once they are shown, they are like any others.
int command_list_append(PyObject *list, PyObject *item);
void command_list_show(PyObject *list);

// What many kinds give.
PyObject *command_give_zero(Command *command);
PyObject *command_give_answer(Command *command);  // the object that was read
PyObject *command_give_record(Command *command, bool with_pk);  // (key, meta, bins)

// The method of a kind of command, for METHOD.
#define COMMAND(name)                                                                                                  \
    static PyObject *client_##name(PyObject *self, METHOD_ARGS)                                                        \
    {                                                                                                                  \
        return command_call(&name##_command, self, args, count, keywords);                                             \
    }

// The same with the method that begins it for asyncio, for METHOD_FLYING.
#define COMMAND_FLYING(name)                                                                                           \
    COMMAND(name)                                                                                                      \
    static PyObject *client_begin_##name(PyObject *self, METHOD_ARGS)                                                  \
    {                                                                                                                  \
        return flight_begin(&name##_command, self, args, count, keywords);                                             \
    }

#define METHOD_FLYING(name)                                                                                            \
    METHOD(#name, client_##name),                                                                                      \
    {                                                                                                                  \
        "_begin_" #name, (PyCFunction)(void (*)(void))client_begin_##name, METH_FASTCALL | METH_KEYWORDS, NULL         \
    }

#endif
