// SPDX-License-Identifier: Apache-2.0
// The C client waits for its sockets with select(), three times a command: before it writes, before it reads the header
// of the answer, and before it reads the rest. That is a fifth of what a small command costs, and the second wait alone
// is needed. Where the linker can wrap a symbol (setup.py), the C client's calls come here.
//
// A socket that nothing was written to since its last answer has room, and behind a header follows the rest. So a
// thread is told "ready" without a look where that is to be expected; the sockets never block, and where it was not so,
// the C client's send() or read() says EAGAIN, and it asks again. Then it is not told so a second time: poll() looks.
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/select.h>
#include <sys/time.h>

// What a thread was told last, and about which descriptor.
static _Thread_local struct {
    int descriptor;
    enum { NOTHING, WRITABLE_UNSEEN, READABLE_SEEN } told;
} last;

static bool expected(int descriptor, bool reads)
{
    bool again = last.descriptor == descriptor;
    bool expect = reads ? again && last.told == READABLE_SEEN : !(again && last.told == WRITABLE_UNSEEN);
    last.descriptor = descriptor;
    last.told = expect && !reads ? WRITABLE_UNSEEN : NOTHING;
    return expect;
}

int __wrap_select(int count, fd_set *readable, fd_set *writable, fd_set *failing, struct timeval *timeout);

// As as_poll.h of the C client asks: for one descriptor, the highest, to read or to write.
int __wrap_select(int count, fd_set *readable, fd_set *writable, fd_set *failing, struct timeval *timeout)
{
    (void)failing;
    bool reads = readable != NULL;
    struct pollfd one = {.fd = count - 1, .events = reads ? POLLIN : POLLOUT};
    if (expected(one.fd, reads)) {
        return 1;
    }
    int ready = poll(&one, 1, timeout == NULL ? -1 : (int)(timeout->tv_sec * 1000 + timeout->tv_usec / 1000));
    if (ready > 0 && (one.revents & POLLNVAL) != 0) {
        errno = EBADF;
        return -1;
    }
    if (ready > 0 && reads) {
        last.told = READABLE_SEEN;
    }
    if (ready == 0) {
        // an array of words, as long as it must be for the descriptor
        unsigned long *asked = (unsigned long *)(reads ? readable : writable);
        asked[one.fd / NFDBITS] &= ~(1ul << one.fd % NFDBITS);
    }
    return ready;
}
