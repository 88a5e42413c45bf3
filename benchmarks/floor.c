// SPDX-License-Identifier: Apache-2.0
// The floor: the C client called from C, for the cases of cases.py. It speaks with compare.py as runner.py does.
#include "clock.h"

#include <aerospike/aerospike.h>
#include <aerospike/aerospike_batch.h>
#include <aerospike/aerospike_key.h>
#include <aerospike/aerospike_query.h>
#include <aerospike/as_arraylist.h>
#include <aerospike/as_hashmap.h>
#include <aerospike/as_operations.h>
#include <aerospike/as_record.h>
#include <aerospike/version.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 500, MAP_SIZE = 100, LIST_SIZE = 1000, THREADS_MOST = 16, TIMEOUT = 10000 };

static aerospike client;
static const char *namespace;

static void must(as_status status, const as_error *err)
{
    if (status != AEROSPIKE_OK) {
        fprintf(stderr, "floor: %d %s\n", err->code, err->message);
        exit(1);
    }
}

// ---- the records of cases.py ----

static void fill_flat(as_record *record)
{
    static uint8_t photo[32];
    for (unsigned i = 0; i < sizeof photo; i++) {
        photo[i] = (uint8_t)i;
    }
    as_record_init(record, 5);
    as_record_set_str(record, "name", "Ann Example");
    as_record_set_int64(record, "age", 41);
    as_record_set_double(record, "balance", 1234.5);
    as_record_set_str(record, "city", "Oslo");
    as_record_set_raw(record, "photo", photo, sizeof photo);
}

static void fill_map(as_record *record)
{
    as_hashmap *map = as_hashmap_new(MAP_SIZE);
    for (int i = 0; i < MAP_SIZE; i++) {
        char key[16], name[16];
        snprintf(key, sizeof key, "item%03d", i);
        snprintf(name, sizeof name, "thing %d", i);
        as_hashmap *entry = as_hashmap_new(3);
        as_hashmap_set(entry, (as_val *)as_string_new_strdup("name"), (as_val *)as_string_new_strdup(name));
        as_hashmap_set(entry, (as_val *)as_string_new_strdup("count"), (as_val *)as_integer_new(i * 100));
        as_hashmap_set(entry, (as_val *)as_string_new_strdup("ok"), (as_val *)as_boolean_new(true));
        as_hashmap_set(map, (as_val *)as_string_new_strdup(key), (as_val *)entry);
    }
    as_record_init(record, 1);
    as_record_set_map(record, "map", (as_map *)map);
}

static void fill_list(as_record *record)
{
    as_arraylist *list = as_arraylist_new(LIST_SIZE, 0);
    for (int64_t i = 0; i < LIST_SIZE; i++) {
        as_arraylist_append_int64(list, i * i);
    }
    as_record_init(record, 1);
    as_record_set_list(record, "list", (as_list *)list);
}

static void fill_small(as_record *record)
{
    as_record_init(record, 1);
    as_record_set_int64(record, "n", 1);
}

enum { NUMBERS = 20 };

static char number_names[NUMBERS][4];

static void fill_numbers(as_record *record)
{
    as_record_init(record, NUMBERS);
    for (int i = 0; i < NUMBERS; i++) {
        if (i % 2 == 0) {
            as_record_set_int64(record, number_names[i], i);
        } else {
            as_record_set_double(record, number_names[i], i * 1.5);
        }
    }
}

// ---- one command ----

typedef void (*Fill)(as_record *record);

static void get(as_key *key, Fill fill)
{
    (void)fill;
    as_error err;
    as_record *record = NULL;
    must(aerospike_key_get(&client, &err, NULL, key, &record), &err);
    as_record_destroy(record);
}

static void put(as_key *key, Fill fill)
{
    as_error err;
    as_record record;
    fill(&record);
    must(aerospike_key_put(&client, &err, NULL, key, &record), &err);
    as_record_destroy(&record);
}

static void exists(as_key *key, Fill fill)
{
    (void)fill;
    as_error err;
    as_record *record = NULL;
    must(aerospike_key_exists(&client, &err, NULL, key, &record), &err);
    as_record_destroy(record);
}

