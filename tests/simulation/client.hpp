// Somebody who edits, or watches, in a simulated world.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/network.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

class simulated_client {
public:
    simulated_client() = default;
    simulated_client(const simulated_client&) = delete;
    simulated_client& operator=(const simulated_client&) = delete;
    virtual ~simulated_client() = default;

    // Its user does something, or something happens to it.
    virtual void act() = 0;
    // The tab is closed, or the process ends: nothing of it is heard any more.
    virtual void leave() = 0;
    // No fault comes any more: what is still broken at its user's machine works again.
    virtual void repair() {}

    [[nodiscard]] virtual std::string describe() const = 0;
    // Online, with everything that it ever did on the disk or refused.
    [[nodiscard]] virtual bool is_settled() const = 0;
    // What it holds against what is true. Throws broken_promise.
    virtual void check(const oracle& truth) = 0;
    // When settled: the figures too, and that every mark it ever typed is there once.
    virtual void check_settled(const oracle& truth) = 0;
};

// How often `mark` is in the text of the plan's note.
[[nodiscard]] std::size_t times_in_note(const document::document& plan, std::string_view mark);

// Throws broken_promise where `have` is not what it must be.
void check_figures(const std::string& document, const document::figure_table& expected,
                   const document::figure_table& have, std::string_view by);

}  // namespace okra::simulation
