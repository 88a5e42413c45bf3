// SPDX-License-Identifier: Apache-2.0
// Expressions and contexts as text, and back. Such a command is read and given, and runs nowhere.
#include "operate/expressions.h"

#include "client/command.h"
#include "client/texts.h"
#include "operate/operate.h"

#include <citrusleaf/cf_b64.h>

#define TEXT_COMMAND(name, argument)                                                                                   \
    static const CommandKind name##_command = {.signature = {#name, 1, {argument}},                                    \
                                               .policy = POLICY_KIND_COUNT,                                            \
                                               .read = name##_read,                                                    \
                                               .give = command_give_answer};                                           \
    COMMAND(name)

// ---- as text ----

DOC(client_get_expression_base64,
    "get_expression_base64($self, expression)\n--\n\n"
    "Return a compiled expression as text, as asadm, asbackup and other clients take it.\n\n"
    ":param list expression: what an expression's ``compile()`` returned.\n"
    ":return: a str of base64.\n"
    ":raises ParamError: it is not a compiled expression, or an argument in it is not valid.\n\n"
    "::\n\n"
    "    client.get_expression_base64((IntBin('age') > 30).compile())");

PyObject *expression_text(const Codec *codec, PyObject *compiled, const char *what)
{
    as_exp *expression = expression_from_py(codec, compiled, 0, what);
    if (expression == NULL) {
        return NULL;
    }
    PyObject *text = PyUnicode_New(cf_b64_encoded_len(expression->packed_sz), 127);
    if (text != NULL) {
        cf_b64_encode(expression->packed, expression->packed_sz, PyUnicode_DATA(text));
    }
    as_exp_destroy(expression);
    return text;
}

static int get_expression_base64_read(Command *command, PyObject *const *given)
{
    command->answer = expression_text(&command->codec, given[0], "expression");
    return command->answer == NULL ? -1 : 0;
}

TEXT_COMMAND(get_expression_base64, "expression")

DOC(client_get_cdtctx_base64,
    "get_cdtctx_base64($self, ctx)\n--\n\n"
    "A context as base64 text, as the server's info commands take it.\n\n"
    ":param list ctx: entries made by ``aerospike_helpers.cdt_ctx``, at least one.\n"
    ":return: str.\n"
    ":raises ParamError: ctx is not such a list.\n");

static PyObject *context_text(State *state, const as_cdt_ctx *context)
{
    uint32_t room = as_cdt_ctx_base64_capacity(context);
    char *text = PyMem_Malloc(room);
    PyObject *result = NULL;
    if (text == NULL) {
        PyErr_NoMemory();
    } else if (!as_cdt_ctx_to_base64(context, text, room)) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "ctx could not be written as base64");
    } else {
        result = PyUnicode_FromString(text);
    }
    PyMem_Free(text);
    return result;
}

static int get_cdtctx_base64_read(Command *command, PyObject *const *given)
{
    as_cdt_ctx context;
    if (!PyList_Check(given[0]) || PyList_GET_SIZE(given[0]) == 0) {
        return error_param(command_state(command),
                           "ctx must be a list of at least one aerospike_helpers.cdt_ctx entry");
    }
    if (context_from_py(&command->codec, given[0], 0, &context) < 0) {
        return -1;
    }
    command->answer = context_text(command_state(command), &context);
    as_cdt_ctx_destroy(&context);
    return command->answer == NULL ? -1 : 0;
}

TEXT_COMMAND(get_cdtctx_base64, "ctx")

// ---- and back ----

// What is made of the bytes of a text: an expression, or a context.
typedef PyObject *(*FromBytes)(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument);

static int from_base64(Command *command, PyObject *given, FromBytes from_bytes)
{
    State *state = command_state(command);
    if (!PyUnicode_Check(given)) {
        return error_type(state, "text", "a str", given);
    }
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(given, &length);
    if (text == NULL) {
        return unicode_error(state, "text");
    }
    uint32_t size = 0;
    uint8_t *bytes = length > INT32_MAX ? NULL : PyMem_Malloc(cf_b64_decoded_buf_size((uint32_t)length) + 1);
    if (bytes == NULL) {
        PyErr_NoMemory();
    } else if (length == 0 || !cf_b64_validate_and_decode(text, (uint32_t)length, bytes, &size)) {
        error_param(state, "text is not base64");
    } else {
        command->answer = from_bytes(&command->codec, bytes, size, "text");
    }
    PyMem_Free(bytes);
    return command->answer == NULL ? -1 : 0;
}

DOC(client_get_expression_from_base64,
    "get_expression_from_base64($self, text)\n--\n\n"
    "Return the compiled expression that a text holds: the opposite of get_expression_base64().\n\n"
    "It serves wherever a compiled expression does, and prints as Python text. A part of it that this client does\n"
    "not know, from a newer client perhaps, is kept as its bytes.\n\n"
    ":param str text: base64, of any Aerospike client.\n"
    ":return: a compiled expression: a list of tuples.\n"
    ":raises ParamError: the text is not base64, or its bytes are no expression.");

static int get_expression_from_base64_read(Command *command, PyObject *const *given)
{
    return from_base64(command, given[0], expression_to_py);
}

TEXT_COMMAND(get_expression_from_base64, "text")

DOC(client_get_cdtctx_from_base64,
    "get_cdtctx_from_base64($self, text)\n--\n\n"
    "Return the context that a text holds: the opposite of get_cdtctx_base64().\n\n"
    ":param str text: base64, of any Aerospike client.\n"
    ":return: a list of entries, as the functions of ``aerospike_helpers.cdt_ctx`` make them.\n"
    ":raises ParamError: the text is not base64, or its bytes are no context.");

static int get_cdtctx_from_base64_read(Command *command, PyObject *const *given)
{
    return from_base64(command, given[0], context_to_py);
}

TEXT_COMMAND(get_cdtctx_from_base64, "text")

PyMethodDef client_texts_methods[] = {
    METHOD("get_expression_base64", client_get_expression_base64),
    METHOD("get_expression_from_base64", client_get_expression_from_base64),
    METHOD("get_cdtctx_base64", client_get_cdtctx_base64),
    METHOD("get_cdtctx_from_base64", client_get_cdtctx_from_base64),
    {NULL, NULL, 0, NULL},
};
