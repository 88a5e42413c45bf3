// SPDX-License-Identifier: Apache-2.0
#include "columns/number.h"

#include <math.h>
#include <string.h>

#define WRITTEN_AS(type, number, out) (memcpy(out, &(type){(type)(number)}, sizeof(type)), true)

// Whether it is an integer between -2**bits and 2**bits.
static bool is_exact(const Cell *cell, int bits)
{
    int64_t most = INT64_C(1) << bits;
    return cell->kind == CELL_INTEGER && cell->integer >= -most && cell->integer <= most;
}

// Whether it is an integer that so many bits have.
static bool is_within(const Cell *cell, int bits)
{
    int unused = 64 - bits;
    return cell->kind == CELL_INTEGER && (int64_t)((uint64_t)cell->integer << unused) >> unused == cell->integer;
}

static bool write_float32(const Cell *cell, void *out)
{
    if (is_exact(cell, 24)) {
        return WRITTEN_AS(float, cell->integer, out);
    }
    return cell->kind == CELL_FLOAT && WRITTEN_AS(float, cell->number, out) &&
           (!isfinite(cell->number) || isfinite((float)cell->number));
}

static bool write_float64(const Cell *cell, void *out)
{
    if (is_exact(cell, 53)) {
        return WRITTEN_AS(double, cell->integer, out);
    }
    return cell->kind == CELL_FLOAT && WRITTEN_AS(double, cell->number, out);
}

bool column_number(ColumnKind kind, const Cell *cell, void *out)
{
    switch (kind) {
    case COLUMN_INT8:
        return is_within(cell, 8) && WRITTEN_AS(int8_t, cell->integer, out);
    case COLUMN_INT16:
        return is_within(cell, 16) && WRITTEN_AS(int16_t, cell->integer, out);
    case COLUMN_INT32:
        return is_within(cell, 32) && WRITTEN_AS(int32_t, cell->integer, out);
    case COLUMN_INT64:
        return is_within(cell, 64) && WRITTEN_AS(int64_t, cell->integer, out);
    case COLUMN_FLOAT32:
        return write_float32(cell, out);
    default:
        return write_float64(cell, out);
    }
}
