// SPDX-License-Identifier: Apache-2.0
// aerospike._embedded: the server as a Python object. Its threads never take the GIL.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdio>
#include <cstring>
#include <memory>

#include "module_fault.hpp"
#include "module_tls.hpp"
#include "net/nodes.hpp"

namespace embedded {
namespace {

// The server and its threads belong to the process that made them.
struct Running {
    explicit Running(Options options) : server(std::move(options)), nodes(server), process(getpid()) {}

    Server server;
    Nodes nodes;
    pid_t process;
    std::atomic<unsigned> users{1};  // the object, and the calls at work; the last one deletes
};

struct ServerObject {
    PyObject_HEAD
    Running *running;  // null when it is stopped
};

ServerObject *self_of(PyObject *object) {
    return reinterpret_cast<ServerObject *>(object);
}

// Do something with a server without the GIL, as one of its users. Another thread may stop it meanwhile.
template <typename Work>
void without_gil(Running *running, Work work) {
    PyThreadState *thread = PyEval_SaveThread();
    work(*running);
    if (--running->users == 0) {
        delete running;
    }
    PyEval_RestoreThread(thread);
}

void stop(ServerObject *self) {
    Running *running = self->running;
    self->running = nullptr;
    if (running == nullptr || running->process != getpid()) {
        return;  // in a forked child there are no threads to stop
    }
    without_gil(running, [](Running &one) { one.nodes.stop_all(); });
}

// What separates names in info commands and their answers, blanks, and what cannot be seen.
bool is_name(View text) {
    auto bad = [](unsigned char byte) { return byte <= ' ' || byte == 0x7f || std::strchr(":;=,/", byte) != nullptr; };
    return !text.empty() && text.size() <= kNamespaceNameMost && std::none_of(text.begin(), text.end(), bad);
}

bool read_namespaces(PyObject *list, std::vector<Bytes> &out) {
    PyObject *names = PySequence_Fast(list, "namespaces must be a list of str");
    if (names == nullptr) {
        return false;
    }
    out.clear();
    bool good = true;
    for (Py_ssize_t i = 0; good && i < PySequence_Fast_GET_SIZE(names); i++) {
        Py_ssize_t size = 0;
        PyObject *item = PySequence_Fast_GET_ITEM(names, i);
        const char *name = PyUnicode_Check(item) ? PyUnicode_AsUTF8AndSize(item, &size) : nullptr;
        good = name != nullptr && is_name({name, static_cast<size_t>(size)});
        if (good) {
            out.emplace_back(name, static_cast<size_t>(size));
        } else {
            PyErr_Format(PyExc_ValueError,
                         "namespaces: %R is not a name of 1 to %zu bytes without blanks and \":;=,/\"", item,
                         kNamespaceNameMost);
        }
    }
    Py_DECREF(names);
    if (good && out.empty()) {
        PyErr_SetString(PyExc_ValueError, "namespaces must name at least one");
        good = false;
    }
    return good;
}

// A str, which was one when the face checked it.
bool read_text(PyObject *given, Bytes &out) {
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(given, &size);
    if (text != nullptr) {
        out.assign(text, static_cast<size_t>(size));
    }
    return text != nullptr;
}

bool read_texts(PyObject *tuple, std::vector<Bytes> &out) {
    out.clear();
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        if (!read_text(PyTuple_GET_ITEM(tuple, i), out.emplace_back())) {
            return false;
        }
    }
    return true;
}

// A tuple (name, hash of the password, tuple of roles).
bool read_user(PyObject *given, SecurityOptions::NewUser &out) {
    PyObject *name, *password, *roles;
    if (!PyArg_ParseTuple(given, "UUO!", &name, &password, &PyTuple_Type, &roles) || !read_text(name, out.name) ||
        !read_text(password, out.password)) {
        return false;
    }
    return read_texts(roles, out.roles);
}

// None, or (tuple of users, whether there are quotas, seconds of a session).
bool read_security(PyObject *given, std::optional<SecurityOptions> &out) {
    PyObject *users;
    int quotas;
    if (given == Py_None) {
        return true;
    }
    SecurityOptions &options = out.emplace();
    if (!PyArg_ParseTuple(given, "O!pI", &PyTuple_Type, &users, &quotas, &options.session_ttl)) {
        return false;
    }
    options.quotas = quotas != 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(users); i++) {
        if (!read_user(PyTuple_GET_ITEM(users, i), options.users.emplace_back())) {
            return false;
        }
    }
    return true;
}

