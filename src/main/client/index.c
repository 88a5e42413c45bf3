// SPDX-License-Identifier: Apache-2.0
// Secondary indexes: made, and removed.
#include "client/doc.h"
#include "client/spread.h"
#include "operate/operate.h"

#include <aerospike/aerospike_index.h>
#include <aerospike/as_cdt_internal.h>
#include <aerospike/as_version.h>
#include <citrusleaf/cf_b64.h>

// A kind of index_*_create(): what its arguments do not say. They are found by their names.
typedef struct IndexKind {
    CommandKind command;
    as_index_type type;
    as_index_datatype datatype;
    const char *instead;  // of a deprecated one; NULL: it is not
} IndexKind;

// The wait is the C client's, which is the vendor's, where the policy has not a longer one.
enum { READY_WITHIN = 30000, KEPT_AFTER = 1000 };  // ms

typedef struct Index {
    const char *namespace, *set, *bin;
    as_index_type type;
    as_index_datatype datatype;
    bool has_context;
    as_cdt_ctx context;
    as_exp *expression;
} Index;

// ---- read ----

// An argument by its name; NULL where it is not given, or the kind has none of that name.
static PyObject *argument(const Command *command, PyObject *const *given, const char *name)
{
    const char *const *names = command->kind->signature.names;
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return given[i];
        }
    }
    return NULL;
}

static int warn_deprecated(const Command *command)
{
    const char *instead = ((const IndexKind *)command->kind)->instead;
    return instead == NULL ? 0
                           : warn_user(PyExc_DeprecationWarning, "%s() is deprecated, use %s",
                                       command->kind->signature.method, instead);
}

// The server takes what stands before a semicolon for the name of an index, as it does with the vendor's client.
static int read_name(Command *command, PyObject *name)
{
    command->text = spread_name(command, "name", name, command->codec.validate_keys ? ";" : "");
    if (command->text == NULL) {
        return -1;
    }
    return strchr(command->text, ';') == NULL
               ? 0
               : warn_user(PyExc_UserWarning, "name %R: the server ends it before the semicolon", name);
}

// NULL stays NULL. 0 or -1.
static int read_part(Command *command, const char *what, PyObject *value, const char **out)
{
    *out = value == NULL ? NULL : spread_name(command, what, value, ";");
    return *out == NULL && value != NULL ? -1 : 0;
}

static int read_place(Command *command, PyObject *const *given, Index *index)
{
    PyObject *set = argument(command, given, "set");
    return read_part(command, "ns", argument(command, given, "ns"), &index->namespace) < 0 ||
                   read_part(command, "set", set == Py_None ? NULL : set, &index->set) < 0 ||
                   read_part(command, "bin", argument(command, given, "bin"), &index->bin) < 0
               ? -1
               : 0;
}

static int read_types(Command *command, PyObject *const *given, Index *index)
{
    const IndexKind *kind = (const IndexKind *)command->kind;
    State *state = command_state(command);
    int64_t type = kind->type, datatype = kind->datatype;
    PyObject *given_type = argument(command, given, "index_type");
    PyObject *given_datatype = argument(command, given, "index_datatype");
    if ((given_type != NULL &&
         integer_from_py(state, given_type, "index_type", AS_INDEX_TYPE_DEFAULT, AS_INDEX_TYPE_MAPVALUES, &type) < 0) ||
        (given_datatype != NULL &&
         integer_from_py(state, given_datatype, "index_datatype", AS_INDEX_STRING, AS_INDEX_NUMERIC, &datatype) < 0)) {
        return -1;
    }
    index->type = (as_index_type)type;
    index->datatype = (as_index_datatype)datatype;
    return 0;
}

// What is indexed of the bin, or of the record.
static int read_source(Command *command, PyObject *const *given, Index *index)
{
    PyObject *context = argument(command, given, "ctx");
    PyObject *expressions = argument(command, given, "expressions");
    if (context != NULL && context != Py_None) {
        if (context_from_py(&command->codec, context, 0, &index->context) < 0) {
            return -1;
        }
        index->has_context = true;
    }
    if (expressions != NULL) {
        index->expression = expression_from_py(&command->codec, expressions, 0, "expressions");
    }
    return index->expression == NULL && expressions != NULL ? -1 : 0;
}

