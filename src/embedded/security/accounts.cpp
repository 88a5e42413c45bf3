// SPDX-License-Identifier: Apache-2.0
#include "security/accounts.hpp"

#include <aerospike/as_password.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace embedded {

namespace {

constexpr size_t kTokenSize = 32;
constexpr size_t kTokensMost = 1024;  // of a user; a further one ends the oldest
constexpr size_t kListMost = 255;  // roles of a user, privileges of a role: a byte counts them on the wire
constexpr size_t kHashSize = 60;
// What the C client sends as the password of a user who has none: the hash of "nopassword".
constexpr View kNoPassword = "$2a$10$7EqJtq98hPqEX7fNZaFWoOePA2sZy..tlOF99W2N0g5KZ3dLaw8WO";

int64_t now_steady_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// In a time that does not tell where the first difference is.
bool same_secret(View one, View other) {
    if (one.size() != other.size()) {
        return false;
    }
    unsigned char difference = 0;
    for (size_t i = 0; i < one.size(); i++) {
        difference = static_cast<unsigned char>(difference | (one[i] ^ other[i]));
    }
    return difference == 0;
}

Bytes new_token() {
    std::random_device source;
    Bytes token;
    while (token.size() < kTokenSize) {
        unsigned number = source();
        token.append(reinterpret_cast<const char *>(&number), sizeof number);
    }
    return token;
}

Status check_password(View password) {
    return password.size() == kHashSize ? Status::ok : Status::invalid_password;
}

Status check_privileges(const std::vector<Privilege> &privileges) {
    bool known = std::all_of(privileges.begin(), privileges.end(), [](const Privilege &one) {
        return find_privilege(one.code) != nullptr && (!one.ns.empty() || one.set.empty());
    });
    return known ? Status::ok : Status::invalid_privilege;
}

bool name_is_good(View name, size_t most) {
    return !name.empty() && name.size() <= most;
}

}  // namespace

void Rate::at(int64_t second) {
    if (second != second_) {
        before_ = second == second_ + 1 ? now_ : 0;
        now_ = 0;
        second_ = second;
    }
}

Accounts::Accounts(const SecurityOptions &options) : quotas_(options.quotas), session_ttl_(options.session_ttl) {
    for (const PrivilegeRow &row : kPrivileges) {
        Role role;
        role.privileges = {{row.code}};
        role.predefined = true;
        roles_.emplace(row.role, std::move(role));
    }
    for (const auto &user : options.users) {
        Status status = create_user(user.name, user.password, user.roles);
        if (status != Status::ok) {
            throw std::invalid_argument("users: '" + user.name + "' " +
                                        (status == Status::invalid_role
                                             ? "has a role that is none"
                                             : "is no name of 1 to 63 bytes, or there twice"));
        }
    }
}

// ---- who it is ----

Accounts::User *Accounts::find_user(View name) {
    auto found = users_.find(name);
    return found == users_.end() ? nullptr : &found->second;
}

// From everywhere, unless a role says from where; then from what any of them says.
Status Accounts::check_address(const User &user, uint32_t address) const {
    bool limited = false;
    for (const Bytes &name : user.roles) {
        const Whitelist &whitelist = roles_.at(name).whitelist;
        if (whitelist.has(address)) {
            return Status::ok;
        }
        limited = limited || !whitelist.empty();
    }
    return limited ? Status::not_whitelisted : Status::ok;
}

Status Accounts::give_token(User &user, uint32_t address, Bytes &token) {
    Status status = check_address(user, address);
    if (status != Status::ok) {
        return status;
    }
    token = new_token();
    user.tokens.push_back({token, now_steady_seconds() + session_ttl_});
    if (user.tokens.size() > kTokensMost) {
        user.tokens.pop_front();
    }
    return Status::ok;
}

Status Accounts::login(View name, View credential, uint32_t address, Bytes &token) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::invalid_user;
    }
    if (same_secret(user->password, kNoPassword)) {
        return Status::forbidden_password;
    }
    return same_secret(user->password, credential) ? give_token(*user, address, token) : Status::invalid_credential;
}

Status Accounts::login_certified(View name, uint32_t address, Bytes &token) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    return user == nullptr ? Status::invalid_user : give_token(*user, address, token);
}

// The hash takes its time, so it is made where all else is right, and not under the lock.
Status Accounts::login_external(View name, View credential, View password, uint32_t address, Bytes &token) {
    Status status = login(name, credential, address, token);
    if (status != Status::ok) {
        return status;
    }
    char hash[AS_PASSWORD_HASH_SIZE];
    bool good = password.find('\0') == View::npos && as_password_gen_constant_hash(Bytes(password).c_str(), hash) &&
                same_secret(credential, View(hash));
    return good ? Status::ok : Status::invalid_credential;
}

Status Accounts::authenticate(View name, View token, uint32_t address) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::invalid_user;
    }
    for (const Token &one : user->tokens) {
        if (same_secret(one.token, token)) {
            return now_steady_seconds() < one.expires ? check_address(*user, address) : Status::expired_session;
        }
    }
    return Status::invalid_credential;
}

