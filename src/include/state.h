// SPDX-License-Identifier: Apache-2.0
// What one instance of the native module holds: no mutable global, one list of members.
#ifndef STATE_H
#define STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

// Every Python object of the module's state. The struct, its traverse and its clear are made from this list.
//   errors_by_code  {code: exception class}, read off aerospike.exception at import
//   *_class         the value classes of aerospike._values
//   serializer, deserializer   set_serializer() and set_deserializer(); NULL where unset
//   hooks           add_hook() of the process (hooks.c); NULL: none
//   log_handler     set_log_handler(); None discards; default_log_handler hands to logging.getLogger("aerospike")
//   expression_type    aerospike._expression.Node
//   context_entry_type  aerospike._context.ContextEntry
//   expression_places  {name: row of tables/expressions.def}
//   field_keys      a tuple a table of fields.h: its keys, or NULL
//   unknown_keys    {(dict, key, valid keys): what is wrong with the key} (fields.c); NULL until the first
//   pumps           {asyncio loop: its pump} (pump.c); NULL until the first; pump is the one that was asked for last
//   running_loop    asyncio.get_running_loop; NULL until it is needed, as cancelled_error
//   shape, shape_names  the dict to copy for records that are alike, and its names, or NULL (shape.c)
//   last_meta       the meta of the last record, in a dict that nobody else has (record.c)
//   batch_names     attributes of aerospike._batch, in the order of batch.c
#define STATE_OBJECTS(X)                                                                                               \
    X(client_type)                                                                                                     \
    X(iterator_type)                                                                                                   \
    X(upcoming_type)                                                                                                   \
    X(report_type)                                                                                                     \
    X(transaction_type)                                                                                                \
    X(expression_type)                                                                                                 \
    X(expression_places)                                                                                               \
    X(context_entry_type)                                                                                              \
    X(errors_by_code)                                                                                                  \
    X(base_error)                                                                                                      \
    X(record_error)                                                                                                    \
    X(geojson_class)                                                                                                   \
    X(key_ordered_dict_class)                                                                                          \
    X(hyper_log_log_class)                                                                                             \
    X(null_class)                                                                                                      \
    X(infinite_class)                                                                                                  \
    X(wildcard_class)                                                                                                  \
    X(serializer)                                                                                                      \
    X(deserializer)                                                                                                    \
    X(hooks)                                                                                                           \
    X(log_handler)                                                                                                     \
    X(default_log_handler)                                                                                             \
    X(str_ttl)                                                                                                         \
    X(str_gen)                                                                                                         \
    X(str_geo_data)                                                                                                    \
    X(str_id)                                                                                                          \
    X(str_value)                                                                                                       \
    X(str_extra_args)                                                                                                  \
    X(str_op)                                                                                                          \
    X(str_bin)                                                                                                         \
    X(field_keys)                                                                                                      \
    X(unknown_keys)                                                                                                    \
    X(batch_names)                                                                                                     \
    X(last_meta)                                                                                                       \
    X(shape)                                                                                                           \
    X(shape_names)                                                                                                     \
    X(pumps)                                                                                                           \
    X(pump)                                                                                                            \
    X(pump_type)                                                                                                       \
    X(awaited_type)                                                                                                    \
    X(running_loop)                                                                                                    \
    X(cancelled_error)                                                                                                 \
    X(batch_record_class)                                                                                              \
    X(batch_records_class)                                                                                             \
    X(matrix_type)

enum { STATE_NAMES = 1024, STATE_PLACES = 32, STATE_MAP_SHAPES = 16 };

// A name, or NULL, and how to see whether a text is it, by its first 16 bytes; a longer one is ASCII.
typedef struct PlacedName {
    PyObject *name;
    size_t size;
    uint64_t text[2];
    uint64_t mask[2];  // of its bytes
    uint64_t mask_ended[2];  // of them and a NUL
} PlacedName;

// Keys that maps have in this order, and the dict to copy for such a map (map_shape.c); NULL: none yet.
typedef struct MapShape {
    PyObject *names, *dict;
    unsigned alike, strange;  // maps, one after another, that had these keys, and that had others
} MapShape;

typedef struct State {
#define STATE_MEMBER(name) PyObject *name;
    STATE_OBJECTS(STATE_MEMBER)
#undef STATE_MEMBER
    PyObject *names[STATE_NAMES];  // ASCII strs, or NULL: see name_to_py
    PlacedName placed_names[STATE_PLACES];  // see placed_name_to_py
    MapShape map_shapes[STATE_MAP_SHAPES];
    size_t placings;  // how often one was placed
    size_t alike_since, alike, alike_count;  // see shape.c
    uint32_t last_ttl;  // what last_meta holds
    uint16_t last_gen;
} State;

// The state of the module that a type or a module belongs to; never NULL while one of them is alive.
State *state_of_module(PyObject *module);
// The same of a native class, or of one that derives from it; NULL with an exception where it does from none.
State *state_of_type(PyTypeObject *type);

// Fill the state at import: read the exceptions and value classes of the Python face.
int state_init(State *state, PyObject *module);
int state_traverse(State *state, visitproc visit, void *arg);
void state_clear(State *state);

// Each room may add what it has to the module, once, in this order (module.c).
int constants_init(PyObject *module, State *state);
int errors_init(PyObject *module, State *state);
int expressions_init(PyObject *module, State *state);
int iterator_init(PyObject *module, State *state);
int transaction_init(PyObject *module, State *state);
int client_init(PyObject *module, State *state);
int hooks_init(PyObject *module, State *state);
int log_init(PyObject *module, State *state);
int serializer_init(PyObject *module, State *state);
int batch_init(PyObject *module, State *state);
int matrix_init(PyObject *module, State *state);
int pump_init(PyObject *module, State *state);
int awaited_init(PyObject *module, State *state);
int async_records_init(PyObject *module, State *state);
int digest_init(PyObject *module, State *state);
int admin_init(PyObject *module, State *state);
int operations_init(PyObject *module, State *state);
int record_init(PyObject *module, State *state);

#endif