// A tuple (name, how many nodes, replication factor, tuple of racks, milliseconds between heartbeats).
bool read_cluster(PyObject *given, ClusterOptions &out) {
    PyObject *name, *racks;
    if (!PyArg_ParseTuple(given, "UIIO!I", &name, &out.nodes, &out.replication_factor, &PyTuple_Type, &racks,
                          &out.heartbeat_interval) ||
        !read_text(name, out.name)) {
        return false;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(racks); i++) {
        out.racks.push_back(static_cast<uint32_t>(PyLong_AsUnsignedLong(PyTuple_GET_ITEM(racks, i))));
    }
    return !PyErr_Occurred();
}

template <typename Number>
bool read_number(const char *name, PyObject *given, long least, long most, Number &out) {
    int beyond;
    long number = PyLong_AsLongAndOverflow(given, &beyond);
    if (number == -1 && PyErr_Occurred()) {
        return false;
    }
    if (beyond != 0 || number < least || number > most) {
        PyErr_Format(PyExc_ValueError, "%s must be from %ld to %ld, not %R", name, least, most, given);
        return false;
    }
    out = static_cast<Number>(number);
    return true;
}

bool read_options(PyObject *args, PyObject *keywords, Options &options) {
    static const char *names[] = {"namespaces",         "address",     "port",        "workers",
                                  "max_connections",    "default_ttl", "compression", "security",
                                  "strong_consistency", "cluster",     "tls",         nullptr};
    PyObject *namespaces, *port, *workers, *connections, *default_ttl, *security, *strong, *cluster, *tls;
    const char *address;
    int compression;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OsOOOOpOO!O!O:Server", const_cast<char **>(names), &namespaces,
                                     &address, &port, &workers, &connections, &default_ttl, &compression, &security,
                                     &PyTuple_Type, &strong, &PyTuple_Type, &cluster, &tls)) {
        return false;
    }
    options.address = address;
    options.compression = compression != 0;
    return read_number("port", port, 0, 65535, options.port) &&
           read_number("workers", workers, 1, 64, options.workers) &&
           read_number("max_connections", connections, 1, INT_MAX, options.connections_most) &&
           read_number("default_ttl", default_ttl, 0, kTtlMost, options.default_ttl) &&
           read_namespaces(namespaces, options.namespaces) && read_security(security, options.security) &&
           read_texts(strong, options.strongly_consistent) && read_cluster(cluster, options.cluster) &&
           read_tls(tls, options.tls);
}

PyObject *server_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    Options options;
    if (!read_options(args, keywords, options)) {
        return nullptr;
    }
    auto *self = self_of(type->tp_alloc(type, 0));
    if (self == nullptr) {
        return nullptr;
    }
    try {
        self->running = new Running(std::move(options));
    } catch (const NetworkError &error) {
        PyErr_SetString(PyExc_OSError, error.what());
    } catch (const std::invalid_argument &error) {
        PyErr_SetString(PyExc_ValueError, error.what());
    } catch (const std::bad_alloc &) {
        PyErr_NoMemory();
    } catch (const std::exception &error) {
        PyErr_Format(PyExc_RuntimeError, "the server cannot start: %s", error.what());
    }
    if (self->running == nullptr) {
        Py_DECREF(self);
        return nullptr;
    }
    return reinterpret_cast<PyObject *>(self);
}

void server_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    stop(self_of(object));
    type->tp_free(object);
    Py_DECREF(type);
}

PyObject *server_stop(PyObject *object, PyObject *) {
    stop(self_of(object));
    Py_RETURN_NONE;
}

