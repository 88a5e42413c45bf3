// SPDX-License-Identifier: Apache-2.0
// Functions in Lua that run on the server: their modules, and calls on one record.
#include "client/doc.h"
#include "client/spread.h"

#include <aerospike/aerospike_info.h>
#include <aerospike/aerospike_key.h>
#include <aerospike/as_udf.h>
#include <citrusleaf/alloc.h>
#include <citrusleaf/cf_b64.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// clang-format off: it would lay out texts
#define MODULE_DOC ":param str module: the module's name, such as ``'cities.lua'``; of a path its last part.\n"
// clang-format on

enum {
    MODULE_NAME_MOST = 255,  // bytes, of which servers take less
    MODULE_MOST = 16 << 20,  // bytes
};

// ---- names of modules ----

// What the info commands of modules have in their lists, too.
#define NAME_ENDS ";:,"

// The last part of a path, as the vendor's client has it, in command->text. 0 or -1.
static int module_name_from_py(Command *command, const char *what, PyObject *value)
{
    const char *text = spread_name(command, what, value, NAME_ENDS);
    if (text == NULL) {
        return -1;
    }
    const char *slash = strrchr(text, '/');
    command->text = slash == NULL ? text : slash + 1;
    size_t size = strlen(command->text);
    if (size > MODULE_NAME_MOST) {
        return error_param(command_state(command), "%s: the name of a module has at most %d bytes, not %zu", what,
                           MODULE_NAME_MOST, size);
    }
    return 0;
}

static int language_from_py(Command *command, const char *what, PyObject *value)
{
    int64_t number;
    return value == NULL
               ? 0
               : integer_from_py(command_state(command), value, what, AS_UDF_TYPE_LUA, AS_UDF_TYPE_LUA, &number);
}

static void module_note(Command *command)
{
    error_note(command_state(command), "module", command->text);
}

// ---- udf_put ----

