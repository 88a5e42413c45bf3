// SPDX-License-Identifier: Apache-2.0
#include "module_fault.hpp"

#include <unistd.h>

namespace embedded {

namespace {

struct Set {
    std::shared_ptr<Faults> faults;  // which may outlive their server
    std::shared_ptr<Fault> fault;
    pid_t process = getpid();  // whose threads look at it
};

struct FaultObject {
    PyObject_HEAD
    Set *set;
};

Set *set_of(PyObject *object) {
    return reinterpret_cast<FaultObject *>(object)->set;
}

void fault_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    delete set_of(object);
    type->tp_free(object);
    Py_DECREF(type);
}

// In a forked child nothing is struck, and a thread may have held the lock.
PyObject *fault_end(PyObject *object, PyObject *) {
    Set *set = set_of(object);
    if (set->process == getpid()) {
        set->faults->remove(set->fault);
    }
    Py_RETURN_NONE;
}

PyObject *fault_count(PyObject *object, void *) {
    return PyLong_FromUnsignedLongLong(set_of(object)->fault->count());
}

PyMethodDef methods[] = {
    {"end", fault_end, METH_NOARGS, "end($self)\n--\n\nStrike no more."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef attributes[] = {
    {"count", fault_count, nullptr, "How often it has struck.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char *>("A fault that is set; see aerospike.embedded.Fault.")},
    {Py_tp_dealloc, reinterpret_cast<void *>(fault_dealloc)},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, nullptr},
};

PyType_Spec spec = {"aerospike._embedded.Fault", sizeof(FaultObject), 0,
                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

// As the face hands them over.
std::shared_ptr<Fault> read_fault(PyObject *args) {
    Harm harm{};
    Aim aim{};
    unsigned char action, status;
    int after;
    unsigned kinds, milliseconds;
    const char *ns, *set;
    Py_ssize_t ns_size, set_size, node;
    unsigned long long times, seed;
    if (!PyArg_ParseTuple(args, "bpIbInz#z#dKK", &action, &after, &milliseconds, &status, &kinds, &node, &ns, &ns_size,
                          &set, &set_size, &aim.share, &times, &seed)) {
        return nullptr;
    }
    harm.action = static_cast<Harm::Action>(action);
    harm.after = after != 0;
    harm.milliseconds = milliseconds;
    harm.status = static_cast<Status>(status);
    aim.kinds = kinds;
    aim.times = times;
    if (node >= 0) {
        aim.node = static_cast<size_t>(node);
    }
    if (ns != nullptr) {
        aim.ns = Bytes(ns, static_cast<size_t>(ns_size));
    }
    if (set != nullptr) {
        aim.set = Bytes(set, static_cast<size_t>(set_size));
    }
    return std::make_shared<Fault>(harm, std::move(aim), seed);
}

// Set a number in a dict. False with an exception.
bool put_number(PyObject *dict, const char *name, uint64_t value) {
    PyObject *number = PyLong_FromUnsignedLongLong(value);
    bool good = number != nullptr && PyDict_SetItemString(dict, name, number) == 0;
    Py_XDECREF(number);
    return good;
}

bool put_commands(PyObject *dict, const Counted &counted) {
    PyObject *commands = PyDict_New();
    bool good = commands != nullptr;
    for (size_t kind = 0; good && kind < kKinds; kind++) {
        good = put_number(commands, kKindNames[kind], counted.commands[kind]);
    }
    good = good && PyDict_SetItemString(dict, "commands", commands) == 0;
    Py_XDECREF(commands);
    return good;
}

}  // namespace

int add_fault_type(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, nullptr);
    int result = type == nullptr ? -1 : PyModule_AddObjectRef(module, "Fault", type);
    Py_XDECREF(type);
    return result;
}

PyObject *fault_new(PyObject *type, const std::shared_ptr<Faults> &faults, PyObject *args) {
    auto *made = reinterpret_cast<PyTypeObject *>(type);
    PyObject *self = made->tp_alloc(made, 0);
    if (self == nullptr) {
        return nullptr;
    }
    try {
        std::shared_ptr<Fault> fault = read_fault(args);
        if (fault != nullptr) {
            reinterpret_cast<FaultObject *>(self)->set = new Set{faults, fault};
            faults->add(std::move(fault));
            return self;
        }
    } catch (const std::bad_alloc &) {
        PyErr_NoMemory();
    }
    Py_DECREF(self);
    return nullptr;
}

PyObject *statistics_dict(const Counted &counted, uint64_t struck) {
    PyObject *dict = PyDict_New();
    if (dict != nullptr &&
        !(put_number(dict, "connections", counted.connections) &&
          put_number(dict, "connections_opened", counted.connections_opened) && put_commands(dict, counted) &&
          put_number(dict, "malformed", counted.malformed) && put_number(dict, "faults", struck))) {
        Py_CLEAR(dict);
    }
    return dict;
}

}  // namespace embedded
