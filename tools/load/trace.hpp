// A recorded editing history, and one author of it writing it again: every step
// goes out as it was typed, on what its author saw then, whatever has arrived
// since. Pure; the network is in trace_replay.cpp. Format: the data sets of
// github.com/josephg/editing-traces, sequential ones and concurrent ones of two
// authors.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/replica.hpp"

namespace okra::load {

inline constexpr std::size_t trace_authors_max = 2;

// How many steps of each author.
using step_counts = std::array<std::uint64_t, trace_authors_max>;

struct trace_step {
    document::text_edit edit;  // on the text as its author saw it
    step_counts seen;          // what that text was made of; an author has always seen all
                               // steps of their own
};

struct trace {
    std::string start_content;
    std::string end_content;
    std::vector<std::vector<trace_step>> authors;
};

[[nodiscard]] result<trace, client::failure> parse_trace(std::string_view json);

// The file's content, unpacked if it is compressed with gzip; "-" is the
// standard input.
[[nodiscard]] result<std::string, client::failure> read_file(const std::string& path);

class trace_author {
public:
    // `replica` outlives the author. `others_client` is the client id of the
    // other author, whose n-th change is their n-th step.
    struct options {
        std::size_t index = 0;
        document::client_id own_client;
        document::client_id others_client;
        document::entity_id entity;
        std::string field;
    };
    trace_author(const trace& history, client::replica& replica, options facts);

    // To be called for every event of the replica.
    void on_event(const client::event& it);

    // Submits the next step if its time has come: the one before is acknowledged
    // and what it builds on has arrived.
    [[nodiscard]] bool write_if_ready();

    [[nodiscard]] bool is_done() const { return next_ == steps_.size(); }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    // An edit of the other's that the replica has and this author has not seen
    // yet: the text that the author sees, with all of these applied in order, is
    // the text that the replica shows.
    struct unseen_edit {
        document::text_edit edit;
        std::uint64_t step;
    };

    const std::vector<trace_step>& steps_;
    client::replica& replica_;
    options options_;
    std::size_t next_ = 0;
    std::deque<unseen_edit> unseen_;
    std::uint64_t arrived_ = 0;  // steps of the other author
    std::uint64_t refused_ = 0;
};

}  // namespace okra::load
