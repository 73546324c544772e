#include "protocol/document/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"

namespace okra::document {

namespace {

// Counts come from clients: they may be absurd, and must not wrap around.
std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b)
{
    return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

// Every code point has exactly one byte that is not a continuation byte
// (10xxxxxx).
bool starts_code_point(char byte)
{
    return static_cast<signed char>(byte) >= -64;
}

// Code points are counted in so many bytes side by side, each in a counter of one byte that takes so many turns.
constexpr std::size_t lanes = 32;
constexpr std::size_t turns_max = 255;

// The byte offset of code point number `count` in `text`, or its size when it has no more than that. Blocks are
// counted, large ones first; only the last one, with the answer, is walked byte by byte.
std::size_t byte_offset(std::string_view text, std::uint64_t count)
{
    std::size_t at = 0;
    for (const std::size_t block : {lanes * turns_max, 2 * lanes}) {
        while (text.size() - at >= block) {
            const std::uint64_t in_block = code_point_count(text.substr(at, block));
            if (in_block > count) break;
            count -= in_block;
            at += block;
        }
    }
    for (; at < text.size(); ++at) {
        if (!starts_code_point(text[at])) continue;
        if (count == 0) return at;
        --count;
    }
    return text.size();
}

// Writes an edit in canonical form.
class edit_writer {
public:
    explicit edit_writer(std::size_t components) { edit_.reserve(components); }

    void skip(std::uint64_t count) { extend<text_skip>(count); }
    void remove(std::uint64_t count) { extend<text_delete>(count); }

    template <typename String>  // a string to move from, or a view
    void insert(String&& text)
    {
        if (text.empty()) return;
        if (auto* last = last_as<text_insert>()) {
            last->text += text;
        } else {
            edit_.emplace_back(text_insert{std::string{std::forward<String>(text)}});
        }
    }

    text_edit finish() &&
    {
        if (last_as<text_skip>() != nullptr) edit_.pop_back();
        return std::move(edit_);
    }

private:
    template <typename Component>
    Component* last_as()
    {
        return edit_.empty() ? nullptr : std::get_if<Component>(&edit_.back());
    }

    template <typename Component>
    void extend(std::uint64_t count)
    {
        if (count == 0) return;
        if (auto* last = last_as<Component>()) {
            last->count = saturating_add(last->count, count);
        } else {
            edit_.emplace_back(Component{count});
        }
    }

    text_edit edit_;
};

// Reads an edit in pieces. Behind its last component an edit skips for ever.
class edit_reader {
public:
    explicit edit_reader(text_edit&& edit) : edit_{std::move(edit)} {}

    [[nodiscard]] bool done() const { return at_ == edit_.size(); }
    [[nodiscard]] text_insert* next_insert() { return next_as<text_insert>(); }
    [[nodiscard]] bool next_is_delete() { return next_as<text_delete>() != nullptr; }

    // At most `most` code points from the skip or delete that is next.
    std::uint64_t take(std::uint64_t most)
    {
        if (done()) return most;
        auto* skip = next_as<text_skip>();
        std::uint64_t& left = skip != nullptr ? skip->count : std::get<text_delete>(edit_[at_]).count;
        const std::uint64_t taken = std::min(left, most);
        left -= taken;
        if (left == 0) ++at_;
        return taken;
    }

    // All of the insert that is next, or what is left of it.
    std::string take_insert()
    {
        std::string& text = std::get<text_insert>(edit_[at_++]).text;
        if (used_bytes_ > 0) text.erase(0, std::exchange(used_bytes_, 0));
        return std::move(text);
    }

    struct piece {
        std::string_view text;  // into the reader, until the next call
        std::uint64_t count;
    };

    // At most `most` code points of the insert that is next.
    piece take_insert(std::uint64_t most)
    {
        const std::string_view left = std::string_view{next_insert()->text}.substr(used_bytes_);
        const std::size_t bytes = byte_offset(left, most);
        if (bytes < left.size()) {
            used_bytes_ += bytes;
            return {left.substr(0, bytes), most};
        }
        ++at_;
        used_bytes_ = 0;
        return {left, code_point_count(left)};
    }

    // Everything that is left.
    void drain(edit_writer& into)
    {
        while (!done()) {
            if (next_insert() != nullptr) {
                into.insert(take_insert());
            } else if (next_is_delete()) {
                into.remove(take(std::numeric_limits<std::uint64_t>::max()));
            } else {
                into.skip(take(std::numeric_limits<std::uint64_t>::max()));
            }
        }
    }

private:
    template <typename Component>
    Component* next_as()
    {
        return done() ? nullptr : std::get_if<Component>(&edit_[at_]);
    }

    text_edit edit_;
    std::size_t at_ = 0;
    std::size_t used_bytes_ = 0;  // of the insert that is next
};

void transform_over_skip(edit_reader& reader, edit_writer& writer, std::uint64_t count)
{
    while (count > 0) {
        if (reader.next_insert() != nullptr) {
            writer.insert(reader.take_insert());
            continue;
        }
        const bool deletes = reader.next_is_delete();
        const std::uint64_t taken = reader.take(count);
        if (deletes) {
            writer.remove(taken);
        } else {
            writer.skip(taken);
        }
        count -= taken;
    }
}

// What the other edit deleted needs neither skipping nor deleting; what was
// inserted into it stays.
void transform_over_delete(edit_reader& reader, edit_writer& writer, std::uint64_t count)
{
    while (count > 0) {
        if (reader.next_insert() != nullptr) {
            writer.insert(reader.take_insert());
        } else {
            count -= reader.take(count);
        }
    }
}

void compose_with_skip(edit_reader& first, edit_writer& writer, std::uint64_t count)
{
    while (count > 0) {
        if (first.next_insert() != nullptr) {
            const edit_reader::piece inserted = first.take_insert(count);
            writer.insert(inserted.text);
            count -= inserted.count;
        } else if (first.next_is_delete()) {
            writer.remove(first.take(std::numeric_limits<std::uint64_t>::max()));
        } else {
            const std::uint64_t taken = first.take(count);
            writer.skip(taken);
            count -= taken;
        }
    }
}

void compose_with_delete(edit_reader& first, edit_writer& writer, std::uint64_t count)
{
    while (count > 0) {
        if (first.next_insert() != nullptr) {
            count -= first.take_insert(count).count;
        } else if (first.next_is_delete()) {
            writer.remove(first.take(std::numeric_limits<std::uint64_t>::max()));
        } else {
            const std::uint64_t taken = first.take(count);
            writer.remove(taken);
            count -= taken;
        }
    }
}

bool is_canonical(const text_edit& edit)
{
    for (std::size_t at = 0; at < edit.size(); ++at) {
        if (at > 0 && edit[at].index() == edit[at - 1].index()) return false;
        const bool empty = std::visit(overloaded{[](const text_insert& it) { return it.text.empty(); },
                                                 [](const auto& it) { return it.count == 0; }},
                                      edit[at]);
        if (empty) return false;
    }
    return edit.empty() || !std::holds_alternative<text_skip>(edit.back());
}

}  // namespace

// HOT PATH: what a place in a text costs, 5 µs in the longest one there is. Counters of one byte let the compiler count
// sixteen bytes with three instructions; one of eight bytes for all takes fifty times as long.
std::uint64_t code_point_count(std::string_view text)
{
    std::uint64_t count = 0;
    while (text.size() >= lanes) {
        std::array<std::uint8_t, lanes> counters{};
        const std::size_t turns = std::min(turns_max, text.size() / lanes);
        for (std::size_t turn = 0; turn < turns; ++turn) {
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const int one = starts_code_point(text[turn * lanes + lane]) ? 1 : 0;
                counters[lane] = static_cast<std::uint8_t>(counters[lane] + one);
            }
        }
        for (const std::uint8_t it : counters) count += it;
        text.remove_prefix(turns * lanes);
    }
    return count + static_cast<std::uint64_t>(std::ranges::count_if(text, starts_code_point));
}

