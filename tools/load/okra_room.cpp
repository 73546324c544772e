#include "tools/load/room.hpp"

#include <string_view>

#include "protocol/base/assert.hpp"

namespace okra::load {

namespace {

constexpr std::size_t frames_kept = 2048;

}  // namespace

void submissions::add(sequence seq, std::span<const clock::time_point> scheduled)
{
    OKRA_ASSERT(seq.value == begins_.size());
    times_.insert(times_.end(), scheduled.begin(), scheduled.end());
    begins_.push_back(times_.size());
}

std::span<const clock::time_point> submissions::of(sequence seq) const
{
    if (seq.value == 0 || seq.value >= begins_.size()) return {};
    const auto begin = begins_[seq.value - 1];
    return std::span{times_}.subspan(begin, begins_[seq.value] - begin);
}

room::room(std::string name, std::size_t editors) : name_{std::move(name)}, submissions_(editors)
{
    for (std::size_t index = 0; index < editors; ++index) editors_.emplace(client_id(index), index);
}

// The same in every room: a client's seqs are counted for each document on their own (CH1), but a session replaces
// another of the same client (HS5), so the name of the room is in it, shortened by hashing.
std::string room::client_id(std::size_t editor) const
{
    return "load-" + std::to_string(std::hash<std::string>{}(name_) % 100'000'000'000ULL) + "-" +
           std::to_string(editor);
}

const commit_facts* room::observe(std::span<char> frame, revision after, wire::decoder& decoder)
{
    const std::string_view bytes{frame.data(), frame.size()};
    const auto known = frames_.find(after);
    if (known != frames_.end() && known->second.bytes == bytes) return &known->second.facts;

    std::string copy{bytes};  // decoding may change the frame
    const auto decoded = decoder.decode_server(frame);
    if (!decoded) return nullptr;
    const auto* commit = std::get_if<wire::commit>(&*decoded);
    if (commit == nullptr || commit->document != name_ || commit->changes.empty()) return nullptr;
    auto facts = examine(*commit);
    if (facts.last > head_) {
        follow_titles(*commit);
        head_ = facts.last;
    }
    if (known != frames_.end()) {
        unusual_ = std::move(facts);
        return &unusual_;
    }
    if (frames_.size() == frames_kept) frames_.erase(frames_.begin());
    return &frames_.emplace(after, known_frame{std::move(copy), std::move(facts)}).first->second.facts;
}

commit_facts room::examine(const wire::commit& it)
{
    commit_facts out{{it.last.value - it.changes.size() + 1}, it.last, {}};
    for (const auto& change : it.changes) {
        const auto editor = editors_.find(change.client);
        if (editor != editors_.end()) out.changes.push_back({editor->second, change.seq});
    }
    return out;
}

// Near enough for editors without a replica: a frame that overlaps an earlier one is counted whole, and the server
// clamps.
void room::follow_titles(const wire::commit& it)
{
    for (const auto& change : it.changes) {
        for (const auto& op : change.ops) {
            if (const auto* created = std::get_if<document::create_op>(&op)) {
                const auto index = key_result_index(created->id);
                if (index < key_result_count) title_lengths_[index] = std::string_view{"A key result"}.size();
            }
            const auto* edit = std::get_if<document::edit_op>(&op);
            if (edit == nullptr || key_result_index(edit->id) == key_result_count) continue;
            auto& length = title_lengths_[key_result_index(edit->id)];
            for (const auto& component : edit->edit) {
                if (const auto* inserted = std::get_if<document::text_insert>(&component)) {
                    length += document::code_point_count(inserted->text);
                } else if (const auto* deleted = std::get_if<document::text_delete>(&component)) {
                    length -= std::min(length, deleted->count);
                }
            }
        }
    }
}

}  // namespace okra::load