static void operate(as_key *key, Fill fill)
{
    (void)fill;
    as_error err;
    as_record *record = NULL;
    as_operations four;
    as_operations_inita(&four, 4);
    as_operations_add_incr(&four, "age", 1);
    as_operations_add_write_str(&four, "city", "Bergen");
    as_operations_add_read(&four, "age");
    as_operations_add_read(&four, "name");
    must(aerospike_key_operate(&client, &err, NULL, key, &four, &record), &err);
    as_operations_destroy(&four);
    as_record_destroy(record);
}

static bool count_record(const as_val *record, void *count)
{
    *(size_t *)count += record != NULL;
    return true;
}

// All records of the key's set.
static void query(as_key *key, Fill fill)
{
    (void)fill;
    as_error err;
    as_query all;
    size_t count = 0;
    as_query_init(&all, key->ns, key->set);
    must(aerospike_query_foreach(&client, &err, NULL, &all, count_record, &count), &err);
    as_query_destroy(&all);
}

typedef struct Case {
    const char *name;
    void (*run)(as_key *key, Fill fill);
    const char *set;
    Fill fill;
    int threads;
    int size;  // of the set, where that is not KEYS; then a command is for all of it
    void (*add)(as_batch_records *batch, as_key **key);  // a row of a batch: then `run` is not called
    int rows;
} Case;

// ---- a batch ----

static void add_read(as_batch_records *batch, as_key **key)
{
    as_batch_read_record *row = as_batch_read_reserve(batch);
    row->read_all_bins = true;
    *key = &row->key;
}

static void add_read_numbers(as_batch_records *batch, as_key **key)
{
    static char *names[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        names[i] = number_names[i];
    }
    as_batch_read_record *row = as_batch_read_reserve(batch);
    row->bin_names = names;
    row->n_bin_names = NUMBERS;
    *key = &row->key;
}

static as_operations writes;  // of the flat record

static void add_write(as_batch_records *batch, as_key **key)
{
    as_batch_write_record *row = as_batch_write_reserve(batch);
    row->ops = &writes;
    *key = &row->key;
}

static void make_names(void)
{
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(number_names[i], sizeof number_names[i], "n%02d", i);
    }
}

static void make_writes(void)
{
    as_record record;
    fill_flat(&record);
    as_operations_init(&writes, record.bins.size);
    for (uint16_t i = 0; i < record.bins.size; i++) {
        as_operations_add_write(&writes, record.bins.entries[i].name, record.bins.entries[i].valuep);
    }
}

static void batch(const Case *one, int first)
{
    as_error err;
    as_batch_records records;
    as_batch_records_init(&records, (uint32_t)one->rows);
    for (int i = 0; i < one->rows; i++) {
        char text[16];
        snprintf(text, sizeof text, "key-%d", (first + i) % KEYS);
        as_key *key;
        one->add(&records, &key);
        as_key_init_strp(key, namespace, one->set, strdup(text), true);
    }
    must(one->add == add_write ? aerospike_batch_write(&client, &err, NULL, &records)
                               : aerospike_batch_read(&client, &err, NULL, &records),
         &err);
    as_batch_records_destroy(&records);
}

static const Case cases[] = {
    {"get", get, "bench-flat", fill_flat, .threads = 1},
    {"put", put, "bench-flat", fill_flat, .threads = 1},
    {"exists", exists, "bench-flat", fill_flat, .threads = 1},
    {"operate", operate, "bench-flat", fill_flat, .threads = 1},
    {"map-get", get, "bench-map", fill_map, .threads = 1},
    {"map-put", put, "bench-map", fill_map, .threads = 1},
    {"list-get", get, "bench-list", fill_list, .threads = 1},
    {"list-put", put, "bench-list", fill_list, .threads = 1},
    {"get-4", get, "bench-flat", fill_flat, .threads = 4},
    {"get-16", get, "bench-flat", fill_flat, .threads = 16},
    {"query", query, "bench-many-flat", fill_flat, .threads = 1, .size = 20000},
    {"query-map", query, "bench-many-map", fill_map, .threads = 1, .size = 2000},
    {"query-one", query, "bench-single", fill_flat, .threads = 1, .size = 1},
    {"columns", query, "bench-many-flat", fill_flat, .threads = 1, .size = 20000},
    {"columns-large", query, "bench-large-flat", fill_flat, .threads = 1, .size = 200000},
    {"columns-busy", query, "bench-large-flat", fill_flat, .threads = 1, .size = 200000},
    {"rows-busy", query, "bench-many-flat", fill_flat, .threads = 1, .size = 20000},
    {"iterate", query, "bench-many-small", fill_small, .threads = 1, .size = 50000},
    {"batch-100", NULL, "bench-flat", fill_flat, .threads = 1, .add = add_read, .rows = 100},
    {"batch-5000", NULL, "bench-flat", fill_flat, .threads = 1, .add = add_read, .rows = 5000},
    {"matrix", NULL, "bench-numbers", fill_numbers, .threads = 1, .add = add_read_numbers, .rows = 100},
    {"batch-put", NULL, "bench-flat", fill_flat, .threads = 1, .add = add_write, .rows = 100},
};

