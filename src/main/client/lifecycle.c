// SPDX-License-Identifier: Apache-2.0
// The Client type: its birth, connections, fork and end. What it can do is in the other rooms of this folder.
#include "args.h"
#include "client/client.h"
#include "client/mailbox.h"
#include "client/thread.h"
#include "config.h"
#include "policy.h"

#include <aerospike/aerospike_info.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_node.h>
#include <pthread.h>
#include <structmember.h>

// ---- fork ----

// Counts the forks that led to this process: the C client's threads do not live on in a child, so that a handle made
// in the parent is of no use there. It is left alone (its sockets belong to the parent) and another one is made.
static atomic_uint fork_generation;

static void count_fork(void)
{
    atomic_fetch_add(&fork_generation, 1);
    loops_forget();
    connections_forget();
    threads_forget();
}

unsigned fork_count(void)
{
    return atomic_load(&fork_generation);
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

// ---- connections ----

static bool connection_forked(const Connection *connection)
{
    return connection->fork_generation != fork_count();
}

static Connection *connection_new(void)
{
    Connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    atomic_init(&connection->references, 1);
    connection->fork_generation = fork_count();
    gate_init(&connection->gate);
    pthread_mutex_init(&connection->turns, NULL);
    pthread_cond_init(&connection->turn, NULL);
    substitutes_init(&connection->substitutes);
    return connection;
}

// A handle that the C client's threads may use already is closed, and only then freed.
static void *connection_free(void *object)
{
    Connection *connection = object;
    as_error err;
    substitutes_end(&connection->substitutes);
    if (connection->as != NULL) {
        aerospike_close(connection->as, &err);
        aerospike_destroy(connection->as);
    }
    watched_release(&connection->watched);
    gate_destroy(&connection->gate);
    free(connection);
    return NULL;
}

// The C client's own users of defaults see those of the configuration, too.
static void copy_policies(const Settings *settings, as_config *config)
{
    as_metrics_policy metrics = config->policies.metrics;  // which the configuration wrote there
    config->policies = settings->policies;
    config->policies.metrics = metrics;
}

// Whether a host of the configuration is a node of the handle's cluster; false, too, where it does not answer.
static bool host_in_cluster(aerospike *as, const as_host *host, bool *answered)
{
    as_error err;
    char *answer = NULL, *name = NULL;
    if (aerospike_info_host(as, &err, NULL, host->name, host->port, "node", &answer) != AEROSPIKE_OK ||
        answer == NULL) {
        return false;
    }
    name = strchr(answer, '\t');
    name = name == NULL ? answer : name + 1;
    name[strcspn(name, "\n;")] = '\0';
    as_node *node = as_node_get_by_name(as->cluster, name);
    if (node != NULL) {
        as_node_release(node);
    }
    *answered = true;
    cf_free(answer);
    return node != NULL;
}

// With shared memory, the nodes are those of whoever made it: of another cluster, where the key is another client's.
static as_status check_shared_cluster(aerospike *as, as_error *err)
{
    const as_vector *hosts = as->config.hosts;
    bool answered = false;
    for (uint32_t i = 0; i < hosts->size; i++) {
        if (host_in_cluster(as, as_vector_get((as_vector *)hosts, i), &answered)) {
            return AEROSPIKE_OK;
        }
    }
    if (!answered) {  // the cluster may live on without the hosts that it was first found by
        return AEROSPIKE_OK;
    }
    return as_error_update(err, AEROSPIKE_ERR_CLIENT,
                           "config['shm']['shm_key'] %#x belongs to a client of another cluster: its nodes do not know "
                           "these hosts",
                           (unsigned)as->config.shm_key);
}

static as_status connect_and_check(aerospike *as, as_error *err)
{
    as_status status = aerospike_connect(as, err);
    return status == AEROSPIKE_OK && as->config.use_shm ? check_shared_cluster(as, err) : status;
}

// What the C client tells of log-ins that are refused by their code alone.
static const char *refusal(as_status status)
{
    switch (status) {
    case AEROSPIKE_NOT_AUTHENTICATED:
        return "the server wants config['user'] and config['password']";
    case AEROSPIKE_INVALID_USER:
        return "the server has no such user";
    case AEROSPIKE_INVALID_CREDENTIAL:
        return "the password is not the user's";
    case AEROSPIKE_EXPIRED_PASSWORD:
        return "the user's password has expired";
    case AEROSPIKE_FORBIDDEN_PASSWORD:
        return "the user does not log in by a password";
    case AEROSPIKE_NOT_WHITELISTED:
        return "the user may not connect from here";
    default:
        return "";
    }
}

static int connection_try(State *state, Connection *connection)
{
    as_error err;
    as_status status;
    char reasons[512] = "";
    Py_BEGIN_ALLOW_THREADS
    log_gather(reasons, sizeof reasons);
    status = connect_and_check(connection->as, &err);
    log_gather(NULL, 0);
    Py_END_ALLOW_THREADS
    if (status != AEROSPIKE_OK) {
        size_t used = strlen(err.message);
        const char *why = *reasons == '\0' ? refusal(status) : reasons;
        snprintf(err.message + used, sizeof err.message - used, " (hosts: %s)%s%s", connection->hosts,
                 *why == '\0' ? "" : ": ", why);
        error_raise(state, &err);
        return -1;
    }
    return PyErr_CheckSignals();
}

static void connection_give_up(Connection *connection)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Py_BEGIN_ALLOW_THREADS
    connection_free(connection);
    Py_END_ALLOW_THREADS
    PyErr_Restore(type, value, traceback);
}

