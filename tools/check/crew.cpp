#include "tools/check/crew.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "protocol/document/derive/derive.hpp"
#include "tools/check/scratch.hpp"
#include "tools/check/state_lines.hpp"
#include "tools/check/typing.hpp"
#include "tools/client/identity.hpp"

namespace okra::check {

namespace {

using outcome = result<void, failure>;
using seconds = std::chrono::duration<double>;
using std::chrono::milliseconds;

constexpr milliseconds turn_max{20};          // the slow reader is on another loop
constexpr milliseconds presence_again{1000};  // it may be dropped (PR3)
constexpr seconds away_max{1};
constexpr seconds cut_every{10};
constexpr std::array cuts{cut::at_rest, cut::after_sending, cut::within_frame};
constexpr std::uint64_t create_one_in = 8;

clock::duration ticks(seconds it)
{
    return std::chrono::duration_cast<clock::duration>(it);
}

std::string first_difference(const std::vector<std::string>& one, const std::vector<std::string>& other)
{
    const auto [a, b] = std::ranges::mismatch(one, other);
    return fmt::format("{} / {}", a == one.end() ? "nothing" : *a, b == other.end() ? "nothing" : *b);
}

std::string describe(const document::figure_table& all, const std::string& id)
{
    const auto found = all.find(id);
    if (found == all.end()) return "nothing";
    const auto& it = found->second;
    const auto number = [](const std::optional<double>& value) {
        return value ? fmt::format("{:.4f}", *value) : std::string{"none"};
    };
    return fmt::format("progress {}, weight {}, measured {} of {}, status {}{}", number(it.progress), number(it.weight),
                       it.measured.value_or(0), it.of.value_or(0), it.shown ? static_cast<int>(*it.shown) : -1,
                       it.error.empty() ? "" : ", " + it.error);
}

}  // namespace

crew::crew(const setting& in)
    : in_{in},
      slow_setting_{in.options, in.document, in.found, in.book, slow_loop_},
      slow_{slow_setting_, {.name = "slow screen", .view = true}},
      random_{std::random_device{}()},
      creates_left_{scratch::creates_max}
{
    for (std::size_t index = 0; index < in.options.clients; ++index) {
        editors_.push_back(std::make_unique<peer>(
            in, peer::options{.name = fmt::format("editor {}", index + 1), .sends_twice = true, .is_attentive = true}));
        served_.push_back(editors_.back().get());
    }
}

// ---- turns ----

outcome crew::serve(peer& it)
{
    const auto returns = it.returns_at();
    if (returns && *returns <= clock::now()) {
        if (auto joined = it.join(); !joined) return joined;
    }
    return it.take();
}

outcome crew::turn(clock::time_point deadline)
{
    for (auto* it : served_) {
        if (auto served = serve(*it); !served) return served;
    }
    if (auto kept = slow_.keep_alive(); !kept) return kept;
    if (const auto& stranger = in_.book.stranger()) {
        return failure{fmt::format("somebody else edits the scratch plan: client {}", *stranger)};
    }
    in_.loop.wait(std::min(deadline, clock::now() + turn_max));
    return {};
}

template <typename Done>
result<bool, failure> crew::until(Done done)
{
    const auto deadline = clock::now() + in_.options.patience;
    while (!done()) {
        if (clock::now() >= deadline) return false;
        if (auto turned = turn(deadline); !turned) return turned.error();
    }
    return true;
}

template <typename Done>
result<bool, failure> crew::until_also(peer& it, Done done)
{
    served_.push_back(&it);
    auto reached = until(std::move(done));
    served_.pop_back();
    return reached;
}

outcome crew::assemble()
{
    for (auto& it : editors_) {
        if (auto joined = it->join(); !joined) return joined;
    }
    if (auto joined = slow_.join(); !joined) return joined;
    const auto ready = until_also(slow_, [&] {
        return slow_.is_live() &&
               std::ranges::all_of(editors_, [&](const auto& it) { return it->is_at(in_.book.begin()); });
    });
    if (!ready) return ready.error();
    if (!*ready) return failure{"the server does not open the plan for everybody"};
    return {};
}

// ---- presence ----

wire::presence_place crew::place_of(std::size_t editor) const
{
    return {
        .entity = scratch::typed_in, .field = "title", .anchor = editor, .head = editor + 1, .at = in_.book.begin()};
}

bool crew::sees(const peer& who, std::size_t editor) const
{
    const auto& people = who.told().present();
    const auto found = people.find(editors_[editor]->session());
    return found != people.end() && found->second.at == place_of(editor);
}

outcome crew::see_each_other()
{
    auto say_at = clock::now();
    const auto all_see_all = [&] {
        return std::ranges::all_of(editors_, [&](const auto& who) {
            for (std::size_t editor = 0; editor < editors_.size(); ++editor) {
                if (!sees(*who, editor)) return false;
            }
            return true;
        });
    };
    const auto seen = until([&] {
        if (clock::now() >= say_at) {
            for (std::size_t editor = 0; editor < editors_.size(); ++editor) {
                static_cast<void>(editors_[editor]->place(place_of(editor)));
            }
            say_at = clock::now() + presence_again;
        }
        return all_see_all();
    });
    if (!seen) return seen.error();
    for (const auto& who : editors_) {
        for (std::size_t editor = 0; editor < editors_.size(); ++editor) {
            in_.found.expect(promise::presence, sees(*who, editor),
                             fmt::format("{} does not see where {} is", who->name(), editors_[editor]->name()));
        }
    }
    return {};
}

outcome crew::see_one_leave()
{
    auto& goes = *editors_.back();
    const auto session = goes.session();
    goes.leave();
    const auto is_gone_for = [&](const auto& who) { return !who->told().present().contains(session); };
    const auto others = std::span{editors_}.first(editors_.size() - 1);
    const auto gone = until([&] { return std::ranges::all_of(others, is_gone_for); });
    if (!gone) return gone.error();
    for (const auto& who : others) {
        in_.found.expect(promise::presence, is_gone_for(who),
                         fmt::format("{} still sees {}, who has left", who->name(), goes.name()));
    }
    return {};
}

// ---- editing ----

outcome crew::edit_once(std::size_t editor)
{
    auto& it = *editors_[editor];
    const typing_options how{.editor = editor, .today = scratch::today()};
    if (creates_left_ > 0 && random_.one_in(create_one_in)) {
        --creates_left_;
        return it.submit(next_create(random_, client::fresh_id(), how));
    }
    return it.submit(next_edit(random_, it.replica(), how));
}

// All edit at the same moments, so that their edits meet.
outcome crew::edit()
{
    const auto length = seconds{in_.options.seconds};
    const auto cuts_wanted = std::max({cuts.size(), editors_.size(), static_cast<std::size_t>(length / cut_every)});
    const auto between_cuts = length / static_cast<double>(cuts_wanted + 1);
    const auto away = std::chrono::duration_cast<milliseconds>(std::min(away_max, between_cuts / 2));
    const auto begin = clock::now();
    const auto end = begin + ticks(length);
    auto edit_at = begin;
    std::size_t cuts_done = 0;
    const auto cut_at = [&] { return begin + ticks(between_cuts * static_cast<double>(cuts_done + 1)); };

    while (clock::now() < end) {
        if (cuts_done < cuts_wanted && clock::now() >= cut_at()) {
            editors_[cuts_done % editors_.size()]->cut_off(cuts[cuts_done % cuts.size()], away);
            ++cuts_done;
        }
        if (clock::now() >= edit_at) {
            for (std::size_t editor = 0; editor < editors_.size(); ++editor) {
                if (auto done = edit_once(editor); !done) return done;
            }
            // What could not be done in time is left out: a slow machine is not asked for more afterwards.
            edit_at = std::max(edit_at, clock::now() - ticks(seconds{1})) + ticks(seconds{1 / in_.options.rate});
        }
        const auto next_cut = cuts_done < cuts_wanted ? cut_at() : end;
        if (auto turned = turn(std::min({edit_at, next_cut, end})); !turned) return turned;
    }
    return {};
}

outcome crew::settle()
{
    const auto is_settled = [&](const auto& it) { return !it->replica().has_pending() && it->is_at(in_.book.head()); };
    const auto settled = until([&] { return std::ranges::all_of(editors_, is_settled); });
    if (!settled) return settled.error();
    for (const auto& it : editors_) {
        if (is_settled(it)) continue;
        if (it->is_refused_storage()) return failure{"the server refuses changes: its storage does not work"};
        if (!it->is_live()) return failure{fmt::format("{} could not come back", it->name())};
        if (it->is_at(in_.book.head())) continue;  // what is not answered, the books tell
        in_.found.broken(promise::in_order,
                         fmt::format("{} was never sent what came after revision {}; there is {}", it->name(),
                                     it->replica().confirmed().head().value, in_.book.head().value));
    }
    in_.book.close();
    return {};
}

outcome crew::let_slow_reader_read()
{
    const auto read = until_also(slow_, [&] { return slow_.is_at(in_.book.head()); });
    if (!read) return read.error();
    if (*read) {
        in_.found.kept(promise::slow_readers, in_.book.head().value - in_.book.begin().value);
    } else {
        in_.found.broken(promise::slow_readers,
                         fmt::format("it came to revision {} of {}", slow_.replica().confirmed().head().value,
                                     in_.book.head().value));
    }
    return {};
}

// ---- comparing ----

void crew::compare(const std::string& name, const document::document& one, const document::document& other,
                   promise about)
{
    const auto lines = state_lines(one);
    const auto others = state_lines(other);
    const bool is_equal = one.hash() == other.hash() && lines == others;
    in_.found.expect(about, is_equal, fmt::format("{}: {}", name, first_difference(lines, others)));
}

outcome crew::compare()
{
    peer fresh{in_, {.name = "newcomer"}};
    if (auto joined = fresh.join(); !joined) return joined;
    const auto there = until_also(fresh, [&] { return fresh.is_at(in_.book.head()); });
    if (!there) return there.error();
    if (!*there) {
        in_.found.broken(promise::nothing_lost,
                         fmt::format("who opens the plan anew gets revision {} of {}",
                                     fresh.replica().confirmed().head().value, in_.book.head().value));
        return {};
    }
    std::vector<const peer*> all{&slow_, &fresh};
    for (const auto& it : editors_) all.push_back(it.get());
    const auto& newest = fresh.replica().confirmed();
    for (const auto* it : all) {
        if (it == &fresh || !it->is_at(newest.head())) continue;
        compare(fmt::format("{} / who opens the plan anew", it->name()), it->replica().confirmed(), newest,
                promise::same_for_all);
    }
    if (const auto* acknowledged = in_.book.reference()) {
        compare("what was acknowledged / who opens the plan anew", *acknowledged, newest, promise::nothing_lost);
    }
    return compare_figures(all);
}

// Figures of a tail may follow its last commit (OD5), and the workspace's settings may have changed meanwhile.
outcome crew::compare_figures(const std::vector<const peer*>& all)
{
    const auto context = scratch::read_context(in_.options, in_.document);
    if (!context) return context.error();
    const auto expected = [&](const peer& it) { return document::derive(it.replica().confirmed(), *context); };
    const auto equal = until([&] {
        return std::ranges::all_of(all, [&](const peer* it) { return it->told().figures() == expected(*it); });
    });
    if (!equal) return equal.error();
    for (const auto* it : all) {
        const auto must = expected(*it);
        const auto& is = it->told().figures();
        for (const auto& [id, figures] : must) {
            const auto found = is.find(id);
            in_.found.expect(promise::figures, found != is.end() && found->second == figures,
                             fmt::format("{} was told of {}: {}; the content gives: {}", it->name(), id,
                                         describe(is, id), describe(must, id)));
        }
        for (const auto& [id, figures] : is) {
            if (must.contains(id)) continue;
            in_.found.broken(promise::figures, fmt::format("{} was told of {}: {}; the content gives none", it->name(),
                                                           id, describe(is, id)));
        }
    }
    return {};
}

peer::counts crew::totals() const
{
    peer::counts sum;
    for (const auto& it : editors_) {
        sum.cuts += it->so_far().cuts;
        sum.losses += it->so_far().losses;
        sum.refused += it->so_far().refused;
        sum.sent_twice += it->so_far().sent_twice;
    }
    sum.losses += slow_.so_far().losses;
    return sum;
}

}  // namespace okra::check
