// Strict about what is known, lenient about what is not: a C++ client must notice a server that says nonsense.
#include "protocol/wire/decode_server.hpp"

#include <algorithm>
#include <array>

#include "protocol/document/name.hpp"
#include "protocol/wire/decode_client.hpp"
#include "protocol/wire/decode_document.hpp"
#include "protocol/wire/names.hpp"

namespace okra::wire {
namespace {

using document::figure_keeper;

// ---- people ----

person read_person(json_reader& in, json_value& value)
{
    person it;
    in.members(value, "person", [&](std::string_view key, json_value& member) {
        if (key == "session") {
            it.session = in.integer(member, key, {.min = 1});
        } else if (key == "client") {
            it.client = in.id(member, key);
        } else if (key == "name") {
            it.name = in.text(member, key);
        } else if (key == "color") {
            it.color = in.small_integer(member, key);
        } else if (key == "at") {
            it.at = read_place(in, member);
        } else {
            in.ignore(member);
        }
    });
    in.require(it.session != 0, "session");
    in.require(!it.client.empty(), "client");
    return it;
}

std::vector<person> read_people(json_reader& in, json_value& value)
{
    std::vector<person> people;
    in.elements(value, "people", [&](json_value& each) { people.push_back(read_person(in, each)); });
    return people;
}

// One member of a presence delta; false if it is none.
bool read_presence_member(json_reader& in, std::string_view key, json_value& value, presence_delta& it)
{
    if (key == "people") {
        it.people = read_people(in, value);
        return true;
    }
    if (key == "gone") {
        it.gone.clear();
        in.elements(value, "gone", [&](json_value& each) { it.gone.push_back(in.integer(each, "gone", {.min = 1})); });
        return true;
    }
    return false;
}

presence_delta read_presence_delta(json_reader& in, json_value& value)
{
    presence_delta it;
    in.members(value, "presence", [&](std::string_view key, json_value& member) {
        if (!read_presence_member(in, key, member, it)) in.ignore(member);
    });
    return it;
}

// ---- derived figures ----

document::status_counts read_counts(json_reader& in, json_value& value)
{
    document::status_counts it;
    in.members(value, "counts", [&](std::string_view key, json_value& member) {
        const auto status = status_named(key);
        if (!status) return in.ignore(member);
        const std::uint32_t count = in.small_integer(member, key);
        switch (*status) {
            case document::status::none:
                it.none = count;
                return;
            case document::status::on_track:
                it.on_track = count;
                return;
            case document::status::at_risk:
                it.at_risk = count;
                return;
            case document::status::off_track:
                it.off_track = count;
                return;
            case document::status::stale:
                it.stale = count;
                return;
            case document::status::closed:
                it.closed = count;
                return;
        }
    });
    return it;
}

document::status read_status(json_reader& in, json_value& value)
{
    const auto status = status_named(in.text_view(value, "status"));
    if (!status) in.fail(refusal_code::malformed, "there is no such status");
    return status.value_or(document::status::none);
}

document::figures read_figures(json_reader& in, json_value& value)
{
    document::figures it;
    in.members(value, "derived", [&](std::string_view key, json_value& member) {
        if (key == "progress") {
            it.progress = in.finite_number(member, key);
        } else if (key == "expected") {
            it.expected = in.finite_number(member, key);
        } else if (key == "weight") {
            it.weight = in.finite_number(member, key);
        } else if (key == "measured") {
            it.measured = in.small_integer(member, key);
        } else if (key == "of") {
            it.of = in.small_integer(member, key);
        } else if (key == "computed") {
            it.computed = read_status(in, member);
        } else if (key == "shown") {
            it.shown = read_status(in, member);
        } else if (key == "counts") {
            it.counts = read_counts(in, member);
        } else if (key == "error") {
            it.error = in.text(member, key);
        } else if (key == "advice") {
            in.elements(member, key, [&](json_value& each) { it.advice.push_back(in.text(each, "advice")); });
        } else {
            in.ignore(member);
        }
    });
    return it;
}

figure_keeper::delta read_derived(json_reader& in, json_value& value)
{
    figure_keeper::delta delta;
    in.members(value, "derived", [&](std::string_view id, json_value& member) {
        if (!document::is_id(id)) return in.fail(refusal_code::malformed, "`derived` names what is not an id");
        std::string copy{id};
        if (in.is_null(member)) {
            delta.emplace_back(std::move(copy), std::nullopt);
        } else {
            delta.emplace_back(std::move(copy), read_figures(in, member));
        }
    });
    return delta;
}

// ---- refusals ----

// The members of a refusal, wherever it stands.
struct refusal_members {
    std::optional<refusal_code> code;
    std::string message;
    std::optional<std::uint32_t> op;

