// SPDX-License-Identifier: Apache-2.0
#include "security/admin_command.hpp"

#include <algorithm>
#include <array>

#include "wire/protocol.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

// ---- messages: a header of 16 bytes, then fields of a size, a number and a value ----

constexpr size_t kHeader = 16;
constexpr size_t kFieldHeader = 5;

enum class Field : uint8_t {
    user = 0,
    password = 1,
    former_password = 2,
    credential = 3,
    clear_password = 4,
    token = 5,
    session_ttl = 6,
    roles = 10,
    role = 11,
    privileges = 12,
    whitelist = 13,
    read_quota = 14,
    write_quota = 15,
    read_info = 16,
    write_info = 17,
    connections = 18,
};
constexpr size_t kFields = 32;

struct Message {
    uint8_t command = 0;
    std::array<std::optional<View>, kFields> fields;

    bool has(Field field) const { return fields[static_cast<size_t>(field)].has_value(); }
    View get(Field field) const { return fields[static_cast<size_t>(field)].value_or(View()); }
    // A number, 0 where there is none.
    uint32_t number(Field field) const {
        View value = get(field);
        return value.size() == 4 ? static_cast<uint32_t>(read_number(value.data(), 4)) : 0;
    }
};

// False: malformed. A field that nobody knows is left out.
bool read_message(View body, Message &out) {
    if (body.size() < kHeader) {
        return false;
    }
    out.command = static_cast<uint8_t>(body[2]);
    auto count = static_cast<uint8_t>(body[3]);
    body.remove_prefix(kHeader);
    for (int i = 0; i < count; i++) {
        if (body.size() < kFieldHeader) {
            return false;
        }
        uint64_t size = read_number(body.data(), 4);  // the field's number is part of it
        if (size == 0 || size > body.size() - 4) {
            return false;
        }
        auto field = static_cast<uint8_t>(body[4]);
        if (field < kFields) {
            out.fields[field] = body.substr(kFieldHeader, size - 1);
        }
        body.remove_prefix(4 + size);
    }
    return body.empty();
}

// A text behind a byte that says its size, which is taken off. False: cut short.
bool take_text(View &in, Bytes &out) {
    if (in.empty() || in.size() - 1 < static_cast<uint8_t>(in[0])) {
        return false;
    }
    out = in.substr(1, static_cast<uint8_t>(in[0]));
    in.remove_prefix(1 + out.size());
    return true;
}

// A list, whose first byte says how many. False: malformed.
template <typename Entry, typename Take>
bool read_list(View in, std::vector<Entry> &out, Take take) {
    size_t count = in.empty() ? 0 : static_cast<uint8_t>(in[0]);
    in.remove_prefix(std::min<size_t>(in.size(), 1));
    for (size_t i = 0; i < count; i++) {
        Entry entry{};
        if (!take(in, entry)) {
            return false;
        }
        out.push_back(std::move(entry));
    }
    return in.empty();
}

bool read_roles(const Message &message, std::vector<Bytes> &out) {
    return read_list(message.get(Field::roles), out, take_text);
}

bool take_privilege(View &in, Privilege &out) {
    if (in.empty()) {
        return false;
    }
    out.code = static_cast<PrivilegeCode>(in[0]);
    in.remove_prefix(1);
    return out.code < kScoped || (take_text(in, out.ns) && take_text(in, out.set));
}

bool read_privileges(const Message &message, std::vector<Privilege> &out) {
    return read_list(message.get(Field::privileges), out, take_privilege);
}

// One message of an answer; several may share a frame.
class Answer {
  public:
    Answer(Bytes &out, Status status) : out_(out), at_(out.size()) {
        out_.append(kHeader, '\0');
        out_[at_ + 1] = static_cast<char>(status);
    }
    void field(Field field, View value) {
        append_number(out_, value.size() + 1, 4);
        out_.push_back(static_cast<char>(field));
        out_.append(value);
        out_[at_ + 3]++;
    }
    void number(Field name, uint32_t value) {
        Bytes bytes;
        append_number(bytes, value, 4);
        field(name, bytes);
    }

  private:
    Bytes &out_;
    size_t at_;
};

void append_text(Bytes &out, View text) {
    out.push_back(static_cast<char>(text.size()));
    out.append(text);
}

Bytes role_list(const std::vector<Bytes> &roles) {
    Bytes out(1, static_cast<char>(roles.size()));
    for (const Bytes &role : roles) {
        append_text(out, role);
    }
    return out;
}

