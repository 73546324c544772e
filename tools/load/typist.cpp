#include "tools/load/typist.hpp"

#include <algorithm>
#include <charconv>

namespace okra::load {

namespace {

constexpr std::size_t objective_count = 3;
constexpr std::uint64_t title_length_wanted = 120;
constexpr std::size_t large_objective_count = 100;
constexpr std::size_t large_key_result_count = 899;  // with the root, 1,000 entities
constexpr std::string_view letters = "etaoin shrdlu cmfwyp";

document::create_op create(std::string id, std::string kind, std::string parent, std::string title)
{
    return {
        std::move(id), std::move(kind), std::move(parent), document::place_last{}, {{"title", std::move(title)}}, {}};
}

document::text_edit skip(std::uint64_t position, document::text_component then)
{
    if (position == 0) return {std::move(then)};
    return {document::text_skip{position}, std::move(then)};
}

}  // namespace

std::string key_result_id(std::size_t index)
{
    return "kr" + std::to_string(index);
}

std::size_t key_result_index(const std::string& id)
{
    std::size_t index = key_result_count;
    if (id.starts_with("kr")) std::from_chars(id.data() + 2, id.data() + id.size(), index);
    return std::min(index, key_result_count);
}

std::vector<document::operation> create_plan()
{
    std::vector<document::operation> ops;
    for (std::size_t index = 0; index < objective_count; ++index) {
        ops.emplace_back(create("o" + std::to_string(index), "objective", "plan", "An objective"));
    }
    for (std::size_t index = 0; index < key_result_count; ++index) {
        auto op =
            create(key_result_id(index), "key_result", "o" + std::to_string(index % objective_count), "A key result");
        op.fields.push_back({"start", 0.0});
        op.fields.push_back({"target", 100.0});
        ops.emplace_back(std::move(op));
    }
    return ops;
}

document::operation next_operation(prng& random, const std::function<std::uint64_t(std::size_t)>& title_length)
{
    const auto index = static_cast<std::size_t>(random.below(key_result_count));
    const auto id = key_result_id(index);
    if (random.below(5) == 0) {
        return document::set_op{id, "current", static_cast<double>(random.below(101)), {}};
    }
    const auto length = title_length(index);
    // Deleting is as likely as inserting at the wanted length, and more likely beyond it.
    if (random.below(2 * title_length_wanted) < length) {
        const auto count = length > 2 * title_length_wanted ? 10 : 1;
        return document::edit_op{id, "title",
                                 skip(random.below(length), document::text_delete{static_cast<std::uint64_t>(count)})};
    }
    const std::string letter{letters[random.below(letters.size())]};
    return document::edit_op{id, "title", skip(random.below(length + 1), document::text_insert{letter})};
}

std::vector<document::operation> create_large_plan()
{
    const auto title = [](const std::string& kind) {
        return "A " + kind + " whose title is about as long as those that people write";
    };
    std::vector<document::operation> out;
    for (std::size_t index = 0; index < large_objective_count; ++index) {
        out.emplace_back(create("o" + std::to_string(index), "objective", "plan", title("objective")));
    }
    for (std::size_t index = 0; index < large_key_result_count; ++index) {
        const auto parent = "o" + std::to_string(index % large_objective_count);
        auto op = create(key_result_id(index), "key_result", parent, title("key_result"));
        op.fields.push_back({"start", 0.0});
        op.fields.push_back({"target", 100.0});
        op.fields.push_back({"current", 40.0});
        out.emplace_back(std::move(op));
    }
    return out;
}

document::operation edit_large_plan(prng& random)
{
    auto id = key_result_id(random.below(large_key_result_count));
    if (random.one_in(5)) return document::set_op{std::move(id), "current", static_cast<double>(random.below(101)), {}};
    return document::edit_op{
        std::move(id), "title", {document::text_skip{random.below(40) + 1}, document::text_insert{"a"}}};
}

}  // namespace okra::load
