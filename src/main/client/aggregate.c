// SPDX-License-Identifier: Apache-2.0
#include "client/aggregate.h"

#include "client/script.h"
#include "client/script_values.h"

#include <aerospike/aerospike_query.h>
#include <aerospike/as_arraylist.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_module.h>
#include <aerospike/as_msgpack.h>
#include <aerospike/as_serializer.h>
#include <aerospike/mod_lua.h>

enum {
    RAISED = 2,  // Lua's own
    LEFT = 3,  // beside Lua's own errors and that of script_call
};

struct Aggregation {
    as_arraylist arguments;  // first: the C client hands them to our Lua, which so knows the rest
    Script script;
    as_error *err;  // of the query
    as_stream *in;  // the C client's
    as_error first;  // of a script that failed before it read anything
    bool filtered;  // by an expression
    bool begun;  // to read
    bool ended;  // everything was read
    bool given;  // a result was
    bool refused;  // a result was nested too deeply, or too large
};

// ---- values ----

static bool give_packed(Sink *sink, const as_val *value, as_bytes_type type, as_record *record)
{
    as_serializer serializer;
    as_buffer buffer;
    as_buffer_init(&buffer);
    as_msgpack_init(&serializer);
    bool packed = as_serializer_serialize(&serializer, (as_val *)value, &buffer) == 0;
    as_serializer_destroy(&serializer);
    as_bytes *bytes = &record->bins.entries->value.bytes;
    as_bytes_init_wrap(bytes, buffer.data, buffer.size, false);
    bytes->type = type;
    bool more = packed && sink->record(sink, record, NULL);
    as_buffer_destroy(&buffer);
    return more;
}

// The record borrows from the value, and the sink copies both.
static bool give_value(Sink *sink, const as_val *value)
{
    as_bin bin = {.name = "SUCCESS"};
    as_record record = {.bins = {.entries = &bin, .capacity = 1, .size = 1}};
    bin.valuep = &bin.value;
    switch (as_val_type(value)) {
    case AS_BOOLEAN:
        bin.value.boolean = *(const as_boolean *)value;
        break;
    case AS_INTEGER:
        bin.value.integer = *(const as_integer *)value;
        break;
    case AS_DOUBLE:
        bin.value.dbl = *(const as_double *)value;
        break;
    case AS_STRING:
    case AS_GEOJSON:  // the same members under another type
        bin.value.string = *(const as_string *)value;
        as_string_len(&bin.value.string);
        break;
    case AS_BYTES:
        bin.value.bytes = *(const as_bytes *)value;
        break;
    case AS_LIST:
        return give_packed(sink, value, AS_BYTES_LIST, &record);
    case AS_MAP:
        return give_packed(sink, value, AS_BYTES_MAP, &record);
    default:
        bin.valuep = (as_bin_value *)&as_nil;
        break;
    }
    return sink->record(sink, &record, NULL);
}

// Where a node has failed, what was made of the others' values is no result. NULL: the end, or a table of Lua's own.
static bool on_value(const as_val *value, void *udata)
{
    Aggregation *aggregation = udata;
    if (aggregation->ended && aggregation->err->code != AEROSPIKE_OK) {
        return false;
    }
    if (value != NULL && !script_value_fits(value)) {
        aggregation->refused = true;
        return false;
    }
    aggregation->given = true;
    return value == NULL || give_value(aggregation->script.sink, value);
}

static as_val *read_value(const as_stream *stream)
{
    Aggregation *aggregation = as_stream_source(stream);
    aggregation->begun = true;
    as_val *value = aggregation->ended ? NULL : as_stream_read(aggregation->in);
    aggregation->ended = value == NULL;
    return value;
}

// ---- what the C client calls in the place of its own Lua, on a thread of its pool ----

// A node fails by the same script, with another code; which is told must not be chance. Its texts are the C client's.
static void keep_failure(as_error *err, int status, const as_val *raised)
{
    const as_string *text = as_string_fromval(raised);
    char *what = as_module_err_string(status);
    if (raised != NULL) {
        as_error_update(err, AEROSPIKE_ERR_UDF, "%s : %s", what,
                        text == NULL ? "Unknown stack as_val type" : text->value);
    } else {
        as_error_set_message(err, AEROSPIKE_ERR_UDF, what);
    }
    cf_free(what);
}

static int apply_stream(as_module *module, as_udf_context *context, const char *name, const char *function,
                        as_stream *in, as_list *arguments, as_stream *out, as_result *result)
{
    (void)module;
    static const as_stream_hooks hooks = {.read = read_value};
    Aggregation *aggregation = (Aggregation *)arguments;
    Sink *sink = aggregation->script.sink;
    as_stream stream;
    aggregation->in = in;
    as_stream_init(&stream, aggregation, &hooks);
    ScriptCall call = {&aggregation->script, context, name, function, arguments, &stream, out, NULL};
    int status = script_call(&call);
    if (status != 0 && !aggregation->begun && !aggregation->filtered) {
        keep_failure(&aggregation->first, status, call.raised);
    }
    as_val *value;
    // a server refuses filters before it looks for a module
    while (status != 0 && aggregation->filtered && (value = read_value(&stream)) != NULL) {
        as_val_destroy(value);
    }
    if (status == 0 && aggregation->refused) {
        status = RAISED;
        call.raised = (as_val *)as_string_new("a result is nested too deeply, or too large", false);
    }
    if (status != 0) {
        as_result_setfailure(result, call.raised);
    } else if (!sink->wants(sink)) {
        status = LEFT;  // as an error, which ends the nodes' work
    }
    return status;
}

