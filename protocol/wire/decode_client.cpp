#include "protocol/wire/decode_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/document/name.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/wire/client_secret.hpp"

namespace okra::wire {
namespace {

// Over-long names are refused here, before they reach others through presence.
std::string read_person_name(json_reader& in, json_value& value)
{
    const std::string_view name = in.text_view(value, "name");
    if (!in.failed() && document::code_point_count(name) > document::limits::name_length) {
        in.fail(refusal_code::text_too_long, "`name` is too long");
    }
    return in.failed() ? std::string{} : std::string{name};
}

// The secret itself is in no answer and no log.
std::string read_secret(json_reader& in, json_value& value)
{
    const std::string_view secret = in.text_view(value, "secret");
    if (in.failed()) return {};
    if (is_secret(secret)) return std::string{secret};
    in.fail(refusal_code::invalid_value, "`secret` is not 33 to 64 characters of A–Z a–z 0–9 _ -");
    return {};
}

client_message read_hello(json_reader& in, json_object& message)
{
    hello it;
    bool protocol_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "protocol") {
            it.protocol = in.small_integer(value, key);
            protocol_given = true;
        } else if (key == "client") {
            it.client = in.id(value, key);
        } else if (key == "secret") {
            it.secret = read_secret(in, value);
        } else if (key == "workspace") {
            it.workspace = in.id(value, key);
        } else if (key == "name") {
            it.name = read_person_name(in, value);
        } else if (key == "language") {
            it.language = in.id(value, key);  // a language tag is one: "zh-Hans-CN"
        } else {
            in.ignore(value);
        }
    });
    in.require(protocol_given, "protocol");
    in.require(!it.client.empty(), "client");
    in.require(!it.workspace.empty(), "workspace");
    return it;
}

client_message read_open(json_reader& in, json_object& message)
{
    open it;
    std::string epoch;
    std::optional<revision> at;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "epoch") {
            epoch = in.reference(value, key);
        } else if (key == "revision") {
            at = revision{in.integer(value, key)};
        } else if (key == "view") {
            it.view = in.boolean(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    if (!epoch.empty() || at) {
        in.require(!epoch.empty(), "epoch");
        in.require(at.has_value(), "revision");
        if (!in.failed()) it.resume = resume_point{.epoch = std::move(epoch), .at = *at};
    }
    return it;
}

// HOT PATH: a keystroke is one of these. Budget: 1.5 µs; allocations for the document's name, the ops and the edit.
client_message read_change(json_reader& in, json_object& message)
{
    change it;
    std::optional<revision> base;
    bool ops_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "seq") {
            it.what.seq = {in.integer(value, key, {.min = 1})};
        } else if (key == "base") {
            base = revision{in.integer(value, key)};
        } else if (key == "ops") {
            read_operations(in, value, op_form::client, it.what.ops);
            ops_given = true;
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(it.what.seq.value != 0, "seq");
    in.require(base.has_value(), "base");
    in.require(ops_given, "ops");
    it.what.base = base.value_or(revision{});
    return it;
}

client_message read_presence(json_reader& in, json_object& message)
{
    presence it;
    bool at_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "at") {
            it.at = read_place(in, value);
            at_given = true;
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(at_given, "at");
    return it;
}

client_message read_close(json_reader& in, json_object& message)
{
    close it;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    return it;
}

// The list is a hint for people: what is too much of it is left out.
std::vector<std::string> read_differs(json_reader& in, json_value& value)
{
    std::vector<std::string> differs;
    in.elements(value, "differs", [&](json_value& each) {
        std::string name = in.reference(each, "differs");
        if (in.failed()) return;
        const std::size_t slash = name.find('/');
        const bool is_one = document::is_id(std::string_view{name}.substr(0, slash)) &&
                            (slash == std::string::npos || document::is_id(std::string_view{name}.substr(slash + 1)));
        if (!is_one) return in.fail(refusal_code::invalid_value, "`differs` names an entity or a field of one");
        if (differs.size() < diverged_differs_max) differs.push_back(std::move(name));
    });
    return differs;
}

client_message read_diverged(json_reader& in, json_object& message)
{
    diverged it;
    std::optional<std::uint64_t> hash;
    bool at_given = false;
    bool since_given = false;
    in.members(message, [&](std::string_view key, json_value& value) {
        if (key == "document") {
            it.document = read_document_name(in, value);
        } else if (key == "revision") {
            it.at = {in.integer(value, key)};
            at_given = true;
        } else if (key == "hash") {
            hash = read_hash(in, value);
        } else if (key == "since") {
            it.since = {in.integer(value, key)};
            since_given = true;
        } else if (key == "stored") {
            it.stored = in.boolean(value, key);
        } else if (key == "differs") {
            it.differs = read_differs(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.document.empty(), "document");
    in.require(at_given, "revision");
    in.require(hash.has_value(), "hash");
    in.require(since_given, "since");
    it.hash = hash.value_or(0);
    return it;
}

client_message read_ping(json_reader& in, json_object& message)
{
    in.members(message, [&](std::string_view, json_value& value) { in.ignore(value); });
    return ping{};
}

struct client_row {
    std::string_view type;
    client_message (*read)(json_reader& in, json_object& message);
};

// The frequent ones first.
constexpr std::array client_rows{
    client_row{"change", read_change},     client_row{"presence", read_presence}, client_row{"ping", read_ping},
    client_row{"open", read_open},         client_row{"close", read_close},       client_row{"hello", read_hello},
    client_row{"diverged", read_diverged},
};

}  // namespace

std::string read_document_name(json_reader& in, json_value& value)
{
    const std::string_view name = in.text_view(value, "document");
    if (in.failed()) return {};
    if (document::is_reference(name)) return std::string{name};
    in.fail(refusal_code::malformed, "`document` is not the name of one");
    return {};
}

std::uint64_t read_hash(json_reader& in, json_value& value)
{
    constexpr std::size_t digits = 16;
    const std::string_view text = in.text_view(value, "hash");
    if (in.failed()) return 0;
    std::uint64_t hash = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
    const bool is_lower = std::ranges::none_of(text, [](char it) { return it >= 'A' && it <= 'F'; });
    if (failed == std::errc{} && end == text.data() + text.size() && text.size() == digits && is_lower) return hash;
    in.fail(refusal_code::malformed, "`hash` is not 16 hexadecimal digits in lower case");
    return 0;
}

std::optional<presence_place> read_place(json_reader& in, json_value& value)
{
    if (in.is_null(value)) return std::nullopt;
    presence_place it;
    in.members(value, "at", [&](std::string_view key, json_value& member) {
        if (key == "entity") {
            it.entity = in.id(member, key);
        } else if (key == "field") {
            it.field = in.id(member, key);
        } else if (key == "anchor") {
            it.anchor = in.integer(member, key);
        } else if (key == "head") {
            it.head = in.integer(member, key);
        } else if (key == "revision") {
            it.at = {in.integer(member, key)};
        } else {
            in.ignore(member);
        }
    });
    in.require(!it.entity.empty(), "entity");
    return it;
}

client_message read_client_message(json_reader& in, json_object& message)
{
    const std::string_view type = in.tag(message, "type");
    const auto* const row = std::ranges::find(client_rows, type, &client_row::type);
    if (row != client_rows.end()) return row->read(in, message);
    in.fail(refusal_code::unknown_message, "`type` is none that a client sends");
    return ping{};
}

}  // namespace okra::wire