// Connect by settings that are read meanwhile. A connection with one reference, or NULL with an exception.
static Connection *connection_make(Settings *settings)
{
    as_config config;
    Connection *connection = connection_new();
    if (connection == NULL) {
        return NULL;
    }
    if (config_read(settings, &config) < 0 || tls_check(settings->state, &config.tls) < 0 ||
        !watched_prepare(&connection->watched, &config)) {
        if (!PyErr_Occurred()) {
            PyErr_NoMemory();
        }
        as_config_destroy(&config);
        connection_give_up(connection);
        return NULL;
    }
    copy_policies(settings, &config);
    loops_prepare();
    config.async_max_conns_per_node = config.max_conns_per_node * LOOPS_MOST;  // which the C client divides again
    config_hosts_text(&config, connection->hosts, sizeof connection->hosts);
    Py_BEGIN_ALLOW_THREADS  // it may read a file
    connection->as = aerospike_new(&config);
    Py_END_ALLOW_THREADS
    if (connection->as == NULL) {
        PyErr_NoMemory();
    } else {
        watched_separate(&connection->watched, connection->as);
    }
    if (connection->as == NULL || connection_try(settings->state, connection) < 0) {
        connection_give_up(connection);
        return NULL;
    }
    gate_open(&connection->gate, connection->as->config.max_conns_per_node, settings->connection_wait);
    return connection;
}

// Connect by a configuration, whose dict is given away. A connection and its settings, or NULL with an exception.
static Connection *connection_open(State *state, PyObject *dict, Settings **settings)
{
    Settings *made = dict == NULL ? NULL : settings_new(state, dict);
    Connection *connection = made == NULL ? NULL : connection_make(made);
    if (connection == NULL) {
        settings_release(made);
        return NULL;
    }
    *settings = made;
    return connection;
}

// To close a handle is to wait for its threads. One of them may be this one, where a log handler lets go of a client.
// What the parent of this process made is left alone.
void connection_end(Connection *connection)
{
    if (connection_forked(connection)) {
        free(connection);
    } else if (!log_is_handling() || thread_start(connection_free, connection) != 0) {
        connection_free(connection);
    }
}

void connection_release(Connection *connection)
{
    if (atomic_fetch_sub(&connection->references, 1) != 1) {
        return;
    }
    bool flown = connection->flown && !connection_forked(connection);
    if (flown && !loops_idle(connection->as)) {
        connection_rest(connection);
        return;
    }
    Py_BEGIN_ALLOW_THREADS
    connection_end(connection);
    Py_END_ALLOW_THREADS
    if (flown) {
        loops_sweep();
    }
}

void connection_drop(Connection *connection)
{
    if (atomic_fetch_sub(&connection->references, 1) == 1) {
        (connection->flown && !connection_forked(connection) ? connection_rest : connection_end)(connection);
    }
}

// Make `connection` with its settings the client's, unless another thread was faster while this one connected.
static void connection_install(ClientObject *client, Connection *replaced, Connection *connection, Settings *settings)
{
    if (client->connection != replaced) {
        connection_release(connection);
        settings_release(settings);
        return;
    }
    Settings *former = client->settings;
    client->connection = connection;
    client->settings = settings;
    settings_release(former);
    if (replaced != NULL) {
        connection_release(replaced);
    }
}

// Connect as the client did before: after close(), or in a child process. 0 or -1.
static int connect_again(ClientObject *client, PyObject *dict)
{
    Connection *replaced = client->connection;
    Settings *settings;
    Connection *connection = connection_open(client->state, dict, &settings);
    if (connection == NULL) {
        return -1;
    }
    connection_install(client, replaced, connection, settings);
    return 0;
}

static void *say_closed(ClientObject *client)
{
    error_set(client->state, AEROSPIKE_ERR_CLUSTER,
              "No connection to aerospike cluster: the client is closed; connect() opens it again");
    return NULL;
}

