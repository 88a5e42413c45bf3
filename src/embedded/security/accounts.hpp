// SPDX-License-Identifier: Apache-2.0
// Users, their roles, and who has logged in. All functions of Accounts may be called on any thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>

#include "security/privilege.hpp"
#include "security/whitelist.hpp"
#include "value/status.hpp"

namespace embedded {

constexpr size_t kUserNameMost = 63, kRoleNameMost = 63;

struct SecurityOptions {
    struct NewUser {
        Bytes name, password;  // the hash that clients send
        std::vector<Bytes> roles;
    };

    std::vector<NewUser> users;
    bool quotas = false;  // whether roles may have them
    uint32_t session_ttl = 86400;  // seconds
};

struct Role {
    std::vector<Privilege> privileges;
    Whitelist whitelist;
    uint32_t read_quota = 0, write_quota = 0;  // a second; 0: no limit
    bool predefined = false;
};

// What happens in a second, and what happened in the last one.
class Rate {
  public:
    uint32_t count(int64_t second) { return at(second), now_; }
    uint32_t last(int64_t second) { return at(second), before_; }
    void add(int64_t second) { at(second), now_++; }

  private:
    void at(int64_t second);

    int64_t second_ = 0;
    uint32_t now_ = 0, before_ = 0;
};

// One side of what a user does: reads, or writes.
struct Usage {
    Rate single;
    uint32_t query_rate = 0,
             limitless = 0;  // of the queries that run: records a second together; how many have no limit
};

// Whose connection it is, and where it comes from.
struct Login {
    Bytes user = {};  // nobody, where it is empty
    uint32_t address = 0;  // of IPv4
    Bytes certificate = {};  // whom the client's names; nobody, where it is empty
};

struct UserFacts {
    Bytes name;
    std::vector<Bytes> roles;
    std::vector<uint32_t> read_info, write_info;
    uint32_t connections;
};

struct RoleFacts {
    Bytes name;
    Role role;
};

class Accounts {
  public:
    // std::invalid_argument: of users that cannot be.
    explicit Accounts(const SecurityOptions &options);

    // ---- who it is ----
    Status login(View user, View credential, uint32_t address, Bytes &token);
    // Of whom another than this server vouches for, a certificate or, with the password itself, an external service.
    Status login_certified(View user, uint32_t address, Bytes &token);
    Status login_external(View user, View credential, View password, uint32_t address, Bytes &token);
    Status authenticate(View user, View token, uint32_t address);
    uint32_t session_ttl() const { return session_ttl_; }
    void enter(View user);  // a connection is the user's now
    void leave(View user);

    // ---- what it may do ----
    // Whether a user may do all of it, on records of that namespace and set.
    Status permit(View user, Rights asked, View ns = {}, View set = {});
    // A command on one record: counted, and refused beyond the quota. It reads, or else writes.
    Status spend(View user, bool reads);

    // A query that runs, which counts until the last of these is gone.
    using Running = std::shared_ptr<void>;
    Status begin_query(View user, bool reads, uint32_t per_second, Running &running);

    // ---- users ----
    Status create_user(View name, View password, const std::vector<Bytes> &roles);
    Status drop_user(View name);
    Status set_password(View name, View password);
    Status change_password(View name, View former, View password);
    Status grant_roles(View name, const std::vector<Bytes> &roles);
    Status revoke_roles(View name, const std::vector<Bytes> &roles);
    std::vector<UserFacts> users(std::optional<View> name);  // one, or all

    // ---- roles ----
    Status create_role(View name, const Role &role);
    Status drop_role(View name);
    Status grant_privileges(View name, const std::vector<Privilege> &privileges);
    Status revoke_privileges(View name, const std::vector<Privilege> &privileges);
    Status set_whitelist(View name, View addresses);
    Status set_quotas(View name, uint32_t read_quota, uint32_t write_quota);
    std::vector<RoleFacts> roles(std::optional<View> name);

  private:
    struct Token {
        Bytes token;
        int64_t expires;  // seconds
    };
    struct User {
        Bytes password;
        std::set<Bytes> roles;
        std::deque<Token> tokens;
        uint32_t connections = 0;
        Usage reads, writes;
    };

    User *find_user(View name);
    Status give_token(User &user, uint32_t address, Bytes &token);
    Status check_roles(const std::vector<Bytes> &roles) const;
    Status check_address(const User &user, uint32_t address) const;
    Status own_role(View name, Role **out);
    Status own_role(View name, const std::vector<Privilege> &privileges, Role **out);
    uint32_t quota(const User &user, bool reads) const;
    Status count_query(View user, bool reads, uint32_t per_second);
    void end_query(const Bytes &user, bool reads, uint32_t per_second);
    UserFacts facts_of(const Bytes &name, User &user) const;

    bool quotas_;
    uint32_t session_ttl_;
    std::mutex mutex_;
    std::map<Bytes, User, std::less<>> users_;
    std::map<Bytes, Role, std::less<>> roles_;
};

}  // namespace embedded
