// Random changes by several clients that have seen less than all, valid and invalid. `desk` checks after each:
// invariants hold, a refused change leaves no trace, and a replica that replays what was committed is equal.
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "protocol/base/prng.hpp"
#include "protocol/document/derive/derive.hpp"
#include "protocol/document/validate.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

class author {
public:
    author(const desk& it, std::uint64_t seed) : desk_{it}, random_{seed} {}

    std::vector<operation> change()
    {
        std::vector<operation> ops;
        for (std::uint64_t left = random_.one_in(3) ? 1 + random_.below(8) : 1; left > 0; --left) ops.push_back(op());
        return ops;
    }

    prng& random() { return random_; }

private:
    template <typename T>
    T pick(std::initializer_list<T> from)
    {
        return from.begin()[random_.below(from.size())];
    }

    entity_id some_id()
    {
        if (random_.one_in(40)) return pick<entity_id>({"nobody", "", "plan", "not an id"});
        const auto all = desk_.it().in_tree_order();
        if (!made_.empty() && random_.one_in(4)) return made_[random_.below(made_.size())];
        return all[random_.below(all.size())]->id;
    }

    entity_id new_id()
    {
        if (random_.one_in(40)) return some_id();
        made_.push_back("e" + std::to_string(made_.size()));
        return made_.back();
    }

    placement place()
    {
        if (random_.one_in(3)) return place_first{};
        if (random_.one_in(2)) return place_last{};
        return some_id();
    }

    std::string text()
    {
        std::string result;
        for (std::uint64_t left = random_.below(6); left > 0; --left) {
            result += pick<std::string_view>({"a", "b ", "é", "目", "标", "😅", "\u0301"});
        }
        return result;
    }

    text_edit edit_components()
    {
        text_edit edit;
        for (std::uint64_t left = random_.below(6); left > 0; --left) {
            if (random_.one_in(3)) {
                edit.push_back(insert(text()));
            } else if (random_.one_in(2)) {
                edit.push_back(skip(random_.below(6)));
            } else {
                edit.push_back(erase(random_.below(4)));
            }
        }
        return edit;
    }

    // Mostly a field that the entity has, of the type that the op is for.
    std::string field_of(const entity_id& id, bool (*wanted)(field_type))
    {
        const entity* it = desk_.it().find(id);
        std::vector<std::string> names;
        if (it != nullptr) {
            for (const field_schema& field : it->kind->fields) {
                if (wanted(field.type)) names.emplace_back(field.name);
            }
        }
        if (names.empty() || random_.one_in(20))
            return pick<std::string>({"title", "owner", "votes", "date", "nothing"});
        return names[random_.below(names.size())];
    }

    operation op()
    {
        const entity_id id = some_id();
        const auto field = [&](bool (*wanted)(field_type)) { return field_of(id, wanted); };
        constexpr auto is_set = [](field_type type) { return type == field_type::set; };
        constexpr auto is_text = [](field_type type) { return type == field_type::text; };
        switch (random_.below(12)) {
            case 0:
            case 1:
                return creation();
            case 2:
            case 3:
                return set_op{id, field(is_register), value(), std::nullopt};
            case 4:
                return add_op{id, "votes", static_cast<std::int64_t>(random_.below(7)) - 3};
            case 5:
                return include_op{id, field(is_set), pick<std::string>({"p1", "p2", "p3"})};
            case 6:
                return exclude_op{id, field(is_set), pick<std::string>({"p1", "p2", "p3"})};
            case 7:
                return move_op{id, some_parent(), place(), {}};
            case 8:
                return remove_op{id};
            case 9:
                return restore_op{id};
            default:
                return edit_op{id, field(is_text), edit_components()};
        }
    }

    entity_id some_parent() { return random_.one_in(3) ? "plan" : some_id(); }

    operation creation()
    {
        const entity_id parent = some_parent();
        const entity* above = desk_.it().find(parent);
        std::string kind =
            pick<std::string>({"objective", "key_result", "milestone", "check_in", "initiative", "comment", "team"});
        if (above != nullptr && !random_.one_in(10)) {
            const std::string_view name = above->kind->name;
            kind = name == "plan" ? "objective" : name == "objective" ? "key_result" : "comment";
            if (name == "key_result") kind = pick<std::string>({"milestone", "check_in", "initiative"});
        }
        std::vector<named_initial_value> fields;
        if (random_.one_in(2)) fields.push_back({kind == "comment" ? "body" : "title", text()});
        if (kind == "milestone") fields.push_back({"done", random_.one_in(2)});
        if (kind == "check_in")
            fields = {{"date", pick<std::string>({"2025-12-30", "2026-01-10", "2026-02-01", "2026-02-30"})}};
        return create_op{new_id(), kind, parent, place(), std::move(fields), {}};
    }

    register_value value()
    {
        return pick<register_value>({null_value{}, 0.25, 0.75, 4.0, 50.0, "active", "closed", "abandoned", "yes_no",
                                     "milestones", "p1", true, "2026-02-01", "2026-05-01"});
    }

