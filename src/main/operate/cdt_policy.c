// SPDX-License-Identifier: Apache-2.0
#include "operate/cdt_policy.h"

#include "errors.h"
#include "fields.h"

#include <aerospike/as_map_operations.h>

// 'map_write_mode' of programs before 2019, whose numbers are not those of the flags.
static int write_mode_read(const FieldsCall *call, const Field *field, PyObject *value, const char *what)
{
    static const uint32_t flags[] = {AS_MAP_WRITE_DEFAULT, AS_MAP_WRITE_UPDATE_ONLY, AS_MAP_WRITE_CREATE_ONLY};
    int64_t mode;
    if (integer_from_py(call->state, value, what, AS_MAP_UPDATE, AS_MAP_CREATE_ONLY, &mode) < 0 ||
        warn_user(PyExc_DeprecationWarning, "policy key '%s' is deprecated, use '%s'", field->key, field->successor) <
            0) {
        return -1;
    }
    PyObject *successor = PyUnicode_FromString(field->successor);
    int both = successor == NULL ? -1 : PyDict_Contains(call->context, successor);
    Py_XDECREF(successor);
    if (both == 0) {
        ((CdtPolicy *)call->out)->flags = flags[mode];
    }
    return both < 0 ? -1 : 0;
}

enum { ORDER_MOST_LIST = 1, ORDER_MOST_MAP = 3, FLAGS_MOST = 255 };

#define NUMBER(key, member, kind, most) FIELD_NUMBER(CdtPolicy, key, member, kind, 0, most)
static const Field list_rows[] = {NUMBER("list_order", order, U32, ORDER_MOST_LIST),
                                  NUMBER("write_flags", flags, U32, FLAGS_MOST), FIELDS_END};
static const Field map_rows[] = {NUMBER("map_order", order, U32, ORDER_MOST_MAP),
                                 NUMBER("map_write_flags", flags, U32, FLAGS_MOST),
                                 NUMBER("persist_index", persist_index, BOOL, 1),
                                 {.key = "map_write_mode", .kind = FIELD_OTHER, .successor = "map_write_flags"},
                                 FIELDS_END};
static const Field bit_rows[] = {NUMBER("bit_write_flags", flags, U32, FLAGS_MOST), FIELDS_END};
static const Field hll_rows[] = {NUMBER("flags", flags, U32, FLAGS_MOST), FIELDS_END};
static const Field string_rows[] = {NUMBER("write_flags", flags, U32, FLAGS_MOST), FIELDS_END};

static const Fields tables[] = {
    [CDT_POLICY_LIST] = {.id = FIELDS_LIST_POLICY, .kind = "policy", .rows = list_rows},
    [CDT_POLICY_MAP] = {.id = FIELDS_MAP_POLICY, .kind = "policy", .rows = map_rows, .read = write_mode_read},
    [CDT_POLICY_BIT] = {.id = FIELDS_BIT_POLICY, .kind = "policy", .rows = bit_rows},
    [CDT_POLICY_HLL] = {.id = FIELDS_HLL_POLICY, .kind = "policy", .rows = hll_rows},
    [CDT_POLICY_STRING] = {.id = FIELDS_STRING_POLICY, .kind = "policy", .rows = string_rows},
};

int cdt_policy_from_py(const Codec *codec, CdtPolicyKind kind, PyObject *policy, const char *what, CdtPolicy *out)
{
    char before[strlen(what) + 3];
    snprintf(before, sizeof before, "%s['", what);
    FieldsCall call = {codec->state, what, before, "']", codec->validate_keys, false, out, policy};
    *out = (CdtPolicy){0};
    if (kind == CDT_POLICY_STRING && !PyDict_Check(policy)) {
        if (!PyObject_HasAttrString(policy, string_rows[0].key)) {
            return error_type(codec->state, what, "a StringPolicy or None", policy);
        }
        snprintf(before, sizeof before, "%s.", what);
        call.after = "";
        call.none_counts = true;
        return fields_read_attributes(&call, &tables[kind], policy);
    }
    return fields_read(&call, &tables[kind], policy);
}
