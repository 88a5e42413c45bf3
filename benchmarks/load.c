// SPDX-License-Identifier: Apache-2.0
// A load that costs next to nothing: keeps one request under way on each of many connections, with one thread and
// epoll.
//
//     load ADDRESS PORT CONNECTIONS SECONDS < frames
//
// The frames are sent in turn, as they are. Prints: answers, those that were not OK, seconds, seconds of CPU.
#include "clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 8, RESULT_CODE = HEADER + 5, ANSWER_MOST = 65536, FRAMES_MOST = 4 << 20, CONNECTIONS_MOST = 4096 };

static uint8_t frames[FRAMES_MOST];
static size_t frames_size, next_frame;
static uint64_t answers, failures;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, errno == 0 ? "refused" : strerror(errno));
    exit(1);
}

// The whole size of the frame that begins here: six bytes after version and type.
static size_t frame_size(const uint8_t *frame)
{
    size_t size = 0;
    for (int i = 2; i < HEADER; i++) {
        size = size << 8 | frame[i];
    }
    return size + HEADER;
}

static void send_next(int socket)
{
    size_t size = frame_size(frames + next_frame);
    if (send(socket, frames + next_frame, size, MSG_NOSIGNAL) != (ssize_t)size) {
        fail("send");
    }
    next_frame += size;
    if (next_frame == frames_size) {
        next_frame = 0;
    }
}

// Answers are small: each comes whole, or the load is not one for this program.
static void receive(int socket)
{
    static uint8_t answer[ANSWER_MOST];
    ssize_t size = recv(socket, answer, sizeof answer, 0);
    if (size < HEADER || frame_size(answer) != (size_t)size) {
        fail("an answer that is not one whole frame");
    }
    answers++;
    failures += answer[RESULT_CODE] != 0;
}

static int connect_to(const struct sockaddr_in *address)
{
    int made = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (made < 0 || connect(made, (const struct sockaddr *)address, sizeof *address) < 0 ||
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) < 0) {
        fail("connect");
    }
    return made;
}

static void run(int loop, double seconds)
{
    struct epoll_event events[256];
    double began = seconds_now(), cpu_began = cpu_seconds(), now = began;
    while (now < began + seconds) {
        int ready = epoll_wait(loop, events, sizeof events / sizeof *events, 1000);
        if (ready <= 0) {
            fail("no answer for a second");
        }
        for (int i = 0; i < ready; i++) {
            receive(events[i].data.fd);
            send_next(events[i].data.fd);
        }
        now = seconds_now();
    }
    printf("%llu %llu %.6f %.6f\n", (unsigned long long)answers, (unsigned long long)failures, now - began,
           cpu_seconds() - cpu_began);
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fprintf(stderr, "usage: load ADDRESS PORT CONNECTIONS SECONDS < frames\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2]))};
    inet_pton(AF_INET, arguments[1], &address.sin_addr);
    frames_size = fread(frames, 1, sizeof frames, stdin);
    int connections = atoi(arguments[3]), loop = epoll_create1(0);
    if (frames_size < HEADER || loop < 0 || connections < 1 || connections > CONNECTIONS_MOST) {
        fail("nothing to do");
    }
    for (int i = 0; i < connections; i++) {
        int made = connect_to(&address);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = made};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, made, &event) < 0) {
            fail("epoll");
        }
        send_next(made);
    }
    run(loop, atof(arguments[4]));
    return 0;
}
