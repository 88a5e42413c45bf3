// SPDX-License-Identifier: Apache-2.0
// Expressions as text and back; contexts back.
#include "expressions.h"
#include "args.h"
#include "client.h"
#include "operate.h"

#include <citrusleaf/cf_b64.h>

static PyObject *client_get_expression_base64(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_expression_base64", 1, {"expression"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[1];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Settings *settings = settings_acquire(client);
    as_exp *expression = settings == NULL ? NULL : expression_from_py(&settings->codec, given[0], "expression");
    settings_release(settings);
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

// What is made of the bytes of a text: an expression, or a context.
typedef PyObject *(*FromBytes)(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument);

static PyObject *from_base64(PyObject *self, const Signature *signature, METHOD_ARGS, FromBytes from_bytes)
{
    ClientObject *client = (ClientObject *)self;
    PyObject *given[1], *result = NULL;
    if (args_parse(signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (!PyUnicode_Check(given[0])) {
        error_type(client->state, "text", "a str", given[0]);
        return NULL;
    }
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(given[0], &length);
    if (text == NULL) {
        unicode_error(client->state, "text");
        return NULL;
    }
    uint32_t size = 0;
    uint8_t *bytes = length > INT32_MAX ? NULL : PyMem_Malloc(cf_b64_decoded_buf_size((uint32_t)length) + 1);
    if (bytes == NULL) {
        return PyErr_NoMemory();
    }
    if (length == 0 || !cf_b64_validate_and_decode(text, (uint32_t)length, bytes, &size)) {
        error_param(client->state, "text is not base64");
    } else {
        Settings *settings = settings_acquire(client);
        result = settings == NULL ? NULL : from_bytes(&settings->codec, bytes, size, "text");
        settings_release(settings);
    }
    PyMem_Free(bytes);
    return result;
}

static PyObject *client_get_expression_from_base64(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_expression_from_base64", 1, {"text"}};
    return from_base64(self, &signature, args, count, keywords, expression_to_py);
}

static PyObject *client_get_cdtctx_from_base64(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_cdtctx_from_base64", 1, {"text"}};
    return from_base64(self, &signature, args, count, keywords, context_to_py);
}

PyMethodDef client_expressions_methods[] = {
    METHOD("get_expression_base64", client_get_expression_base64,
           "get_expression_base64($self, expression)\n--\n\n"
           "Return a compiled expression as text, as asadm, asbackup and other clients take it.\n\n"
           ":param list expression: what an expression's ``compile()`` returned.\n"
           ":return: a str of base64.\n"
           ":raises ParamError: it is not a compiled expression, or an argument in it is not valid.\n\n"
           "::\n\n"
           "    client.get_expression_base64((IntBin('age') > 30).compile())"),
    METHOD(
        "get_expression_from_base64", client_get_expression_from_base64,
        "get_expression_from_base64($self, text)\n--\n\n"
        "Return the compiled expression that a text holds: the opposite of get_expression_base64().\n\n"
        "It serves wherever a compiled expression does, and prints as Python text. A part of it that this client does\n"
        "not know, from a newer client perhaps, is kept as its bytes.\n\n"
        ":param str text: base64, of any Aerospike client.\n"
        ":return: a compiled expression: a list of tuples.\n"
        ":raises ParamError: the text is not base64, or its bytes are no expression."),
    METHOD("get_cdtctx_from_base64", client_get_cdtctx_from_base64,
           "get_cdtctx_from_base64($self, text)\n--\n\n"
           "Return the context that a text holds: the opposite of get_cdtctx_base64().\n\n"
           ":param str text: base64, of any Aerospike client.\n"
           ":return: a list of entries, as the functions of ``aerospike_helpers.cdt_ctx`` make them.\n"
           ":raises ParamError: the text is not base64, or its bytes are no context."),
    {NULL, NULL, 0, NULL},
};
