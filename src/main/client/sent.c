// SPDX-License-Identifier: Apache-2.0
// What an event loop writes is counted as sent by the C client when libuv calls back, which it does in the loop's next
// turn. Where a timeout comes first in that turn, a write that had been done was told as one that was never sent. Here
// what the socket takes at once is told at once. The linker wraps the function (setup.py); not on macOS.
#include <uv.h>

#ifndef __APPLE__

int __real_uv_write(uv_write_t *request, uv_stream_t *stream, const uv_buf_t buffers[], unsigned count,
                    uv_write_cb written);
int __wrap_uv_write(uv_write_t *request, uv_stream_t *stream, const uv_buf_t buffers[], unsigned count,
                    uv_write_cb written);

// The C client has one buffer to write.
int __wrap_uv_write(uv_write_t *request, uv_stream_t *stream, const uv_buf_t buffers[], unsigned count,
                    uv_write_cb written)
{
    uv_buf_t rest = buffers[0];
    int taken = 0;
    while (count == 1 && rest.len > 0 && (taken = uv_try_write(stream, &rest, 1)) > 0) {
        rest.base += taken;
        rest.len -= (size_t)taken;
    }
    if (count != 1 || rest.len > 0) {  // the rest later; or what is wrong is told as ever
        return __real_uv_write(request, stream, count == 1 ? &rest : buffers, count, written);
    }
    request->handle = stream;
    written(request, 0);
    return 0;
}

#endif
