#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "protocol/document/invariants.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/encode.hpp"
#include "tests/simulation/deaf_client.hpp"
#include "tests/simulation/model_client.hpp"
#include "tests/simulation/restless_client.hpp"

namespace okra::simulation {

namespace {

constexpr std::int64_t sweep_interval_ms = 1'000;
constexpr std::int64_t check_interval_ms = 5'000;

// Faults over, everything is at rest after so long: the longest backoff, a dead connection's discovery by both ends,
// and the way back.
constexpr std::int64_t settle_ms_max = 300'000;

// In a history, the characters that one change writes or takes out.
constexpr std::size_t passage_length = 1'000;

const std::string workspace = "acme/workspace";

}  // namespace

simulation::simulation(const options& how, counters& counted, simulated_disk& disk, browser_process* browser_runs)
    : how_{how},
      random_{how.seed},
      clock_{begins_ms},
      later_{clock_},
      world_{.how = how_, .random = random_, .clock = clock_, .later = later_, .counted = counted},
      log_{world_, truth_, disk},
      server_{world_, log_}
{
    for (std::size_t index = 0; index < how_.plans; ++index)
        plans_.push_back(fmt::format("acme/plan/team{}/q1", index));
    if (browser_runs != nullptr && how_.web_clients > 0) {
        browser_ = std::make_unique<browser>(world_, server_, truth_, *browser_runs);
    }
}

void simulation::run()
{
    found_documents();
    server_.start();
    sweep_later();
    people_come();
    plan_faults();
    check_sometimes();
    run_until(how_.length_ms, [] { return false; });
    end_faults();
    settle();
    ++world_.counted.seeds;
    world_.counted.simulated_ms += static_cast<std::uint64_t>(clock_.steady_ms());
    world_.counted.changes += truth_.changes();
    world_.counted.figures_told += truth_.figures_told();
}

// A cycle with dates, so that plans have a pace, and one objective in each plan.
void simulation::found_documents()
{
    using document::create_op;
    world_.faults = false;
    found(workspace, {{create_op{"q1",
                                 "cycle",
                                 "workspace",
                                 {},
                                 {{"start", std::string{"2026-07-01"}}, {"end", std::string{"2026-12-31"}}},
                                 {}}}});
    std::vector<std::vector<document::operation>> changes{
        {create_op{"o0", "objective", "plan", {}, {{"title", std::string{"Begin"}}}, {}},
         create_op{"k0", "key_result", "o0", {}, {}, {}}}};
    // What is written is taken out again, so that the tail is long and the document short.
    while (changes.size() < how_.history) {
        for (auto& component : {document::text_component{document::text_insert{std::string(passage_length, 'x')}},
                                document::text_component{document::text_delete{passage_length}}}) {
            changes.push_back({document::edit_op{"plan", "note", {component}}});
        }
    }
    for (const std::string& plan : plans_) found(plan, changes);
    world_.faults = true;
}

// Each change in a write of its own.
void simulation::found(const std::string& name, const std::vector<std::vector<document::operation>>& changes)
{
    document::document it{*document::parse_name(name)->schema};
    for (std::uint64_t number = 1; number <= changes.size(); ++number) {
        const auto change = it.accept({"founder", sequence{number}, it.head(), changes[number - 1]}, begins_ms);
        if (!change) throw broken_promise{change.error().message};
        storage::document_append share{
            .document = name, .expected_head = revision{number - 1}, .records = {""}, .clients = {}};
        wire::encode_change(share.records.front(), *change);
        share.clients.push_back({"founder", {sequence{number}, revision{number}}});
        const std::array batch{share};
        if (!log_.append(batch)) throw broken_promise{"the first write failed"};
    }
}

void simulation::people_come()
{
    const std::size_t all = how_.model_clients + how_.viewers + (browser_ ? how_.web_clients : 0);
    for (std::size_t seat = 0; seat < all; ++seat) {
        if (seat >= how_.model_clients + how_.viewers) {
            clients_.push_back(browser_->open_tab(fmt::format("w{}", ++people_), plans_[random_.below(plans_.size())]));
        } else {
            clients_.push_back(newcomer(seat >= how_.model_clients));
        }
        act_later(seat);
    }
    for (std::size_t index = 0; index < how_.restless; ++index) {
        const auto id = fmt::format("r{}", ++people_);
        clients_.push_back(
            std::make_unique<restless_client>(world_, server_, truth_, id, plans_[random_.below(plans_.size())]));
        act_later(clients_.size() - 1);
    }
    for (std::size_t index = 0; index < how_.deaf; ++index) {
        const auto id = fmt::format("d{}", ++people_);
        clients_.push_back(std::make_unique<deaf_client>(world_, server_, id, plans_[random_.below(plans_.size())]));
        act_later(clients_.size() - 1);
    }
}

std::unique_ptr<simulated_client> simulation::newcomer(bool view)
{
    // Ids of which some are smaller than others' and some greater: that decides the order of texts (TX3).
    const auto id = fmt::format("{}{}", random_.one_in(2) ? "a" : "z", ++people_);
    std::vector<std::string> documents{plans_[random_.below(plans_.size())]};
    if (random_.one_in(3)) documents.push_back(workspace);
    return std::make_unique<model_client>(world_, server_, truth_,
                                          model_client::identity{.id = id, .documents = documents, .view = view});
}

void simulation::act_later(std::size_t seat)
{
    later_.in(world_.some(how_.think), [this, seat] {
        if (!world_.faults) return;
        std::unique_ptr<simulated_client>& client = clients_[seat];
        const bool is_model = seat < how_.model_clients + how_.viewers;
        if (is_model && world_.happens(how_.per_mille.tab_closes)) {
            ++world_.counted.tabs_gone;
            client->leave();
            client = newcomer(seat >= how_.model_clients);
        } else {
            client->act();
        }
        act_later(seat);
    });
}

// ---- faults ----

void simulation::again_and_again(const span_ms& every, const std::function<void()>& happens)
{
    if (every.most == 0) return;
    later_.in(world_.some(every), [this, every, happens] {
        if (!world_.faults) return;
        happens();
        again_and_again(every, happens);
    });
}

void simulation::plan_faults()
{
    again_and_again(how_.crash_every, [this] {
        if (!server_.is_up()) return;
        ++world_.counted.crashes;
        server_.crash();
    });
    again_and_again(how_.drain_every, [this] {
        if (!server_.is_up()) return;
        ++world_.counted.drains;
        server_.drain([] {});
    });
    again_and_again(how_.clock_jumps_every, [this] {
        constexpr std::int64_t day_ms = 86'400'000;
        constexpr std::array<std::int64_t, 4> jumps{-5'000, 60'000, day_ms, -day_ms};
        clock_.set_wall_by(jumps[random_.below(jumps.size())]);
        truth_.look_at_calendar();
    });
    start_later();
}

// Whoever looks after the server starts it again.
void simulation::start_later()
{
    later_.in(100, [this] {
        if (!server_.is_up()) {
            later_.in(world_.some(how_.restart), [this] {
                server_.start();
                start_later();
            });
            return;
        }
        start_later();
    });
}

void simulation::sweep_later()
{
    later_.in(sweep_interval_ms, [this] {
        server_.sweep();
        sweep_later();
    });
}

void simulation::check_sometimes()
{
    later_.in(check_interval_ms, [this] {
        for (const auto& it : clients_) it->check(truth_);
        server_.check_limits(truth_.documents());
        check_sometimes();
    });
}

// ---- time ----

bool simulation::step()
{
    ++world_.counted.steps;
    if (random_.one_in(2)) return later_.run_due() || server_.step();
    return server_.step() || later_.run_due();
}

void simulation::run_until(std::int64_t steady_ms, const std::function<bool()>& done)
{
    while (clock_.steady_ms() < steady_ms) {
        if (step()) continue;
        if (done()) return;
        std::int64_t next = steady_ms;
        if (const auto due = later_.next_ms()) next = std::min(next, *due);
        if (const auto due = server_.next_due_ms()) next = std::min(next, *due);
        clock_.advance_to(std::max(next, clock_.steady_ms() + 1));
    }
}

void simulation::end_faults()
{
    world_.faults = false;
    log_.repair();
    for (const auto& it : clients_) it->repair();
}

void simulation::settle()
{
    const auto at_rest = [this] {
        return server_.is_up() && std::ranges::all_of(clients_, [](const auto& it) { return it->is_settled(); });
    };
    run_until(clock_.steady_ms() + settle_ms_max, at_rest);
    if (!at_rest()) {
        std::vector<std::string> restless;
        for (const auto& it : clients_) {
            if (!it->is_settled()) restless.push_back(it->describe());
        }
        throw broken_promise{fmt::format("{} s after the last fault not at rest: {} (server up: {})",
                                         settle_ms_max / 1000, fmt::join(restless, "; "), server_.is_up())};
    }
    // Figures that come by themselves: a new day, another cycle.
    run_until(clock_.steady_ms() + 20'000, [] { return false; });
    for (const auto& it : clients_) it->check_settled(truth_);
    truth_.recovered(log_);
    for (const std::string& it : truth_.documents()) {
        const auto unsound = document::broken_invariants(truth_.content(it));
        if (!unsound.empty()) throw broken_promise{fmt::format("{}: {}", it, fmt::join(unsound, "; "))};
    }
}

std::uint64_t simulation::fingerprint() const
{
    std::string all;
    for (const std::string& it : truth_.documents()) {
        all += fmt::format("{}={},", truth_.content(it).head().value, truth_.hash(it));
    }
    return std::hash<std::string>{}(all);
}

}  // namespace okra::simulation
