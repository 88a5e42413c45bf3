// SPDX-License-Identifier: Apache-2.0
// Values as operands of operations: as_vals that borrow what they can, since the C client packs them at once.
#include "convert/value.h"
#include "errors.h"
#include "operate/operand.h"

static as_val *container_value(Operands *operands, bool list, PyObject *object, const char *name, PackedValue *out)
{
    PackPath path = {NULL, name, NULL, 0};
    Packer packer = {.codec = operands->codec, .special = true, .sort_maps = true};
    if (pack_value(&packer, object, &path, 0) < 0) {
        packer_release(&packer);
        return NULL;
    }
    return keep_block(&operands->held, packer.bytes) < 0 ? NULL : packed_value_init(out, &packer, list);
}

as_val *operand_value(Operands *operands, PyObject *object, const char *name)
{
    HeldValue *held = &operands->values[operands->value_count++];
    ValueType type = value_type(operands->codec, object);
    return value_is_container(type) ? container_value(operands, type == VALUE_LIST, object, name, &held->packed)
                                    : value_borrow(operands->codec, type, object, name, &held->scalar, &operands->held);
}

// ---- what becomes a bin's value ----

static int stored_check(const Codec *codec, StoredKind kind, PyObject *object, const char *name)
{
    State *state = codec->state;
    if (kind == STORED_ANY || !codec->strict_types || is_a(object, state->null_class)) {
        return 0;
    }
    if (kind == STORED_NUMBER) {
        return PyLong_Check(object) || PyFloat_Check(object) ? 0 : error_type(state, name, "an int or float", object);
    }
    return PyUnicode_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object)
               ? 0
               : error_type(state, name, "a str, bytes or bytearray", object);
}

as_bin_value *stored_value(const Codec *codec, StoredKind kind, PyObject *object, const char *name, Keep *keep)
{
    if (stored_check(codec, kind, object, name) < 0) {
        return NULL;
    }
    if (kind == STORED_NUMBER && PyBool_Check(object)) {  // counts as 0 or 1
        object = keep_new(keep, PyLong_FromLong(object == Py_True));
    }
    as_bin *bin = object == NULL ? NULL : PyMem_Calloc(1, sizeof *bin);
    if (bin == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    return keep_block(keep, bin) < 0 || bin_value_from_py(codec, bin, name, object, keep) < 0 ? NULL : &bin->value;
}

bool operations_add_stored(as_operations *ops, as_operator op, const char *bin, as_bin_value *value)
{
    if (!as_operations_add_write(ops, bin, value)) {
        return false;
    }
    ops->binops.entries[ops->binops.size - 1].op = op;
    return true;
}
