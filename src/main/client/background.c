// SPDX-License-Identifier: Apache-2.0
// What a scan or query does to the records that it finds: operations, or a function in Lua.
#include "client/command.h"

#include "operate/operate.h"

// ---- what plans check when it is chosen ----

DOC(client__check_operations, "_check_operations($self, ops)\n--\n\nRaise ParamError where an operation is not valid.");

static int _check_operations_read(Command *command, PyObject *const *given)
{
    if (operations_from_py(&command->codec, given[0], &command->operations, &command->keep) < 0) {
        return error_prefix(command_state(command), "ops is invalid");
    }
    return 0;
}

static const CommandKind _check_operations_command = {.signature = {"_check_operations", 1, {"ops"}},
                                                      .policy = POLICY_KIND_COUNT,
                                                      .read = _check_operations_read,
                                                      .give = command_give_zero};
COMMAND(_check_operations)

DOC(client__check_arguments,
    "_check_arguments($self, arguments)\n--\n\nRaise ParamError where a function cannot be given such arguments.");

// None counts as no argument. A value for as_val_destroy; NULL with an exception.
static as_list *arguments_from_py(Command *command, PyObject *list)
{
    if (list == Py_None) {
        return (as_list *)as_arraylist_new(0, 0);
    }
    if (!PyList_Check(list)) {
        error_type(command_state(command), "arguments", "a list", list);
        return NULL;
    }
    return (as_list *)value_to_native(&command->codec, list, "arguments");
}

static int _check_arguments_read(Command *command, PyObject *const *given)
{
    command->answer = arguments_from_py(command, given[0]);
    return command->answer == NULL ? -1 : 0;
}

static void _check_arguments_release(Command *command)
{
    as_val_destroy((as_val *)command->answer);
}

static const CommandKind _check_arguments_command = {.signature = {"_check_arguments", 1, {"arguments"}},
                                                     .policy = POLICY_KIND_COUNT,
                                                     .read = _check_arguments_read,
                                                     .give = command_give_zero,
                                                     .release = _check_arguments_release};
COMMAND(_check_arguments)

PyMethodDef client_background_methods[] = {
    METHOD("_check_operations", client__check_operations),
    METHOD("_check_arguments", client__check_arguments),
    {NULL, NULL, 0, NULL},
};