    bool read(json_reader& in, std::string_view key, json_value& value)
    {
        if (key == "code") {
            code = refusal_code_named(in.text_view(value, key));
            if (!code) in.fail(refusal_code::malformed, "`code` is none that this client knows");
        } else if (key == "message") {
            message = in.text(value, key);
        } else if (key == "op") {
            op = in.small_integer(value, key);
        } else {
            return false;
        }
        return true;
    }

    refusal finish(json_reader& in) &&
    {
        in.require(code.has_value(), "code");
        return {code.value_or(refusal_code::malformed), std::move(message), op};
    }
};

outcome read_outcome(json_reader& in, json_value& value)
{
    if (in.is_null(value)) return std::monostate{};
    std::optional<revision> at;
    refusal_members why;
    in.members(value, "outcome", [&](std::string_view key, json_value& member) {
        if (key == "revision") {
            at = revision{in.integer(member, key, {.min = 1})};
        } else if (!why.read(in, key, member)) {
            in.ignore(member);
        }
    });
    if (at) return committed_outcome{*at};
    return std::move(why).finish(in);
}

// ---- messages ----

server_message read_welcome(json_reader& in, json_object& message)
{
    welcome it;
    it.protocol = 0;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "protocol") {
            it.protocol = in.small_integer(value, key);
        } else if (key == "session") {
            it.session = in.integer(value, key, {.min = 1});
        } else if (key == "server") {
            it.server = in.text(value, key);
        } else if (key == "epoch") {
            it.epoch = in.reference(value, key);
        } else if (key == "heartbeat_ms") {
            it.heartbeat_ms = in.small_integer(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(it.protocol != 0, "protocol");
    in.require(it.session != 0, "session");
    in.require(!it.epoch.empty(), "epoch");
    in.require(it.heartbeat_ms != 0, "heartbeat_ms");
    return it;
}

open_mode read_open_mode(json_reader& in, json_value& value)
{
    const auto mode = open_mode_named(in.text_view(value, "mode"));
    if (!mode) in.fail(refusal_code::malformed, "there is no such mode");
    return mode.value_or(open_mode::snapshot);
}

server_message read_opened(json_reader& in, json_object& message)
{
    opened it;
    bool at_given = false;
    bool mode_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "epoch") {
            it.epoch = in.reference(value, key);
        } else if (key == "revision") {
            it.at = {in.integer(value, key)};
            at_given = true;
        } else if (key == "mode") {
            it.mode = read_open_mode(in, value);
            mode_given = true;
        } else if (key == "parts") {
            it.parts = in.small_integer(value, key);
        } else if (key == "recovered") {
            it.recovered = in.boolean(value, key);
        } else if (key == "seq") {
            it.seq = {in.integer(value, key)};
        } else if (key == "outcome") {
            it.last = read_outcome(in, value);
        } else if (key == "people") {
            it.people = read_people(in, value);
        } else if (key == "you") {
            it.you = in.integer(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(!it.epoch.empty(), "epoch");
    in.require(at_given, "revision");
    in.require(mode_given, "mode");
    return it;
}

// Kinds are looked up in the schema that the document's name tells, wherever among the members it stands.
server_message read_part(json_reader& in, json_object& message)
{
    part it;
    const auto name = document::parse_name(in.tag(message, "document"));
    if (!name) {
        in.fail(refusal_code::malformed, "`document` is missing, or not the name of one");
        return it;
    }
    it.document = name->full;
    bool at_given = false;
    bool entities_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "revision") {
            it.at = {in.integer(value, key)};
            at_given = true;
        } else if (key == "index") {
            it.index = in.small_integer(value, key);
        } else if (key == "entities") {
            in.elements(value, key,
                        [&](json_value& each) { it.entities.push_back(read_entity(in, each, *name->schema)); });
            entities_given = true;
        } else if (key == "derived") {
            it.derived = read_derived(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(at_given, "revision");
    in.require(entities_given, "entities");
    return it;
}

server_message read_commit(json_reader& in, json_object& message)
{
    commit it;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "revision") {
            it.last = {in.integer(value, key, {.min = 1})};
        } else if (key == "changes") {
            in.elements(value, key, [&](json_value& each) {
                if (in.type_of(each) != json_type::object) in.fail(refusal_code::malformed, "a change is an object");
                json_object object;
                if (in.failed() || each.get_object().get(object) != simdjson::SUCCESS) {
                    return in.fail(refusal_code::malformed, "not JSON");
                }
                it.changes.push_back(read_committed_change(in, object));
            });
        } else if (key == "derived") {
            it.derived = read_derived(in, value);
        } else if (key == "presence") {
            it.people = read_presence_delta(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(it.last.value != 0, "revision");
    in.require(!it.changes.empty(), "changes");
    return it;
}

server_message read_derived_message(json_reader& in, json_object& message)
{
    derived it;
    bool at_given = false;
    bool figures_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "revision") {
            it.at = {in.integer(value, key)};
            at_given = true;
        } else if (key == "derived") {
            it.figures = read_derived(in, value);
            figures_given = true;
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(at_given, "revision");
    in.require(figures_given, "derived");
    return it;
}

server_message read_audit(json_reader& in, json_object& message)
{
    audit it;
    it.schema = 0;
    std::optional<std::uint64_t> hash;
    bool at_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "revision") {
            it.at = {in.integer(value, key)};
            at_given = true;
        } else if (key == "schema") {
            it.schema = in.small_integer(value, key);
        } else if (key == "hash") {
            hash = read_hash(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(at_given, "revision");
    in.require(it.schema != 0, "schema");
    in.require(hash.has_value(), "hash");
    it.hash = hash.value_or(0);
    return it;
}

server_message read_presence_news(json_reader& in, json_object& message)
{
    presence_news it;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (!read_presence_member(in, key, value, it.people)) {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    return it;
}

server_message read_refused(json_reader& in, json_object& message)
{
    refused it;
    refusal_members why;
    bool final_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = in.text(value, key);
        } else if (key == "seq") {
            it.seq = sequence{in.integer(value, key)};
        } else if (key == "final") {
            it.final = in.boolean(value, key);
            final_given = true;
        } else if (key == "revision") {
            it.newest = revision{in.integer(value, key)};
        } else if (!why.read(in, key, value)) {
            in.ignore(value);
        }
    });
    in.require(final_given, "final");
    it.why = std::move(why).finish(in);
    return it;
}

server_message read_notice(json_reader& in, json_object& message)
{
    notice it;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "code") {
            it.code = in.text(value, key);
        } else if (key == "message") {
            it.message = in.text(value, key);
        } else if (key == "document") {
            it.document = in.text(value, key);
        } else if (key == "seq") {
            it.seq = sequence{in.integer(value, key)};
        } else if (key == "revision") {
            it.at = revision{in.integer(value, key)};
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.code.empty(), "code");
    return it;
}

server_message read_bye(json_reader& in, json_object& message)
{
    bye it;
    bool again_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "code") {
            it.code = in.text(value, key);
        } else if (key == "message") {
            it.message = in.text(value, key);
        } else if (key == "again") {
            it.again = in.boolean(value, key);
            again_given = true;
        } else if (key == "after_ms") {
            it.after_ms = in.small_integer(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.code.empty(), "code");
    in.require(again_given, "again");
    return it;
}

server_message read_pong(json_reader& in, json_object& message)
{
    in.members(message, [&](std::string_view, json_value& value) { in.ignore(value); });
    return pong{};
}

struct server_row {
    std::string_view type;
    server_message (*read)(json_reader& in, json_object& message);
};

// The frequent ones first.
constexpr std::array server_rows{
    server_row{"commit", read_commit},   server_row{"presence", read_presence_news},
    server_row{"pong", read_pong},       server_row{"derived", read_derived_message},
    server_row{"refused", read_refused}, server_row{"notice", read_notice},
    server_row{"opened", read_opened},   server_row{"part", read_part},
    server_row{"welcome", read_welcome}, server_row{"bye", read_bye},
    server_row{"audit", read_audit},
};

}  // namespace

server_message read_server_message(json_reader& in, json_object& message)
{
    const std::string_view type = in.tag(message, "type");
    const auto* const row = std::ranges::find(server_rows, type, &server_row::type);
    if (row != server_rows.end()) return row->read(in, message);
    in.fail(refusal_code::unknown_message, "`type` is none that a server sends");
    return pong{};
}

}  // namespace okra::wire
