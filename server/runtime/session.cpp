#include "server/runtime/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/client_secret.hpp"
#include "server/runtime/change_memory.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/memory.hpp"

namespace okra::runtime {

namespace {

// Answers that a peer provokes and does not read: more than any honest one has under way. The largest are those to
// `open`, with everybody who is there: sixteen of them with four hundred people each.
constexpr std::size_t control_frames_max = 1024;
constexpr std::size_t control_bytes_max = 1 << 20;

// Messages that make no sense, before the connection is taken for hostile (ER2).
constexpr std::uint32_t strikes_max = 20;

constexpr std::int64_t hello_deadline_ms = 10'000;
// Browsers wake the timers of a hidden page once a minute only: it must not be taken for dead.
constexpr std::int64_t silence_max_ms = heartbeat_ms * 4LL;

struct farewell {
    std::string_view code;
    std::uint16_t close;
};

// SPEC §9: 4000–4099 come back, 4100–4199 stay away.
constexpr std::array farewells{
    farewell{"shutdown", 4000},     farewell{"overloaded", 4001},       farewell{"idle", 4002},
    farewell{"replaced", 4100},     farewell{"protocol_version", 4101}, farewell{"hostile", 4102},
    farewell{"wrong_secret", 4103}, farewell{"too_large", 1009},
};

std::uint16_t close_code(std::string_view code)
{
    const auto found = std::ranges::find(farewells, code, &farewell::code);
    OKRA_ASSERT(found != farewells.end());
    return found->close;
}

// As deciding will do. In memory a piece of an edit takes twenty times what `1,` is on the wire: so only the change
// that is being read may be so large, not those that wait.
void make_canonical(document::change& change)
{
    constexpr std::size_t typed_components = 4;
    for (document::operation& op : change.ops) {
        auto* const it = std::get_if<document::edit_op>(&op);
        if (it == nullptr) continue;
        document::text_edit& edit = it->edit;
        edit = document::normalise(std::move(edit));
        if (edit.capacity() > 2 * edit.size() + typed_components) edit.shrink_to_fit();
    }
}

}  // namespace

session::session(transport& peer, connection_facts facts, worker& home)
    : peer_{peer}, home_{home}, facts_{std::move(facts)}, number_{home.add(*this)}, heard_ms_{steady_clock_ms()}
{
}

session::~session()
{
    on_closed();
}

void session::on_closed()
{
    if (number_ == 0) return;
    const memory::indispensable scope;
    for (const auto& it : documents_) leave(*it);
    documents_.clear();
    home_.remove(std::exchange(number_, 0));
    ended_ = true;
}

// ---- in ----

void session::on_message(std::span<char> message)
{
    if (ended_) return;
    heard_ms_ = steady_clock_ms();
    message_bytes_ = message.size();
    auto decoded = home_.decoder().decode_client(message);
    if (!decoded) {
        wire::decode_failure failure = decoded.error();
        on_undecodable(failure);
        return;
    }
    if (client_.empty() && !std::holds_alternative<wire::hello>(*decoded)) {
        refuse({refusal_code::malformed, "say hello first (HS3)", {}});
        count_strike();
        return;
    }
    std::visit([this](auto& it) { on(it); }, *decoded);
}

void session::on_undecodable(wire::decode_failure& failure)
{
    open_document* const it = failure.document ? find(*failure.document) : nullptr;
    if (it == nullptr || it->view || !failure.seq) {
        refuse(std::move(failure.why), std::move(failure.document), failure.seq);
        count_strike();
        return;
    }
    // A change of a client with a bug: refused for good, or it would be sent for ever (ER4).
    it->home->run([to = it->home, name = it->name, from = as_sender(*it), client = client_, seq = *failure.seq,
                   why = std::move(failure.why)]() mutable {
        document_actor* const actor = to->find_actor(name);
        if (actor == nullptr) return to->refuse_for_now(from.session, name, seq, worker::not_opened());
        actor->refuse(from, client, seq, std::move(why));
    });
}

void session::on(const wire::hello& it)
{
    if (!client_.empty()) {
        refuse({refusal_code::malformed, "hello was said before", {}});
        count_strike();
        return;
    }
    if (it.protocol != wire::protocol_version) {
        end("protocol_version", "this server speaks protocol 1", {});
        return;
    }
    if (!wire::may_be(it.client, it.secret)) {
        log::warning("wrong_secret", {{"address", facts_.address}, {"client", it.client}});
        end("wrong_secret", "the client id is not the fingerprint of the secret (HS8)", {});
        return;
    }
    client_ = it.client;
    greeting_ = ++home_.shared().greetings;
    workspace_ = it.workspace;
    name_ = it.name;
    tell(frame::of(wire::welcome{.protocol = wire::protocol_version,
                                 .session = number_,
                                 .server = home_.shared().server_name,
                                 .epoch = home_.shared().epoch,
                                 .heartbeat_ms = heartbeat_ms}));
}

void session::on(const wire::open& it)
{
    const auto name = document::parse_name(it.document);
    if (!name) {
        refuse({refusal_code::malformed, "not the name of a document", {}}, it.document);
        return;
    }
    if (name->workspace() != workspace_) {
        refuse({refusal_code::forbidden, "the document belongs to another workspace", {}}, it.document);
        return;
    }
    std::optional<revision> seen;
    if (open_document* again = find(it.document)) {
        seen = again->seen;
        leave(*again);
        std::erase_if(documents_, [&](const auto& each) { return each.get() == again; });
    }
    if (documents_.size() >= document::limits::open_documents_per_session) {
        refuse({refusal_code::too_many_documents, "close another document first", {}}, it.document);
        return;
    }
    documents_.push_back(std::make_unique<open_document>());
    open_document& opened = *documents_.back();
    opened.name = it.document;
    opened.home = &home_.shared().home_of(it.document);
    opened.view = it.view;
    opened.attempt = ++attempts_;
    if (!it.resume && seen) {  // nobody's view goes back: words that came since would look like removed ones
        request_join(opened, wire::resume_point{.epoch = home_.shared().epoch, .at = *seen}, catch_up::snapshot);
    } else {
        request_join(opened, it.resume, catch_up::best);
    }
}

void session::on(wire::change& it)
{
    open_document* const opened = find(it.document);
    if (opened == nullptr) {
        refuse({refusal_code::not_open, "open the document first", {}}, it.document, it.what.seq);
        return;
    }
    if (opened->view) {
        refuse({refusal_code::forbidden, "the document was opened to be viewed only", {}}, it.document, it.what.seq);
        return;
    }
    it.what.client = client_;
    make_canonical(it.what);
    if (opened->home != &home_) home_.lane().note_light(it.document, steady_clock_us());
    change_lane::waiting_change sent{.from = as_sender(*opened), .what = std::move(it), .bytes = message_bytes_};
    if (opened->home == &home_) {
        return home_.run([to = &home_, sent = std::move(sent)]() mutable { to->submit(std::move(sent)); });
    }
    counted_under_way counted{home_.shared().under_way_bytes, memory_bytes(sent.what)};
    opened->home->post([to = opened->home, sent = std::move(sent), counted = std::move(counted)]() mutable {
        counted.arrived();
        to->submit(std::move(sent));
    });
}

void session::on(const wire::presence& it)
{
    open_document* const opened = find(it.document);
    if (opened == nullptr || opened->view) return;
    opened->home->run([to = opened->home, from = number_, it] {
        if (document_actor* actor = to->find_actor(it.document)) actor->place(from, it.at);
    });
}

void session::on(const wire::close& it)
{
    open_document* const opened = find(it.document);
    if (opened == nullptr) return;
    leave(*opened);
    std::erase_if(documents_, [&](const auto& each) { return each.get() == opened; });
    wake();  // another document may have waited for this one's piece
}

void session::on(const wire::ping&)
{
    tell(home_.shared().pong);
}

void session::on(wire::diverged& it)
{
    open_document* const opened = find(it.document);
    if (opened == nullptr) return;
    opened->home->run([to = opened->home, from = number_, it = std::move(it)] {
        if (document_actor* actor = to->find_actor(it.document)) actor->on_diverged(from, it);
    });
}

void session::on_violation(std::string_view code, std::string_view message)
{
    log::warning("session_violation", {{"address", facts_.address}, {"code", code}, {"reason", message}});
    end(code, message, {});
}

void session::on_overload(std::string_view message)
{
    end("overloaded", message, heartbeat_ms);
}

void session::on_sweep(std::int64_t now_ms)
{
    if (ended_) return;
    const std::int64_t silence = now_ms - heard_ms_;
    if (client_.empty() && silence > hello_deadline_ms) {
        end("idle", "no hello came", 0);
    } else if (silence > silence_max_ms) {
        end("idle", "nothing was heard for too long", 0);
    }
    const bool stalls = !writing_.empty() && !has_written_;
    stalled_sweeps_ = stalls ? stalled_sweeps_ + 1 : 0;
    has_written_ = false;
    relieve();
}

void session::refuse(refusal why, std::optional<std::string> document, std::optional<sequence> seq)
{
    home_.shared().figures.count_refusal(why.code);
    tell(frame::of(wire::refused{.document = std::move(document), .seq = seq, .why = std::move(why), .final = false}));
}

void session::count_strike()
{
    if (++strikes_ > strikes_max) end("hostile", "too many messages that make no sense", {});
}

session::open_document* session::find(std::string_view name)
{
    const auto found = std::ranges::find(documents_, name, [](const auto& it) { return std::string_view{it->name}; });
    return found == documents_.end() ? nullptr : found->get();
}

void session::leave(open_document& it)
{
    if (it.state == reading::following) {
        if (fanout* readers = home_.find_fanout(it.name)) readers->unfollow(*this);
    }
    it.home->run(
        [to = it.home, name = it.name,
         from = session_address{.home = &home_, .number = number_, .attempt = it.attempt, .greeting = greeting_}] {
            to->leave(name, from);
        });
}

// ---- out ----

void session::on_join_refused(const std::string& document, std::uint64_t attempt, const frame_ptr& told)
{
    open_document* const it = find(document);
    if (it == nullptr || it->attempt != attempt) return;
    std::erase_if(documents_, [&](const auto& each) { return each.get() == it; });
    tell(told);
}

void session::tell(frame_ptr it)
{
    if (ended_) return;
    if (control_.size() >= control_frames_max || control_bytes_ >= control_bytes_max) {
        end("overloaded", "too many answers wait to be read", heartbeat_ms);
        return;
    }
    if (it != home_.shared().pong) it->charge_to(home_.shared().unread);
    control_bytes_ += it->size();
    control_.push_back(std::move(it));
    wake();
}

void session::end(std::string_view code, std::string_view message, std::optional<std::uint32_t> after_ms)
{
    if (ended_) return;
    const memory::indispensable scope;
    control_.push_back(frame::of(wire::bye{.code = std::string{code},
                                           .message = std::string{message},
                                           .again = after_ms.has_value(),
                                           .after_ms = after_ms.value_or(0)}));
    ended_ = true;
    for (const auto& it : documents_) leave(*it);
    documents_.clear();
    peer_.close_after_writing(close_code(code));
}

}  // namespace okra::runtime
