// Rounds of: edit, die, lose what was not synced, start, come back, compare. Owns the server, its disk and all clients;
// one thread. docs/testing.md, "Crashes", says what is promised and how it is checked.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/crash/deaths.hpp"
#include "tests/crash/survivor.hpp"
#include "tests/crash/watched_disk.hpp"
#include "tests/support/server_process.hpp"

namespace okra::crash {

enum class disk_model : std::uint8_t {
    keeps,   // what was written stays: the process died, the system did not
    loses,   // what was not synced is lost: the power was cut
    either,  // by chance
};

struct crash_options {
    std::uint64_t seed = 1;
    std::size_t rounds = 10;
    std::vector<death> deaths;  // in rotation
    disk_model disk = disk_model::either;
    bool wal_syncs_lie = false;
    std::size_t documents = 3;
    std::size_t editors = 5;
    std::size_t watchers = 2;
};

// What happened in all rounds; a test that was idle shows.
struct crash_tally {
    std::map<std::string_view, std::size_t> deaths;
    std::map<point, std::size_t> deaths_while_starting;
    std::size_t power_cuts = 0;
    power_cut lost = {};
    std::uint64_t in_doubt = 0;  // changes in flight when the server died
    std::uint64_t in_doubt_written = 0;
    std::uint64_t in_doubt_seen = 0;              // somebody else had received them
    std::uint64_t pending_at_death = 0;           // documents of a client with something that was not acknowledged
    std::vector<double> seconds_to_listen = {};   // of the server, from its start
    std::vector<double> seconds_to_be_live = {};  // of the last client, from then
};

class crash_test {
public:
    // `folder` is empty, and belongs to the test.
    crash_test(const crash_options& options, const std::filesystem::path& folder);

    // Throws broken_promise.
    void run();
    void print_report() const;

private:
    using condition = std::function<bool()>;

    void round(std::size_t number);
    void kill(const death& how);
    void come_back(const death& how, bool loses);
    void cut_power();
    void start();
    void die_while_starting(bool loses);
    [[nodiscard]] bool dies_while_starting();
    void check_log();
    void check_agreement();
    void check_account(const survivor& of) const;
    void check_joiner(const std::string& document);
    void check_stored() const;

    // Serves all clients until `done`, or throws broken_promise with `what` after some 30 s.
    void serve_until(const condition& done, const std::string& what);
    void serve_for(std::chrono::milliseconds length);
    [[nodiscard]] std::chrono::milliseconds up_to(std::uint64_t milliseconds);

    crash_options options_;
    prng random_;
    watched_disk disk_;
    std::optional<test::server_process> server_;
    surroundings among_;
    std::vector<std::string> documents_;
    std::string epoch_;  // of all starts
    std::deque<survivor> clients_;
    std::size_t joiners_ = 0;
    bool is_thorough_ = true;  // in this round
    std::uint32_t disk_steps_of_start_ = 40;
    crash_tally tally_;
};

}  // namespace okra::crash
