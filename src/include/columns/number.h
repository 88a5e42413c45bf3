// SPDX-License-Identifier: Apache-2.0
// Numbers as columns and matrices have them.
#ifndef COLUMN_NUMBER_H
#define COLUMN_NUMBER_H

#include "columns/cell.h"
#include "columns/type.h"

// Write a value as a number of that kind, which must be one, to *out. False: it is none, or one that the kind has not.
bool column_number(ColumnKind kind, const Cell *cell, void *out);

#endif
