// The messages themselves, member by member in the order SPEC.md shows them.
#include "protocol/wire/encode.hpp"

#include <cmath>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/json_writer.hpp"
#include "protocol/wire/names.hpp"

namespace okra::wire {
namespace {

// Writes `,"name":`: every member but an object's first, whose name stands in its opening.
void append_name(std::string& out, std::string_view name)
{
    out += ",\"";
    out += name;
    out += "\":";
}

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    append_name(out, name);
    append_string(out, value);
}

void append_member(std::string& out, std::string_view name, std::uint64_t value)
{
    append_name(out, name);
    append_integer(out, value);
}

void append_flag(std::string& out, std::string_view name, bool value)
{
    append_name(out, name);
    append_boolean(out, value);
}

void append_type(std::string& out, std::string_view type)
{
    out += R"({"type":")";
    out += type;
    out += '"';
}

void append_type(std::string& out, std::string_view type, std::string_view document)
{
    append_type(out, type);
    append_member(out, "document", document);
}

// 16 hexadecimal digits: JavaScript has no whole numbers of 64 bits.
void append_hash(std::string& out, std::uint64_t hash)
{
    constexpr std::string_view digits = "0123456789abcdef";
    append_name(out, "hash");
    out += '"';
    for (unsigned shift = 64; shift != 0; shift -= 4) out += digits[(hash >> (shift - 4)) & 0xfU];
    out += '"';
}

// ---- presence ----

void append_place(std::string& out, const std::optional<presence_place>& place)
{
    append_name(out, "at");
    if (!place) {
        out += "null";
        return;
    }
    out += R"({"entity":)";
    append_string(out, place->entity);
    if (!place->field.empty()) append_member(out, "field", place->field);
    if (place->anchor) append_member(out, "anchor", *place->anchor);
    if (place->head) append_member(out, "head", *place->head);
    if (place->at.value != 0) append_member(out, "revision", place->at.value);
    out += '}';
}

void append_person(std::string& out, const person& it)
{
    out += R"({"session":)";
    append_integer(out, it.session);
    append_member(out, "client", it.client);
    append_member(out, "name", it.name);
    append_member(out, "color", std::uint64_t{it.color});
    append_place(out, it.at);
    out += '}';
}

void append_people(std::string& out, const std::vector<person>& people)
{
    out += R"("people":[)";
    for (const person& it : people) {
        if (&it != &people.front()) out += ',';
        append_person(out, it);
    }
    out += ']';
}

void append_presence_delta(std::string& out, const presence_delta& it)
{
    append_people(out, it.people);
    out += R"(,"gone":[)";
    for (const session_number& session : it.gone) {
        if (&session != &it.gone.front()) out += ',';
        append_integer(out, session);
    }
    out += ']';
}

// ---- derived figures ----

// Members of an object of which any may be absent, the first too.
class optional_members {
public:
    explicit optional_members(std::string& out) : out_{out} { out_ += '{'; }

    // Numbers that users enter may be so far apart that a quotient of them overflows. There is no such number in JSON;
    // left out, it is shown as "—".
    void number(std::string_view name, const std::optional<double>& value)
    {
        if (value && std::isfinite(*value)) append_number(begin(name), *value);
    }

    void integer(std::string_view name, const std::optional<std::uint32_t>& value)
    {
        if (value) append_integer(begin(name), std::uint64_t{*value});
    }

    void word(std::string_view name, std::string_view value)
    {
        if (!value.empty()) append_string(begin(name), value);
    }

    void words(std::string_view name, const std::vector<std::string>& values)
    {
        if (values.empty()) return;
        begin(name) += '[';
        for (const std::string& value : values) {
            if (&value != &values.front()) out_ += ',';
            append_string(out_, value);
        }
        out_ += ']';
    }

    std::string& begin(std::string_view name)
    {
        out_ += first_ ? "\"" : ",\"";
        first_ = false;
        out_ += name;
        out_ += "\":";
        return out_;
    }

    void end() { out_ += '}'; }

private:
    std::string& out_;
    bool first_ = true;
};

void append_counts(std::string& out, const document::status_counts& it)
{
    out += R"({"on_track":)";
    append_integer(out, std::uint64_t{it.on_track});
    append_member(out, "at_risk", std::uint64_t{it.at_risk});
    append_member(out, "off_track", std::uint64_t{it.off_track});
    append_member(out, "stale", std::uint64_t{it.stale});
    append_member(out, "none", std::uint64_t{it.none});
    append_member(out, "closed", std::uint64_t{it.closed});
    out += '}';
}