void aggregation_prepare(void)
{
    static const as_module_hooks hooks = {.apply_stream = apply_stream};
    mod_lua.hooks = &hooks;
}

// ---- life ----

// Ours hold msgpack, of which Lua knows nothing: the same as values. NULL where memory ran out.
static as_val *unpacked(const as_list *list)
{
    as_serializer serializer;
    as_buffer buffer;
    as_val *value = NULL;
    as_buffer_init(&buffer);
    as_msgpack_init(&serializer);
    if (as_serializer_serialize(&serializer, (as_val *)list, &buffer) == 0) {
        as_serializer_deserialize(&serializer, &buffer, &value);
    }
    as_serializer_destroy(&serializer);
    as_buffer_destroy(&buffer);
    return value;
}

Aggregation *aggregation_new(as_query *query, const char *module, const char *function, as_list *arguments)
{
    Aggregation *aggregation = calloc(1, sizeof *aggregation);
    as_arraylist *values = (as_arraylist *)unpacked(arguments);
    as_list_destroy(arguments);
    uint32_t count = values == NULL ? 0 : values->size;
    if (aggregation == NULL || values == NULL || !as_arraylist_init(&aggregation->arguments, count + 1, 1)) {
        free(aggregation);
        as_arraylist_destroy(values);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {  // moved: a boolean cannot be held twice
        as_arraylist_append(&aggregation->arguments, values->elements[i]);
        values->elements[i] = NULL;
    }
    as_arraylist_destroy(values);
    as_query_apply(query, module, function, (as_list *)&aggregation->arguments);
    return aggregation;
}

void aggregation_free(Aggregation *aggregation)
{
    if (aggregation != NULL) {
        free(aggregation->script.source);
        free(aggregation);
    }
}

bool aggregation_has_given(const Aggregation *aggregation)
{
    return aggregation->given;
}

// ---- the run ----

// A script waits on a thread of the C client's pool for what other threads of the pool read: one must be left.
static as_status take_turn(Connection *connection, as_error *err)
{
    uint32_t threads = connection->as->cluster->thread_pool.thread_size;
    if (threads < 2) {
        return as_error_update(err, AEROSPIKE_ERR_PARAM,
                               "an aggregation needs two threads: config['thread_pool_size'] is %u", threads);
    }
    pthread_mutex_lock(&connection->turns);
    while (connection->aggregations + 1 >= threads) {
        pthread_cond_wait(&connection->turn, &connection->turns);
    }
    connection->aggregations++;
    pthread_mutex_unlock(&connection->turns);
    return AEROSPIKE_OK;
}

static void give_turn(Connection *connection)
{
    pthread_mutex_lock(&connection->turns);
    connection->aggregations--;
    pthread_cond_signal(&connection->turn);
    pthread_mutex_unlock(&connection->turns);
}

// Say why there is no module, in the way in which the C client tells of errors within errors.
static as_status say_problem(as_error *err, const char *problem)
{
    size_t used = strlen(err->message);
    if (err->code == AEROSPIKE_ERR_UDF && problem[0] != '\0') {
        snprintf(err->message + used, sizeof err->message - used, "\nsub-errors:\n%s", problem);
    }
    return err->code;
}

as_status aggregation_run(Aggregation *aggregation, Connection *connection, as_error *err,
                          const as_policy_query *policy, as_query *query, Sink *sink)
{
    Script *script = &aggregation->script;
    script->as = connection->as;
    script->sink = sink;
    // what is left of a run that no node took
    free(script->source);
    script->source = NULL;
    script->problem[0] = '\0';
    aggregation->begun = aggregation->ended = aggregation->refused = false;
    as_error_init(&aggregation->first);
    aggregation->err = err;
    aggregation->filtered = policy->base.filter_exp != NULL;
    if (!script_find(script, query->apply.module) && !aggregation->filtered) {
        as_error_set_message(err, AEROSPIKE_ERR_UDF, "UDF: Execution Error 1");
        return say_problem(err, script->problem);
    }
    if (take_turn(connection, err) != AEROSPIKE_OK) {
        return err->code;
    }
    as_status status = aerospike_query_foreach(connection->as, err, policy, query, on_value, aggregation);
    give_turn(connection);
    if (status != AEROSPIKE_OK && aggregation->first.code != AEROSPIKE_OK) {
        as_error_copy(err, &aggregation->first);
    }
    return status == AEROSPIKE_OK ? status : say_problem(err, script->problem);
}
