// SPDX-License-Identifier: Apache-2.0
// The sockets of all servers of this process. A forked child has none of their threads and must not keep their sockets
// open, or a client would wait for a server that is gone.
#pragma once

namespace embedded {

// While one lives, this process does not fork. So a socket is opened and noted, or forgotten and closed, in one piece:
// a child closes every socket of a server, and nothing else that happens to have its number.
class NoFork {
  public:
    NoFork();
    ~NoFork();
    NoFork(const NoFork &) = delete;
    NoFork &operator=(const NoFork &) = delete;

    bool note(int socket);  // false: no memory for it
    void forget(int socket);
};

// Forget and close it.
void close_socket(int socket);

}  // namespace embedded