    const desk& desk_;
    prng random_;
    std::vector<entity_id> made_;
};

}  // namespace

TEST_CASE("[CH4] [RB2] random changes: sound, atomic, and the same on a replica", "[document][random]")
{
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        desk it;
        author writes{it, seed};
        int accepted = 0;
        int refused = 0;
        for (int count = 0; count < 400; ++count) {
            const std::uint64_t lag = writes.random().below(6);
            const std::uint64_t base = it.head() - std::min(lag, it.head());
            const client_id client = "client" + std::to_string(writes.random().below(4));
            ++(it.offer(base, client, writes.change()) ? accepted : refused);
        }
        // Both must be met often, or the test says little.
        CHECK(accepted > 80);
        CHECK(refused > 80);
    }
}

TEST_CASE("[CM4] random changes: figures kept up to date are those computed anew", "[document][random][derive]")
{
    derive_context context;
    context.today = *parse_date("2026-02-10");
    context.cycle_start = parse_date("2026-01-01");
    context.cycle_end = parse_date("2026-03-31");
    for (std::uint64_t seed = 100; seed < 112; ++seed) {
        INFO("seed " << seed);
        desk it;
        author writes{it, seed};
        figure_keeper keeper;
        figure_table client;  // what a client makes of the deltas
        const auto take = [&](const figure_keeper::delta& delta) {
            for (const auto& [id, row] : delta) {
                if (row) {
                    client.insert_or_assign(id, *row);
                } else {
                    CHECK(client.erase(id) == 1);
                }
            }
        };
        take(keeper.reset(it.it(), context));
        for (int count = 0; count < 300; ++count) {
            const auto outcome = it.offer(it.head(), "ann", writes.change());
            if (!outcome) continue;
            take(keeper.update(it.it(), outcome->ops));
            REQUIRE(keeper.table() == derive(it.it(), context));
            REQUIRE(client == keeper.table());
        }
        ++context.today;
        take(keeper.reset(it.it(), context));
        CHECK(client == derive(it.it(), context));
    }
}

namespace {

// What alters how the objectives of a plan share the whole.
operation weighing_op(prng& random, const desk& it, int& made)
{
    const auto objectives = it.it().children("plan");
    const auto some = [&] { return objectives[random.below(objectives.size())]->id; };
    const auto place = [&]() -> placement {
        if (random.one_in(3)) return place_first{};
        if (random.one_in(2)) return place_last{};
        return some();
    };
    switch (random.below(9)) {
        case 0:
        case 1:
            return create("n" + std::to_string(made++), "objective", "plan", {}, place());
        case 2:
            return move(some(), "plan", place());
        case 3:
            return remove_op{some()};
        case 4:
            return restore_op{some()};
        case 5:
            return set(some(), "state", random.one_in(2) ? register_value{"abandoned"} : register_value{null_value{}});
        case 6:
            return create("n" + std::to_string(made++), "key_result", some(),
                          {{"start", 0.0}, {"target", 10.0}, {"current", static_cast<double>(random.below(12))}});
        case 7:
            return create("n" + std::to_string(made++), "risk", "plan", {}, place());
        default: {
            const double pin = random.one_in(4) ? 0.6 : random.one_in(2) ? 0.001 : 0.0;
            return set(some(), "weight", random.one_in(2) ? register_value{null_value{}} : register_value{pin});
        }
    }
}

}  // namespace

// More objectives than thousandths: who gets one of them hangs on where he stands.
TEST_CASE("[CM4] random changes of a large plan: figures kept up to date are those computed anew",
          "[document][random][derive]")
{
    for (const int size : {1, 40, 1010}) {
        prng random{static_cast<std::uint64_t>(size)};
        desk it;
        figure_keeper keeper;
        static_cast<void>(keeper.reset(it.it(), {}));
        std::vector<operation> first;
        for (int count = 0; count < size; ++count) {
            first.emplace_back(create("o" + std::to_string(count), "objective", "plan"));
            if (first.size() < 1000 && count + 1 < size) continue;
            static_cast<void>(keeper.update(it.it(), it.commit("ann", std::exchange(first, {})).ops));
        }
        figure_table client = keeper.table();
        int made = 0;
        for (int count = 0; count < 200; ++count) {
            std::vector<operation> ops;
            for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
                ops.push_back(weighing_op(random, it, made));
            }
            const auto outcome = it.offer(it.head(), "ann", std::move(ops));
            if (!outcome) continue;
            keeper.note(it.it(), outcome->ops);
            if (random.one_in(4)) continue;  // what several changes have touched is caught up with at once
            okra::document::apply(client, keeper.catch_up(it.it()));
            REQUIRE(keeper.table() == derive(it.it(), {}));
            REQUIRE(client == keeper.table());
        }
    }
}

}  // namespace okra::document
