// SPDX-License-Identifier: Apache-2.0
// Python objects to the C client's values and back.
#ifndef CONVERT_H
#define CONVERT_H

#include "convert/keep.h"
#include "state.h"

#include <aerospike/as_bytes.h>
#include <aerospike/as_key.h>
#include <aerospike/as_record.h>
#include <aerospike/as_val.h>

#define CONVERT_MAX_DEPTH 64  // containers within containers: what a server takes

// How values of one client are converted. The objects are borrowed from the client, or NULL.
typedef struct Codec {
    State *state;
    bool bool_as_integer;  // config send_bool_as=aerospike.INTEGER
    bool validate_keys;  // config: unknown keys of policies and operations raise
    bool strict_types;  // config: what no server takes is refused, rather than left out
    bool operating;  // values of operations: one that nothing serializes is a ClientError
    PyObject *serializer;  // of the client
    PyObject *deserializer;  // of the client; NULL: the module's
    PyObject *unpickle;  // config: what reads pickles; NULL: nothing does
    bool pickles;  // SERIALIZER_PYTHON: foreign values are stored as pickles
    bool serialize_user;  // put(..., serializer=SERIALIZER_USER): where the client has none, the module's
    const char *bin;  // that is being read, for what is logged; NULL: none
    bool raw_collections;  // show lists and maps as the bytes that the server sent (policy deserialize=False)
} Codec;

// The codec for one call's answer. The C client is told not to build value trees in any case: *deserialize, a field of
// the call's policy, becomes false, and what the caller wished lives on in the codec.
static inline Codec codec_for_reply(const Codec *codec, bool *deserialize)
{
    Codec reply = *codec;
    reply.raw_collections = !*deserialize;
    *deserialize = false;
    return reply;
}

// put(..., serializer=choice): aerospike.SERIALIZER_*. 0, or -1 with ParamError.
int codec_set_serializer(Codec *codec, PyObject *choice);

// ---- one value ----
// As a C client value, for operation and UDF arguments. `what` names it in errors ("bin 'a'"). A new value, or NULL.
as_val *value_to_native(const Codec *codec, PyObject *object, const char *what);
PyObject *value_from_native(const Codec *codec, const as_val *value);
PyObject *text_to_py(const char *text, size_t size);  // str; bytes where it is no UTF-8
PyObject *name_to_py(State *state, const char *text, size_t size);  // the same, from a store of those that come again
// The same for a name of a record, by its place in it: the next record is likely to have that name there, too. The
// text lies in an array of 16 bytes or more.
PyObject *placed_name_to_py(State *state, size_t place, const char *text);
// The same of so many bytes, which need not end with a NUL; 16 may be read.
PyObject *placed_bytes_to_py(State *state, size_t place, const char *text, size_t size);
enum { PLACE_NAMESPACE, PLACE_SET, PLACE_BINS };
// What is neither a number nor a text: a list, map, HyperLogLog, or a blob, each by its AS_BYTES_*.
PyObject *blob_to_py(const Codec *codec, as_bytes_type type, const uint8_t *bytes, size_t size);
PyObject *hyper_log_log_to_py(const Codec *codec, const uint8_t *bytes, size_t size);
PyObject *geojson_to_py(const Codec *codec, const char *text, size_t size);

// ---- bytes of a LIST or MAP bin, the short cut of the hot path ----
// A PyMem_Malloc block of msgpack for keep_block or PyMem_Free; NULL with an exception.
uint8_t *value_pack(const Codec *codec, PyObject *object, const char *what, uint32_t *size);
PyObject *value_unpack(const Codec *codec, const uint8_t *bytes, size_t size);
PyObject *value_unpack_plain(const Codec *codec, const uint8_t *bytes, size_t size);  // no deserializer

// ---- a bin ----
// Add one bin to a record that has room for it. None and null() make a bin that deletes. 0 or -1.
int bin_to_native(const Codec *codec, PyObject *name, PyObject *value, as_record *record, Keep *keep);
// Only the value of a bin, named `what` in errors: it may point into what `keep` holds. 0 or -1.
int bin_value_from_py(const Codec *codec, as_bin *bin, const char *what, PyObject *value, Keep *keep);
// The name only, checked: str of at most 15 bytes of UTF-8. Valid while `name` lives. NULL with an exception.
const char *bin_name_from_py(State *state, PyObject *name);
// The str of a name that may be a bytearray, too: a new reference, or NULL with ParamError that calls it `what`.
PyObject *bin_name_text(State *state, PyObject *name, const char *what);
bool bin_name_too_long(PyObject *name);

