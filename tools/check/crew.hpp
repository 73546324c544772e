// The clients of a run: editors, and a screen that does not read while they edit. Drives them all from one loop and
// compares what they ended with. Owned by the run, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "protocol/base/prng.hpp"
#include "tools/check/peer.hpp"
#include "tools/check/setting.hpp"

namespace okra::check {

class crew {
public:
    explicit crew(const setting& in);

    // All of these: a failure ends the check; what is found goes into the findings.
    [[nodiscard]] result<void, failure> assemble();
    [[nodiscard]] result<void, failure> see_each_other();
    // For the run's seconds: everybody edits, connections are cut, changes are sent twice.
    [[nodiscard]] result<void, failure> edit();
    // Until every change is answered and everybody has every revision.
    [[nodiscard]] result<void, failure> settle();
    [[nodiscard]] result<void, failure> let_slow_reader_read();
    // All with each other, with who opens the plan anew, and with what the books say.
    [[nodiscard]] result<void, failure> compare();
    [[nodiscard]] result<void, failure> see_one_leave();

    [[nodiscard]] peer::counts totals() const;
    [[nodiscard]] const std::string& server() const { return editors_.front()->server(); }

private:
    [[nodiscard]] result<void, failure> turn(clock::time_point deadline);
    [[nodiscard]] static result<void, failure> serve(peer& it);
    // What `done` waits for is served, too.
    template <typename Done>
    [[nodiscard]] result<bool, failure> until_also(peer& it, Done done);
    // Turns until `done` says so, within the patience: whether it did.
    template <typename Done>
    [[nodiscard]] result<bool, failure> until(Done done);

    [[nodiscard]] result<void, failure> edit_once(std::size_t editor);
    [[nodiscard]] wire::presence_place place_of(std::size_t editor) const;
    [[nodiscard]] bool sees(const peer& who, std::size_t editor) const;
    void compare(const std::string& name, const document::document& one, const document::document& other,
                 promise about);
    [[nodiscard]] result<void, failure> compare_figures(const std::vector<const peer*>& all);

    const setting& in_;
    client::event_loop slow_loop_;  // its own: what waits there must not wake the others
    setting slow_setting_;
    std::vector<std::unique_ptr<peer>> editors_;
    peer slow_;
    std::vector<peer*> served_;  // in every turn
    prng random_;
    std::size_t creates_left_;
};

}  // namespace okra::check