// ---- measuring ----

typedef struct Work {
    const Case *one;
    int first, count;
} Work;

static void with_key(const Case *one, int number, void (*run)(as_key *key, Fill fill))
{
    char text[16];
    snprintf(text, sizeof text, "key-%d", number);
    as_key key;
    as_key_init_strp(&key, namespace, one->set, text, false);
    run(&key, one->fill);
    as_key_destroy(&key);
}

static void *work(void *argument)
{
    const Work *mine = argument;
    const Case *one = mine->one;
    int step = one->size != 0 ? one->size : one->add != NULL ? one->rows : 1;
    for (int i = 0; i < mine->count; i += step) {
        if (one->add != NULL) {
            batch(one, mine->first + i);
        } else {
            with_key(one, (mine->first + i) % KEYS, one->run);
        }
    }
    return NULL;
}

static void measure(const Case *one, int count)
{
    pthread_t threads[THREADS_MOST];
    Work parts[THREADS_MOST];
    double began = seconds_now(), cpu_began = cpu_seconds();
    for (int i = 0; i < one->threads; i++) {
        parts[i] = (Work){one, i * KEYS / one->threads, count / one->threads};
        pthread_create(&threads[i], NULL, work, &parts[i]);
    }
    for (int i = 0; i < one->threads; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%.9f %.9f\n", seconds_now() - began, cpu_seconds() - cpu_began);
}

static bool there;

static void look(as_key *key, Fill fill)
{
    (void)fill;
    as_error err;
    as_record *record = NULL;
    there = aerospike_key_exists(&client, &err, NULL, key, &record) == AEROSPIKE_OK;
    if (there) {
        as_record_destroy(record);
    }
}

// Write the records of a set, unless another client's process has: no more than are asked for, for queries look at all.
static void ensure(const Case *one)
{
    int count = one->size != 0 ? one->size : KEYS;
    with_key(one, count - 1, look);
    for (int number = 0; !there && number < count; number++) {
        with_key(one, number, put);
    }
}

static void answer(const char *name, int count)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, name) == 0) {
            ensure(&cases[i]);
            measure(&cases[i], count);
            return;
        }
    }
    printf("unsupported: floor.c has no case %s\n", name);
}

static void connect_to(const char *address, uint16_t port)
{
    as_config config;
    as_config_init(&config);
    as_config_add_host(&config, address, port);
    config.policies.read.base.total_timeout = TIMEOUT;
    config.policies.write.base.total_timeout = TIMEOUT;
    config.policies.operate.base.total_timeout = TIMEOUT;
    config.policies.batch.base.total_timeout = TIMEOUT;
    config.policies.batch_parent_write.base.total_timeout = TIMEOUT;
    aerospike_init(&client, &config);
    as_error err;
    must(aerospike_connect(&client, &err), &err);
}

int main(int count, char **arguments)
{
    char name[32];
    int times;
    if (count != 4) {
        fprintf(stderr, "usage: floor ADDRESS PORT NAMESPACE\n");
        return 2;
    }
    namespace = arguments[3];
    connect_to(arguments[1], (uint16_t)atoi(arguments[2]));
    make_names();
    make_writes();
    printf("ready %s -\n", aerospike_client_version);
    fflush(stdout);
    while (scanf("%31s %d", name, &times) == 2) {
        answer(name, times);
        fflush(stdout);
    }
    as_error err;
    aerospike_close(&client, &err);
    aerospike_destroy(&client);
    return 0;
}