Bytes number_list(const std::vector<uint32_t> &numbers) {
    Bytes out(1, static_cast<char>(numbers.size()));
    for (uint32_t number : numbers) {
        append_number(out, number, 4);
    }
    return out;
}

Bytes privilege_list(const std::vector<Privilege> &privileges) {
    Bytes out(1, static_cast<char>(privileges.size()));
    for (const Privilege &one : privileges) {
        out.push_back(static_cast<char>(one.code));
        if (one.code >= kScoped) {
            append_text(out, one.ns);
            append_text(out, one.set);
        }
    }
    return out;
}

// ---- the commands ----

struct Work {
    Accounts &accounts;
    Login &login;
    const Message &message;
    Bytes &out;  // for the messages of an answer; one with the status alone is made where there is none
};

void become(Work &work, View user) {
    if (!work.login.user.empty()) {
        work.accounts.leave(work.login.user);
    }
    work.login.user = user;
    work.accounts.enter(user);
}

// Whom a message is about: where it names nobody, whom the client's certificate does.
View user_of(const Work &work) {
    return work.message.has(Field::user) ? work.message.get(Field::user) : View(work.login.certificate);
}

// By what the message has: a certificate needs nothing, an external service the password itself.
Status find_token(Work &work, View user, Bytes &token) {
    const Message &message = work.message;
    uint32_t address = work.login.address;
    if (!message.has(Field::user) && !message.has(Field::credential)) {
        return work.login.certificate.empty() ? Status::scheme_not_supported
                                              : work.accounts.login_certified(user, address, token);
    }
    View credential = message.get(Field::credential);
    return message.has(Field::clear_password)
               ? work.accounts.login_external(user, credential, message.get(Field::clear_password), address, token)
               : work.accounts.login(user, credential, address, token);
}

Status log_in(Work &work) {
    Bytes token;
    View user = user_of(work);
    Status status = find_token(work, user, token);
    if (status == Status::ok) {
        become(work, user);
        Answer answer(work.out, status);
        answer.field(Field::token, token);
        answer.number(Field::session_ttl, work.accounts.session_ttl());
    }
    return status;
}

Status authenticate(Work &work) {
    View user = user_of(work);
    Status status = work.accounts.authenticate(user, work.message.get(Field::token), work.login.address);
    if (status == Status::ok) {
        become(work, user);
    }
    return status;
}

Status create_user(Work &work) {
    std::vector<Bytes> roles;
    if (!read_roles(work.message, roles)) {
        return Status::invalid_role;
    }
    return work.accounts.create_user(work.message.get(Field::user), work.message.get(Field::password), roles);
}

Status drop_user(Work &work) {
    return work.accounts.drop_user(work.message.get(Field::user));
}

Status set_password(Work &work) {
    return work.accounts.set_password(work.message.get(Field::user), work.message.get(Field::password));
}

// One's own.
Status change_password(Work &work) {
    View user = work.message.get(Field::user);
    if (user != work.login.user) {
        return Status::role_violation;
    }
    return work.accounts.change_password(user, work.message.get(Field::former_password),
                                         work.message.get(Field::password));
}

template <Status (Accounts::*change)(View, const std::vector<Bytes> &)>
Status change_roles(Work &work) {
    std::vector<Bytes> roles;
    if (!read_roles(work.message, roles)) {
        return Status::invalid_role;
    }
    return (work.accounts.*change)(work.message.get(Field::user), roles);
}

// Everybody may ask about himself.
Status query_users(Work &work) {
    auto name = work.message.fields[static_cast<size_t>(Field::user)];
    if (!name || *name != work.login.user) {
        Status status = work.accounts.permit(work.login.user, right::users);
        if (status != Status::ok) {
            return status;
        }
    }
    std::vector<UserFacts> users = work.accounts.users(name);
    if (name && users.empty()) {
        return Status::invalid_user;
    }
    for (const UserFacts &user : users) {
        Answer answer(work.out, Status::ok);
        answer.field(Field::user, user.name);
        answer.field(Field::roles, role_list(user.roles));
        answer.field(Field::read_info, number_list(user.read_info));
        answer.field(Field::write_info, number_list(user.write_info));
        answer.number(Field::connections, user.connections);
    }
    Answer end(work.out, Status::query_end);
    return Status::ok;
}