bool is_utf8(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    for (std::size_t at = 0; at < text.size();) {
        const unsigned lead = byte(at);
        if (lead < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || text.size() - at < length) return false;
        std::uint32_t code_point = lead & (0x7fU >> length);
        for (std::size_t next = at + 1; next < at + length; ++next) {
            if ((byte(next) & 0xc0U) != 0x80U) return false;
            code_point = (code_point << 6U) | (byte(next) & 0x3fU);
        }
        if (length == 3 && (code_point < 0x800 || (code_point >= 0xd800 && code_point <= 0xdfff))) return false;
        if (length == 4 && (code_point < 0x10000 || code_point > 0x10ffff)) return false;
        at += length;
    }
    return true;
}

edit_extent extent_of(const text_edit& edit)
{
    edit_extent extent;
    for (const text_component& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) { extent.reads = saturating_add(extent.reads, it.count); },
                              [&](const text_insert& it) {
                                  extent.inserts += code_point_count(it.text);
                                  extent.inserted_bytes += it.text.size();
                              },
                              [&](const text_delete& it) {
                                  extent.reads = saturating_add(extent.reads, it.count);
                                  extent.deletes = saturating_add(extent.deletes, it.count);
                              }},
                   component);
    }
    return extent;
}

text_edit normalise(text_edit edit)
{
    if (is_canonical(edit)) return edit;
    edit_writer writer{edit.size()};
    edit_reader{std::move(edit)}.drain(writer);
    return std::move(writer).finish();
}

text_edit deletions_first(text_edit edit)
{
    edit_writer writer{edit.size()};
    std::string inserted;
    for (text_component& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) {
                                  if (it.count == 0) return;
                                  writer.insert(std::exchange(inserted, {}));
                                  writer.skip(it.count);
                              },
                              [&](text_insert& it) { inserted += it.text; },
                              [&](const text_delete& it) { writer.remove(it.count); }},
                   component);
    }
    writer.insert(std::move(inserted));
    return std::move(writer).finish();
}

