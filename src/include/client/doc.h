// SPDX-License-Identifier: Apache-2.0
// What the docstrings of several methods have in common.
#ifndef DOC_H
#define DOC_H

// clang-format off: it would lay out texts
#define KEY_DOC \
    ":param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict\n" \
    "    with ``ns``, ``set`` and either ``key`` or ``digest``.\n"
#define POLICY_DOC(kind) ":param dict policy: see :ref:`" kind "`; default: the client's.\n"
#define META_DOC \
    ":param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the\n" \
    "    generation that the policy's ``gen`` compares.\n"
#define BIN_DOC ":param bin: the bin's name, a str or a bytearray.\n"
#define KEY_PARTS_DOC \
    ":param str ns: the namespace.\n:param str set: the set, or None.\n" \
    ":param key: the primary key: str, int, bytes or bytearray.\n"
#define WRITE_RAISES_DOC \
    ":raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.\n" \
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n" \
    ":raises ParamError: an argument is not valid; nothing was sent.\n"
// clang-format on

#endif