Status create_role(Work &work) {
    Role role;
    role.read_quota = work.message.number(Field::read_quota);
    role.write_quota = work.message.number(Field::write_quota);
    if (!read_privileges(work.message, role.privileges)) {
        return Status::invalid_privilege;
    }
    if (!Whitelist::parse(work.message.get(Field::whitelist), role.whitelist)) {
        return Status::invalid_whitelist;
    }
    return work.accounts.create_role(work.message.get(Field::role), role);
}

Status drop_role(Work &work) {
    return work.accounts.drop_role(work.message.get(Field::role));
}

template <Status (Accounts::*change)(View, const std::vector<Privilege> &)>
Status change_privileges(Work &work) {
    std::vector<Privilege> privileges;
    if (!read_privileges(work.message, privileges)) {
        return Status::invalid_privilege;
    }
    return (work.accounts.*change)(work.message.get(Field::role), privileges);
}

Status set_whitelist(Work &work) {
    return work.accounts.set_whitelist(work.message.get(Field::role), work.message.get(Field::whitelist));
}

Status set_quotas(Work &work) {
    return work.accounts.set_quotas(work.message.get(Field::role), work.message.number(Field::read_quota),
                                    work.message.number(Field::write_quota));
}

Status query_roles(Work &work) {
    auto name = work.message.fields[static_cast<size_t>(Field::role)];
    std::vector<RoleFacts> roles = work.accounts.roles(name);
    if (name && roles.empty()) {
        return Status::invalid_role;
    }
    for (const RoleFacts &one : roles) {
        Answer answer(work.out, Status::ok);
        answer.field(Field::role, one.name);
        answer.field(Field::privileges, privilege_list(one.role.privileges));
        if (!one.role.whitelist.empty()) {
            answer.field(Field::whitelist, one.role.whitelist.text());
        }
        answer.number(Field::read_quota, one.role.read_quota);
        answer.number(Field::write_quota, one.role.write_quota);
    }
    Answer end(work.out, Status::query_end);
    return Status::ok;
}

// Who may do it: anybody, whoever has logged in, or an administrator of users.
enum class Who : uint8_t { anybody, user, administrator };

struct Row {
    uint8_t command;
    Who who;
    Status (*run)(Work &work);
};

constexpr Row kRows[] = {
    {0, Who::anybody, authenticate},
    {1, Who::administrator, create_user},
    {2, Who::administrator, drop_user},
    {3, Who::administrator, set_password},
    {4, Who::user, change_password},
    {5, Who::administrator, change_roles<&Accounts::grant_roles>},
    {6, Who::administrator, change_roles<&Accounts::revoke_roles>},
    {9, Who::user, query_users},
    {10, Who::administrator, create_role},
    {11, Who::administrator, drop_role},
    {12, Who::administrator, change_privileges<&Accounts::grant_privileges>},
    {13, Who::administrator, change_privileges<&Accounts::revoke_privileges>},
    {14, Who::administrator, set_whitelist},
    {15, Who::administrator, set_quotas},
    {16, Who::administrator, query_roles},
    {20, Who::anybody, log_in},
};

Status permit(Accounts &accounts, const Login &login, Who who) {
    return who == Who::anybody ? Status::ok
                               : accounts.permit(login.user, who == Who::administrator ? right::users : Rights{0});
}

Status run(Accounts &accounts, Login &login, View body, Bytes &out) {
    Message message;
    if (!read_message(body, message)) {
        return Status::invalid_field;
    }
    for (const Row &row : kRows) {
        if (row.command == message.command) {
            Work work{accounts, login, message, out};
            Status status = permit(accounts, login, row.who);
            return status == Status::ok ? row.run(work) : status;
        }
    }
    return Status::invalid_command;
}

}  // namespace

void admin_refuse(Status status, Bytes &out) {
    size_t begin = out.size();
    out.append(kFrameHeader, '\0');
    Answer alone(out, status);
    write_frame(FrameType::admin, out.size() - begin - kFrameHeader, out.data() + begin);
}

void admin_command(Accounts *accounts, Login &login, View body, Bytes &out) {
    size_t begin = out.size();
    out.append(kFrameHeader, '\0');
    Status status = accounts == nullptr ? Status::security_not_supported : run(*accounts, login, body, out);
    if (out.size() == begin + kFrameHeader) {
        Answer alone(out, status);
    }
    write_frame(FrameType::admin, out.size() - begin - kFrameHeader, out.data() + begin);
}

}  // namespace embedded
