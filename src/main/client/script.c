// SPDX-License-Identifier: Apache-2.0
#include "client/script.h"

#include "client/login.h"
#include "client/script_values.h"

#include <aerospike/aerospike_udf.h>
#include <aerospike/mod_lua_aerospike.h>
#include <aerospike/mod_lua_bytes.h>
#include <aerospike/mod_lua_geojson.h>
#include <aerospike/mod_lua_iterator.h>
#include <aerospike/mod_lua_list.h>
#include <aerospike/mod_lua_map.h>
#include <aerospike/mod_lua_record.h>
#include <aerospike/mod_lua_stream.h>
#include <aerospike/mod_lua_val.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SOURCE_MOST = 16 << 20,  // bytes of a module
    NAME_MOST = 127,
    WATCH_EVERY = 100000,  // instructions
    SCOPE_CLIENT = 2,  // which part of a function on streams apply_stream() carries out
    NOT_LOADED = 1,
};

// What the C client brings in Lua (mod_lua_system.c), a NUL at the end of each.
extern const char as_lua_as[], as_lua_stream_ops[], as_lua_aerospike[];
extern size_t as_lua_as_size, as_lua_stream_ops_size, as_lua_aerospike_size;

// ---- where modules are ----

typedef struct Source {
    char *text;  // for free()
    size_t size;
} Source;

static bool read_file(const char *folder, const char *module, Source *source)
{
    char path[1024];
    int size = snprintf(path, sizeof path, "%s/%s.lua", folder, module);
    FILE *file = size < 0 || (size_t)size >= sizeof path ? NULL : fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    source->text = malloc(SOURCE_MOST);
    source->size = source->text == NULL ? 0 : fread(source->text, 1, SOURCE_MOST, file);
    bool whole = source->text != NULL && ferror(file) == 0 && feof(file) != 0;
    fclose(file);
    if (!whole) {
        free(source->text);
        return false;
    }
    char *exact = realloc(source->text, source->size + 1);
    source->text = exact == NULL ? source->text : exact;
    return true;
}

static bool ask_server(aerospike *as, const char *module, Source *source)
{
    char name[NAME_MOST + sizeof ".lua"];
    as_udf_file file;
    as_error err;
    snprintf(name, sizeof name, "%s.lua", module);
    as_udf_file_init(&file);
    uint64_t since = 0;
    as_status status;
    do {
        status = aerospike_udf_get(as, &err, NULL, name, AS_UDF_TYPE_LUA, &file);
    } while (login_awaited(status, &since));
    bool found = status == AEROSPIKE_OK;
    if (found) {
        source->size = file.content.size;
        source->text = malloc(source->size + 1);
        found = source->text != NULL;
    }
    if (found) {
        memcpy(source->text, file.content.bytes, source->size);
    }
    as_udf_file_destroy(&file);
    return found;
}

// A module's name is part of a path and of an info command.
static bool is_name(const char *module)
{
    return *module != '\0' && strlen(module) <= NAME_MOST && strpbrk(module, "/\\;:=\t\n") == NULL;
}

static bool source_find(aerospike *as, const char *module, Source *source)
{
    return is_name(module) && (read_file(as->config.lua.user_path, module, source) || ask_server(as, module, source));
}

bool script_find(Script *script, const char *module)
{
    Source source = {0};
    if (!source_find(script->as, module, &source)) {
        snprintf(script->problem, sizeof script->problem,
                 "there is no module %s.lua in the user_path %s, nor on the server", module,
                 script->as->config.lua.user_path);
        return false;
    }
    script->source = source.text;
    script->size = source.size;
    return true;
}

// ---- what a script can do ----

static ScriptCall *call_of(lua_State *lua)
{
    return *(ScriptCall **)lua_getextraspace(lua);
}

// A searcher of require(): modules that the first one asks for.
static int search(lua_State *lua)
{
    const ScriptCall *call = call_of(lua);
    const char *module = luaL_checkstring(lua, 1);
    bool first = strcmp(module, call->module) == 0;
    Source found = {call->script->source, call->script->size};
    if (!first && !source_find(call->script->as, module, &found)) {
        lua_pushfstring(lua, "no module '%s' in the user_path, nor on the server", module);
        return 1;
    }
    char name[NAME_MOST + sizeof "@.lua"];
    snprintf(name, sizeof name, "@%s.lua", module);
    int status = luaL_loadbufferx(lua, found.text, found.size, name, "t");
    if (!first) {
        free(found.text);
    }
    return status == LUA_OK ? 1 : lua_error(lua);
}

// load() of text only: Lua does not check the bytes of a compiled function.
static int load_text(lua_State *lua)
{
    size_t size;
    const char *text = luaL_checklstring(lua, 1, &size);
    if (luaL_loadbufferx(lua, text, size, luaL_optstring(lua, 2, text), "t") != LUA_OK) {
        lua_pushnil(lua);
        lua_insert(lua, -2);
        return 2;
    }
    if (!lua_isnone(lua, 4)) {
        lua_pushvalue(lua, 4);
        lua_setupvalue(lua, -2, 1);
    }
    return 1;
}

static void forget(lua_State *lua, const char *table, const char *const *names)
{
    lua_getglobal(lua, table);
    for (; *names != NULL; names++) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, *names);
    }
    lua_pop(lua, 1);
}