// ---- a record ----
// All bins of a dict. Initialises *record, which as_record_destroy frees. 0 or -1.
int record_from_py(const Codec *codec, PyObject *bins, as_record *record, Keep *keep);
PyObject *bin_to_py(const Codec *codec, const as_bin *bin);  // its value
PyObject *record_bins_to_py(const Codec *codec, const as_record *record);  // {name: value}
PyObject *record_meta_to_py(const Codec *codec, const as_record *record);  // {"ttl": seconds, "gen": n}
// (key, meta, bins), or (key, meta) where with_bins is false; key as key_to_py shows it.
PyObject *record_to_py(const Codec *codec, const as_record *record, PyObject *key, bool with_bins);

// (key, meta, bins) of a key and bins that are given away; NULL where one of them is, with an exception.
PyObject *record_tuple(const Codec *codec, PyObject *key, uint32_t ttl, uint16_t gen, PyObject *bins);

// ---- a key ----
// (ns, set, pk[, digest]) -> as_key. Strings are copied or kept. 0 or -1 with ParamError.
int key_from_py(const Codec *codec, PyObject *key, as_key *out, Keep *keep);
// The same, but the digest of a primary key is not made yet (digest.h).
int key_read(const Codec *codec, PyObject *key, as_key *out, Keep *keep);
PyObject *digest_to_py(const uint8_t *digest);  // a bytearray
PyObject *blob_key_to_py(const uint8_t *bytes, size_t size);  // a primary key: a bytearray
enum { KEY_PARTS = 4 };  // of a key as a tuple: namespace, set, user's key, digest
// A tuple of the four, which are given away; NULL where one of them is, with an exception.
PyObject *key_tuple(PyObject *ns, PyObject *set, PyObject *pk, PyObject *digest);
// (ns, set, pk or None, digest as bytearray) of a record that a scan found.
PyObject *key_to_py(const Codec *codec, const as_key *key);
// The key of a result: the namespace, set and (unless it is hidden) primary key that the caller gave, and the digest.
PyObject *key_result_to_py(const as_key *key, PyObject *given, bool with_pk);
// Namespace, set and pk given one by one (get_key_digest and its like).
int key_from_parts(const Codec *codec, PyObject *ns, PyObject *set, PyObject *pk, as_key *out, Keep *keep);

// ---- types ----
// Is the object of one of the state's value classes, or of a class derived from it?
static inline bool is_a(PyObject *object, PyObject *value_class)
{
    return PyObject_TypeCheck(object, (PyTypeObject *)value_class);
}

// A bytes object as the server has it: a HyperLogLog, or a blob.
static inline as_bytes_type bytes_type(State *state, PyObject *bytes)
{
    return is_a(bytes, state->hyper_log_log_class) ? AS_BYTES_HLL : AS_BYTES_BLOB;
}

// ---- texts ----
// UTF-8 of a str without NUL, which a C string cannot hold; `what` names it in errors. Valid while the object lives.
const char *text_from_py(State *state, const char *what, PyObject *value);

// ---- numbers ----
// The one narrowing of an int, which errors of all kinds stand upon.
typedef enum Narrowed { NARROWED, TOO_SMALL, TOO_LARGE, NARROW_FAILED } Narrowed;
// *out is the number, or the limit of 64 bits that it is beyond. NARROW_FAILED: with an exception.
// Always inline: where nothing can be outside, nothing is compared.
static inline __attribute__((always_inline)) Narrowed integer_narrow(PyObject *object, int64_t least, int64_t most,
                                                                     int64_t *out)
{
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    *out = overflow > 0 ? INT64_MAX : overflow < 0 ? INT64_MIN : number;
    if (number == -1 && overflow == 0 && PyErr_Occurred()) {
        return NARROW_FAILED;
    }
    return overflow > 0 || number > most ? TOO_LARGE : overflow < 0 || number < least ? TOO_SMALL : NARROWED;
}
// Checked narrowing: the argument is named, its value and the limits shown. 0 or -1.
int integer_from_py(State *state, PyObject *object, const char *what, int64_t least, int64_t most, int64_t *out);
// A time to live: seconds, or a TTL_* constant. 0, or -1 with InvalidRequest, as a server says it, below the constants.
int ttl_from_py(State *state, PyObject *object, const char *what, uint32_t *out);
// That of a policy, where TTL_CLIENT_DEFAULT, which is the policy's, would stand for itself.
int policy_ttl_from_py(State *state, PyObject *object, const char *what, uint32_t *out);
// The same for a number from 0 to 2**64-1.
int natural_from_py(State *state, PyObject *object, const char *what, uint64_t *out);

#endif