void append_figures(std::string& out, const document::figures& it)
{
    optional_members members{out};
    members.number("progress", it.progress);
    members.number("expected", it.expected);
    members.number("weight", it.weight);
    members.integer("measured", it.measured);
    members.integer("of", it.of);
    members.word("computed", it.computed ? name_of(*it.computed) : std::string_view{});
    members.word("shown", it.shown ? name_of(*it.shown) : std::string_view{});
    if (it.counts) append_counts(members.begin("counts"), *it.counts);
    members.word("error", it.error);
    members.words("advice", it.advice);
    members.end();
}

void append_derived(std::string& out, const document::figure_keeper::delta& derived)
{
    append_name(out, "derived");
    out += '{';
    bool first = true;
    for (const auto& [id, figures] : derived) {
        if (!first) out += ',';
        first = false;
        append_string(out, id);
        out += ':';
        if (figures) {
            append_figures(out, *figures);
        } else {
            out += "null";
        }
    }
    out += '}';
}

// ---- refusals ----

void append_op_index(std::string& out, const refusal& why)
{
    if (why.op_index) append_member(out, "op", std::uint64_t{*why.op_index});
}

void append_outcome(std::string& out, const outcome& last)
{
    append_name(out, "outcome");
    std::visit(overloaded{[&](std::monostate) { out += "null"; },
                          [&](const committed_outcome& it) {
                              out += R"({"revision":)";
                              append_integer(out, it.at.value);
                              out += '}';
                          },
                          [&](const refusal& it) {
                              out += R"({"code":)";
                              append_string(out, name_of(it.code));
                              append_member(out, "rule", rule_of(it.code));
                              append_member(out, "message", it.message);
                              append_op_index(out, it);
                              out += '}';
                          }},
               last);
}

// Everything of a commit up to the `[` of its changes, and what follows their `]`.
void begin_commit(std::string& out, std::string_view document, revision last)
{
    append_type(out, "commit", document);
    append_member(out, "revision", last.value);
    append_name(out, "changes");
    out += '[';
}

void end_commit(std::string& out, const document::figure_keeper::delta& derived, const presence_delta& people)
{
    out += ']';
    if (!derived.empty()) append_derived(out, derived);
    if (!people.empty()) {
        out += R"(,"presence":{)";
        append_presence_delta(out, people);
        out += '}';
    }
    out += '}';
}

// ---- messages ----

struct message_writer {
    std::string& out;

    void operator()(const hello& it) const
    {
        append_type(out, "hello");
        append_member(out, "protocol", std::uint64_t{it.protocol});
        append_member(out, "client", it.client);
        if (!it.secret.empty()) append_member(out, "secret", it.secret);
        append_member(out, "workspace", it.workspace);
        append_member(out, "name", it.name);
        if (!it.language.empty()) append_member(out, "language", it.language);
        out += '}';
    }

    void operator()(const open& it) const
    {
        append_type(out, "open", it.document);
        if (it.resume) {
            append_member(out, "epoch", it.resume->epoch);
            append_member(out, "revision", it.resume->at.value);
        }
        if (it.view) append_flag(out, "view", true);
        out += '}';
    }

    void operator()(const change& it) const
    {
        append_type(out, "change", it.document);
        append_member(out, "seq", it.what.seq.value);
        append_member(out, "base", it.what.base.value);
        append_name(out, "ops");
        encode_operations(out, it.what.ops);
        out += '}';
    }

    void operator()(const presence& it) const
    {
        append_type(out, "presence", it.document);
        append_place(out, it.at);
        out += '}';
    }

    void operator()(const close& it) const
    {
        append_type(out, "close", it.document);
        out += '}';
    }

    void operator()(ping) const { out += R"({"type":"ping"})"; }

    void operator()(const diverged& it) const
    {
        append_type(out, "diverged", it.document);
        append_member(out, "revision", it.at.value);
        append_hash(out, it.hash);
        append_member(out, "since", it.since.value);
        if (it.stored) append_flag(out, "stored", true);
        append_name(out, "differs");
        out += '[';
        for (const std::string& each : it.differs) {
            if (&each != &it.differs.front()) out += ',';
            append_string(out, each);
        }
        out += "]}";
    }

    void operator()(const welcome& it) const
    {
        append_type(out, "welcome");
        append_member(out, "protocol", std::uint64_t{it.protocol});
        append_member(out, "session", it.session);
        append_member(out, "server", it.server);
        append_member(out, "epoch", it.epoch);
        append_member(out, "heartbeat_ms", std::uint64_t{it.heartbeat_ms});
        out += '}';
    }

