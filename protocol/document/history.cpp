#include "protocol/document/history.hpp"

#include <algorithm>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

std::size_t bytes_of(const text_edit& edit)
{
    std::size_t bytes = edit.capacity() * sizeof(text_component);
    for (const text_component& component : edit) {
        if (const auto* insert = std::get_if<text_insert>(&component)) bytes += insert->text.size();
    }
    return bytes;
}

}  // namespace

void edit_history::start_at(revision at)
{
    edits_.clear();
    bytes_ = 0;
    floor_ = at;
}

void edit_history::record(revision at, text_key text, const client_id& by, text_edit edit)
{
    OKRA_ASSERT(at >= floor_);
    OKRA_ASSERT(edits_.empty() || edits_.back().at <= at);
    const std::size_t bytes = sizeof(past_edit) + by.size() + bytes_of(edit);
    edits_.push_back({at, text, {by, std::move(edit)}, bytes});
    bytes_ += bytes;
    while (!edits_.empty() && (bytes_ > bytes_max || edits_.front().at.value + revisions_max <= at.value))
        drop_oldest();
}

std::vector<const authored_edit*> edit_history::after(revision base, text_key text) const
{
    OKRA_ASSERT(base >= floor_);
    std::vector<const authored_edit*> result;
    auto at = std::ranges::upper_bound(edits_, base, {}, &past_edit::at);
    for (; at != edits_.end(); ++at) {
        if (at->text == text) result.push_back(&at->edit);
    }
    return result;
}

void edit_history::drop_oldest()
{
    floor_ = edits_.front().at;
    bytes_ -= edits_.front().bytes;
    edits_.pop_front();
}

}  // namespace okra::document
