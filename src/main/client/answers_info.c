// SPDX-License-Identifier: Apache-2.0
// The text by which the C client learns of the cluster: lines of a name, a tab and a value. It reads each value up to
// the character that must come next, and on from behind the NUL where there is none: into the next line, or past the
// end.
#include "client/answers.h"
#include "client/partitions.h"

#include <aerospike/as_partition.h>
#include <citrusleaf/cf_b64.h>
#include <stdlib.h>

enum { COPIES_MOST = 255 };

// A part of a value, which is read from its beginning.
typedef struct Text {
    const char *at, *end;
} Text;

// What stands before the next of some characters, and that character, '\0' at the end; it is gone over.
static Text text_take(Text *in, const char *ends, char *last)
{
    const char *from = in->at;
    while (in->at < in->end && strchr(ends, *in->at) == NULL) {
        in->at++;
    }
    Text taken = {from, in->at};
    *last = in->at < in->end ? *in->at++ : '\0';
    return taken;
}

static size_t text_size(Text text)
{
    return (size_t)(text.end - text.at);
}

// A number without a sign of at most 10 digits. -1: it is none.
static int64_t text_number(Text text)
{
    int64_t number = 0;
    bool is_number = text_size(text) > 0 && text_size(text) <= 10;
    for (; text.at < text.end; text.at++) {
        is_number = is_number && *text.at >= '0' && *text.at <= '9';
        number = is_number ? 10 * number + (*text.at - '0') : 0;
    }
    return is_number ? number : -1;
}

static bool is_name(Text text)
{
    return text_size(text) > 0 && text_size(text) < AS_MAX_NAMESPACE_SIZE;
}

// namespace:regime,copies,bitmap,bitmap;
static const char *replicas_check(Text in)
{
    const size_t bitmap_size = cf_b64_encoded_len(PARTITIONS / 8);
    char last;
    while (in.at < in.end) {
        if (!is_name(text_take(&in, ":", &last)) || last != ':') {
            return "a namespace in replicas";
        }
        if (text_number(text_take(&in, ",;", &last)) < 0 || last != ',') {
            return "a regime in replicas";
        }
        int64_t copies = text_number(text_take(&in, ",;", &last));
        if (copies <= 0 || copies > COPIES_MOST) {
            return "how many copies are in replicas";
        }
        for (; copies > 0; copies--) {
            char before = last;
            if (before != ',' || text_size(text_take(&in, ",;", &last)) != bitmap_size) {
                return "a bitmap in replicas";
            }
        }
        if (last == ',') {
            return "a bitmap in replicas";
        }
    }
    return NULL;
}

// namespace:rack;
static const char *racks_check(Text in)
{
    char last;
    while (in.at < in.end) {
        if (!is_name(text_take(&in, ":", &last)) || last != ':') {
            return "a namespace in rack-ids";
        }
        if (text_number(text_take(&in, ";", &last)) < 0) {
            return "a rack in rack-ids";
        }
    }
    return NULL;
}

// generation,port,[[name,tls,[host,host]],[...]]; what else is wrong the C client says.
static const char *peers_check(Text in)
{
    return text_size(in) > 0 && in.end[-1] == ']' ? NULL : "the end of peers";
}

static const char *generation_check(Text in)
{
    in.at += text_size(in) > 0 && *in.at == '-';  // -1: none yet
    return text_number(in) >= 0 ? NULL : "a generation";
}

// What the C client asks for. After some it goes on behind the value, so that there must be nothing.
static const struct {
    const char *name;
    const char *(*check)(Text value);
    bool is_last;
} values[] = {
    {"replicas", replicas_check, true},
    {"rack-ids", racks_check, true},
    {"peers-clear-std", peers_check, false},
    {"peers-clear-alt", peers_check, false},
    {"peers-tls-std", peers_check, false},
    {"peers-tls-alt", peers_check, false},
    {"partition-generation", generation_check, false},
    {"peers-generation", generation_check, false},
    {"rebalance-generation", generation_check, false},
};

static const char *value_check(Text name, Text value, bool is_last)
{
    if (text_size(value) >= 6 && memcmp(value.at, "ERROR:", 6) == 0) {
        return strncmp(name.at, "replicas", 8) == 0 ? "no replicas" : NULL;  // the C client takes it for replicas
    }
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        size_t size = strlen(values[i].name);
        if (size == text_size(name) && memcmp(values[i].name, name.at, size) == 0) {
            return values[i].is_last && !is_last ? "what comes after a value" : values[i].check(value);
        }
    }
    return NULL;
}

const char *answer_check_info(const char *text, size_t size)
{
    Text in = {text, text + size};
    const char *wrong = memchr(text, '\0', size) != NULL ? "a NUL" : NULL;
    while (wrong == NULL && in.at < in.end) {
        char newline, tab;
        Text line = text_take(&in, "\n", &newline);
        Text name = text_take(&line, "\t", &tab);
        if (tab == '\t') {
            wrong = newline == '\0' ? "a line without an end" : value_check(name, line, in.at == in.end);
        }
    }
    return wrong;
}
