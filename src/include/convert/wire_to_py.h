// SPDX-License-Identifier: Apache-2.0
// Python objects of a record as it comes from a server, with the margin behind it.
#ifndef WIRE_TO_PY_H
#define WIRE_TO_PY_H

#include "convert/convert.h"
#include "convert/wire.h"

// {name: value}
PyObject *wire_bins_to_py(const Codec *codec, WireBins bins);

// (key, meta, bins)
PyObject *wire_record_to_py(const Codec *codec, const WireRecord *record);

#endif
