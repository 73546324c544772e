// What the check is about, promise by promise: how often each was put to the test, and what broke it. Owned by a run,
// one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okra::check {

enum class promise : std::uint8_t {
    nothing_lost,
    exactly_once,
    in_order,
    same_for_all,
    as_written,
    resumes,
    slow_readers,
    refusals,
    view_only,
    own_name,
    presence,
    figures,
};
inline constexpr std::size_t promise_count = 12;

[[nodiscard]] std::string_view name_of(promise it);  // for programs: never changes
[[nodiscard]] std::string_view in_words(promise it);
[[nodiscard]] std::string_view unit_of(promise it);  // what is counted

struct finding {
    static constexpr std::size_t examples_max = 5;

    std::uint64_t kept = 0;
    std::uint64_t broken = 0;
    std::vector<std::string> examples;  // of how it was broken; the first few
};

class findings {
public:
    void kept(promise it, std::uint64_t times = 1) { at(it).kept += times; }
    void broken(promise it, std::string how);
    // One or the other.
    void expect(promise it, bool is_kept, const std::string& how);

    [[nodiscard]] const finding& of(promise it) const { return all_[static_cast<std::size_t>(it)]; }
    [[nodiscard]] bool any_broken() const;

private:
    finding& at(promise it) { return all_[static_cast<std::size_t>(it)]; }

    std::array<finding, promise_count> all_;
};

}  // namespace okra::check
