#include "tools/load/okra_room.hpp"

#include <string_view>

#include "tools/load/okra_participant.hpp"

namespace okra::load {

namespace {

constexpr std::size_t frames_kept = 2048;

}  // namespace

okra_room::okra_room(room_options options) : ordered_room{std::move(options)}
{
    for (std::size_t index = 0; index < editor_count(); ++index) editors_.emplace(client_id(index), index);
}

std::unique_ptr<participant> okra_room::seat(engine_parts& parts, participant_options options)
{
    if (options.whole) return std::make_unique<replica_participant>(parts, *this, std::move(options));
    if (options.editor) return std::make_unique<light_editor>(parts, *this, std::move(options));
    return std::make_unique<light_viewer>(parts, *this, std::move(options));
}

const commit_facts* okra_room::observe(std::span<char> frame, revision after, wire::decoder& decoder)
{
    const std::string_view bytes{frame.data(), frame.size()};
    const auto known = frames_.find(after);
    if (known != frames_.end() && known->second.bytes == bytes) return &known->second.facts;

    std::string copy{bytes};  // decoding may change the frame
    const auto decoded = decoder.decode_server(frame);
    if (!decoded) return nullptr;
    const auto* commit = std::get_if<wire::commit>(&*decoded);
    if (commit == nullptr || commit->document != name() || commit->changes.empty()) return nullptr;
    auto facts = examine(*commit);
    if (facts.last > head()) {
        follow_titles(*commit);
        set_head(facts.last);
    }
    if (known != frames_.end()) {
        unusual_ = std::move(facts);
        return &unusual_;
    }
    if (frames_.size() == frames_kept) frames_.erase(frames_.begin());
    return &frames_.emplace(after, known_frame{std::move(copy), std::move(facts)}).first->second.facts;
}

commit_facts okra_room::examine(const wire::commit& it)
{
    commit_facts out{{it.last.value - it.changes.size() + 1}, it.last, {}};
    auto at = out.first;
    for (const auto& change : it.changes) {
        const auto editor = editors_.find(change.client);
        if (editor != editors_.end()) {
            out.changes.push_back({editor->second, change.seq});
            note_shown(at, of_editor(editor->second).of(change.seq).size());
        }
        at = at.next();
    }
    return out;
}

// Near enough for editors without a replica: a frame that overlaps an earlier one is counted whole, and the server
// clamps.
void okra_room::follow_titles(const wire::commit& it)
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