static void open_libraries(lua_State *lua)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},          {LUA_LOADLIBNAME, luaopen_package}, {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string},   {LUA_MATHLIBNAME, luaopen_math},    {LUA_OSLIBNAME, luaopen_os},
        {LUA_COLIBNAME, luaopen_coroutine}, {LUA_UTF8LIBNAME, luaopen_utf8},
    };
    static const char *const files[] = {"dofile", "loadfile", NULL};
    static const char *const system[] = {"execute", "exit", "getenv", "remove", "rename", "setlocale", "tmpname", NULL};
    static const char *const loaders[] = {"loadlib", "searchpath", "path", "cpath", NULL};
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 1);
        lua_pop(lua, 1);
    }
    forget(lua, LUA_GNAME, files);
    forget(lua, LUA_OSLIBNAME, system);
    forget(lua, LUA_LOADLIBNAME, loaders);
    lua_pushcfunction(lua, load_text);
    lua_setglobal(lua, "load");
    // require() looks at nothing but what search() finds
    lua_getglobal(lua, LUA_LOADLIBNAME);
    lua_getfield(lua, -1, "searchers");
    for (lua_Integer i = luaL_len(lua, -1); i > 0; i--) {
        lua_pushnil(lua);
        lua_seti(lua, -2, i);
    }
    lua_pushcfunction(lua, search);
    lua_seti(lua, -2, 1);
    lua_pop(lua, 2);
}

static void run_text(lua_State *lua, const char *text, size_t size, const char *name)
{
    if (luaL_loadbuffer(lua, text, size - 1, name) != LUA_OK) {
        lua_error(lua);
    }
    lua_call(lua, 0, 0);
}

static void open_aerospike(lua_State *lua)
{
    mod_lua_aerospike_register(lua);
    mod_lua_record_register(lua);
    mod_lua_iterator_register(lua);
    mod_lua_stream_register(lua);
    mod_lua_list_register(lua);
    mod_lua_map_register(lua);
    mod_lua_bytes_register(lua);
    mod_lua_geojson_register(lua);
    lua_settop(lua, 0);
    script_values_guard(lua);
    run_text(lua, as_lua_as, as_lua_as_size, "as.lua");
    run_text(lua, as_lua_stream_ops, as_lua_stream_ops_size, "stream_ops.lua");
    run_text(lua, as_lua_aerospike, as_lua_aerospike_size, "aerospike.lua");
}

// ---- the call ----

// From then on each instruction is an error: no pcall() holds that up.
static void watch(lua_State *lua, lua_Debug *event)
{
    (void)event;
    Sink *sink = call_of(lua)->script->sink;
    if (!sink->wants(sink)) {
        lua_sethook(lua, watch, LUA_MASKCOUNT, 1);
        luaL_error(lua, "nobody waits for the result any more");
    }
}

// Everything that may raise an error of Lua's until the module is there.
static int load(lua_State *lua)
{
    const ScriptCall *call = call_of(lua);
    lua_gc(lua, LUA_GCGEN, 0, 0);
    open_libraries(lua);
    open_aerospike(lua);
    lua_sethook(lua, watch, LUA_MASKCOUNT, WATCH_EVERY);
    lua_getglobal(lua, "require");
    lua_pushstring(lua, call->module);
    lua_call(lua, 1, 0);
    return 0;
}

static int call_function(lua_State *lua)
{
    const ScriptCall *call = call_of(lua);
    uint32_t count = as_list_size(call->arguments);
    luaL_checkstack(lua, (int)count + LUA_MINSTACK, "too many arguments");
    mod_lua_pushaerospike(lua, call->context->as);
    lua_setglobal(lua, "aerospike");
    lua_getglobal(lua, "apply_stream");
    lua_getglobal(lua, call->function);
    lua_pushinteger(lua, SCOPE_CLIENT);
    mod_lua_pushstream(lua, call->in);
    mod_lua_pushstream(lua, call->out);
    for (uint32_t i = 0; i < count; i++) {
        mod_lua_pushval(lua, as_list_get(call->arguments, i));
    }
    lua_call(lua, (int)count + 4, 0);
    return 0;
}

static int protect(lua_State *lua, lua_CFunction function)
{
    lua_settop(lua, 0);
    lua_pushcfunction(lua, function);
    return lua_pcall(lua, 0, 0, 0);
}

int script_call(ScriptCall *call)
{
    if (call->script->source == NULL) {
        return NOT_LOADED;
    }
    lua_State *lua = luaL_newstate();
    if (lua == NULL) {
        snprintf(call->script->problem, sizeof call->script->problem, "Lua has no memory");
        return NOT_LOADED;
    }
    *(ScriptCall **)lua_getextraspace(lua) = call;
    int status = NOT_LOADED;
    if (protect(lua, load) != LUA_OK) {
        const char *text = lua_tostring(lua, -1);
        snprintf(call->script->problem, sizeof call->script->problem, "%s",
                 text == NULL ? "the module raises what is no text" : text);
    } else {
        status = protect(lua, call_function);
        call->raised = status == LUA_OK || !script_value_is(lua, -1) ? NULL : mod_lua_retval(lua);
    }
    lua_close(lua);
    return status;
}
