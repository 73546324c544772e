#include "tools/check/probes.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"
#include "tools/check/scratch.hpp"

namespace okra::check {

namespace {

using outcome = result<void, failure>;
using code = refusal_code;

using script = outcome (*)(const setting&, conversation&);

// A connection that ends while a probe speaks may be a restart of the server; one that ends again is the server's
// answer.
outcome probe(const setting& in, const conversation::options& how, promise about, script speak)
{
    std::string lost;
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto talk = conversation::begin(in, how);
        if (!talk) return talk.error();
        const auto done = speak(in, *talk);
        if (done) return {};
        in.book.leaves(talk->client());
        lost = done.error().message;
    }
    in.found.broken(about, lost);
    return {};
}

struct bad_message {
    std::string what;
    std::string text;
    code expected;
};

std::vector<bad_message> bad_messages(const setting& in)
{
    const auto& own = in.options.workspace;
    const std::string other = own == "another" ? "other" : "another";
    return {
        {"half a JSON object", R"({"type":"ping")", code::malformed},
        {"an open without a document", R"({"type":"open"})", code::malformed},
        {"a second hello", R"({"type":"hello","protocol":1,"client":"x","workspace":"x"})", code::malformed},
        {"an unknown type", R"({"type":"okra_check"})", code::unknown_message},
        {"bytes that are no UTF-8", "{\"type\":\"ping\",\"x\":\"\xff\"}", code::invalid_unicode},
        {"JSON nested too deep", R"({"type":"ping","x":)" + std::string(100, '[') + std::string(100, ']') + "}",
         code::too_deep},
        {"another workspace's document", fmt::format(R"({{"type":"open","document":"{}/workspace"}})", other),
         code::forbidden},
        {"a change to a document that is not open",
         fmt::format(R"({{"type":"change","document":"{}/workspace","seq":1,"base":0,"ops":[]}})", own),
         code::not_open},
    };
}

struct bad_change {
    std::string op;
    code expected;
};

std::vector<bad_change> bad_changes()
{
    return {
        {R"({"op":"explode","id":"o1"})", code::unknown_op},
        {R"({"op":"set","id":"o1","field":"no_such","value":1})", code::unknown_field},
        {R"({"op":"set","id":"o1","field":"weight","value":true})", code::wrong_type},
        {R"({"op":"set","id":"o1","field":"weight","value":1.5})", code::out_of_range},
        {R"({"op":"set","id":"o1","field":"commitment","value":"maybe"})", code::invalid_value},
        {R"({"op":"set","id":"okra-check-nobody","field":"weight","value":0.5})", code::entity_missing},
        {R"({"op":"edit","id":"o1","field":"title","edit":[")" + std::string(501, 'x') + R"("]})", code::text_too_long},
        {R"({"op":"create","id":"o1","kind":"objective","parent":"plan"})", code::id_exists},
        {R"({"op":"create","id":"okra-check-new","kind":"objective","parent":"o1"})", code::parent_forbidden},
        {R"({"op":"create","id":"okra-check-new","kind":"wish","parent":"plan"})", code::unknown_kind},
        {R"({"op":"create","id":"okra-check-new","kind":"check_in","parent":"k1","fields":{"date":"9999-12-31"}})",
         code::out_of_range},
        {R"({"op":"create","id":"okra-check-new","kind":"check_in","parent":"k1","fields":{"date":"12026-01-01"}})",
         code::invalid_value},
    };
}

bool is_refusal(const wire::refused& it, code expected, std::uint64_t seq, bool is_final)
{
    return it.why.code == expected && it.seq == sequence{seq} && it.final == is_final;
}

// Says `text` and expects a refusal.
outcome expect_refusal(const setting& in, conversation& talk, const std::string& what, const std::string& text,
                       const std::function<bool(const wire::refused&)>& is_right)
{
    if (auto said = talk.say(text); !said) return failure{fmt::format("{}: {}", what, said.error().message)};
    const auto answer = talk.answer<wire::refused>();
    if (!answer) return failure{fmt::format("{} ended the connection: {}", what, answer.error().message)};
    if (!*answer) {
        in.found.broken(promise::refusals, fmt::format("{} had no answer", what));
        return {};
    }
    in.found.expect(promise::refusals, is_right(**answer),
                    fmt::format("{} was answered with {}{}: {}", what, name_of((*answer)->why.code),
                                (*answer)->final ? ", for good" : "", (*answer)->why.message));
    return {};
}

outcome expect_life(const setting& in, conversation& talk, const std::string& after)
{
    const auto alive = talk.is_alive();
    if (!alive) return failure{fmt::format("{} ended the connection: {}", after, alive.error().message)};
    in.found.expect(promise::refusals, *alive, fmt::format("after {} a ping was not answered", after));
    return {};
}

outcome say_bad_messages(const setting& in, conversation& talk)
{
    for (const auto& it : bad_messages(in)) {
        const auto done = expect_refusal(in, talk, it.what, it.text,
                                         [&](const wire::refused& no) { return no.why.code == it.expected; });
        if (!done) return done;
    }
    return expect_life(in, talk, "bad messages");
}

// Each uses up its seq; a number that is not next does not.
outcome say_bad_changes(const setting& in, conversation& talk)
{
    std::string last;
    for (const auto& it : bad_changes()) {
        const auto seq = talk.next_seq();
        last = talk.change_text(seq, "[" + it.op + "]");
        const auto what = fmt::format("a change to be refused as {}", name_of(it.expected));
        const auto done = expect_refusal(
            in, talk, what, last, [&](const wire::refused& no) { return is_refusal(no, it.expected, seq, true); });
        if (!done) return done;
        talk.seq_is_used();
    }
    const auto expected = bad_changes().back().expected;
    const auto used = talk.next_seq() - 1;
    auto done = expect_refusal(in, talk, "a refused change sent again", last,
                               [&](const wire::refused& no) { return is_refusal(no, expected, used, true); });
    if (!done) return done;
    const auto beyond = talk.next_seq() + 7;
    const std::string vote = R"([{"op":"add","id":"o1","field":"votes","by":1}])";
    done = expect_refusal(in, talk, "a seq beyond the next", talk.change_text(beyond, vote),
                          [&](const wire::refused& no) { return is_refusal(no, code::seq_gap, beyond, false); });
    if (!done) return done;

    const auto good = talk.good_change({document::add_op{scratch::objective, "votes", 1}});
    std::string text;
    wire::encode(text, good);
    if (auto said = talk.say(text); !said) return said;
    const auto at = talk.committed(good.what.seq.value);
    if (!at) return at.error();
    in.found.expect(promise::refusals, at->has_value(), "a good change after bad ones was not committed");
    return expect_life(in, talk, "bad changes");
}

// Whether it came.
result<bool, failure> is_noticed(conversation& talk, sequence seq, std::optional<revision> at)
{
    while (true) {
        const auto notice = talk.answer<wire::notice>();
        if (!notice) return notice.error();
        if (!*notice) return false;
        // Others are answers to other copies.
        if ((*notice)->code == "already_committed" && (*notice)->seq == seq && (*notice)->at == at) return true;
    }
}

outcome resend(const setting& in, conversation& talk)
{
    const auto send_vote = [&](std::string& text) -> result<std::optional<revision>, failure> {
        const auto change = talk.good_change({document::add_op{scratch::objective, "votes", 1}});
        wire::encode(text, change);
        for (int copy = 0; copy < 2; ++copy) {
            if (auto said = talk.say(text); !said) return said.error();
        }
        return talk.committed(change.what.seq.value);
    };
    const sequence seq{talk.next_seq()};
    std::string first;
    std::optional<revision> newest;  // the notice tells the revision of the last change only (CH5)
    for (const bool is_last : {true, false}) {
        std::string text;
        const auto at = send_vote(is_last ? first : text);
        if (!at) return at.error();
        if (!*at) return {};  // not answered: the books tell
        newest = is_last ? *at : std::nullopt;
        if (auto said = talk.say(first); !said) return said;
        const auto noticed = is_noticed(talk, seq, newest);
        if (!noticed) return noticed.error();
        in.found.expect(promise::exactly_once, *noticed,
                        fmt::format("change {}, sent again, was not answered as already committed", seq.value));
        if (!*noticed) return {};
    }
    return {};
}

outcome view(const setting& in, conversation& viewer)
{
    in.found.expect(promise::view_only, !viewer.told().present().contains(viewer.session()),
                    "a viewer is listed among the people");
    const std::string vote = R"([{"op":"add","id":"o1","field":"votes","by":1}])";
    if (auto said = viewer.say(viewer.change_text(1, vote)); !said) return said;
    const auto answer = viewer.answer<wire::refused>();
    if (!answer) return answer.error();
    in.found.expect(promise::view_only, *answer && (*answer)->why.code == code::forbidden,
                    "a viewer's change was not refused as forbidden");
    const auto other = conversation::begin(in, {.name = "who looks for the viewer"});
    if (!other) return other.error();
    in.found.expect(promise::view_only, !other->told().present().contains(viewer.session()),
                    "others see a viewer among the people");
    return {};
}

// Everybody in a room knows everybody's client id: that must not be enough (HS8).
outcome impersonate(const setting& in, conversation& victim)
{
    for (const std::string& secret : {std::string{}, client::fresh_identity().secret}) {
        auto line = client::connection::open(in.options.server, in.options.patience, in.loop);
        if (!line) return line.error();
        const wire::hello hello{
            wire::protocol_version, victim.client(), in.options.workspace, "somebody else", "en", secret};
        if (auto said = line->send(hello); !said) return said;
        const auto answer = line->receive(in.options.patience);
        if (!answer) return answer.error();
        const auto* bye = *answer ? std::get_if<wire::bye>(&**answer) : nullptr;
        in.found.expect(promise::own_name, bye != nullptr && bye->code == "wrong_secret",
                        fmt::format("a hello in another client's name, {}, was not answered with wrong_secret",
                                    secret.empty() ? "without a secret" : "with another secret"));
    }
    const auto change = victim.good_change({document::add_op{scratch::objective, "votes", 1}});
    std::string text;
    wire::encode(text, change);
    if (auto said = victim.say(text); !said) return said;
    const auto at = victim.committed(change.what.seq.value);
    if (!at) return at.error();
    in.found.expect(promise::own_name, at->has_value(), "a client whose name somebody else had tried was cut off");
    return {};
}

outcome expect_snapshot(const setting& in, conversation& talk, const wire::resume_point& from, const std::string& what)
{
    const auto opened = talk.open(from);
    if (!opened) return opened.error();
    in.found.expect(promise::resumes, opened->mode == wire::open_mode::snapshot && !opened->recovered,
                    fmt::format("a return with {} was not answered with a snapshot as not recovered", what));
    return {};
}

outcome resume(const setting& in, conversation& talk)
{
    std::string text;
    const auto change = talk.good_change({document::add_op{scratch::objective, "votes", -1}});
    wire::encode(text, change);
    if (auto said = talk.say(text); !said) return said;
    const auto head = talk.committed(change.what.seq.value);
    if (!head) return head.error();
    if (!*head) return {};  // not answered: the books tell

    const auto epoch = talk.told().last_opened().epoch;
    const auto back = std::min<std::uint64_t>(3, (*head)->value - in.book.begin().value);
    const auto opened = talk.open(wire::resume_point{epoch, revision{(*head)->value - back}});
    if (!opened) return opened.error();
    const auto caught_up = talk.has_reached(**head);
    if (!caught_up) return caught_up.error();
    in.found.expect(promise::resumes, *caught_up && opened->mode == wire::open_mode::tail,
                    fmt::format("a return {} revisions back was not answered with these", back));

    if (auto done = expect_snapshot(in, talk, {"okra-check-epoch", **head}, "another epoch"); !done) return done;
    return expect_snapshot(in, talk, {epoch, revision{(*head)->value + 1'000'000}}, "a revision that does not exist");
}

}  // namespace

outcome try_bad_messages(const setting& in)
{
    return probe(in, {.name = "bad messages"}, promise::refusals, say_bad_messages);
}

outcome try_bad_changes(const setting& in)
{
    return probe(in, {.name = "bad changes"}, promise::refusals, say_bad_changes);
}

outcome try_resends(const setting& in)
{
    return probe(in, {.name = "resends"}, promise::exactly_once, resend);
}

outcome try_viewing(const setting& in)
{
    return probe(in, {.name = "viewer", .view = true}, promise::view_only, view);
}

outcome try_impersonating(const setting& in)
{
    return probe(in, {.name = "names"}, promise::own_name, impersonate);
}

outcome try_resuming(const setting& in)
{
    return probe(in, {.name = "returns"}, promise::resumes, resume);
}

}  // namespace okra::check
