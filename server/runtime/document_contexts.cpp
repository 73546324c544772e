// The part of document_actor between a workspace and its plans: a plan's figures follow from dates and thresholds that
// the workspace holds. One change of a workspace can ask for the figures of all its plans, so both ends take only the
// newest: the workspace tells nothing new before what it told has arrived, and a plan computes once in its turn.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "server/room/context.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

// Plans are told for so long, then others have their turn: small ones compute their figures at once.
constexpr std::int64_t telling_turn_us = 1'000;

// All figures of a plan, with the frame that tells them, take about so long for each of its entities.
constexpr std::int64_t figures_us_per_entity = 2;

}  // namespace

void document_actor::supply_context(const std::string& plan, worker& plan_home, const std::string& cycle)
{
    begin_use();
    const auto [found, is_new] = supplied_.try_emplace(cycle);
    found->second.plans.insert_or_assign(plan, &plan_home);
    if (is_new) new_cycles_.push_back(cycle);
    if (!found->second.told) return take_contexts();
    plan_home.run([&plan_home, plan, context = *found->second.told] {
        if (document_actor* actor = plan_home.find_actor(plan)) actor->on_context(context);
    });
}

void document_actor::stop_supplying(const std::string& plan, const std::string& cycle)
{
    const auto found = supplied_.find(cycle);
    if (found == supplied_.end()) return;
    found->second.plans.erase(plan);
    if (found->second.plans.empty()) supplied_.erase(found);
    end_use_soon();
}

// Only where one batch ends and the next has not begun, and when what was taken before has been told. All cycles are
// looked at when the workspace or the day is another, else the new ones.
void document_actor::take_contexts()
{
    const bool is_telling = untold_contexts_ || tellings_ != 0;
    if (supplied_.empty() || is_telling || std::holds_alternative<loading_state>(state_)) return;
    const live_state* const now = live();
    if (now != nullptr && now->authority.has_decided()) return;

    const contexts_origin from{.at = now == nullptr ? revision{} : now->authority.content().head(), .today = today()};
    supplied_contexts taken{.at = from.at, .changed = {}};
    const auto take = [&](const std::string& cycle, const supplied_cycle& it) {
        document::derive_context context;
        context.today = from.today;
        if (now != nullptr) context = room::plan_context(now->authority.content(), cycle, from.today);
        if (it.told != context) taken.changed.emplace_back(cycle, context);
    };
    const std::vector<std::string> new_cycles = std::exchange(new_cycles_, {});
    if (std::exchange(contexts_from_, from) != from) {
        for (const auto& [cycle, it] : supplied_) take(cycle, it);
    } else {
        for (const std::string& cycle : new_cycles) {
            if (const auto found = supplied_.find(cycle); found != supplied_.end()) take(cycle, found->second);
        }
    }
    if (taken.changed.empty()) return;
    untold_contexts_ = std::move(taken);
    tell_contexts_if_durable();
}

void document_actor::tell_contexts_if_durable()
{
    const live_state* const now = live();
    if (!untold_contexts_ || (now != nullptr && untold_contexts_->at > now->authority.durable())) return;
    const supplied_contexts told = *std::exchange(untold_contexts_, {});
    std::map<worker*, std::vector<told_context>, by_number> by_home;
    for (const auto& [cycle, context] : told.changed) {
        const auto found = supplied_.find(cycle);
        if (found == supplied_.end()) continue;
        found->second.told = context;
        for (const auto& [plan, plan_home] : found->second.plans) by_home[plan_home].push_back({plan, context});
    }
    tellings_ += by_home.size();
    for (auto& [plan_home, told_there] : by_home) {
        plan_home->run([self = shared_from_this(), at = plan_home, news = std::move(told_there)]() mutable {
            tell_plans(std::move(self), *at, std::move(news));
        });
    }
}

// On the plans' worker.
void document_actor::tell_plans(std::shared_ptr<document_actor> from, worker& at, std::vector<told_context> news)
{
    const std::int64_t begin_us = steady_clock_us();
    while (!news.empty()) {
        if (steady_clock_us() - begin_us > telling_turn_us) {
            return at.post([from = std::move(from), &at, left = std::move(news)]() mutable {
                tell_plans(std::move(from), at, std::move(left));
            });
        }
        const told_context it = std::move(news.back());
        news.pop_back();
        if (document_actor* actor = at.find_actor(it.plan)) actor->on_context(it.context);
    }
    worker& home = from->home_;
    home.run([from = std::move(from)] {
        if (--from->tellings_ == 0) from->take_contexts();
    });
}

void document_actor::on_context(const document::derive_context& context)
{
    context_ = context;
    if (std::holds_alternative<loading_state>(state_)) return become_live_if_complete();
    const live_state* const now = live();
    if (now == nullptr) return;
    const auto entities = static_cast<std::int64_t>(now->authority.content().entity_count());
    home_.submit_figures(name_, entities * figures_us_per_entity);
}

// By the newest context. Nobody needs them any more when the server drains, and it is not to wait for them.
void document_actor::compute_figures()
{
    const memory::indispensable rest;
    live_state* const now = live();
    if (now == nullptr || shared_.draining) return;
    retire_snapshot();  // who joins from it would not be told of figures that come with a commit it holds
    document::figure_keeper::delta changed = now->authority.set_context(*context_);
    if (changed.empty()) return;
    if (settled_) {  // whose figures were computed before and are yet to be told: these come last
        room::merge(settled_->batch.derived, std::move(changed));
    } else {
        publish(
            frame::of(wire::derived{.document = name_, .at = now->authority.durable(), .figures = std::move(changed)}));
    }
}

void document_actor::on_new_day()
{
    take_contexts();
}

}  // namespace okra::runtime
