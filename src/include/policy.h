// SPDX-License-Identifier: Apache-2.0
// Policies by table: one row a field (tables/policies.def).
#ifndef POLICY_H
#define POLICY_H

#include "settings.h"
#include "transaction.h"

#include <aerospike/as_exp.h>
#include <aerospike/as_policy.h>

// The dictionaries that methods and the configuration take. The order is that of tables/policies.def.
typedef enum PolicyKind {
    POLICY_KIND_READ,
    POLICY_KIND_WRITE,
    POLICY_KIND_APPLY,
    POLICY_KIND_OPERATE,
    POLICY_KIND_REMOVE,
    POLICY_KIND_QUERY,
    POLICY_KIND_SCAN,
    POLICY_KIND_BATCH,
    POLICY_KIND_BATCH_PARENT_WRITE,
    POLICY_KIND_BATCH_WRITE,
    POLICY_KIND_BATCH_APPLY,
    POLICY_KIND_BATCH_REMOVE,
    POLICY_KIND_INFO,
    POLICY_KIND_ADMIN,
    POLICY_KIND_TXN_VERIFY,
    POLICY_KIND_TXN_ROLL,
    POLICY_KIND_DEFAULTS,  // so many have defaults in config['policies']
    POLICY_KIND_BATCH_READ = POLICY_KIND_DEFAULTS,
    POLICY_KIND_COUNT
} PolicyKind;

// How errors of config['policies'] begin.
#define POLICY_SETTING_INVALID "Invalid Policy setting value: "

// What a policy owns beside the C client's struct. A zeroed one is empty; policy_release is safe on it.
typedef struct PolicyOwned {
    as_exp *filter;
    PyObject *transaction;  // only of kinds whose policy is released with the GIL
} PolicyOwned;

// *out, an as_policy_* of that kind, becomes the client's default changed by `policy` (a dict, None or NULL).
// Unknown keys warn, or raise under validate_keys. 0 or -1.
int policy_from_py(const Settings *settings, PolicyKind kind, PyObject *policy, void *out, PolicyOwned *owned);
void policy_release(PolicyOwned *owned);

// A transaction in the policy of what can have none: it warns, or raises under validate_keys. 0 or -1.
int transaction_ignored(const Settings *settings, const char *what);

// Write a client's configured defaults: the fields of the dict `policy` over those of *policies. 0 or -1.
int policy_default_from_py(Settings *settings, PolicyKind kind, PyObject *policy);

// A flat default of config['policies'], the dict: written to every kind that has such a field. 1, or 0 where none has,
// or -1.
int policy_flat_default(Settings *settings, PyObject *dict, PyObject *key, PyObject *value);

// The name of a kind in config['policies'], and the kind of a name (POLICY_KIND_COUNT where there is none).
const char *policy_name(PolicyKind kind);
PolicyKind policy_kind(PyObject *name);

// All client defaults as {name: {key: value}}, for get_policies(). A new reference or NULL.
PyObject *policies_to_py(const as_policies *policies);

// The keys of a kind, a borrowed tuple; NULL with an exception.
PyObject *policy_keys(State *state, PolicyKind kind);

// A meta dict ({"ttl": seconds, "gen": n}) as it goes on the wire. Unknown keys warn, or raise where strict. 0 or -1.
int meta_from_py(const Settings *settings, PyObject *meta, bool strict, uint32_t *ttl, uint16_t *generation);

#endif
