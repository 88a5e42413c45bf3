// SPDX-License-Identifier: Apache-2.0
#ifndef SERIALIZER_H
#define SERIALIZER_H

#include "convert/convert.h"

// The numbers of aerospike.SERIALIZER_*.
enum { SERIALIZE_NONE = 0, SERIALIZE_JSON = 2, SERIALIZE_USER = 3 };

// Whether values of foreign types have a function that turns them into bytes.
bool serializer_present(const Codec *codec);

// The bytes of a foreign value: a new bytes object, or NULL with what the function raised.
PyObject *serializer_apply(const Codec *codec, PyObject *value);

// The error of a foreign value without a serializer; `where` names the value. -1.
int serializer_missing(const Codec *codec, PyObject *value, const char *where);

// A blob as the caller gets it: bytes, or what the deserializer makes of its text (of its bytes, where they are no
// UTF-8). Where that raises an Exception, the bytes, and a warning in the log.
PyObject *deserializer_apply(const Codec *codec, const uint8_t *bytes, size_t size);

#endif
