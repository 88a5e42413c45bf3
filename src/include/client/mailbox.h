// SPDX-License-Identifier: Apache-2.0
// Metrics listeners. The C client calls them on a thread that must not take the GIL, nor wait: what they are told is
// copied and put into a client's mailbox. Python threads call the listeners, one at a time and in order: the one that
// enabled or disabled metrics, and one of the mailbox's own, which lives while metrics are enabled.
#ifndef MAILBOX_H
#define MAILBOX_H

#include "state.h"

#include <aerospike/as_metrics.h>

typedef struct Mailbox Mailbox;
typedef struct Listeners Listeners;

// With one reference; NULL with an exception. What the parent of a forked child made is of no use in the child, and
// stays.
Mailbox *mailbox_new(void);
Mailbox *mailbox_hold(Mailbox *mailbox);
void mailbox_release(Mailbox *mailbox);  // NULL: nothing
bool mailbox_forked(const Mailbox *mailbox);

// Call the listeners of all that has come. Where a listener runs at the moment, what runs it does so when it is done.
// What comes meanwhile is the mailbox's own thread's. What they raise goes to sys.unraisablehook, and an exception that
// is pending stays. With the GIL.
void mailbox_deliver(Mailbox *mailbox);

// This thread will deliver what it causes: the mailbox's own thread need not. Without the GIL.
void mailbox_expect(bool expected);

// The functions of a MetricsListeners, which errors call `what`, with a thread that calls them. NULL with an exception.
Listeners *listeners_new(State *state, Mailbox *mailbox, PyObject *object, const char *what);
// Write them to a policy. Where the C client takes it, they are the C client's until it disables its metrics.
void listeners_write(Listeners *listeners, as_metrics_policy *policy);
void listeners_drop(Listeners *listeners);  // of a policy that the C client did not take; NULL: nothing

#endif
