// SPDX-License-Identifier: Apache-2.0
#include "index/selection.hpp"

namespace embedded {

namespace {

// By its name, whatever it is of, or else the one that is of just this.
std::shared_ptr<Index> find_index(const IndexList &indexes, const Request &request, const IndexPredicate &predicate) {
    if (request.has(FieldType::index_name)) {
        return indexes.find(request.field(FieldType::index_name));
    }
    View source = request.field(FieldType::index_source);
    IndexDefinition wanted;
    wanted.set = request.field(FieldType::set);
    wanted.source = source.empty() ? IndexSource::value : static_cast<IndexSource>(source[0]);
    wanted.type = predicate.type();
    wanted.context = request.field(FieldType::index_context);
    wanted.expression = request.field(FieldType::index_expression);
    wanted.bin = wanted.expression.empty() ? predicate.bin() : Bytes();
    return indexes.find_definition(wanted.text());
}

}  // namespace

Status RecordSelection::read(Namespace &ns, const Request &request, RecordSelection &out) {
    if (!request.has(FieldType::index_range)) {
        return Status::ok;
    }
    bool one_source = request.field(FieldType::index_source).size() <= 1;
    if (!one_source || !IndexPredicate::parse(request.field(FieldType::index_range), out.predicate_)) {
        return Status::parameter;
    }
    auto found = find_index(ns.indexes(), request, out.predicate_);
    out.index_ = std::static_pointer_cast<const RecordIndex>(found);
    if (found == nullptr || out.index_->about().source == IndexSource::set) {
        return Status::index_not_found;
    }
    return found->ready() ? Status::ok : Status::index_not_readable;
}

}  // namespace embedded
