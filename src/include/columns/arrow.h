// SPDX-License-Identifier: Apache-2.0
// The structs of Arrow's C data and stream interfaces, as every library of it knows them. Whoever gets one calls its
// `release`, which makes itself NULL; one whose `release` is NULL holds nothing.
#ifndef ARROW_H
#define ARROW_H

#include <stdbool.h>
#include <stdint.h>

enum { ARROW_NULLABLE = 2 };  // a flag

typedef struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *schema);
    void *private_data;
} ArrowSchema;

typedef struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *array);
    void *private_data;
} ArrowArray;

// Its functions return 0 or an errno.
typedef struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *stream, ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *stream, ArrowArray *out);  // a released one at the end
    const char *(*get_last_error)(struct ArrowArrayStream *stream);
    void (*release)(struct ArrowArrayStream *stream);
    void *private_data;
} ArrowArrayStream;

// A schema or array of so many children, which are to be filled; releasing it releases those that are. A copy of the
// name is kept. False where memory ran out.
bool arrow_schema_init(ArrowSchema *out, const char *format, const char *name, int64_t children);
// `buffers`, at most 3, are to be set to what free() takes.
bool arrow_array_init(ArrowArray *out, int64_t children);

#endif
