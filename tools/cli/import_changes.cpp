#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/wire/encode.hpp"
#include "tools/cli/import.hpp"

namespace okra::cli {

namespace {

using client::failure;

// What is around the ops of a change on the wire.
constexpr std::size_t envelope_bytes = 1024;

std::size_t wire_bytes(const document::operation& op)
{
    std::string text;
    wire::encode_operations(text, std::span{&op, 1});
    return text.size();
}

bool has_name(const document::document& workspace)
{
    const auto name = workspace.root().fields.find("name");
    return name != workspace.root().fields.end() && name->second.value != document::initial_value{std::string{}};
}

// What `present` does not have.
result<std::vector<const import_row*>, failure> missing(const import_document& wanted,
                                                        const document::document& present)
{
    std::vector<const import_row*> out;
    for (const import_row& row : wanted.rows) {
        const auto* made = std::get_if<document::create_op>(&row.op);
        if (made == nullptr) {  // the name of a workspace
            if (!has_name(present)) out.push_back(&row);
            continue;
        }
        const auto* before = present.find(made->id);
        if (before == nullptr) {
            out.push_back(&row);
        } else if (before->kind->name != made->kind) {
            return failure{fmt::format("{}: its id \"{}\" is that of a {} already", describe(row.place), made->id,
                                       before->kind->name)};
        }
    }
    return out;
}

// Fills changes with groups of rows: an objective, or whatever stands under the root, with all that follows under it.
class packer {
public:
    explicit packer(std::string root) : root_{std::move(root)} {}

    void add(const import_row& row)
    {
        const auto* made = std::get_if<document::create_op>(&row.op);
        if (made == nullptr || made->parent == root_) close_group();
        const auto bytes = wire_bytes(row.op);
        if (!fits(group_, group_bytes_, 1, bytes)) close_group();
        group_.push_back(&row);
        group_bytes_ += bytes;
    }

    [[nodiscard]] std::vector<std::vector<const import_row*>> take()
    {
        close_group();
        if (!change_.empty()) changes_.push_back(std::move(change_));
        return std::move(changes_);
    }

private:
    using rows = std::vector<const import_row*>;

    static bool fits(const rows& in, std::size_t in_bytes, std::size_t more, std::size_t more_bytes)
    {
        return in.size() + more <= document::limits::ops_per_change &&
               in_bytes + more_bytes + envelope_bytes <= document::limits::message_bytes;
    }

    void close_group()
    {
        if (!fits(change_, change_bytes_, group_.size(), group_bytes_)) {
            changes_.push_back(std::exchange(change_, {}));
            change_bytes_ = 0;
        }
        change_.insert(change_.end(), group_.begin(), group_.end());
        change_bytes_ += std::exchange(group_bytes_, 0);
        group_.clear();
    }

    std::string root_;
    rows group_;
    std::size_t group_bytes_ = 0;
    rows change_;
    std::size_t change_bytes_ = 0;
    std::vector<rows> changes_;
};

document::document copy_of(const document::document& it)
{
    document::document copy{it.schema()};
    std::vector<document::entity> entities;
    for (const auto* each : it.in_tree_order()) entities.push_back(*each);
    const auto loaded = copy.load(it.head(), std::move(entities));
    OKRA_ASSERT(loaded.has_value());
    return copy;
}

}  // namespace

result<std::vector<client::op_list>, failure> changes_for(const import_document& wanted,
                                                          const document::document& present, std::int64_t now_ms)
{
    const auto rows = missing(wanted, present);
    if (!rows) return rows.error();
    packer packs{present.root().id};
    for (const import_row* row : *rows) packs.add(*row);

    std::vector<client::op_list> out;
    document::document scratch = copy_of(present);
    for (const auto& packed : packs.take()) {
        client::op_list ops;
        for (const import_row* row : packed) ops.push_back(row->op);
        const auto accepted = scratch.accept({"import", sequence{out.size() + 1}, scratch.head(), ops}, now_ms);
        if (!accepted) {
            const refusal& why = accepted.error();
            const auto& place = packed.at(why.op_index.value_or(0))->place;
            return failure{fmt::format("{}: {} ({})", describe(place), why.message, name_of(why.code))};
        }
        out.push_back(std::move(ops));
    }
    return out;
}

}  // namespace okra::cli
