#include "tools/load/fleet.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"

namespace okra::load {

result<fleet, client::failure> fleet::assemble(const fleet_options& options)
{
    const auto server = resolve(options.server);
    if (!server) return server.error();
    std::random_device entropy;
    const auto run = fmt::format("{:08x}", entropy());

    fleet out;
    const auto threads = std::clamp<std::size_t>(options.threads, 1, options.rooms);
    std::size_t first_room = 0;
    for (std::size_t index = 0; index < threads; ++index) {
        const auto rooms = options.rooms / threads + (index < options.rooms % threads ? 1 : 0);
        out.engines_.push_back(std::make_unique<engine>(engine_options{.speaks = options.speaks,
                                                                       .server = *server,
                                                                       .workspace = options.workspace,
                                                                       .run = run,
                                                                       .seed = options.seed,
                                                                       .first_room = first_room,
                                                                       .rooms = rooms,
                                                                       .editors_per_room = options.editors_per_room,
                                                                       .viewers_per_room = options.viewers_per_room,
                                                                       .replicas_per_room = options.replicas_per_room,
                                                                       .view = options.view}));
        first_room += rooms;
    }
    auto assembled = out.on_all([](engine& it) { return it.assemble(); });
    if (!assembled) return assembled.error();
    return out;
}

result<void, client::failure> fleet::on_all(const task& work)
{
    std::mutex mutex;
    std::optional<client::failure> failed;
    std::vector<std::jthread> threads;
    for (auto& it : engines_) {
        threads.emplace_back([&work, &mutex, &failed, &on = *it] {
            auto done = work(on);
            if (done) return;
            const std::lock_guard lock{mutex};
            failed = done.error();
        });
    }
    threads.clear();  // joins
    if (failed) return *failed;
    return {};
}

result<void, client::failure> fleet::add_viewers(std::size_t count_per_room)
{
    return on_all([&](engine& it) { return it.add_viewers(count_per_room); });
}

tally fleet::run(const step_options& step)
{
    const auto start = clock::now() + std::chrono::milliseconds{50};
    std::mutex mutex;
    tally sum;
    const auto done = on_all([&](engine& it) -> result<void, client::failure> {
        const auto counts = it.run(step, start);
        const std::lock_guard lock{mutex};
        sum.add(counts);
        return {};
    });
    OKRA_ASSERT(done.has_value());
    return sum;
}

result<agreement, client::failure> fleet::verify()
{
    std::mutex mutex;
    agreement sum;
    const auto done = on_all([&](engine& it) -> result<void, client::failure> {
        const auto one = it.verify();
        if (!one) return one.error();
        const std::lock_guard lock{mutex};
        sum.document = one->document;
        sum.replicas += one->replicas;
        sum.behind += one->behind;
        sum.different += one->different;
        return {};
    });
    if (!done) return done.error();
    return sum;
}

result<survival, client::failure> fleet::survey()
{
    std::mutex mutex;
    survival sum;
    const auto done = on_all([&](engine& it) -> result<void, client::failure> {
        const auto one = it.survey();
        if (!one) return one.error();
        const std::lock_guard lock{mutex};
        sum.seen += one->seen;
        sum.gone += one->gone;
        return {};
    });
    if (!done) return done.error();
    return sum;
}

void fleet::idle(std::chrono::duration<double> length)
{
    const auto until = clock::now() + std::chrono::duration_cast<clock::duration>(length);
    const auto done = on_all([&](engine& it) -> result<void, client::failure> {
        it.idle(until);
        return {};
    });
    OKRA_ASSERT(done.has_value());
}

}  // namespace okra::load