void Accounts::enter(View name) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user != nullptr) {
        user->connections++;
    }
}

void Accounts::leave(View name) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user != nullptr && user->connections > 0) {
        user->connections--;
    }
}

// ---- what it may do ----

Status Accounts::permit(View name, Rights asked, View ns, View set) {
    std::lock_guard<std::mutex> guard(mutex_);
    const User *user = find_user(name);
    if (user == nullptr) {
        return Status::not_authenticated;
    }
    Rights given = 0;
    for (const Bytes &role : user->roles) {
        for (const Privilege &privilege : roles_.at(role).privileges) {
            given = static_cast<Rights>(given | privilege.gives(asked, ns, set));
        }
    }
    return given == asked ? Status::ok : Status::role_violation;
}

// The largest of its roles'; 0: no limit.
uint32_t Accounts::quota(const User &user, bool reads) const {
    uint32_t most = 0;
    for (const Bytes &name : user.roles) {
        const Role &role = roles_.at(name);
        most = std::max(most, reads ? role.read_quota : role.write_quota);
    }
    return most;
}

Status Accounts::spend(View name, bool reads) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::not_authenticated;
    }
    Usage &usage = reads ? user->reads : user->writes;
    uint32_t most = quota(*user, reads);
    int64_t second = now_steady_seconds();
    if (most > 0 && usage.single.count(second) + usage.query_rate >= most) {
        return Status::quota_exceeded;
    }
    usage.single.add(second);
    return Status::ok;
}

// One without a limit of its own is more than any quota.
Status Accounts::count_query(View name, bool reads, uint32_t per_second) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::not_authenticated;
    }
    Usage &usage = reads ? user->reads : user->writes;
    uint32_t most = quota(*user, reads);
    if (most > 0 && (per_second == 0 || uint64_t{per_second} + usage.query_rate > most)) {
        return Status::quota_exceeded;
    }
    usage.query_rate += per_second;
    usage.limitless += per_second == 0 ? 1 : 0;
    return Status::ok;
}

Status Accounts::begin_query(View name, bool reads, uint32_t per_second, Running &running) {
    Status status = count_query(name, reads, per_second);
    if (status == Status::ok) {
        auto end = [this, user = Bytes(name), reads, per_second](void *) { end_query(user, reads, per_second); };
        running = Running(this, end);
    }
    return status;
}

// The user may be another of that name by now.
void Accounts::end_query(const Bytes &name, bool reads, uint32_t per_second) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user != nullptr) {
        Usage &usage = reads ? user->reads : user->writes;
        usage.query_rate -= std::min(usage.query_rate, per_second);
        usage.limitless -= per_second == 0 && usage.limitless > 0 ? 1 : 0;
    }
}

// ---- users ----

Status Accounts::check_roles(const std::vector<Bytes> &roles) const {
    bool known = std::all_of(roles.begin(), roles.end(), [this](const Bytes &name) { return roles_.count(name) > 0; });
    return known ? Status::ok : Status::invalid_role;
}

Status Accounts::create_user(View name, View password, const std::vector<Bytes> &roles) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!name_is_good(name, kUserNameMost)) {
        return Status::invalid_user;
    }
    if (find_user(name) != nullptr) {
        return Status::user_exists;
    }
    for (Status status : {check_password(password), check_roles(roles)}) {
        if (status != Status::ok) {
            return status;
        }
    }
    User user;
    user.password = password;
    user.roles.insert(roles.begin(), roles.end());
    users_.emplace(name, std::move(user));
    return Status::ok;
}

Status Accounts::drop_user(View name) {
    std::lock_guard<std::mutex> guard(mutex_);
    auto found = users_.find(name);
    if (found == users_.end()) {
        return Status::invalid_user;
    }
    users_.erase(found);
    return Status::ok;
}

Status Accounts::set_password(View name, View password) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::invalid_user;
    }
    if (same_secret(user->password, kNoPassword)) {
        return Status::forbidden_password;
    }
    Status status = check_password(password);
    if (status == Status::ok) {
        user->password = password;
    }
    return status;
}

Status Accounts::change_password(View name, View former, View password) {
    {
        std::lock_guard<std::mutex> guard(mutex_);
        const User *user = find_user(name);
        if (user != nullptr && !same_secret(user->password, former)) {
            return Status::invalid_password;
        }
    }
    return set_password(name, password);
}

Status Accounts::grant_roles(View name, const std::vector<Bytes> &roles) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::invalid_user;
    }
    std::set<Bytes> all = user->roles;
    all.insert(roles.begin(), roles.end());
    if (roles.empty() || check_roles(roles) != Status::ok || all.size() > kListMost) {
        return Status::invalid_role;
    }
    user->roles = std::move(all);
    return Status::ok;
}

