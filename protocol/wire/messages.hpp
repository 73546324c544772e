// The messages of SPEC §2–§10 as values: what clients send (decoded by decode.hpp) and what the server sends (encoded
// by encode.hpp). The C++ clients (tools/) use the other direction of both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "protocol/document/operation.hpp"

namespace okra::wire {

inline constexpr std::uint32_t protocol_version = 1;

// ---- client to server ----

struct hello {
    std::uint32_t protocol = 0;
    document::client_id client;
    std::string workspace;
    std::string name;
    std::string language;
    std::string secret{};  // whose fingerprint `client` is (HS8); empty: none
};

struct resume_point {
    std::string epoch;
    revision at;
};

struct open {
    std::string document;
    std::optional<resume_point> resume;
    bool view = false;
};

struct change {
    std::string document;
    document::change what;  // `client` is filled in by the session
};

// Where a person is in a document.
struct presence_place {
    document::entity_id entity;
    std::string field;  // empty: the entity as a whole
    std::optional<std::uint64_t> anchor;
    std::optional<std::uint64_t> head;
    revision at;
    friend bool operator==(const presence_place&, const presence_place&) = default;
};

struct presence {
    std::string document;
    std::optional<presence_place> at;
};

struct close {
    std::string document;
};

struct ping {};

// What a client found in an audit: its own state at `at` was another one (AU4).
struct diverged {
    std::string document;
    revision at;
    std::uint64_t hash = 0;            // the client's own
    revision since;                    // of the snapshot that its state began with
    bool stored = false;               // that came from the client's own storage
    std::vector<std::string> differs;  // "entity" or "entity/field", the first few that a new snapshot has otherwise
};
inline constexpr std::size_t diverged_differs_max = 16;

using client_message = std::variant<hello, open, change, presence, close, ping, diverged>;

// ---- server to client ----

using session_number = std::uint64_t;

struct welcome {
    std::uint32_t protocol = protocol_version;
    session_number session = 0;
    std::string server;
    std::string epoch;
    std::uint32_t heartbeat_ms = 0;
};

struct person {
    session_number session = 0;
    document::client_id client;
    std::string name;
    std::uint32_t color = 0;  // 0..11
    std::optional<presence_place> at;
};

// What became of a used-up seq: committed at a revision, or refused.
struct committed_outcome {
    revision at;
};
using outcome = std::variant<std::monostate, committed_outcome, refusal>;

enum class open_mode : std::uint8_t { snapshot, tail };

struct opened {
    std::string document;
    std::string epoch;
    revision at;
    open_mode mode = open_mode::snapshot;
    std::uint32_t parts = 0;
    bool recovered = false;
    sequence seq;
    document::client_id client;  // not on the wire
    outcome last;
    std::vector<person> people;
    session_number you = 0;
};

struct part {
    std::string document;
    revision at;
    std::uint32_t index = 0;
    std::vector<document::entity> entities;
    document::figure_keeper::delta derived;
};

struct presence_delta {
    std::vector<person> people;
    std::vector<session_number> gone;
    [[nodiscard]] bool empty() const { return people.empty() && gone.empty(); }
};

struct commit {
    std::string document;
    revision last;
    std::vector<document::committed_change> changes;
    document::figure_keeper::delta derived;
    presence_delta people;
};

struct derived {
    std::string document;
    revision at;
    document::figure_keeper::delta figures;
};

struct presence_news {
    std::string document;
    presence_delta people;
};

// The hash of the document's state at a revision (AU1, AU2).
struct audit {
    std::string document;
    revision at;
    std::uint32_t schema = document::schema_version;
    std::uint64_t hash = 0;
};

struct refused {
    std::optional<std::string> document;
    std::optional<sequence> seq;
    refusal why;
    bool final = false;
    std::optional<revision> newest = {};  // of base_too_old: the document's revision, which the client waits for
};

struct notice {
    std::string code;
    std::string message;
    std::optional<std::string> document;
    std::optional<sequence> seq;
    std::optional<revision> at;
};

struct bye {
    std::string code;
    std::string message;
    bool again = false;
    std::uint32_t after_ms = 0;
};

struct pong {};

using server_message =
    std::variant<welcome, opened, part, commit, derived, presence_news, audit, refused, notice, bye, pong>;

}  // namespace okra::wire
