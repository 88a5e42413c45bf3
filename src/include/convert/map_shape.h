// SPDX-License-Identifier: Apache-2.0
// Maps that have the same keys in the same order, as those that stand at one place in records mostly do: their dicts
// are copies of one that has these keys already, which is faster than dicts that grow, and takes less memory.
#ifndef MAP_SHAPE_H
#define MAP_SHAPE_H

#include "state.h"

#include <stdbool.h>

// A dict that is filled with the entries of a map, one after another.
typedef struct MapFilling {
    PyObject *dict;
    MapShape *shape;  // where others like it are known; NULL: it is none that has others like it
    PyObject *names;  // of the shape when it began, as long as the keys are these; or NULL
    size_t filled;
    bool copied;  // from the shape: the names that are still to come are there
} MapFilling;

// For so many entries, of which `first` is the first key, NULL where there are none: a dict, or an instance of that
// class of dicts. Its dict is NULL where an exception is pending.
void map_filling_begin(MapFilling *filling, State *state, PyObject *class, PyObject *first, size_t count);
// The next entry: 0, or -1 with an exception.
int map_filling_add(MapFilling *filling, PyObject *key, PyObject *value);
// The dict, as a new reference; NULL where it is not good, or with an exception.
PyObject *map_filling_end(MapFilling *filling, bool good);

#endif
