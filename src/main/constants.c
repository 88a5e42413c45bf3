// SPDX-License-Identifier: Apache-2.0
#include "convert/serializer.h"
#include "operate/operate.h"
#include "state.h"

#include <aerospike/aerospike_index.h>
#include <aerospike/aerospike_txn.h>
#include <aerospike/as_admin.h>
#include <aerospike/as_bit_operations.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_cdt_ctx.h>
#include <aerospike/as_config.h>
#include <aerospike/as_exp_operations.h>
#include <aerospike/as_hll_operations.h>
#include <aerospike/as_job.h>
#include <aerospike/as_list_operations.h>
#include <aerospike/as_log.h>
#include <aerospike/as_map_operations.h>
#include <aerospike/as_query.h>
#include <aerospike/as_record.h>
#include <aerospike/as_subcode.h>
#include <aerospike/as_udf.h>

// What only the Python client has, so that no C header defines it.
enum { BOOL_AS_INTEGER, BOOL_AS_BOOL };
enum { LOG_OFF = -1 };
// The server's numbers: a platform's <regex.h> may have others.
enum { SERVER_REG_EXTENDED = 1, SERVER_REG_ICASE = 2, SERVER_REG_NOSUB = 4, SERVER_REG_NEWLINE = 8 };

static const struct {
    const char *name;
    int64_t value;
} numbers[] = {
#define CONSTANT(name, value) {#name, (int64_t)(value)},
#include "tables/constants.def"
#undef CONSTANT
};

static const struct {
    const char *name, *value;
} texts[] = {
    {"JOB_QUERY", "query"},
    {"JOB_SCAN", "scan"},
};

int constants_init(PyObject *module, State *state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        PyObject *value = PyLong_FromLongLong(numbers[i].value);
        if (value == NULL || PyModule_AddObjectRef(module, numbers[i].name, value) < 0) {
            Py_XDECREF(value);
            return -1;
        }
        Py_DECREF(value);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (PyModule_AddStringConstant(module, texts[i].name, texts[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}