// Null with an exception where it is stopped.
Running *running_of(PyObject *object) {
    Running *running = self_of(object)->running;
    if (running == nullptr || running->process != getpid()) {
        PyErr_SetString(PyExc_RuntimeError, "the server is stopped");
        return nullptr;
    }
    return running;
}

PyObject *server_clear(PyObject *object, PyObject *) {
    Running *running = running_of(object);
    if (running == nullptr) {
        return nullptr;
    }
    running->users++;
    without_gil(running, [](Running &one) {
        one.server.faults->clear();
        one.nodes.end_jobs();
        for (const auto &ns : one.server.store.namespaces()) {
            ns->clear();
        }
    });
    Py_RETURN_NONE;
}

PyObject *server_fault(PyObject *object, PyTypeObject *type, PyObject *const *given, Py_ssize_t count, PyObject *) {
    Running *running = running_of(object);
    PyObject *args = running == nullptr ? nullptr : PyTuple_New(count);
    if (args == nullptr) {
        return nullptr;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyTuple_SET_ITEM(args, i, Py_NewRef(given[i]));
    }
    PyObject *fault_type = PyObject_GetAttrString(PyType_GetModule(type), "Fault");
    PyObject *fault = fault_type == nullptr ? nullptr : fault_new(fault_type, running->server.faults, args);
    Py_XDECREF(fault_type);
    Py_DECREF(args);
    return fault;
}

PyObject *server_statistics(PyObject *object, PyObject *args) {
    Py_ssize_t node = -1;
    Running *running = PyArg_ParseTuple(args, "|n:statistics", &node) ? running_of(object) : nullptr;
    if (running == nullptr) {
        return nullptr;
    }
    Counted counted;
    uint64_t struck = running->server.faults->struck();
    running->users++;
    without_gil(running, [&counted, node](Running &one) {
        bool all = node < 0 || static_cast<size_t>(node) >= one.nodes.size();
        counted = all ? one.nodes.counted() : one.nodes.counted(static_cast<size_t>(node));
    });
    return statistics_dict(counted, struck);
}

// What can be done to a node, by its name; false: it is stopped.
struct NodeAction {
    const char *name;
    bool (*act)(Nodes &nodes, size_t node);
};

constexpr NodeAction kNodeActions[] = {
    {"stop", [](Nodes &nodes, size_t node) { return nodes.stop(node), true; }},
    {"start", [](Nodes &nodes, size_t node) { return nodes.start(node), true; }},
    {"pause", [](Nodes &nodes, size_t node) { return nodes.pause(node); }},
    {"resume", [](Nodes &nodes, size_t node) { return nodes.resume(node); }},
};

// NULL with an exception where it failed.
PyObject *act_on_node(Running *running, const NodeAction &action, size_t node) {
    Bytes reason;
    bool stopped = false;
    running->users++;
    without_gil(running, [&](Running &one) {
        try {
            stopped = !action.act(one.nodes, node);
        } catch (const std::exception &error) {
            reason = error.what();
        }
    });
    if (stopped || !reason.empty()) {
        PyErr_SetString(stopped ? PyExc_RuntimeError : PyExc_OSError, stopped ? "the node is stopped" : reason.c_str());
        return nullptr;
    }
    Py_RETURN_NONE;
}

PyObject *server_change_node(PyObject *object, PyObject *args) {
    Py_ssize_t node;
    const char *name;
    Running *running = PyArg_ParseTuple(args, "ns:change_node", &node, &name) ? running_of(object) : nullptr;
    if (running == nullptr) {
        return nullptr;
    }
    for (const NodeAction &action : kNodeActions) {
        if (std::strcmp(action.name, name) == 0 && node >= 0 && static_cast<size_t>(node) < running->nodes.size()) {
            return act_on_node(running, action, static_cast<size_t>(node));
        }
    }
    PyErr_SetString(PyExc_ValueError, "no such node or action");
    return nullptr;
}

