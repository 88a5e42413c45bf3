// SPDX-License-Identifier: Apache-2.0
// Values as operands of operations: as_vals that borrow what they can, since the C client packs them at once.
#include "convert/value.h"
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
