// SPDX-License-Identifier: Apache-2.0
#include "net/pause.hpp"

namespace embedded {

void Pause::open(uv_loop_t *loop, void *owner, Notice over) {
    owner_ = owner;
    over_ = over;
    uv_timer_init(loop, &timer_);
    uv_idle_init(loop, &idle_);
    timer_.data = idle_.data = this;
}

void Pause::start(uint64_t milliseconds) {
    uv_timer_stop(&timer_);
    uv_idle_stop(&idle_);
    if (milliseconds > 0) {
        uv_timer_start(&timer_, on_timer, milliseconds, 0);
    } else {
        uv_idle_start(&idle_, on_idle);
    }
}

void Pause::end() {
    uv_idle_stop(&idle_);
    over_(owner_);
}

void Pause::close(Notice closed) {
    closed_ = closed;
    uv_close(reinterpret_cast<uv_handle_t *>(&timer_), on_closed);
    uv_close(reinterpret_cast<uv_handle_t *>(&idle_), on_closed);
}

void Pause::on_closed(uv_handle_t *handle) {
    auto *self = static_cast<Pause *>(handle->data);
    if (--self->handles_ == 0 && self->closed_ != nullptr) {
        self->closed_(self->owner_);
    }
}

}  // namespace embedded
