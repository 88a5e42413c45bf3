// SPDX-License-Identifier: Apache-2.0
// How the C client's event loop reads answers, with fewer calls of the system. The C client asks for eight bytes, an
// answer's header, and then for the rest; and it tells libuv when it waits for an answer and when it does no longer,
// which costs two calls of epoll_ctl() each time. Here header and rest are read at once, and a connection that nobody
// waits for stays watched. What comes on it all the same ends that and is left in the socket, where the C client looks
// before it uses the connection again. The linker wraps the functions (setup.py); not on macOS.
#include "client/loops.h"

#include <aerospike/as_async.h>
#include <aerospike/as_event_internal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#ifndef __APPLE__

int __real_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc, uv_read_cb read);
int __wrap_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc, uv_read_cb read);
int __real_uv_read_stop(uv_stream_t *stream);
int __wrap_uv_read_stop(uv_stream_t *stream);

// The C client's functions for answers.
static uv_alloc_cb answer_place;
static uv_read_cb answer_part;

static Slot *slot_of(const uv_stream_t *stream)
{
    return (Slot *)((char *)stream->loop - offsetof(Slot, uv));
}

// ---- ahead ----

static void ahead_place(uv_handle_t *stream, size_t suggested, uv_buf_t *out)
{
    Slot *slot = slot_of((const uv_stream_t *)stream);
    answer_place(stream, suggested, out);
    if (out->len > 0 && out->len < sizeof slot->ahead) {
        *out = uv_buf_init(slot->ahead, sizeof slot->ahead);
    }
}

// More than was waited for: as the C client would find it out before the next use, which closes the connection.
static void refuse_rest(const uv_stream_t *stream)
{
    uv_os_fd_t descriptor;
    if (uv_fileno((const uv_handle_t *)stream, &descriptor) == 0) {
        shutdown(descriptor, SHUT_RDWR);
    }
}

static void ahead_part(uv_stream_t *stream, ssize_t size, const uv_buf_t *read)
{
    Slot *slot = slot_of(stream);
    if (size <= 0 || read->base != slot->ahead) {
        answer_part(stream, size, read);
        return;
    }
    slot->reading = stream;
    for (const char *next = read->base, *end = next + size; next < end;) {
        uv_buf_t part = {.len = 0};
        if (slot->reading == stream) {
            answer_place((uv_handle_t *)stream, (size_t)(end - next), &part);
        }
        if (part.len == 0) {
            refuse_rest(stream);
            return;
        }
        part.len = part.len < (size_t)(end - next) ? part.len : (size_t)(end - next);
        memcpy(part.base, next, part.len);
        next += part.len;
        answer_part(stream, (ssize_t)part.len, &part);
    }
}

// ---- parked ----

static void parked_place(uv_handle_t *Py_UNUSED(stream), size_t Py_UNUSED(suggested), uv_buf_t *out)
{
    *out = uv_buf_init(NULL, 0);
}

static void parked_part(uv_stream_t *stream, ssize_t Py_UNUSED(size), const uv_buf_t *Py_UNUSED(none))
{
    __real_uv_read_stop(stream);
}

// libuv asks for a place once more after one that was filled: nothing need have come.
static void parked_just_now(uv_stream_t *stream, ssize_t Py_UNUSED(size), const uv_buf_t *Py_UNUSED(none))
{
    stream->read_cb = parked_part;
}

static bool is_parked(const uv_stream_t *stream)
{
    return stream->alloc_cb == parked_place && uv_is_active((const uv_handle_t *)stream);
}

// ---- what the C client tells ----

int __wrap_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc, uv_read_cb read)
{
    const as_event_connection *connection = (const as_event_connection *)stream;
    const as_event_command *command = ((const as_async_connection *)stream)->cmd;
    if (connection->tls == NULL && command->state == AS_ASYNC_STATE_COMMAND_READ_HEADER) {
        answer_place = alloc;
        answer_part = read;
        alloc = ahead_place;
        read = ahead_part;
    }
    if (!is_parked(stream)) {
        return __real_uv_read_start(stream, alloc, read);
    }
    stream->alloc_cb = alloc;
    stream->read_cb = read;
    return 0;
}

int __wrap_uv_read_stop(uv_stream_t *stream)
{
    if (!uv_is_active((uv_handle_t *)stream)) {  // as after its end
        return __real_uv_read_stop(stream);
    }
    stream->alloc_cb = parked_place;
    stream->read_cb = parked_just_now;
    if (slot_of(stream)->reading == stream) {
        slot_of(stream)->reading = NULL;
    }
    return 0;
}

#endif
