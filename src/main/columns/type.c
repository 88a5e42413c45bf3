// SPDX-License-Identifier: Apache-2.0
#include "columns/type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32 };  // types within types

static const struct {
    const char *name, *format;
    size_t width;
} KINDS[] = {
#define COLUMN_KIND(kind, name, format, width) {name, format, width},
    COLUMN_KINDS(COLUMN_KIND)
#undef COLUMN_KIND
};

size_t column_type_width(const ColumnType *type)
{
    return KINDS[type->kind].width;
}

int column_type_inner(const ColumnType *type)
{
    return type->kind == COLUMN_MAP ? 2 : type->kind == COLUMN_LIST;
}

// ---- text ----

void column_type_free(ColumnType *type)
{
    if (type != NULL) {
        column_type_free(type->inner[0]);
        column_type_free(type->inner[1]);
        free(type);
    }
}

static bool take(const char **text, char expected)
{
    *text += strspn(*text, " ");
    if (**text != expected) {
        return false;
    }
    *text += 1;
    return true;
}

static ColumnKind take_kind(const char **text)
{
    *text += strspn(*text, " ");
    size_t size = strcspn(*text, " <>,");
    ColumnKind kind = 0;
    while (kind < COLUMN_KIND_COUNT &&
           (strlen(KINDS[kind].name) != size || memcmp(KINDS[kind].name, *text, size) != 0)) {
        kind++;
    }
    *text += size;
    return kind;
}

static ColumnType *take_type(const char **text, int depth);

static bool take_inner(const char **text, ColumnType *type, int depth)
{
    int count = column_type_inner(type);
    for (int i = 0; i < count; i++) {
        if (!take(text, i == 0 ? '<' : ',') || (type->inner[i] = take_type(text, depth + 1)) == NULL) {
            return false;
        }
    }
    return count == 0 || take(text, '>');
}

static ColumnType *take_type(const char **text, int depth)
{
    ColumnKind kind = take_kind(text);
    ColumnType *type = kind == COLUMN_KIND_COUNT || depth > DEEPEST ? NULL : calloc(1, sizeof *type);
    if (type == NULL) {
        return NULL;
    }
    type->kind = kind;
    if (!take_inner(text, type, depth)) {
        column_type_free(type);
        return NULL;
    }
    return type;
}

ColumnType *column_type_new(const char *text)
{
    ColumnType *type = take_type(&text, 0);
    if (type != NULL && !take(&text, '\0')) {
        column_type_free(type);
        return NULL;
    }
    return type;
}

static size_t print(const ColumnType *type, char *text, size_t size, size_t at)
{
    static const char *const BEFORE[] = {"<", ", "};
    int count = column_type_inner(type);
    at += (size_t)snprintf(text + at, size - at, "%s", KINDS[type->kind].name);
    for (int i = 0; i < count && at < size; i++) {
        at += (size_t)snprintf(text + at, size - at, "%s", BEFORE[i]);
        at = at < size ? print(type->inner[i], text, size, at) : at;
    }
    return count == 0 || at >= size ? at : at + (size_t)snprintf(text + at, size - at, ">");
}

void column_type_print(const ColumnType *type, char *text, size_t size)
{
    print(type, text, size, 0);
}

// ---- Arrow's schema ----

static bool export_inner(const ColumnType *type, ArrowSchema *out)
{
    if (type->kind == COLUMN_LIST) {
        return column_type_export(type->inner[0], "item", out->children[0]);
    }
    ArrowSchema *entries = out->children[0];
    if (!arrow_schema_init(entries, "+s", "entries", 2)) {
        return false;
    }
    entries->flags = 0;
    if (!column_type_export(type->inner[0], "key", entries->children[0]) ||
        !column_type_export(type->inner[1], "value", entries->children[1])) {
        return false;
    }
    entries->children[0]->flags = 0;
    return true;
}

bool column_type_export(const ColumnType *type, const char *name, ArrowSchema *out)
{
    bool nested = column_type_inner(type) > 0;
    if (!arrow_schema_init(out, KINDS[type->kind].format, name, nested)) {
        return false;
    }
    if (nested && !export_inner(type, out)) {
        out->release(out);
        return false;
    }
    return true;
}