text_side side_of(std::string_view mine, std::string_view theirs)
{
    return mine < theirs ? text_side::left : text_side::right;
}

text_side opposite(text_side it)
{
    return it == text_side::left ? text_side::right : text_side::left;
}

text_edit transform(text_edit edit, const text_edit& other, text_side side)
{
    edit_writer writer{edit.size() + 2};
    edit_reader reader{std::move(edit)};
    for (const text_component& component : other) {
        // The rest would be one skip behind the last change, which a canonical edit
        // does not have.
        if (reader.done()) break;
        std::visit(overloaded{[&](const text_skip& it) { transform_over_skip(reader, writer, it.count); },
                              [&](const text_delete& it) { transform_over_delete(reader, writer, it.count); },
                              [&](const text_insert& it) {
                                  const bool goes_first = side == text_side::left && reader.next_insert() != nullptr;
                                  if (goes_first) writer.insert(reader.take_insert());
                                  writer.skip(code_point_count(it.text));
                              }},
                   component);
    }
    reader.drain(writer);
    return std::move(writer).finish();
}

text_edit compose(text_edit first, const text_edit& second)
{
    edit_writer writer{first.size() + second.size()};
    edit_reader reader{std::move(first)};
    for (const text_component& component : second) {
        std::visit(overloaded{[&](const text_skip& it) { compose_with_skip(reader, writer, it.count); },
                              [&](const text_delete& it) { compose_with_delete(reader, writer, it.count); },
                              [&](const text_insert& it) { writer.insert(std::string_view{it.text}); }},
                   component);
    }
    reader.drain(writer);
    return std::move(writer).finish();
}

text_edit clamp(text_edit edit, std::uint64_t length)
{
    std::uint64_t left = length;
    const auto cut = [&](std::uint64_t& count) {
        count = std::min(count, left);
        left -= count;
    };
    for (text_component& component : edit) {
        std::visit(overloaded{[&](text_skip& it) { cut(it.count); }, [&](text_delete& it) { cut(it.count); },
                              [](const text_insert&) {}},
                   component);
    }
    return normalise(std::move(edit));
}

std::string apply(std::string_view text, const text_edit& edit)
{
    std::string result;
    result.reserve(text.size() + extent_of(edit).inserted_bytes);
    for (const text_component& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) {
                                  const std::size_t bytes = byte_offset(text, it.count);
                                  result += text.substr(0, bytes);
                                  text.remove_prefix(bytes);
                              },
                              [&](const text_insert& it) { result += it.text; },
                              [&](const text_delete& it) { text.remove_prefix(byte_offset(text, it.count)); }},
                   component);
    }
    result += text;
    return result;
}

void apply_in_place(std::string& text, const text_edit& edit)
{
    // Typing: an optional skip, then a delete, an insert, or both.
    std::size_t at = 0;
    std::size_t component = 0;
    if (component < edit.size()) {
        if (const auto* skip = std::get_if<text_skip>(&edit[component])) {
            at = byte_offset(text, skip->count);
            ++component;
        }
    }
    std::size_t deleted = 0;
    std::string_view inserted;
    for (; component < edit.size(); ++component) {
        const auto* insert = std::get_if<text_insert>(&edit[component]);
        const auto* removal = std::get_if<text_delete>(&edit[component]);
        if (insert != nullptr && inserted.empty()) {
            inserted = insert->text;
        } else if (removal != nullptr && deleted == 0) {
            deleted = byte_offset(std::string_view{text}.substr(at), removal->count);
        } else {
            text = document::apply(text, edit);
            return;
        }
    }
    text.replace(at, deleted, inserted);
}

text_edit invert(std::string_view text, const text_edit& edit)
{
    edit_writer writer{edit.size()};
    for (const text_component& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) {
                                  text.remove_prefix(byte_offset(text, it.count));
                                  writer.skip(it.count);
                              },
                              [&](const text_insert& it) { writer.remove(code_point_count(it.text)); },
                              [&](const text_delete& it) {
                                  const std::size_t bytes = byte_offset(text, it.count);
                                  writer.insert(text.substr(0, bytes));
                                  text.remove_prefix(bytes);
                              }},
                   component);
    }
    return std::move(writer).finish();
}

std::uint64_t transform_position(std::uint64_t position, const text_edit& edit, text_side side)
{
    std::uint64_t at = 0;
    for (const text_component& component : edit) {
        const bool reached = side == text_side::left ? at >= position : at > position;
        if (reached) break;
        std::visit(overloaded{[&](const text_skip& it) { at = saturating_add(at, it.count); },
                              [&](const text_insert& it) {
                                  const std::uint64_t count = code_point_count(it.text);
                                  at += count;
                                  position += count;
                              },
                              [&](const text_delete& it) { position -= std::min(it.count, position - at); }},
                   component);
    }
    return position;
}

}  // namespace okra::document