// What a watched file says of policies, the C client writes over those of its handle, on a thread of its own. Commands
// that begin from then on have them for defaults. For what came later into a file, it does not see to that itself.
static void settings_follow(ClientObject *client)
{
    const aerospike *as = client->connection->as;
    Settings *former = client->settings;
    if (as->config_bitmap == NULL) {
        return;
    }
    as_policies policies = as->config.policies;
    policies.metrics = former->policies.metrics;
    Settings *settings =
        memcmp(&policies, &former->policies, sizeof policies) == 0 ? NULL : settings_with(former, &policies);
    if (settings != NULL) {
        client->settings = settings;
        settings_release(former);
    }
}

Settings *settings_acquire(ClientObject *client)
{
    if (client->connection == NULL) {
        return say_closed(client);
    }
    settings_follow(client);
    return settings_hold(client->settings);
}

Connection *connection_acquire(ClientObject *client)
{
    if (client->connection != NULL && connection_forked(client->connection) &&
        connect_again(client, PyDict_Copy(client->settings->config)) < 0) {
        return NULL;
    }
    return client->connection == NULL ? say_closed(client) : connection_hold(client->connection);
}

int client_store_password(ClientObject *client, const char *user, const char *password)
{
    PyObject *config = client->settings == NULL ? NULL : client->settings->config;
    PyObject *own = config == NULL ? NULL : PyDict_GetItemString(config, "user");
    const char *name = own == NULL || !PyUnicode_Check(own) ? NULL : PyUnicode_AsUTF8(own);
    if (name == NULL || strcmp(name, user) != 0) {
        return 0;
    }
    PyObject *text = PyUnicode_FromString(password);
    int result = text == NULL ? -1 : PyDict_SetItemString(config, "password", text);
    Py_XDECREF(text);
    return result;
}

// ---- methods ----

static int credential_store(PyObject *config, const char *key, PyObject *value)
{
    return value == NULL || value == Py_None ? 0 : PyDict_SetItemString(config, key, value);
}

static int reconnect(ClientObject *client, PyObject *user, PyObject *password)
{
    PyObject *config = PyDict_Copy(client->settings->config);
    if (config == NULL || credential_store(config, "user", user) < 0 ||
        credential_store(config, "password", password) < 0) {
        Py_XDECREF(config);
        return -1;
    }
    return connect_again(client, config);
}

DOC(client_connect,
    "connect($self, username=None, password=None)\n--\n\n"
    "Connect again after close(); a connected client is left as it is.\n\n"
    ":param str username: instead of the configuration's ``user``.\n"
    ":param str password: instead of the configuration's ``password``.\n"
    ":return: the client itself.\n"
    ":raises ConnectionError: no host of the configuration could be reached.\n");

static PyObject *client_connect(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"connect", 0, {"username", "password"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[2];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (client->settings == NULL) {
        error_set(client->state, AEROSPIKE_ERR_CLUSTER,
                  "the client was never configured: use aerospike.client(config)");
        return NULL;
    }
    return client->connection == NULL && reconnect(client, given[0], given[1]) < 0 ? NULL : Py_NewRef(self);
}

void client_close_connection(ClientObject *client, Connection *connection)
{
    if (connection != NULL) {
        mailbox_expect(true);
        connection_release(connection);
        mailbox_expect(false);
    }
    if (client->mailbox != NULL && !mailbox_forked(client->mailbox)) {
        mailbox_deliver(client->mailbox);  // metrics are disabled now
    }
}

DOC(client_close,
    "close($self)\n--\n\n"
    "Close all connections. Commands of other threads that are under way finish; later ones raise\n"
    ":class:`~aerospike.exception.ClusterError` until connect() is called. Closing twice is fine.");

static PyObject *client_close(PyObject *self, PyObject *Py_UNUSED(none))
{
    ClientObject *client = (ClientObject *)self;
    Connection *connection = client->connection;
    client->connection = NULL;
    client->closings++;
    client_close_connection(client, connection);
    Py_RETURN_NONE;
}

DOC(client_is_connected,
    "is_connected($self)\n--\n\n"
    "True while the client knows at least one node of the cluster and has one it can reach.");

static PyObject *client_is_connected(PyObject *self, PyObject *Py_UNUSED(none))
{
    ClientObject *client = (ClientObject *)self;
    if (client->connection == NULL) {
        Py_RETURN_FALSE;
    }
    Connection *connection = connection_acquire(client);
    if (connection == NULL) {
        return NULL;
    }
    bool connected = aerospike_cluster_is_connected(connection->as);
    connection_release(connection);
    return PyBool_FromLong(connected);
}

DOC(client_get_policies,
    "get_policies($self)\n--\n\n"
    "The default policies: the configuration says them, or a file of a ConfigProvider.\n\n"
    ":return: ``{command: {key: value}}``, with the keys of ``config['policies']``.");

static PyObject *client_get_policies(PyObject *self, PyObject *Py_UNUSED(none))
{
    ClientObject *client = (ClientObject *)self;
    if (client->settings == NULL) {
        return say_closed(client);
    }
    if (client->connection != NULL) {
        settings_follow(client);
    }
    return policies_to_py(&client->settings->policies);
}

DOC(client_enter, "Return the client; the end of the ``with`` block closes it.");

static PyObject *client_enter(PyObject *self, PyObject *Py_UNUSED(none))
{
    return Py_NewRef(self);
}

DOC(client_exit, "Close the client.");

static PyObject *client_exit(PyObject *self, PyObject *Py_UNUSED(args))
{
    return client_close(self, NULL);
}

PyMethodDef client_lifecycle_methods[] = {
    METHOD("connect", client_connect),
    {"close", client_close, METH_NOARGS, client_close_doc},
    {"is_connected", client_is_connected, METH_NOARGS, client_is_connected_doc},
    {"get_policies", client_get_policies, METH_NOARGS, client_get_policies_doc},
    {"__enter__", client_enter, METH_NOARGS, client_enter_doc},
    {"__exit__", client_exit, METH_VARARGS, client_exit_doc},
    {NULL, NULL, 0, NULL},
};

// ---- the type ----

static int client_construct(PyObject *self, PyObject *args, PyObject *keywords)
{
    ClientObject *client = (ClientObject *)self;
    static char *names[] = {"config", NULL};
    PyObject *config;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O:Client", names, &config)) {
        return -1;
    }
    if (!PyDict_Check(config)) {
        return error_type(client->state, "config", "a dict", config);
    }
    Py_DECREF(client_close(self, NULL));
    return connect_again(client, PyDict_Copy(config));
}

