// SPDX-License-Identifier: Apache-2.0
#include "module_tls.hpp"

#include <new>

#include "tls/authority.hpp"

namespace embedded {

namespace {

PyObject *text(const Bytes &bytes) {
    return PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace");
}

// What OpenSSL does not do is a ValueError: it depends on what it was given.
template <typename Work>
PyObject *or_raise(Work work) {
    try {
        return work();
    } catch (const AuthorityError &error) {
        PyErr_SetString(PyExc_ValueError, error.what());
    } catch (const std::bad_alloc &) {
        PyErr_NoMemory();
    }
    return nullptr;
}

// A certificate and its key, or None.
bool read_pair(PyObject *given, std::optional<Pair> &out) {
    const char *certificate, *key;
    if (given == Py_None) {
        return true;
    }
    if (!PyArg_ParseTuple(given, "ss", &certificate, &key)) {
        return false;
    }
    out = {certificate, key};
    return true;
}

PyObject *issue_certificate(PyObject *, PyObject *args) {
    const char *name, *password;
    int purpose;
    Wish wish;
    PyObject *by;
    std::optional<Pair> authority;
    if (!PyArg_ParseTuple(args, "sillsO", &name, &purpose, &wish.begins, &wish.ends, &password, &by) ||
        !read_pair(by, authority)) {
        return nullptr;
    }
    return or_raise([&] {
        wish.name = name;
        wish.password = password;
        wish.purpose = static_cast<Purpose>(purpose);
        Issued made = issue(wish, authority);
        return Py_BuildValue("NNN", text(made.pair.certificate), text(made.pair.key), text(made.serial));
    });
}

bool read_serials(PyObject *given, std::vector<Bytes> &out) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(given); i++) {
        const char *serial = PyUnicode_AsUTF8(PyTuple_GET_ITEM(given, i));
        if (serial == nullptr) {
            return false;
        }
        out.emplace_back(serial);
    }
    return true;
}

PyObject *list_revoked(PyObject *, PyObject *args) {
    PyObject *by, *given;
    std::optional<Pair> authority;
    std::vector<Bytes> serials;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &by, &PyTuple_Type, &given) || !read_pair(by, authority) ||
        !read_serials(given, serials)) {
        return nullptr;
    }
    return or_raise([&] { return text(revocation_list(*authority, serials)); });
}

PyObject *name_in_directory(PyObject *, PyObject *args) {
    const char *certificate;
    if (!PyArg_ParseTuple(args, "s", &certificate)) {
        return nullptr;
    }
    return or_raise([&] { return text(hashed_name(certificate)); });
}

PyMethodDef functions[] = {
    {"issue_certificate", issue_certificate, METH_VARARGS,
     "issue_certificate($module, name, purpose, begins, ends, password, authority, /)\n--\n\n"
     "A certificate, its key and its serial number."},
    {"list_revoked", list_revoked, METH_VARARGS,
     "list_revoked($module, authority, serials, /)\n--\n\nThe list of what an authority has revoked."},
    {"name_in_directory", name_in_directory, METH_VARARGS,
     "name_in_directory($module, certificate, /)\n--\n\nThe name of its file in a directory, without the ending."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

bool read_tls(PyObject *given, std::optional<TlsOptions> &out) {
    const char *cert_file, *key_file, *ca_file, *name;
    int required, plain;
    if (given == Py_None) {
        return true;
    }
    if (!PyArg_ParseTuple(given, "yyyspp", &cert_file, &key_file, &ca_file, &name, &required, &plain)) {
        return false;
    }
    out = {cert_file, key_file, ca_file, name, required != 0, plain != 0};
    return true;
}

int add_tls_functions(PyObject *module) {
    return PyModule_AddFunctions(module, functions);
}

}  // namespace embedded
