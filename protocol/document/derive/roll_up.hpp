// From key results to objectives to the plan (product.md §2, items 4, 6 and 9).
// A key result counts in its objective, and an objective in the plan, while it is live and not abandoned. One that is
// not measured counts 0, and "measured of of" says so; an objective without key results has no figure and stays out of
// the plan's mean.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/document/derive/figures.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

// What one of several siblings weighs.
struct weight_share {
    std::optional<std::uint16_t> thousandths;  // nothing for one that does not count
    bool is_scaled = false;                    // the pinned weights of the siblings do not sum to 1
    friend bool operator==(const weight_share&, const weight_share&) = default;
};

// A finite number or none, no larger than a number: a plan keeps some of them for each of its objectives and looks
// through all of them with each change.
class optional_number {
public:
    optional_number() = default;
    explicit optional_number(std::optional<double> it) : value_{it.value_or(none)} {}
    [[nodiscard]] std::optional<double> get() const
    {
        return std::isnan(value_) ? std::nullopt : std::optional{value_};
    }

private:
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();
    double value_ = none;
};

// What a plan takes from one of its objectives.
struct plan_part {
    bool counts = false;  // live and not abandoned
    bool has_pace = false;
    std::uint32_t measured = 0;
    std::uint32_t of = 0;
    optional_number pinned_weight;
    optional_number progress;
    status_counts key_results;  // that count, by shown status
};

struct objective_summary {
    figures itself;  // without its share, which who knows its siblings adds
    plan_part part;
    // All live key results, and what else there is advice about.
    std::vector<std::pair<const entity*, figures>> below;
    std::vector<const entity*> members;  // live or not: everything below that had a say
};

// In place of the share that it has.
void give_share(figures& to, const weight_share& share);

[[nodiscard]] objective_summary summarise_objective(const document& it, const entity& objective,
                                                    const derive_context& context);

// Σ(w·c)/Σw. Weights that are all 0 (one sibling is pinned to the whole) weigh nothing: 0.
class weighted_mean {
public:
    void add(std::uint32_t weight, double value)
    {
        sum_ += weight * value;
        weights_ += weight;
    }
    [[nodiscard]] double value() const { return weights_ == 0 ? 0 : sum_ / weights_; }

private:
    double sum_ = 0;
    std::uint32_t weights_ = 0;
};

// A plan's own figures, from those objectives that count, in order.
class plan_roll_up {
public:
    explicit plan_roll_up(const derive_context& context);
    void add(const plan_part& it, std::uint32_t thousandths);
    [[nodiscard]] figures result() &&;

private:
    const derive_context& context_;
    figures itself_;
    weighted_mean mean_;
    bool has_progress_ = false;
};

}  // namespace okra::document
