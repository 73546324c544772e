// What the generator knows of one document under load. Everyone in a room gets the same bytes, so a commit is decoded
// once and recognised by its bytes afterwards: that is what lets one core stand for thousands of participants, and it
// is a check too. Owned by an engine, shared by its participants, one thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/load/poller.hpp"
#include "tools/load/typist.hpp"

namespace okra::load {

// When the operations of an editor's changes were to be submitted, by seq.
class submissions {
public:
    void add(sequence seq, std::span<const clock::time_point> scheduled);
    [[nodiscard]] std::span<const clock::time_point> of(sequence seq) const;

private:
    std::vector<clock::time_point> times_;
    std::vector<std::size_t> begins_{0};  // of seq 1, 2, …, and the end of the last
};

struct own_change {
    std::size_t editor;
    sequence seq;
};

struct commit_facts {
    revision first;
    revision last;
    std::vector<own_change> changes;
};

class room {
public:
    room(std::string name, std::size_t editors);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] revision head() const { return head_; }
    [[nodiscard]] std::string client_id(std::size_t editor) const;
    [[nodiscard]] submissions& of_editor(std::size_t index) { return submissions_[index]; }
    [[nodiscard]] std::size_t editor_count() const { return submissions_.size(); }
    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const { return title_lengths_[key_result]; }

    // A commit received by somebody whose last revision was `after`; nothing when it cannot be decoded.
    [[nodiscard]] const commit_facts* observe(std::span<char> frame, revision after, wire::decoder& decoder);

private:
    struct known_frame {
        std::string bytes;
        commit_facts facts;
    };

    [[nodiscard]] commit_facts examine(const wire::commit& it);
    void follow_titles(const wire::commit& it);

    std::string name_;
    std::unordered_map<std::string, std::size_t> editors_;  // by client id
    std::vector<submissions> submissions_;
    std::array<std::uint64_t, key_result_count> title_lengths_{};
    std::map<revision, known_frame> frames_;  // by the revision before; the recent ones
    commit_facts unusual_;                    // of a frame that was batched otherwise than the one that is kept
    revision head_;
};

}  // namespace okra::load
