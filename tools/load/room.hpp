// What the generator knows of one document under load, and how to take part in it. One kind of room for each dialect;
// everything else in the generator is the same for all servers. Owned by an engine, shared by its participants, one
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/load/participant.hpp"

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

struct room_options {
    std::string name;
    std::size_t editors = 0;
    target server;
};

class room {
public:
    explicit room(room_options options);
    room(const room&) = delete;
    room& operator=(const room&) = delete;
    virtual ~room() = default;

    [[nodiscard]] virtual std::unique_ptr<participant> seat(engine_parts& parts, participant_options options) = 0;

    // Operations that somebody but their author has been shown, and how many of them `joiner`, who came later and was
    // given the whole document, was not given.
    [[nodiscard]] virtual std::uint64_t operations_seen() const = 0;
    [[nodiscard]] virtual std::uint64_t operations_gone(const participant& joiner) const = 0;

    [[nodiscard]] const std::string& name() const { return options_.name; }
    [[nodiscard]] const target& server() const { return options_.server; }
    [[nodiscard]] std::string client_id(std::size_t editor) const;
    [[nodiscard]] submissions& of_editor(std::size_t index) { return submissions_[index]; }
    [[nodiscard]] std::size_t editor_count() const { return submissions_.size(); }

    // What everybody has followed to when everything has arrived: the last revision, or a count of operations where the
    // server gives none.
    [[nodiscard]] revision head() const { return head_; }

protected:
    void set_head(revision at) { head_ = at; }

private:
    room_options options_;
    std::vector<submissions> submissions_;
    revision head_;
};

// A room whose server puts all operations in one order: what a joiner was not given is what comes after its revision.
class ordered_room : public room {
public:
    using room::room;
    [[nodiscard]] std::uint64_t operations_seen() const final { return after(revision{}); }
    [[nodiscard]] std::uint64_t operations_gone(const participant& joiner) const final { return after(joiner.last()); }

protected:
    // Somebody was shown revision `at`, which holds so many operations.
    void note_shown(revision at, std::size_t operations);

private:
    [[nodiscard]] std::uint64_t after(revision at) const;

    std::vector<std::uint32_t> operations_;  // of revision 1, 2, …
};

}  // namespace okra::load