DOC(client_udf_put,
    "udf_put($self, filename, udf_type=0, policy=None)\n--\n\n"
    "Register a module of functions in Lua with the server, in place of one of the same name.\n\n"
    "Waits until every node of the cluster has it, for as long as the policy's ``timeout``. The file is only read:\n"
    "no copy is made of it.\n\n"
    ":param filename: the path of the file, a str or ``os.PathLike``. The last part of it, ``'cities.lua'``, is the\n"
    "    module's name; calls leave out ``.lua``.\n"
    ":param int udf_type: ``UDF_TYPE_LUA``.\n"
    POLICY_DOC("info")
    ":return: 0.\n"
    ":raises LuaFileNotFound: the file is not there, cannot be read or is empty.\n"
    ":raises UDFError: it is no Lua, or the server does not take the name; the message has the line.\n"
    ":raises TimeoutError: the module is registered, and not every node had it in time.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

// A module on its way: the command that registers it, and the part of it that is the content.
typedef struct Module {
    const char *content;
    size_t size;
    char request[];
} Module;

typedef struct File {
    uint8_t *bytes;
    size_t size;
    const char *fault;  // why it cannot be read; NULL: it was
} File;

// All of a regular file. Called without the GIL.
static void file_read(const char *path, File *file)
{
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // of a pipe the end would not be waited for
    if (descriptor < 0 || fstat(descriptor, &facts) < 0) {
        file->fault = strerror(errno);
    } else if (!S_ISREG(facts.st_mode)) {
        file->fault = "it is not a regular file";
    } else if (facts.st_size > MODULE_MOST) {
        file->fault = "it has more than 16 MiB";
    } else {
        size_t room = (size_t)facts.st_size;
        file->bytes = malloc(room + 1);
        for (ssize_t got = 1; file->bytes != NULL && got > 0 && file->size < room; file->size += (size_t)got) {
            got = read(descriptor, file->bytes + file->size, room - file->size);
            if (got < 0) {
                file->fault = strerror(errno);
                break;
            }
        }
        file->fault = file->bytes == NULL ? strerror(ENOMEM) : file->fault;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (file->fault == NULL && file->size == 0) {
        file->fault = "it is empty";
    }
}

static int module_new(Command *command, const File *file)
{
    static const char words[] = "udf-put:filename=%s;content=", end[] = ";content-len=%u;udf-type=LUA;";
    uint32_t size = cf_b64_encoded_len((uint32_t)file->size);
    size_t room = sizeof words + sizeof end + strlen(command->text) + size + 16;
    Module *module = PyMem_Malloc(sizeof *module + room);
    if (module == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int start = snprintf(module->request, room, words, command->text);
    char *content = module->request + start;
    cf_b64_encode(file->bytes, (uint32_t)file->size, content);
    snprintf(content + size, room - (size_t)start - size, end, size);
    module->content = content;
    module->size = size;
    command->answer = module;
    return keep_block(&command->keep, module);
}

// The bytes of a path, and the module's name. A new reference, or NULL.
static PyObject *path_from_py(Command *command, PyObject *given)
{
    State *state = command_state(command);
    PyObject *path = PyOS_FSPath(given), *bytes = NULL;
    if (path == NULL) {
        return PyErr_ExceptionMatches(PyExc_TypeError)
                   ? (PyErr_Clear(), error_type(state, "filename", "a str or a path", given), NULL)
                   : NULL;
    }
    if (PyUnicode_FSConverter(path, &bytes) == 0 && PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyErr_Clear();
        error_param(state, "filename: %R cannot be the path of a file", path);
    }
    PyObject *text = bytes == NULL ? NULL : PyUnicode_DecodeFSDefault(PyBytes_AS_STRING(bytes));
    if (text == NULL || module_name_from_py(command, "filename", text) < 0) {
        Py_CLEAR(bytes);
    }
    Py_XDECREF(text);
    Py_DECREF(path);
    return bytes;
}

static int udf_put_read(Command *command, PyObject *const *given)
{
    PyObject *path = language_from_py(command, "udf_type", given[1]) < 0 ? NULL : path_from_py(command, given[0]);
    if (path == NULL) {
        return -1;
    }
    File file = {NULL, 0, NULL};
    Py_BEGIN_ALLOW_THREADS
    file_read(PyBytes_AS_STRING(path), &file);
    Py_END_ALLOW_THREADS
    int result = file.fault == NULL
                     ? module_new(command, &file)
                     : error_set(command_state(command), AEROSPIKE_ERR_LUA_FILE_NOT_FOUND,
                                 "filename: '%s' cannot be registered: %s", PyBytes_AS_STRING(path), file.fault);
    free(file.bytes);
    Py_DECREF(path);
    return result;
}

// An info command of which only counts whether it is refused.
static as_status tell(Command *command, aerospike *as, const char *text)
{
    char *answer = NULL;
    as_status status = aerospike_info_any(as, &command->err, &command->policy.info, text, &answer);
    cf_free(answer);
    return status;
}

static as_status udf_put_run(Command *command, aerospike *as)
{
    const Module *module = command->answer;
    return tell(command, as, module->request);
}

// What of a text stands behind "NAME=", up to the next of `ends`; an empty text where there is none.
static const char *field(const char *text, const char *name, const char *ends, size_t *size)
{
    const char *found = strstr(text, name);
    found = found == NULL ? "" : found + strlen(name);
    *size = strcspn(found, ends);
    return found;
}

// What stands behind the request, which an answer repeats.
static const char *answer_of(const char *response)
{
    const char *tab = response == NULL ? NULL : strchr(response, '\t');
    return tab == NULL ? "" : tab + 1;
}

static void module_ask(const Command *command, const as_node *Py_UNUSED(node), char text[SPREAD_TEXT])
{
    snprintf(text, SPREAD_TEXT, "udf-get:filename=%s;", command->text);
}

static Heard module_has_come(const Command *command, as_status status, const char *answer)
{
    const Module *module = command->answer;
    if (status != AEROSPIKE_OK) {
        return status == AEROSPIKE_ERR_UDF || spread_unreachable(status) ? NOT_YET : REFUSED;
    }
    size_t size;
    const char *content = field(answer_of(answer), "content=", ";\n", &size);
    return size == module->size && memcmp(content, module->content, size) == 0 ? HEARD : NOT_YET;
}

static int udf_put_settle(Command *command)
{
    static const Spread spread = {
        module_ask, module_has_come, "module", "is registered, but was not on every node", 0, 0, 0};
    return spread_wait(command, &spread, command->text);
}

static const CommandKind udf_put_command = {.signature = {"udf_put", 1, {"filename", "udf_type", "policy"}},
                                            .policy = POLICY_KIND_INFO,
                                            .read = udf_put_read,
                                            .run = udf_put_run,
                                            .settle = udf_put_settle,
                                            .give = command_give_zero,
                                            .note = module_note};
COMMAND(udf_put)

// ---- udf_remove ----

DOC(client_udf_remove,
    "udf_remove($self, module, policy=None)\n--\n\n"
    "Take a module off the server. Waits until no node has it, for as long as the policy's ``timeout``.\n\n"
    MODULE_DOC
    POLICY_DOC("info")
    ":return: 0, also where there was no such module.\n"
    ":raises UDFError: the server does not take the name.\n"
    ":raises TimeoutError: the module is removed, and a node still had it in the end.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

static int udf_remove_read(Command *command, PyObject *const *given)
{
    return module_name_from_py(command, "module", given[0]);
}

static as_status udf_remove_run(Command *command, aerospike *as)
{
    char text[MODULE_NAME_MOST + SPREAD_WORDS];
    snprintf(text, sizeof text, "udf-remove:filename=%s;", command->text);
    return tell(command, as, text);
}

static Heard module_has_gone(const Command *Py_UNUSED(command), as_status status, const char *Py_UNUSED(answer))
{
    return status == AEROSPIKE_ERR_UDF                            ? HEARD
           : status == AEROSPIKE_OK || spread_unreachable(status) ? NOT_YET
                                                                  : REFUSED;
}

static int udf_remove_settle(Command *command)
{
    static const Spread spread = {module_ask, module_has_gone, "module", "is removed, but was not off every node", 0, 0,
                                  0};
    return spread_wait(command, &spread, command->text);
}

static const CommandKind udf_remove_command = {.signature = {"udf_remove", 1, {"module", "policy"}},
                                               .policy = POLICY_KIND_INFO,
                                               .read = udf_remove_read,
                                               .run = udf_remove_run,
                                               .settle = udf_remove_settle,
                                               .give = command_give_zero,
                                               .note = module_note};
COMMAND(udf_remove)

// ---- udf_list ----

DOC(client_udf_list,
    "udf_list($self, policy=None)\n--\n\n"
    "The modules that the server has.\n\n"
    POLICY_DOC("info")
    ":return: ``[{'name': str, 'hash': bytearray, 'type': UDF_TYPE_LUA, 'content': bytearray}]``: hash is text, and\n"
    "    the content is always empty, see udf_get().\n");

static as_status udf_list_run(Command *command, aerospike *as)
{
    return aerospike_info_any(as, &command->err, &command->policy.info, "udf-list", (char **)&command->answer);
}

static void response_release(Command *command)
{
    cf_free(command->answer);
}

// "filename=NAME,hash=HASH,type=LUA"
static PyObject *module_to_py(const char *entry)
{
    size_t name_size, hash_size;
    const char *name = field(entry, "filename=", ",", &name_size);
    const char *hash = field(name + name_size, "hash=", ",", &hash_size);
    return Py_BuildValue("{sNsNsisN}", "name", text_to_py(name, name_size), "hash",
                         PyByteArray_FromStringAndSize(hash, (Py_ssize_t)hash_size), "type", AS_UDF_TYPE_LUA, "content",
                         PyByteArray_FromStringAndSize("", 0));
}

static PyObject *udf_list_give(Command *command)
{
    PyObject *modules = PyList_New(0);
    char *rest = (char *)answer_of(command->answer), *entry;
    while (modules != NULL && (entry = strtok_r(rest, ";\n", &rest)) != NULL) {
        PyObject *module = module_to_py(entry);
        if (module == NULL || PyList_Append(modules, module) < 0) {
            Py_CLEAR(modules);
        }
        Py_XDECREF(module);
    }
    return modules;
}

static const CommandKind udf_list_command = {.signature = {"udf_list", 0, {"policy"}},
                                             .policy = POLICY_KIND_INFO,
                                             .run = udf_list_run,
                                             .give = udf_list_give,
                                             .release = response_release};
COMMAND(udf_list)

// ---- udf_get ----

DOC(client_udf_get,
    "udf_get($self, module, language=0, policy=None)\n--\n\n"
    "The source of a module that the server has.\n\n"
    MODULE_DOC
    ":param int language: ``UDF_TYPE_LUA``.\n"
    POLICY_DOC("info")
    ":return: a str; bytes where the source is no UTF-8.\n"
    ":raises UDFError: there is no such module.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

static int udf_get_read(Command *command, PyObject *const *given)
{
    return language_from_py(command, "language", given[1]) < 0 ? -1 : module_name_from_py(command, "module", given[0]);
}

static as_status udf_get_run(Command *command, aerospike *as)
{
    char text[SPREAD_TEXT];
    module_ask(command, NULL, text);
    return aerospike_info_any(as, &command->err, &command->policy.info, text, (char **)&command->answer);
}

static PyObject *udf_get_give(Command *command)
{
    size_t encoded;
    uint32_t size;
    char *content = (char *)field(answer_of(command->answer), "content=", ";\n", &encoded);
    if (encoded == 0 || encoded > UINT32_MAX ||
        !cf_b64_validate_and_decode_in_place((uint8_t *)content, (uint32_t)encoded, &size)) {
        error_set(command_state(command), AEROSPIKE_ERR_CLIENT, "the node's answer about '%s' has no source in it",
                  command->text);
        return NULL;
    }
    return text_to_py(content, size);
}

static const CommandKind udf_get_command = {.signature = {"udf_get", 1, {"module", "language", "policy"}},
                                            .policy = POLICY_KIND_INFO,
                                            .read = udf_get_read,
                                            .run = udf_get_run,
                                            .give = udf_get_give,
                                            .note = module_note,
                                            .release = response_release};
COMMAND(udf_get)

// ---- apply ----

DOC(client_apply,
    "apply($self, key, module, function, args, policy=None)\n--\n\n"
    "Call a function of a module on a record, which need not exist: the function may create it.\n\n"
    KEY_DOC
    ":param str module: the module's name, without ``.lua``.\n"
    ":param str function: the function of that module.\n"
    ":param list args: its arguments, after the record: values of any kind that bins hold.\n"
    POLICY_DOC("apply")
    ":return: what the function returns; None where that is nil or nothing.\n"
    ":raises UDFError: there is no such module or function, or it has raised an error: the message has the file and\n"
    "    the line, the exception ``module``, ``func`` and ``key``.\n"
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n"
    ":raises ClientError: the function returns a text that is not UTF-8.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

static int apply_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    command->text = text_from_py(state, "module", given[1]);
    if (command->text == NULL || keep_object(&command->keep, given[1]) < 0) {
        return -1;
    }
    command->function = text_from_py(state, "function", given[2]);
    return command->function == NULL || keep_object(&command->keep, given[2]) < 0
               ? -1
               : command_arguments(command, given[3], "args");
}

static as_status apply_run(Command *command, aerospike *as)
{
    return aerospike_key_apply(as, &command->err, &command->policy.apply, &command->key, command->text,
                               command->function, (as_list *)command->arguments, (as_val **)&command->answer);
}

static as_status apply_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_apply_async(as, &command->err, &command->policy.apply, &command->key, command->text,
                                     command->function, (as_list *)command->arguments, command_on_value, command, loop,
                                     NULL);
}

static PyObject *apply_give(Command *command)
{
    State *state = command_state(command);
    const as_val *value = command->answer;
    if (value == NULL) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "what the function returned cannot be read");
        return NULL;
    }
    PyObject *result = value_from_native(&command->codec, value);
    if (result != NULL && as_val_type(value) == AS_STRING && !PyUnicode_Check(result)) {
        Py_CLEAR(result);
        error_set(state, AEROSPIKE_ERR_CLIENT, "the function returned a text that is not UTF-8");
    }
    return result;
}

static void apply_note(Command *command)
{
    error_note(command_state(command), "func", command->function);
    module_note(command);
}

static void apply_release(Command *command)
{
    as_val_destroy(command->answer);
}

static const CommandKind apply_command = {.signature = {"apply", 4, {"key", "module", "function", "args", "policy"}},
                                          .keyed = true,
                                          .policy = POLICY_KIND_APPLY,
                                          .read = apply_read,
                                          .run = apply_run,
                                          .start = apply_start,
                                          .give = apply_give,
                                          .note = apply_note,
                                          .release = apply_release};
COMMAND_FLYING(apply)

PyMethodDef client_udf_methods[] = {
    METHOD("udf_put", client_udf_put),
    METHOD("udf_remove", client_udf_remove),
    METHOD("udf_list", client_udf_list),
    METHOD("udf_get", client_udf_get),
    METHOD_FLYING(apply),
    {NULL, NULL, 0, NULL},
};