// A node's (name, port, state). What is of the server is looked at before Python has a say, and may stop it.
PyObject *server_node(PyObject *object, PyObject *args) {
    static const char *const states[] = {"running", "paused", "stopped"};
    Py_ssize_t node;
    Running *running = PyArg_ParseTuple(args, "n:node", &node) ? running_of(object) : nullptr;
    if (running == nullptr) {
        return nullptr;
    }
    if (node < 0 || static_cast<size_t>(node) >= running->nodes.size()) {
        PyErr_SetString(PyExc_ValueError, "no such node");
        return nullptr;
    }
    const NodeIdentity &identity = running->server.cluster.identity(static_cast<size_t>(node));
    char name[sizeof "BB9000000000000"];
    std::snprintf(name, sizeof name, "%s", identity.name.c_str());
    int port = identity.port;
    return Py_BuildValue("sis", name, port,
                         states[static_cast<size_t>(running->nodes.state(static_cast<size_t>(node)))]);
}

PyObject *server_stable(PyObject *object, void *) {
    Running *running = running_of(object);
    return running == nullptr ? nullptr : PyBool_FromLong(running->server.cluster.stable());
}

PyObject *server_tls_name(PyObject *object, void *) {
    Running *running = self_of(object)->running;
    if (running == nullptr || running->server.tls == nullptr) {
        Py_RETURN_NONE;
    }
    const Bytes &name = running->server.tls->name();
    return PyUnicode_DecodeUTF8(name.data(), static_cast<Py_ssize_t>(name.size()), "replace");
}

PyMethodDef methods[] = {
    {"clear", server_clear, METH_NOARGS, "clear($self)\n--\n\nRemove every record and every fault."},
    {"fault", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(server_fault)),
     METH_METHOD | METH_FASTCALL | METH_KEYWORDS,
     "fault($self, action, after, milliseconds, code, kinds, node, namespace, set, share, times, seed, /)\n--\n\n"
     "Set a fault; see aerospike.embedded.Server.fault."},
    {"statistics", server_statistics, METH_VARARGS,
     "statistics($self, node=-1, /)\n--\n\nWhat the server has counted, or one of its nodes."},
    {"stop", server_stop, METH_NOARGS, "stop($self)\n--\n\nClose all connections and end the server's threads."},
    {"node", server_node, METH_VARARGS, "node($self, node, /)\n--\n\nA node's name, its port and its state."},
    {"change_node", server_change_node, METH_VARARGS,
     "change_node($self, node, action, /)\n--\n\nDo something to a node: stop, start, pause or resume."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef attributes[] = {
    {"stable", server_stable, nullptr, "Whether the nodes have noticed all that happened to others.", nullptr},
    {"tls_name", server_tls_name, nullptr, "The name by which clients know it; None where it has no TLS.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char *>(
                    "Server(namespaces, address, port, workers, max_connections, default_ttl, compression, security, "
                    "strong_consistency, cluster, tls)\n--\n\n"
                    "A running server; see aerospike.embedded.Server.")},
    {Py_tp_new, reinterpret_cast<void *>(server_new)},
    {Py_tp_dealloc, reinterpret_cast<void *>(server_dealloc)},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, nullptr},
};

PyType_Spec spec = {"aerospike._embedded.Server", sizeof(ServerObject), 0, Py_TPFLAGS_DEFAULT, slots};

int execute(PyObject *module) {
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError, "aerospike does not support subinterpreters");
        return -1;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, nullptr);
    if (type == nullptr) {
        return -1;
    }
    int result = PyModule_AddObjectRef(module, "Server", type);
    Py_DECREF(type);
    return result < 0 || add_tls_functions(module) < 0 ? -1 : add_fault_type(module);
}

PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(execute)},
    {0, nullptr},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                          "aerospike._embedded",
                          "The embedded server. Private: aerospike.embedded is its face.",
                          0,
                          nullptr,
                          module_slots,
                          nullptr,
                          nullptr,
                          nullptr};

}  // namespace
}  // namespace embedded

PyMODINIT_FUNC PyInit__embedded() {
    return PyModuleDef_Init(&embedded::definition);
}
