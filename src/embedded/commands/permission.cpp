// SPDX-License-Identifier: Apache-2.0
#include "commands/permission.hpp"

#include "commands/transaction_command.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

// What a message asks for, and the right that this needs: all rows that apply.
struct Row {
    bool (*applies)(const Request &request);
    Rights rights;
};

bool calls(const Request &request) {
    return request.has(FieldType::udf_module) || request.has(FieldType::udf_op);
}

constexpr Row kRecordRows[] = {
    {calls, right::call},
    {[](const Request &request) { return !calls(request) && (request.info2 & info2::write) != 0; }, right::write},
    {[](const Request &request) {
         return !calls(request) && ((request.info1 & info1::read) != 0 || (request.info2 & info2::write) == 0);
     },
     right::read},
};

constexpr Row kQueryRows[] = {
    {calls, right::call},
    {[](const Request &request) { return !calls(request) && (request.info2 & info2::write) != 0; }, right::write},
    {[](const Request &request) { return !calls(request) && (request.info2 & info2::write) == 0; }, right::read},
};

template <size_t size>
Rights rights_of(const Row (&rows)[size], const Request &request) {
    Rights rights = 0;
    for (const Row &row : rows) {
        rights = static_cast<Rights>(rights | (row.applies(request) ? row.rights : 0));
    }
    return rights;
}

Status permit(const Session &session, Rights rights, const Request &request) {
    return session.server.accounts->permit(session.login.user, rights, request.field(FieldType::ns),
                                           request.field(FieldType::set));
}

}  // namespace

Status permit_record(const Session &session, const Request &request) {
    if (session.server.accounts == nullptr) {
        return Status::ok;
    }
    if (request.field(FieldType::set) == kMonitorSet) {  // it has no data, and whoever wrote must be able to end
        return permit(session, 0, request);
    }
    Rights rights = rights_of(kRecordRows, request);
    Status status = permit(session, rights, request);
    return status == Status::ok ? session.server.accounts->spend(session.login.user, rights == right::read) : status;
}

Status permit_query(const Session &session, const Request &request, Accounts::Running &running) {
    if (session.server.accounts == nullptr) {
        return Status::ok;
    }
    Rights rights = rights_of(kQueryRows, request);
    Status status = permit(session, rights, request);
    if (status != Status::ok) {
        return status;
    }
    View rate = request.field(FieldType::records_per_second);
    auto per_second = rate.size() == 4 ? static_cast<uint32_t>(read_number(rate.data(), 4)) : 0;
    return session.server.accounts->begin_query(session.login.user, rights == right::read, per_second, running);
}

Status permit_info(const Session &session, Rights rights, View ns, View set) {
    return session.server.accounts == nullptr ? Status::ok
                                              : session.server.accounts->permit(session.login.user, rights, ns, set);
}

}  // namespace embedded
