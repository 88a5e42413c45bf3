// SPDX-License-Identifier: Apache-2.0
// aerospike._native: the one private door between the Python face and the C client.
#include "client/thread.h"
#include "state.h"

#include <aerospike/version.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <uv.h>

// Each room adds what it has; the order is that of dependence.
static int (*const rooms[])(PyObject *, State *) = {
    constants_init,  errors_init,  visits_init,   serializer_init,    batch_init,
    operations_init, client_init,  iterator_init, transaction_init,   expressions_init,
    digest_init,     admin_init,   hooks_init,    log_init,           record_init,
    pump_init,       awaited_init, matrix_init,   async_records_init,
};

extern char *aerospike_client_language;

// Nodes, and files of metrics, tell who their clients are by these variables of the C client: it is no C program that
// uses it here. Returns the version which the C client had in one.
static const char *introduce(void)
{
    static const char *c_client;
    if (c_client == NULL) {
        c_client = aerospike_client_version;
        aerospike_client_language = "python";
        aerospike_client_version = BUILD_VERSION;
    }
    return c_client;
}

static int build_info_init(PyObject *module)
{
    const struct {
        const char *name, *value;
    } facts[] = {
        {"version", BUILD_VERSION},     {"c_client", introduce()}, {"openssl", OPENSSL_VERSION_TEXT},
        {"libuv", uv_version_string()}, {"compiler", __VERSION__}, {"flags", BUILD_FLAGS},
    };
    PyObject *info = PyDict_New();
    if (info == NULL) {
        return -1;
    }
    int result = -1;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        PyObject *value = PyUnicode_FromString(facts[i].value);
        if (value == NULL || PyDict_SetItemString(info, facts[i].name, value) < 0) {
            Py_XDECREF(value);
            goto finally;
        }
        Py_DECREF(value);
    }
    result = PyModule_AddObjectRef(module, "_build_info", info);
finally:
    Py_DECREF(info);
    return result;
}

static int module_exec(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {  // the C client's threads know one interpreter
        PyErr_SetString(PyExc_ImportError, "aerospike does not support subinterpreters");
        return -1;
    }
    State *state = state_of_module(module);
    if (state_init(state, module) < 0 || build_info_init(module) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        if (rooms[i](module, state) < 0) {
            return -1;
        }
    }
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    return state_traverse(state_of_module(module), visit, arg);
}

static int module_clear(PyObject *module)
{
    state_clear(state_of_module(module));
    return 0;
}

static void module_free(void *module)
{
    module_clear(module);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "aerospike._native",
    .m_doc = "The binding to the Aerospike C client. Private: its names may change at any time.",
    .m_size = sizeof(State),
    .m_slots = slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__native(void);

PyMODINIT_FUNC PyInit__native(void)
{
    // at the process's end OpenSSL would free locks that the C client's threads still use
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    return PyModuleDef_Init(&definition);
}
