// What anybody has seen as committed, and whether the log still says so. A commit that one client received, a watcher
// too, is on the disk for ever: acknowledged = seen by others = on disk. Owned by the crash test, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/messages.hpp"
#include "storage/log.hpp"

namespace okra::crash {

// A promise was broken. The message says which, and where.
class broken_promise : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class witness {
public:
    // Changes as `who` received them, to the bytes.
    void note_commit(const wire::commit& it, const std::string& who);
    // `who` was told of `at`, as the document's revision or that of an own change.
    void note_revision(const std::string& document, revision at, const std::string& who);
    // A change that a client has sent.
    void note_sent(const std::string& document, const document::client_id& client, sequence seq);

    // Reads the log, all of it or what is recent in each document: what was seen is in it as it was seen; revisions
    // have no gaps; what nobody has seen yet was sent, by a client, under that seq; nothing is in it twice. Throws
    // broken_promise.
    enum class extent : std::uint8_t { all, recent };
    void check(const storage::log& log, extent how_much);

    // Whether somebody has received it, after the last check.
    [[nodiscard]] bool has_been_seen(const std::string& document, const document::client_id& client,
                                     sequence seq) const;
    // As of the last check.
    [[nodiscard]] bool is_in_log(const std::string& document, const document::client_id& client, sequence seq) const;
    [[nodiscard]] std::size_t count_in_log(const std::string& document, const document::client_id& client) const;
    [[nodiscard]] std::uint64_t revisions_in_log() const;
    // Revisions that somebody has received.
    [[nodiscard]] std::uint64_t seen() const { return seen_; }

private:
    struct change_name {
        document::client_id client;
        sequence seq;
        friend bool operator==(const change_name&, const change_name&) = default;
    };
    // A revision: its bytes by their hash, and who has them.
    struct record {
        std::uint64_t hash = 0;  // 0: nobody
        change_name name = {};
        std::string seen_by = {};
    };
    struct told {
        revision at;
        std::string who;
    };
    struct history {
        std::vector<record> seen;  // by revision, from 1
        told newest;
        std::map<document::client_id, sequence> sent;  // the last of each client
        std::vector<record> stored;                    // as of the last check
        std::map<document::client_id, std::set<sequence>> seqs;
    };

    void check(const storage::log& log, const std::string& name, history& it, extent how_much);
    void take_record(const std::string& name, history& it, revision at, std::string_view bytes);
    static void compare(const std::string& name, const history& it, std::size_t from);
    [[nodiscard]] change_name name_of(std::string_view stored);

    std::map<std::string, history> documents_;
    std::uint64_t seen_ = 0;
    wire::decoder decoder_;
    std::string buffer_;
};

}  // namespace okra::crash