    void operator()(const opened& it) const
    {
        append_type(out, "opened", it.document);
        append_member(out, "epoch", it.epoch);
        append_member(out, "revision", it.at.value);
        append_member(out, "mode", name_of(it.mode));
        append_member(out, "parts", std::uint64_t{it.parts});
        append_flag(out, "recovered", it.recovered);
        append_member(out, "seq", it.seq.value);
        append_outcome(out, it.last);
        out += ',';
        append_people(out, it.people);
        append_member(out, "you", it.you);
        out += '}';
    }

    void operator()(const part& it) const
    {
        append_type(out, "part", it.document);
        append_member(out, "revision", it.at.value);
        append_member(out, "index", std::uint64_t{it.index});
        append_name(out, "entities");
        out += '[';
        for (const document::entity& entity : it.entities) {
            if (&entity != &it.entities.front()) out += ',';
            encode_entity(out, entity, false);
        }
        out += ']';
        append_derived(out, it.derived);
        out += '}';
    }

    void operator()(const commit& it) const
    {
        begin_commit(out, it.document, it.last);
        for (const document::committed_change& each : it.changes) {
            if (&each != &it.changes.front()) out += ',';
            encode_change(out, each);
        }
        end_commit(out, it.derived, it.people);
    }

    void operator()(const derived& it) const
    {
        append_type(out, "derived", it.document);
        append_member(out, "revision", it.at.value);
        append_derived(out, it.figures);
        out += '}';
    }

    void operator()(const presence_news& it) const
    {
        append_type(out, "presence", it.document);
        out += ',';
        append_presence_delta(out, it.people);
        out += '}';
    }

    void operator()(const audit& it) const
    {
        append_type(out, "audit", it.document);
        append_member(out, "revision", it.at.value);
        append_member(out, "schema", std::uint64_t{it.schema});
        append_hash(out, it.hash);
        out += '}';
    }

    void operator()(const refused& it) const
    {
        append_type(out, "refused");
        if (it.document) append_member(out, "document", *it.document);
        if (it.seq) append_member(out, "seq", it.seq->value);
        append_member(out, "code", name_of(it.why.code));
        append_member(out, "rule", rule_of(it.why.code));
        append_member(out, "message", it.why.message);
        append_flag(out, "final", it.final);
        append_op_index(out, it.why);
        if (it.newest) append_member(out, "revision", it.newest->value);
        out += '}';
    }

    void operator()(const notice& it) const
    {
        append_type(out, "notice");
        append_member(out, "code", it.code);
        append_member(out, "message", it.message);
        if (it.document) append_member(out, "document", *it.document);
        if (it.seq) append_member(out, "seq", it.seq->value);
        if (it.at) append_member(out, "revision", it.at->value);
        out += '}';
    }

    void operator()(const bye& it) const
    {
        append_type(out, "bye");
        append_member(out, "code", it.code);
        append_member(out, "message", it.message);
        append_flag(out, "again", it.again);
        append_member(out, "after_ms", std::uint64_t{it.after_ms});
        out += '}';
    }

    void operator()(pong) const { out += R"({"type":"pong"})"; }
};

}  // namespace

void encode(std::string& out, const client_message& message)
{
    std::visit(message_writer{out}, message);
}

void encode(std::string& out, const server_message& message)
{
    std::visit(message_writer{out}, message);
}

void encode_commit(std::string& out, std::string_view document, revision last, std::string_view encoded_changes,
                   const document::figure_keeper::delta& derived, const presence_delta& people)
{
    begin_commit(out, document, last);
    out += encoded_changes;
    end_commit(out, derived, people);
}

std::size_t encode_part(std::string& out, const part_source& from)
{
    const std::size_t begin = out.size();
    append_type(out, "part", from.document);
    append_member(out, "revision", from.at.value);
    append_member(out, "index", std::uint64_t{from.index});
    append_name(out, "entities");
    out += '[';
    document::figure_keeper::delta derived;
    std::size_t next = from.first;
    do {
        const document::entity& it = *from.entities[next];
        if (next != from.first) out += ',';
        encode_entity(out, it, false);
        if (const auto figures = from.figures.find(it.id); figures != from.figures.end()) {
            derived.emplace_back(it.id, figures->second);
        }
        ++next;
    } while (next < from.entities.size() && out.size() - begin < from.bytes_max);
    out += ']';
    append_derived(out, derived);
    out += '}';
    return next;
}

}  // namespace okra::wire
