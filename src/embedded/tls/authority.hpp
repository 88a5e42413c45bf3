// SPDX-License-Identifier: Apache-2.0
// A throw-away authority for tests: keys, certificates and lists of revoked ones, all of them in PEM.
#pragma once

#include <optional>
#include <stdexcept>
#include <vector>

#include "tls/owned.hpp"

namespace embedded {

// What OpenSSL does not do: of an authority that is none, or short of memory.
class AuthorityError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Purpose : uint8_t { authority, server, client };

struct Wish {
    Bytes name;  // the common name, and the name of a server
    Purpose purpose = Purpose::server;
    long begins = 0, ends = 0;  // seconds from now
    Bytes password;  // of the key; empty: none
};

struct Pair {
    Bytes certificate, key;
};

struct Issued {
    Pair pair;
    Bytes serial;  // in hexadecimal
};

// By an authority, or by itself.
Issued issue(const Wish &wish, const std::optional<Pair> &by);
// The list of what an authority has revoked, by serial numbers.
Bytes revocation_list(const Pair &by, const std::vector<Bytes> &serials);
// The name under which OpenSSL looks for a certificate's file in a directory, without its ending.
Bytes hashed_name(const Bytes &certificate);

}  // namespace embedded
