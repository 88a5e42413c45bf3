// SPDX-License-Identifier: Apache-2.0
// A wait on a loop, for no time at all, too: before it ends all others on the loop have had their turn. A timer of zero
// milliseconds that is started from its own callback would run again at once, for ever, in libuv before 1.49.
#pragma once

#include <uv.h>

namespace embedded {

class Pause {
  public:
    using Notice = void (*)(void *owner);

    void open(uv_loop_t *loop, void *owner, Notice over);
    // Instead of one that is not over.
    void start(uint64_t milliseconds);
    // Null: nobody wants to know when it is done.
    void close(Notice closed);

  private:
    void end();
    static void on_timer(uv_timer_t *timer) { static_cast<Pause *>(timer->data)->end(); }
    static void on_idle(uv_idle_t *idle) { static_cast<Pause *>(idle->data)->end(); }
    static void on_closed(uv_handle_t *handle);

    uv_timer_t timer_;
    uv_idle_t idle_;
    void *owner_ = nullptr;
    Notice over_ = nullptr, closed_ = nullptr;
    int handles_ = 2;  // that are not closed yet
};

}  // namespace embedded
