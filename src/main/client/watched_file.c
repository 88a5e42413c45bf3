// SPDX-License-Identifier: Apache-2.0
// The C client reads a watched file of policies (config['config_provider']) with libyaml, when it starts and, on its
// own thread, whenever the file has changed. It takes on trust what can make it shift or write where it must not,
// formats labels as if they were printf's, and calls itself for each level of what it skips. So the function of libyaml
// that gives a parser its file is this one, which the linker finds before the library's: a file is read once, checked,
// and then given to the C client as it was read, or not at all. What it was set to before then stays.
//
// Where a file has another shape than the C client expects, it loses its place there: any scalar may then be the name
// of a setting, and the next its value. So they are checked wherever they stand.
#include "client/watched_file.h"

#include "config.h"
#include "metrics.h"

#include <aerospike/as_log_macros.h>
#include <aerospike/as_metrics.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { SIZE_MOST = 1 << 20, DEPTH_MOST = 32 };

// ---- what is read ----

// What the C client takes more of than it can bear.
static const struct {
    const char *name;
    unsigned long least, most;
} numbers[] = {
    {"latency_columns", 1, UINT8_MAX},  // it counts in the last one of them
    {"latency_shift", 0, METRICS_SHIFT_MOST},
    {"max_connections_per_node", 1, CONNECTIONS_MOST},
    {"min_connections_per_node", 0, CONNECTIONS_MOST},
    {"async_max_connections_per_node", 1, CONNECTIONS_MOST},
    {"async_min_connections_per_node", 0, CONNECTIONS_MOST},
};

typedef struct Check {
    char name[40];  // the scalar before this one; empty: none
    int depth;
    bool labels;  // what follows may be labels
    size_t line;
} Check;

static bool number_check(const Check *check, const char *value)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(check->name, numbers[i].name) != 0) {
            continue;
        }
        errno = 0;
        unsigned long number = strtoul(value, NULL, 10);  // as the C client
        if (errno != 0 || number < numbers[i].least || number > numbers[i].most) {
            as_log_warn("line %zu: %s must be from %lu to %lu, not %s", check->line, check->name, numbers[i].least,
                        numbers[i].most, value);
            return false;
        }
    }
    return true;
}

static bool scalar_check(Check *check, const char *value)
{
    if (!number_check(check, value)) {
        return false;
    }
    if (check->labels && strchr(value, '%') != NULL) {
        as_log_warn("line %zu: labels must not contain '%%'", check->line);
        return false;
    }
    check->labels = check->labels || strcmp(value, "labels") == 0;
    snprintf(check->name, sizeof check->name, "%s", value);
    return true;
}

static bool event_check(Check *check, const yaml_event_t *event)
{
    check->line = event->start_mark.line + 1;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return scalar_check(check, (const char *)event->data.scalar.value);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        check->depth++;
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        check->depth--;
        check->labels = false;
        break;
    default:
        break;
    }
    check->name[0] = '\0';
    if (check->depth > DEPTH_MOST) {
        as_log_warn("line %zu: more than %d levels", check->line, DEPTH_MOST);
    }
    return check->depth <= DEPTH_MOST;
}

// The next event of a file that is good so far.
static bool event_next(yaml_parser_t *parser, Check *check, bool *more)
{
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) {
        as_log_warn("line %zu: %s", parser->problem_mark.line + 1,
                    parser->problem == NULL ? "it is no YAML" : parser->problem);
        return false;
    }
    bool good = event_check(check, &event);
    *more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    return good;
}

static bool bytes_check(const unsigned char *bytes, size_t size)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return false;
    }
    yaml_parser_set_input_string(&parser, bytes, size);
    Check check = {.depth = 0};
    bool good = true, more = true;
    while (good && more) {
        good = event_next(&parser, &check, &more);
    }
    yaml_parser_delete(&parser);
    return good;
}

// A file's bytes for free(), or NULL.
static unsigned char *file_read(FILE *file, size_t *size)
{
    unsigned char *bytes = malloc(SIZE_MOST + 1);
    *size = bytes == NULL ? 0 : fread(bytes, 1, SIZE_MOST + 1, file);
    if (bytes != NULL && !ferror(file) && *size <= SIZE_MOST) {
        return bytes;
    }
    as_log_warn("A file of policies must be readable, and have at most %d bytes", SIZE_MOST);
    free(bytes);
    return NULL;
}

// The bytes that a thread's parser reads, until it reads the next file, or ends.
static pthread_key_t kept;

static void kept_init(void)
{
    pthread_key_create(&kept, free);
}

static int read_nothing(void *data, unsigned char *buffer, size_t size, size_t *read)
{
    (void)data;
    (void)buffer;
    (void)size;
    *read = 0;
    return 0;  // an error, so that the C client keeps what it has, and logs the path
}

void yaml_parser_set_input_file(yaml_parser_t *parser, FILE *file)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t size;
    unsigned char *bytes = file_read(file, &size);
    pthread_once(&once, kept_init);
    free(pthread_getspecific(kept));
    if (pthread_setspecific(kept, bytes) != 0) {
        free(bytes);
        bytes = NULL;
    }
    if (bytes != NULL && bytes_check(bytes, size)) {
        yaml_parser_set_input_string(parser, bytes, size);
    } else {
        yaml_parser_set_input(parser, read_nothing, NULL);
    }
}

// ---- what the file replaces ----

// The C client crashes where there are none.
static bool racks_prepare(Watched *watched, as_config *config)
{
    uint32_t count = config->rack_ids == NULL ? 1 : config->rack_ids->size;
    as_vector *racks = malloc(sizeof *racks + count * sizeof(int));
    if (racks == NULL) {
        return false;
    }
    *racks = (as_vector){.list = racks + 1, .capacity = count, .size = count, .item_size = sizeof(int), .flags = 0};
    for (uint32_t i = 0; i < count; i++) {
        ((int *)racks->list)[i] =
            config->rack_ids == NULL ? config->rack_id : *(int *)as_vector_get(config->rack_ids, i);
    }
    if (config->rack_ids != NULL) {
        as_vector_destroy(config->rack_ids);
    }
    config->rack_ids = watched->racks = racks;  // of which as_vector_destroy frees nothing
    return true;
}

bool watched_prepare(Watched *watched, as_config *config)
{
    if (config->config_provider.path == NULL && getenv("AEROSPIKE_CLIENT_CONFIG_URL") == NULL) {
        return true;
    }
    if (config->app_id == NULL) {  // what the C client says then, but not any more after a file named another
        as_config_set_app_id(config, config->user[0] == '\0' ? "not-set" : config->user);
    }
    return config->app_id != NULL && racks_prepare(watched, config);
}

void watched_separate(Watched *watched, aerospike *as)
{
    as_config *original = as->config_orig;
    if (original == NULL) {
        return;
    }
    as_metrics_policy *metrics = &original->policies.metrics;
    if (original->app_id == as->config.app_id) {
        original->app_id = cf_strdup(original->app_id);
    }
    if (metrics->labels == as->config.policies.metrics.labels) {
        metrics->labels = as_metrics_labels_copy(metrics->labels);
    }
    watched->app_id = original->app_id;
    watched->labels = metrics->labels;
}

void watched_release(Watched *watched)
{
    free(watched->racks);
    cf_free(watched->app_id);
    as_metrics_labels_destroy(watched->labels);
}
