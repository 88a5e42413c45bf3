// SPDX-License-Identifier: Apache-2.0
// The C client waits for its socket with select(), three times a command: before it writes, and before it reads the
// header and the body of the answer. poll() does the same for two thirds of the CPU, and for any number of
// descriptors. Where the linker can wrap a symbol (setup.py), the C client's calls come here.
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/select.h>
#include <sys/time.h>

int __wrap_select(int count, fd_set *readable, fd_set *writable, fd_set *failing, struct timeval *timeout);

// What as_poll.h of the C client asks for: one descriptor, the highest, to read or to write.
int __wrap_select(int count, fd_set *readable, fd_set *writable, fd_set *failing, struct timeval *timeout)
{
    (void)failing;
    struct pollfd one = {.fd = count - 1, .events = readable != NULL ? POLLIN : POLLOUT};
    int ready = poll(&one, 1, timeout == NULL ? -1 : (int)(timeout->tv_sec * 1000 + timeout->tv_usec / 1000));
    if (ready > 0 && (one.revents & POLLNVAL) != 0) {
        errno = EBADF;
        return -1;
    }
    if (ready == 0) {
        // an array of words, as long as it must be for the descriptor
        unsigned long *asked = (unsigned long *)(readable != NULL ? readable : writable);
        asked[one.fd / NFDBITS] &= ~(1ul << one.fd % NFDBITS);
    }
    return ready;
}
