// SPDX-License-Identifier: Apache-2.0
// A batch whose records become the rows of a matrix.
#ifndef BATCH_MATRIX_H
#define BATCH_MATRIX_H

#include "client/batch_rows.h"
#include "client/matrix.h"

struct MatrixName;

typedef struct MatrixBatch {
    BatchRows rows;
    Matrix *matrix;
    char fill[sizeof(int64_t)];  // a number of the matrix
    Taker taker;
    const struct MatrixName *names;  // of the columns, for the taker
    bool *taken;  // rows that the taker has written
} MatrixBatch;

// Make the taker, which writes rows as they come: none that a row needs an error for, nor one with other bins than
// those that were asked for. 0 or -1.
int matrix_taker_make(Command *command, MatrixBatch *batch);

#endif
