// The generator of one thread: its rooms with their participants, and the open loop that submits operations when they
// are due, whether or not the server keeps up. Latency counts from when an operation was due. Used by one thread at a
// time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"
#include "tools/load/dialect.hpp"

namespace okra::load {

struct engine_options {
    dialect speaks = dialect::okra;
    target server;
    std::string workspace;
    std::string run;  // makes document names unique to this run
    std::uint64_t seed = 0;
    std::size_t first_room = 0;
    std::size_t rooms = 0;
    std::size_t editors_per_room = 0;
    std::size_t viewers_per_room = 0;
    std::size_t replicas_per_room = 0;
    bool view = true;  // viewers open read-only, as screens do
};

struct step_options {
    double operations_per_editor_per_second = 0;
    std::chrono::duration<double> warmup{};
    std::chrono::duration<double> length{};
};

struct agreement {
    std::string document;  // one of them
    std::size_t replicas = 0;
    std::size_t behind = 0;     // participants whose last revision is not the room's
    std::size_t different = 0;  // replicas, or fresh joiners, whose state is not that of the room's first replica
    [[nodiscard]] bool all_equal() const { return behind == 0 && different == 0; }
};

// What a server that was killed had shown, and no longer has.
struct survival {
    std::uint64_t seen = 0;
    std::uint64_t gone = 0;
};

class engine {
public:
    explicit engine(engine_options options);

    // Connects everybody, and creates the documents.
    [[nodiscard]] result<void, client::failure> assemble();
    [[nodiscard]] result<void, client::failure> add_viewers(std::size_t count_per_room);

    // Submits from `start` on; returns when everything has arrived everywhere, or nothing moves any more.
    [[nodiscard]] tally run(const step_options& step, clock::time_point start);

    [[nodiscard]] result<agreement, client::failure> verify();

    // Somebody joins each room, when the server is there again, and is asked what is missing.
    [[nodiscard]] result<survival, client::failure> survey();

    // Serves connections for a while: heartbeats, and whatever comes.
    void idle(clock::time_point until);

private:
    struct seat {
        room* in;
        std::unique_ptr<participant> who;
        editor* edits;  // the same object; none: a viewer
    };
    // An editor and when its next operation is due.
    struct due {
        clock::time_point at;
        std::size_t seat;
        friend bool operator>(const due& a, const due& b) { return a.at > b.at; }
    };

    void take_seat(room& in, participant_options options);
    void seat_editors(room& in);
    void seat_viewers(room& in, std::size_t from, std::size_t count);
    [[nodiscard]] result<void, client::failure> join_all(std::size_t from);
    // One more for each of these rooms, who has to be given the whole of it.
    [[nodiscard]] result<void, client::failure> seat_joiners(const std::vector<room*>& in);
    [[nodiscard]] result<void, client::failure> create_documents();
    void serve(clock::time_point until);
    void submit_due(const due& it);
    [[nodiscard]] bool settled() const;
    void drain();
    [[nodiscard]] std::uint64_t arrivals() const;

    engine_options options_;
    engine_parts parts_;
    std::vector<std::unique_ptr<room>> rooms_;
    std::vector<seat> seats_;
    clock::time_point next_ping_;
    std::size_t ping_turn_ = 0;
};

}  // namespace okra::load