Status Accounts::revoke_roles(View name, const std::vector<Bytes> &roles) {
    std::lock_guard<std::mutex> guard(mutex_);
    User *user = find_user(name);
    if (user == nullptr) {
        return Status::invalid_user;
    }
    if (roles.empty() || check_roles(roles) != Status::ok) {
        return Status::invalid_role;
    }
    for (const Bytes &role : roles) {
        user->roles.erase(role);
    }
    return Status::ok;
}

UserFacts Accounts::facts_of(const Bytes &name, User &user) const {
    int64_t second = now_steady_seconds();
    auto info = [second](Usage &usage, uint32_t most) {
        return std::vector<uint32_t>{most, usage.single.last(second), usage.query_rate, usage.limitless};
    };
    return {name,
            {user.roles.begin(), user.roles.end()},
            info(user.reads, quota(user, true)),
            info(user.writes, quota(user, false)),
            user.connections};
}

std::vector<UserFacts> Accounts::users(std::optional<View> wanted) {
    std::lock_guard<std::mutex> guard(mutex_);
    std::vector<UserFacts> facts;
    for (auto &[name, user] : users_) {
        if (!wanted || *wanted == name) {
            facts.push_back(facts_of(name, user));
        }
    }
    return facts;
}

// ---- roles ----

// A role that may be changed: not one that everybody knows.
Status Accounts::own_role(View name, Role **out) {
    auto found = roles_.find(name);
    if (found == roles_.end() || found->second.predefined) {
        return Status::invalid_role;
    }
    *out = &found->second;
    return Status::ok;
}

// The same, to give it privileges or take them.
Status Accounts::own_role(View name, const std::vector<Privilege> &privileges, Role **out) {
    Status status = own_role(name, out);
    return status == Status::ok ? check_privileges(privileges) : status;
}

Status Accounts::create_role(View name, const Role &role) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!name_is_good(name, kRoleNameMost)) {
        return Status::invalid_role;
    }
    if (roles_.find(name) != roles_.end()) {
        return Status::role_exists;
    }
    if (!quotas_ && (role.read_quota > 0 || role.write_quota > 0)) {
        return Status::quotas_not_enabled;
    }
    Status status = check_privileges(role.privileges);
    if (status == Status::ok) {
        roles_.emplace(name, role);
    }
    return status;
}

Status Accounts::drop_role(View name) {
    std::lock_guard<std::mutex> guard(mutex_);
    Role *role = nullptr;
    Status status = own_role(name, &role);
    if (status != Status::ok) {
        return status;
    }
    for (auto &[_, user] : users_) {
        user.roles.erase(Bytes(name));
    }
    roles_.erase(roles_.find(name));
    return Status::ok;
}

Status Accounts::grant_privileges(View name, const std::vector<Privilege> &privileges) {
    std::lock_guard<std::mutex> guard(mutex_);
    Role *role = nullptr;
    Status status = own_role(name, privileges, &role);
    if (status != Status::ok) {
        return status;
    }
    std::vector<Privilege> all = role->privileges;
    for (const Privilege &one : privileges) {
        if (std::find(all.begin(), all.end(), one) == all.end()) {
            all.push_back(one);
        }
    }
    if (privileges.empty() || all.size() > kListMost) {
        return Status::invalid_privilege;
    }
    role->privileges = std::move(all);
    return Status::ok;
}

// One that the role has not is no mistake.
Status Accounts::revoke_privileges(View name, const std::vector<Privilege> &privileges) {
    std::lock_guard<std::mutex> guard(mutex_);
    Role *role = nullptr;
    Status status = own_role(name, privileges, &role);
    if (status != Status::ok) {
        return status;
    }
    std::vector<Privilege> left;
    for (const Privilege &one : role->privileges) {
        if (std::find(privileges.begin(), privileges.end(), one) == privileges.end()) {
            left.push_back(one);
        }
    }
    role->privileges = std::move(left);
    return privileges.empty() ? Status::invalid_privilege : Status::ok;
}

Status Accounts::set_whitelist(View name, View addresses) {
    std::lock_guard<std::mutex> guard(mutex_);
    Role *role = nullptr;
    Whitelist whitelist;
    Status status = own_role(name, &role);
    if (status != Status::ok) {
        return status;
    }
    if (!Whitelist::parse(addresses, whitelist)) {
        return Status::invalid_whitelist;
    }
    role->whitelist = std::move(whitelist);
    return Status::ok;
}

Status Accounts::set_quotas(View name, uint32_t read_quota, uint32_t write_quota) {
    std::lock_guard<std::mutex> guard(mutex_);
    Role *role = nullptr;
    if (!quotas_) {
        return Status::quotas_not_enabled;
    }
    Status status = own_role(name, &role);
    if (status == Status::ok) {
        role->read_quota = read_quota;
        role->write_quota = write_quota;
    }
    return status;
}

std::vector<RoleFacts> Accounts::roles(std::optional<View> wanted) {
    std::lock_guard<std::mutex> guard(mutex_);
    std::vector<RoleFacts> facts;
    for (const auto &[name, role] : roles_) {
        if (!wanted || *wanted == name) {
            facts.push_back({name, role});
        }
    }
    return facts;
}

}  // namespace embedded