static size_t base64_size(size_t size)
{
    return (size + 2) / 3 * 4;
}

static size_t text_size(const char *text)
{
    return text == NULL ? 0 : strlen(text);
}

// The C client would leave out what it has no room for, and go on.
static int check_size(Command *command, const Index *index)
{
    as_packer packer = {.capacity = UINT32_MAX};
    size_t packed = 0;
    if (index->has_context) {
        as_cdt_ctx_pack(&index->context, &packer);
        packed = packer.offset;
    } else if (index->expression != NULL) {
        packed = index->expression->packed_sz;
    }
    size_t size = text_size(index->namespace) + text_size(index->set) + text_size(index->bin) +
                  text_size(command->text) + base64_size(packed);
    size_t most = SPREAD_TEXT - SPREAD_WORDS;
    return size <= most
               ? 0
               : error_param(command_state(command),
                             "what defines the index (ns, set, bin, name, ctx or expressions) has %zu bytes, %zu "
                             "at the most",
                             size, most);
}

static int index_create_read(Command *command, PyObject *const *given)
{
    Index *index = command->answer = PyMem_Calloc(1, sizeof *index);
    if (index == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return warn_deprecated(command) < 0 || read_name(command, argument(command, given, "name")) < 0 ||
                   read_place(command, given, index) < 0 || read_types(command, given, index) < 0 ||
                   read_source(command, given, index) < 0
               ? -1
               : check_size(command, index);
}

static void index_release(Command *command)
{
    Index *index = command->answer;
    if (index != NULL) {
        if (index->has_context) {
            as_cdt_ctx_destroy(&index->context);
        }
        if (index->expression != NULL) {
            as_exp_destroy(index->expression);
        }
        PyMem_Free(index);
    }
}

// ---- run, and the wait ----

static as_status index_create_run(Command *command, aerospike *as)
{
    Index *index = command->answer;
    const as_policy_info *policy = &command->policy.info;
    return index->expression != NULL
               ? aerospike_index_create_exp(as, &command->err, NULL, policy, index->namespace, index->set,
                                            command->text, index->type, index->datatype, index->expression)
               : aerospike_index_create_ctx(as, &command->err, NULL, policy, index->namespace, index->set, index->bin,
                                            command->text, index->type, index->datatype,
                                            index->has_context ? &index->context : NULL);
}

static void index_ask(const Command *command, const as_node *node, char text[SPREAD_TEXT])
{
    const Index *index = command->answer;
    bool since_8_1 = as_version_compare(&node->version, &as_server_version_8_1) >= 0;
    snprintf(text, SPREAD_TEXT, "sindex-stat:%s=%s;indexname=%s", since_8_1 ? "namespace" : "ns", index->namespace,
             command->text);
}

static Heard index_is_ready(const Command *Py_UNUSED(command), as_status status, const char *answer)
{
    if (status != AEROSPIKE_OK) {
        return status == AEROSPIKE_ERR_INDEX_NOT_FOUND || spread_unreachable(status) ? NOT_YET : REFUSED;
    }
    const char *loaded = strstr(answer, "load_pct=");
    return loaded == NULL || atoi(loaded + strlen("load_pct=")) >= 100 ? HEARD : NOT_YET;
}

static int index_create_settle(Command *command)
{
    static const Spread spread = {
        index_ask, index_is_ready, "index", "is being built, but was not ready on every node", READY_WITHIN, 0, 0};
    return spread_wait(command, &spread, command->text);
}

static void index_tell(const Command *command, Report *report)
{
    const Index *index = command->answer;
    report_place(report, index->namespace, index->set);
}

static void index_note(Command *command)
{
    error_note(command_state(command), "name", command->text);
}

// ---- index_*_create ----

// clang-format off: it would lay out texts
#define INDEX_PLACE_DOC \
    ":param str ns: the namespace.\n" \
    ":param str set: the set; None: the whole namespace.\n"
#define INDEX_BIN_DOC ":param str bin: the bin.\n"
#define INDEX_TYPE_DOC \
    ":param int index_type: where the values are: ``INDEX_TYPE_DEFAULT``, ``INDEX_TYPE_LIST``,\n" \
    "    ``INDEX_TYPE_MAPKEYS`` or ``INDEX_TYPE_MAPVALUES``.\n"
#define INDEX_DATATYPE_DOC \
    ":param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),\n" \
    "    ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.\n"
#define INDEX_NAME_DOC ":param str name: the index's name, unique in the namespace; at most 63 bytes.\n"
#define INDEX_CONTEXT_DOC \
    ":param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.\n"
#define INDEX_RETURN_DOC \
    ":return: 0, also where there is the same index already.\n" \
    ":raises IndexFoundError: another index has that name.\n" \
    ":raises InvalidRequest: the server does not take a name, a context or a combination of types.\n" \
    ":raises NamespaceNotFound: there is no such namespace.\n" \
    ":raises TimeoutError: the index is not ready yet; the server goes on building it.\n" \
    ":raises ParamError: an argument is not valid; nothing was sent.\n"
#define INDEX_WAIT_DOC \
    "Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is\n" \
    "longer (0: without end).\n\n"
#define INDEX_DOC(first, ...) first "\n\n" INDEX_WAIT_DOC __VA_ARGS__ POLICY_DOC("info") INDEX_RETURN_DOC
#define DEPRECATED_DOC(what, instead) \
    "Index the " what " of a bin. Deprecated, with a DeprecationWarning: use " instead ".\n\n" \
    INDEX_PLACE_DOC INDEX_BIN_DOC INDEX_NAME_DOC POLICY_DOC("info") \
    ":return: 0, as of index_single_value_create().\n"
// clang-format on

// A row of index_*_create(): its name, the types where no argument says them, what to use instead of it, how many
// arguments it needs, and their names.
#define INDEX(row, of, values, other, needed, ...)                                                                     \
    static const IndexKind row##_command = {{.signature = {#row, needed, {__VA_ARGS__}},                               \
                                             .policy = POLICY_KIND_INFO,                                               \
                                             .read = index_create_read,                                                \
                                             .run = index_create_run,                                                  \
                                             .settle = index_create_settle,                                            \
                                             .give = command_give_zero,                                                \
                                             .tell = index_tell,                                                       \
                                             .note = index_note,                                                       \
                                             .release = index_release},                                                \
                                            AS_INDEX_TYPE_##of,                                                        \
                                            AS_INDEX_##values,                                                         \
                                            other};                                                                    \
    static PyObject *client_##row(PyObject *self, METHOD_ARGS)                                                         \
    {                                                                                                                  \
        return command_call(&row##_command.command, self, args, count, keywords);                                      \
    }

DOC(client_index_single_value_create,
    "index_single_value_create($self, ns, set, bin, index_datatype, name, policy=None, ctx=None)\n--\n\n"
    INDEX_DOC(
        "Index a bin by its value, or by one value within it.",
        INDEX_PLACE_DOC
        INDEX_BIN_DOC
        INDEX_DATATYPE_DOC
        INDEX_NAME_DOC
        INDEX_CONTEXT_DOC));

INDEX(index_single_value_create, DEFAULT, NUMERIC, NULL, 5, "ns", "set", "bin", "index_datatype", "name", "policy",
      "ctx")

DOC(client_index_list_create,
    "index_list_create($self, ns, set, bin, index_datatype, name, policy=None, ctx=None)\n--\n\n"
    INDEX_DOC(
        "Index a bin by the elements of its list: a record is found by each of them.",
        INDEX_PLACE_DOC
        INDEX_BIN_DOC
        INDEX_DATATYPE_DOC
        INDEX_NAME_DOC
        INDEX_CONTEXT_DOC));

INDEX(index_list_create, LIST, NUMERIC, NULL, 5, "ns", "set", "bin", "index_datatype", "name", "policy", "ctx")

DOC(client_index_map_keys_create,
    "index_map_keys_create($self, ns, set, bin, index_datatype, name, policy=None, ctx=None)\n--\n\n"
    INDEX_DOC(
        "Index a bin by the keys of its map: a record is found by each of them.",
        INDEX_PLACE_DOC
        INDEX_BIN_DOC
        INDEX_DATATYPE_DOC
        INDEX_NAME_DOC
        INDEX_CONTEXT_DOC));

INDEX(index_map_keys_create, MAPKEYS, NUMERIC, NULL, 5, "ns", "set", "bin", "index_datatype", "name", "policy", "ctx")

DOC(client_index_map_values_create,
    "index_map_values_create($self, ns, set, bin, index_datatype, name, policy=None, ctx=None)\n--\n\n"
    INDEX_DOC(
        "Index a bin by the values of its map: a record is found by each of them.",
        INDEX_PLACE_DOC
        INDEX_BIN_DOC
        INDEX_DATATYPE_DOC
        INDEX_NAME_DOC
        INDEX_CONTEXT_DOC));

INDEX(index_map_values_create, MAPVALUES, NUMERIC, NULL, 5, "ns", "set", "bin", "index_datatype", "name", "policy",
      "ctx")

DOC(client_index_expr_create,
    "index_expr_create($self, ns, set, index_type, index_datatype, expressions, name, policy=None)\n--\n\n"
    INDEX_DOC(
        "Index records by what an expression makes of each. Servers have such indexes since version 8.1.",
        INDEX_PLACE_DOC
        INDEX_TYPE_DOC
        INDEX_DATATYPE_DOC
        ":param list expressions: what an expression's ``compile()`` returned; its type must be that of the index.\n"
        INDEX_NAME_DOC));

INDEX(index_expr_create, DEFAULT, NUMERIC, NULL, 6, "ns", "set", "index_type", "index_datatype", "expressions", "name",
      "policy")

DOC(client_index_set_create,
    "index_set_create($self, ns, set, name, policy=None)\n--\n\n"
    INDEX_DOC(
        "Index a set, so that a query of all its records need not look at those of others. Servers make such indexes\n"
        "since version 8.1.2.",
        ":param str ns: the namespace.\n"
        ":param str set: the set.\n"
        INDEX_NAME_DOC));

INDEX(index_set_create, SET, NUMERIC, NULL, 3, "ns", "set", "name", "policy")

// ---- deprecated by the vendor's client 19.1 ----

DOC(client_index_integer_create,
    "index_integer_create($self, ns, set, bin, name, policy=None)\n--\n\n"
    DEPRECATED_DOC("integer", "index_single_value_create()"));

INDEX(index_integer_create, DEFAULT, NUMERIC, "index_single_value_create()", 4, "ns", "set", "bin", "name", "policy")

DOC(client_index_string_create,
    "index_string_create($self, ns, set, bin, name, policy=None)\n--\n\n"
    DEPRECATED_DOC("text", "index_single_value_create()"));

INDEX(index_string_create, DEFAULT, STRING, "index_single_value_create()", 4, "ns", "set", "bin", "name", "policy")

DOC(client_index_blob_create,
    "index_blob_create($self, ns, set, bin, name, policy=None)\n--\n\n"
    DEPRECATED_DOC("bytes", "index_single_value_create()"));

INDEX(index_blob_create, DEFAULT, BLOB, "index_single_value_create()", 4, "ns", "set", "bin", "name", "policy")

DOC(client_index_geo2dsphere_create,
    "index_geo2dsphere_create($self, ns, set, bin, name, policy=None)\n--\n\n"
    DEPRECATED_DOC("point or region", "index_single_value_create()"));

INDEX(index_geo2dsphere_create, DEFAULT, GEO2DSPHERE, "index_single_value_create()", 4, "ns", "set", "bin", "name",
      "policy")

DOC(client_index_cdt_create,
    "index_cdt_create($self, ns, set, bin, index_type, index_datatype, name, ctx, policy=None)\n--\n\n"
    "Index values within a bin. Deprecated, with a DeprecationWarning: use index_list_create(),\n"
    "index_map_keys_create(), index_map_values_create() or index_single_value_create() with ``ctx``.\n\n"
    INDEX_PLACE_DOC
    INDEX_BIN_DOC
    INDEX_TYPE_DOC
    INDEX_DATATYPE_DOC
    INDEX_NAME_DOC
    INDEX_CONTEXT_DOC
    POLICY_DOC("info")
    ":return: 0, as of index_single_value_create().\n");

INDEX(index_cdt_create, DEFAULT, NUMERIC, "index_list_create() or its relatives with ctx", 7, "ns", "set", "bin",
      "index_type", "index_datatype", "name", "ctx", "policy")

// ---- index_remove ----

DOC(client_index_remove,
    "index_remove($self, ns, name, policy=None)\n--\n\n"
    "Remove an index. Waits until it is gone from every node: for 30 seconds, or for the policy's ``timeout``\n"
    "where that is longer (0: without end).\n\n"
    ":param str ns: the namespace.\n"
    ":param str name: the index's name.\n"
    POLICY_DOC("info")
    ":return: 0, also where there is no such index.\n"
    ":raises InvalidRequest: the server does not take the name.\n"
    ":raises TimeoutError: the index is removed, and a node still had it in the end.\n"
    ":raises IndexError: its name has a colon, and the server has kept it, as those of version 8.1 do.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

enum { REMOVE_TEXT = 1024 };  // the C client's, which loses its hold of the node where it is too short

static int index_remove_read(Command *command, PyObject *const *given)
{
    Index *index = command->answer = PyMem_Calloc(1, sizeof *index);
    if (index == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (read_name(command, given[1]) < 0 || read_place(command, given, index) < 0) {
        return -1;
    }
    size_t size = strlen(index->namespace) + strlen(command->text), most = REMOVE_TEXT - SPREAD_WORDS;
    return size <= most ? 0
                        : error_param(command_state(command), "ns and name have %zu bytes together, %zu at the most",
                                      size, most);
}

static as_status index_remove_run(Command *command, aerospike *as)
{
    const Index *index = command->answer;
    return aerospike_index_remove(as, &command->err, &command->policy.info, index->namespace, command->text);
}

static Heard index_has_gone(const Command *Py_UNUSED(command), as_status status, const char *Py_UNUSED(answer))
{
    if (status == AEROSPIKE_ERR_INDEX_NOT_FOUND || status == AEROSPIKE_ERR_NAMESPACE_NOT_FOUND) {
        return HEARD;
    }
    return status == AEROSPIKE_OK || spread_unreachable(status) ? NOT_YET : REFUSED;
}

static int index_remove_settle(Command *command)
{
    static const Spread spread = {
        index_ask, index_has_gone, "index", "is removed, but was not off every node", READY_WITHIN, 0, 0};
    static const Spread kept = {.ask = index_ask,
                                .judge = index_has_gone,
                                .what = "index",
                                .late = "has a colon in its name, and servers keep such an index; it was not removed",
                                .most = KEPT_AFTER,
                                .code = AEROSPIKE_ERR_INDEX};
    return spread_wait(command, strchr(command->text, ':') == NULL ? &spread : &kept, command->text);
}

static const CommandKind index_remove_command = {.signature = {"index_remove", 2, {"ns", "name", "policy"}},
                                                 .policy = POLICY_KIND_INFO,
                                                 .read = index_remove_read,
                                                 .run = index_remove_run,
                                                 .settle = index_remove_settle,
                                                 .give = command_give_zero,
                                                 .tell = index_tell,
                                                 .note = index_note,
                                                 .release = index_release};
COMMAND(index_remove)

PyMethodDef client_index_methods[] = {
    METHOD("index_single_value_create", client_index_single_value_create),
    METHOD("index_list_create", client_index_list_create),
    METHOD("index_map_keys_create", client_index_map_keys_create),
    METHOD("index_map_values_create", client_index_map_values_create),
    METHOD("index_expr_create", client_index_expr_create),
    METHOD("index_set_create", client_index_set_create),
    METHOD("index_integer_create", client_index_integer_create),
    METHOD("index_string_create", client_index_string_create),
    METHOD("index_blob_create", client_index_blob_create),
    METHOD("index_geo2dsphere_create", client_index_geo2dsphere_create),
    METHOD("index_cdt_create", client_index_cdt_create),
    METHOD("index_remove", client_index_remove),
    {NULL, NULL, 0, NULL},
};
