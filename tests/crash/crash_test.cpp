#include "tests/crash/crash_test.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include <fmt/format.h>

#include "storage/rocksdb_log.hpp"

namespace okra::crash {

using std::chrono::milliseconds;
using time_point = load::clock::time_point;

namespace {

constexpr milliseconds patience{30'000};
constexpr int starts_killed_max = 4;
constexpr std::uint64_t seen_each_round_min = 10;  // on average; usual are some hundred
constexpr std::size_t thorough_rounds = 13;  // the first ones, and then each of so many, read everything that is stored
constexpr int killed = 128 + SIGKILL;

double seconds_since(time_point begin)
{
    return std::chrono::duration<double>(load::clock::now() - begin).count();
}

std::string median_and_most(std::vector<double> seconds)
{
    if (seconds.empty()) return "never";
    std::ranges::sort(seconds);
    return fmt::format("median {:.2f} s, at most {:.2f} s", seconds[seconds.size() / 2], seconds.back());
}

}  // namespace

crash_test::crash_test(const crash_options& options, const std::filesystem::path& folder)
    : options_{options}, random_{options.seed}, disk_{folder}
{
    if (options_.wal_syncs_lie) disk_.let_wal_syncs_lie();
    for (std::size_t i = 0; i < options_.documents; ++i)
        documents_.push_back(fmt::format("acme/plan/team{}/2026q1", i));
    for (std::size_t i = 0; i < options_.editors + options_.watchers; ++i) {
        const bool edits = i < options_.editors;
        clients_.emplace_back(among_, survivor_options{.client = fmt::format("{}{}", edits ? "editor" : "watcher", i),
                                                       .documents = documents_,
                                                       .editor = edits ? std::optional{i} : std::nullopt,
                                                       .seed = random_.next()});
    }
}

void crash_test::run()
{
    const auto starting = [](const death& it) { return it.during == death::phase::starting; };
    if (std::ranges::any_of(options_.deaths, starting)) die_while_starting(true);  // nothing is there yet
    start();
    for (std::size_t number = 0; number < options_.rounds; ++number) round(number);
    among_.server.reset();
    server_->signal(SIGTERM);
    if (const int code = server_->wait(); code != 0) {
        throw broken_promise{fmt::format("okra-server ended with {} when it was asked to end", code)};
    }
    check_stored();
    if (among_.seen.seen() < seen_each_round_min * options_.rounds)
        throw broken_promise{"there was hardly any traffic"};
    if (!disk_.is_exact()) throw broken_promise{"the server writes in a way that this test does not know"};
}

void crash_test::round(std::size_t number)
{
    const death& how = options_.deaths[number % options_.deaths.size()];
    const bool loses = options_.disk == disk_model::loses || (options_.disk == disk_model::either && random_.one_in(2));
    is_thorough_ = number < thorough_rounds || number % thorough_rounds == 0 || number + 1 == options_.rounds;
    among_.editing = true;
    among_.pasting = how.during == death::phase::flushing;
    const std::uint64_t seen_before = among_.seen.seen();
    serve_for(up_to(300));
    kill(how);
    const point at = disk_.died_at();
    among_.server.reset();
    among_.pasting = false;
    serve_until([this] { return std::ranges::none_of(clients_, &survivor::is_connected); }, "a connection lives on");
    serve_for(up_to(60));
    come_back(how, loses);
    serve_for(up_to(100));
    among_.editing = false;
    check_agreement();
    if (is_thorough_) check_stored();
    fmt::print("round {:>3}  {:<16}  at {:<16}  {:<5}  {:>5} changes seen  server after {:.2f} s, clients {:.2f} s\n",
               number + 1, how.name, name_of(at), loses ? "loses" : "keeps", among_.seen.seen() - seen_before,
               tally_.seconds_to_listen.back(), tally_.seconds_to_be_live.back());
    std::fflush(stdout);
}

void crash_test::kill(const death& how)
{
    if (how.at == point::none || how.during == death::phase::starting) {
        disk_.arm({});
        serve_for(up_to(200));
        server_->signal(SIGKILL);
    } else {
        disk_.arm({.at = how.at,
                   .occurrence = 1 + static_cast<std::uint32_t>(random_.below(how.occurrence_max)),
                   .torn_share = static_cast<std::uint32_t>(random_.below(256))});
        if (how.during == death::phase::stopping) server_->signal(SIGTERM);
        serve_until([this] { return !server_->is_running(); }, fmt::format("{} is never reached", how.name));
    }
    const bool may_end = how.during == death::phase::stopping;
    if (const int code = server_->wait(); code != killed && !(may_end && code == 0)) {
        throw broken_promise{fmt::format("okra-server ended with {} instead of being killed", code)};
    }
    server_.reset();
    disk_.disarm();
    ++tally_.deaths[how.name];
}

// The fate of what was in flight is known when the server is back; what was seen must be there.
void crash_test::come_back(const death& how, bool loses)
{
    struct doubt {
        std::string document;
        document::client_id client;
        sequence seq;
    };
    std::vector<doubt> doubts;
    for (const survivor& it : clients_) {
        for (const open_document& in : it.documents()) {
            if (in.replica.has_pending()) ++tally_.pending_at_death;
            if (const auto seq = in.replica.in_flight()) doubts.push_back({in.name, it.id(), *seq});
        }
    }
    tally_.in_doubt += doubts.size();
    for (const doubt& it : doubts)
        tally_.in_doubt_seen += among_.seen.has_been_seen(it.document, it.client, it.seq) ? 1 : 0;
    if (loses) cut_power();
    if (how.during == death::phase::starting) die_while_starting(loses);
    auto begin = load::clock::now();
    start();
    tally_.seconds_to_listen.push_back(seconds_since(begin));
    check_log();  // before anybody comes back
    for (const doubt& it : doubts) {
        tally_.in_doubt_written += among_.seen.is_in_log(it.document, it.client, it.seq) ? 1 : 0;
    }
    begin = load::clock::now();
    serve_until([this] { return std::ranges::all_of(clients_, &survivor::is_live); }, "a client does not come back");
    tally_.seconds_to_be_live.push_back(seconds_since(begin));
}

void crash_test::cut_power()
{
    const power_cut lost = disk_.cut_power(random_);
    ++tally_.power_cuts;
    tally_.lost.bytes_lost += lost.bytes_lost;
    tally_.lost.bytes_damaged += lost.bytes_damaged;
    tally_.lost.names_undone += lost.names_undone;
}

void crash_test::die_while_starting(bool loses)
{
    for (int again = 0; again < starts_killed_max && dies_while_starting(); ++again) {
        if (loses) cut_power();
    }
}

// False: it had started before it came to its point, and was killed then.
bool crash_test::dies_while_starting()
{
    disk_.arm({.at = point::disk,
               .occurrence = 1 + static_cast<std::uint32_t>(random_.below(disk_steps_of_start_)),
               .torn_share = static_cast<std::uint32_t>(random_.below(256))});
    try {
        test::server_process it{disk_.data(), {.more = {"--threads", "2"}, .environment = disk_.environment()}};
        disk_.disarm();
        return false;
    } catch (const test::server_not_started& ended) {
        disk_.disarm();
        if (ended.exit_code != killed) throw broken_promise{ended.what()};
        ++tally_.deaths_while_starting[disk_.died_at()];
        return true;
    }
}

void crash_test::start()
{
    const std::uint64_t steps_before = disk_.passed(point::disk);
    try {
        server_.emplace(disk_.data(),
                        test::server_options{.more = {"--threads", "2"}, .environment = disk_.environment()});
    } catch (const test::server_not_started& ended) {
        throw broken_promise{ended.what()};
    }
    disk_steps_of_start_ = static_cast<std::uint32_t>(disk_.passed(point::disk) - steps_before);
    const auto found = load::resolve({.host = "127.0.0.1", .port = std::to_string(server_->port())});
    if (!found) throw std::runtime_error{found.error().message};
    among_.server = *found;
}

void crash_test::check_log()
{
    const auto log = storage::rocksdb_log::open_read_only(disk_.data());
    if (!log) throw broken_promise{"the log cannot be read: " + log.error().message};
    among_.seen.check(**log, is_thorough_ ? witness::extent::all : witness::extent::recent);
    // A new epoch says that something acknowledged is lost.
    if (epoch_.empty()) epoch_ = (*log)->epoch();
    if (epoch_ != (*log)->epoch()) throw broken_promise{"the server says that it has lost something, and it has not"};
}

// Nobody edits any more: everything is committed or refused for good, and all have the same.
void crash_test::check_agreement()
{
    const auto is_settled = [this] {
        for (std::size_t i = 0; i < documents_.size(); ++i) {
            const revision head = clients_.front().documents()[i].replica.confirmed().head();
            const bool same = std::ranges::all_of(clients_, [&](const survivor& it) {
                return it.is_live() && !it.has_pending() && it.documents()[i].replica.confirmed().head() == head;
            });
            if (!same) return false;
        }
        return true;
    };
    serve_until(is_settled, "changes stay pending, or clients behind");
    check_log();
    for (const survivor& it : clients_) check_account(it);
    for (std::size_t i = 0; i < documents_.size(); ++i) {
        const document::document& first = clients_.front().documents()[i].replica.confirmed();
        contents expected;
        for (const survivor& it : clients_) {
            const open_document& own = it.documents()[i];
            if (own.replica.confirmed().hash() != first.hash()) {
                throw broken_promise{
                    fmt::format("{} and {} have {} otherwise", it.id(), clients_.front().id(), documents_[i])};
            }
            expected.votes += own.submitted.votes - own.given_up.votes;
            for (const auto& id : own.submitted.created) {
                if (!own.given_up.created.contains(id) && first.find(id) == nullptr) {
                    throw broken_promise{
                        fmt::format("{} created {} in {}, and it is not there", it.id(), id, documents_[i])};
                }
            }
        }
        if (has_first_plan(first) && votes_in(first) != expected.votes) {
            throw broken_promise{
                fmt::format("{} has {} votes instead of {}", documents_[i], votes_in(first), expected.votes)};
        }
        check_joiner(documents_[i]);
    }
}

// Each seq of a client is in the log once, or was refused.
void crash_test::check_account(const survivor& of) const
{
    for (const open_document& it : of.documents()) {
        const std::uint64_t used = it.replica.last_used().value;
        const std::uint64_t stored = among_.seen.count_in_log(it.name, of.id());
        if (stored == it.acknowledged && used == stored + it.drafted + it.renumbered) continue;
        throw broken_promise{
            fmt::format("{} has used {} seqs in {}: {} acknowledged, {} drafts, {} sent anew; the log "
                        "has {}",
                        of.id(), used, it.name, it.acknowledged, it.drafted, it.renumbered, stored)};
    }
}

// Somebody who comes now gets the same.
void crash_test::check_joiner(const std::string& document)
{
    const auto& expected =
        std::ranges::find(clients_.front().documents(), document, &open_document::name)->replica.confirmed();
    survivor joiner{among_, {.client = fmt::format("joiner{}", ++joiners_), .documents = {document}, .editor = {}}};
    const client::replica& got = joiner.documents().front().replica;
    const auto is_there = [&] {
        joiner.tick(load::clock::now());
        return got.is_live() && got.confirmed().head() == expected.head();
    };
    serve_until(is_there, "who comes now does not get " + document);
    if (got.confirmed().hash() != expected.hash()) {
        throw broken_promise{"who comes now gets another " + document};
    }
}

void crash_test::check_stored() const
{
    const auto verified =
        test::run_program("okra-admin", {"verify", "--only-problems", "--data", disk_.data().string()});
    if (verified.exit_code != 0) throw broken_promise{"okra-admin verify: " + verified.output};
}

void crash_test::serve_until(const condition& done, const std::string& what)
{
    const time_point deadline = load::clock::now() + patience;
    while (!done()) {
        const time_point now = load::clock::now();
        if (now > deadline) throw broken_promise{what};
        for (survivor& it : clients_) it.tick(now);
        among_.sockets.serve(now + milliseconds{1});
    }
}

void crash_test::serve_for(milliseconds length)
{
    const time_point end = load::clock::now() + length;
    serve_until([&] { return load::clock::now() >= end; }, {});
}

milliseconds crash_test::up_to(std::uint64_t most)
{
    return milliseconds{1 + static_cast<std::int64_t>(random_.below(most))};
}

void crash_test::print_report() const
{
    std::uint64_t sent = 0;
    std::uint64_t resent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t drafted = 0;
    std::uint64_t renumbered = 0;
    for (const survivor& client : clients_) {
        for (const open_document& it : client.documents()) {
            sent += it.changes_sent;
            resent += it.resent;
            acknowledged += it.acknowledged;
            drafted += it.drafted;
            renumbered += it.renumbered;
        }
    }
    fmt::print("killed:");
    for (const auto& [name, count] : tally_.deaths) fmt::print(" {} {},", name, count);
    fmt::print(" recovered {} times\nkilled while it started, by the point it was at:",
               tally_.seconds_to_be_live.size());
    for (const auto& [at, count] : tally_.deaths_while_starting) fmt::print(" {} {},", name_of(at), count);
    fmt::print(" of {} points in the last start\n", disk_steps_of_start_);
    fmt::print("power cuts: {}, which took {} bytes, damaged {} more, and undid {} names\n", tally_.power_cuts,
               tally_.lost.bytes_lost, tally_.lost.bytes_damaged, tally_.lost.names_undone);
    fmt::print(
        "changes: {} sent, {} sent again, {} acknowledged, {} refused, {} renumbered; {} revisions seen, {} in the "
        "log\n",
        sent, resent, acknowledged, drafted, renumbered, among_.seen.seen(), among_.seen.revisions_in_log());
    fmt::print("in doubt at a death: {}, of which {} had been written ({} of them seen by somebody) and {} had not\n",
               tally_.in_doubt, tally_.in_doubt_written, tally_.in_doubt_seen,
               tally_.in_doubt - tally_.in_doubt_written);
    fmt::print("from a start until the server listens: {}; from then until the last client is live: {}\n",
               median_and_most(tally_.seconds_to_listen), median_and_most(tally_.seconds_to_be_live));
}

}  // namespace okra::crash