static PyObject *client_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    ClientObject *client = (ClientObject *)type->tp_alloc(type, 0);
    if (client == NULL) {
        return NULL;
    }
    client->state = state_of_type(type);
    if (client->state == NULL) {
        Py_DECREF(client);
        return NULL;
    }
    return (PyObject *)client;
}

static PyObject *client_repr(PyObject *self)
{
    const Connection *connection = ((ClientObject *)self)->connection;
    return connection == NULL ? PyUnicode_FromString("<aerospike.Client, closed>")
                              : PyUnicode_FromFormat("<aerospike.Client of %s>", connection->hosts);
}

static int client_traverse(PyObject *self, visitproc visit, void *arg)
{
    ClientObject *client = (ClientObject *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(client->hooks);
    return client->settings == NULL ? 0 : settings_traverse(client->settings, visit, arg);
}

static int client_clear(PyObject *self)
{
    ClientObject *client = (ClientObject *)self;
    Settings *settings = client->settings;
    client->settings = NULL;
    settings_release(settings);
    Py_CLEAR(client->hooks);
    return 0;
}

static void client_dealloc(PyObject *self)
{
    ClientObject *client = (ClientObject *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (client->weakrefs != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    if (client->connection != NULL) {
        connection_release(client->connection);
        client->connection = NULL;
    }
    mailbox_release(client->mailbox);
    client_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(ClientObject, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Client(config)\n--\n\nA connection to a cluster; see aerospike.client()."},
    {Py_tp_new, client_new},
    {Py_tp_init, client_construct},
    {Py_tp_repr, client_repr},
    {Py_tp_traverse, client_traverse},
    {Py_tp_clear, client_clear},
    {Py_tp_dealloc, client_dealloc},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike._native._Client",
    .basicsize = sizeof(ClientObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

static PyObject *method_new(PyTypeObject *type, PyMethodDef *method)
{
    if ((method->ml_flags & METH_STATIC) == 0) {
        return PyDescr_NewMethod(type, method);
    }
    PyObject *function = PyCFunction_New(method, NULL);
    PyObject *result = function == NULL ? NULL : PyStaticMethod_New(function);
    Py_XDECREF(function);
    return result;
}

static int add_methods(PyTypeObject *type, PyMethodDef *methods)
{
    for (PyMethodDef *method = methods; method->ml_name != NULL; method++) {
        PyObject *descriptor = method_new(type, method);
        if (descriptor == NULL || PyObject_SetAttrString((PyObject *)type, method->ml_name, descriptor) < 0) {
            Py_XDECREF(descriptor);
            return -1;
        }
        Py_DECREF(descriptor);
    }
    return 0;
}

int client_init(PyObject *module, State *state)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    if (type == NULL) {
        return -1;
    }
    state->client_type = type;
#define ROOM(name)                                                                                                     \
    if (add_methods((PyTypeObject *)type, client_##name##_methods) < 0) {                                              \
        return -1;                                                                                                     \
    }
    CLIENT_ROOMS(ROOM)
#undef ROOM
    return PyModule_AddObjectRef(module, "_Client", type);
}
