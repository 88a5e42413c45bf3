// SPDX-License-Identifier: Apache-2.0
#ifndef SERIALIZER_H
#define SERIALIZER_H

#include "convert/convert.h"

// The numbers of aerospike.SERIALIZER_*.
enum { SERIALIZE_NONE = 0, SERIALIZE_PYTHON = 1, SERIALIZE_JSON = 2, SERIALIZE_USER = 3 };

// The bytes of a foreign value, and what they are: a new bytes object, or NULL with what the function raised, or with
// an error where there is none; `where` names the value.
PyObject *serializer_apply(const Codec *codec, PyObject *value, const char *where, as_bytes_type *type);

// A pickle as the caller gets it: a bytearray, or what config["unpickle"] makes of it. NULL with ClientError.
PyObject *pickle_to_py(const Codec *codec, const uint8_t *bytes, size_t size);

// A blob as the caller gets it: bytes, or what the deserializer makes of its text (of its bytes, where they are no
// UTF-8). Where that raises an Exception, the bytes, and a warning in the log.
PyObject *deserializer_apply(const Codec *codec, const uint8_t *bytes, size_t size);

#endif
