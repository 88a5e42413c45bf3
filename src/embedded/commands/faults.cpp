// SPDX-License-Identifier: Apache-2.0
#include "commands/faults.hpp"

#include <algorithm>

#include "wire/batch.hpp"

namespace embedded {

namespace {

bool is_of(const Aim &aim, const Request &request) {
    return (!aim.ns || request.field(FieldType::ns) == *aim.ns) &&
           (!aim.set || request.field(FieldType::set) == *aim.set);
}

bool has_one_of(const Aim &aim, const Request &request) {
    Batch batch(request.field(FieldType::batch), std::nullopt);
    while (batch.left() > 0 && batch.next()) {
        if (is_of(aim, batch.request())) {
            return true;
        }
    }
    return false;
}

// From 0 to 1 without it, of the 53 bits that a number has.
double part_of_one(std::mt19937_64 &chance) {
    return static_cast<double>(chance() >> 11) * 0x1p-53;
}

}  // namespace

bool Fault::aims_at(const Target &target) const {
    if ((aim_.kinds >> static_cast<unsigned>(target.kind) & 1) == 0 || count_ >= aim_.times ||
        (aim_.node && *aim_.node != target.node)) {
        return false;
    }
    if (!aim_.ns && !aim_.set) {
        return true;
    }
    return target.request != nullptr &&
           (target.kind == Kind::batch ? has_one_of(aim_, *target.request) : is_of(aim_, *target.request));
}

bool Fault::strike(const Target &target) {
    bool struck = aims_at(target) && part_of_one(chance_) < aim_.share;
    count_ += struck ? 1 : 0;
    return struck;
}

void Faults::add(std::shared_ptr<Fault> fault) {
    std::lock_guard guard(mutex_);
    faults_.push_back(std::move(fault));
    any_ = true;
}

void Faults::remove(const std::shared_ptr<Fault> &fault) {
    std::lock_guard guard(mutex_);
    faults_.erase(std::remove(faults_.begin(), faults_.end(), fault), faults_.end());
    any_ = !faults_.empty();
}

void Faults::clear() {
    std::lock_guard guard(mutex_);
    faults_.clear();
    any_ = false;
}

std::optional<Harm> Faults::look(const Target &target) {
    std::lock_guard guard(mutex_);
    for (const auto &fault : faults_) {
        if (fault->strike(target)) {
            struck_++;
            return fault->harm();
        }
    }
    return std::nullopt;
}

}  // namespace embedded
