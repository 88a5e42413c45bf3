// SPDX-License-Identifier: Apache-2.0
// The policies of list, map, bit, HyperLogLog and string operations, which operations and expressions take alike.
#ifndef CDT_POLICY_H
#define CDT_POLICY_H

#include "convert/convert.h"

typedef enum CdtPolicyKind {
    CDT_POLICY_LIST,
    CDT_POLICY_MAP,
    CDT_POLICY_BIT,
    CDT_POLICY_HLL,
    CDT_POLICY_STRING,
} CdtPolicyKind;

typedef struct CdtPolicy {
    uint32_t order;  // of a list or map
    uint32_t flags;
    bool persist_index;
} CdtPolicy;

// A dict, or of strings an object with its attributes. `what` names it in errors. 0, or -1 with ParamError.
int cdt_policy_from_py(const Codec *codec, CdtPolicyKind kind, PyObject *policy, const char *what, CdtPolicy *out);

#endif
