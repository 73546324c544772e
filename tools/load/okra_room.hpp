// A room of an Okra server. Everyone in it gets the same bytes, so a commit is decoded once and recognised by its bytes
// afterwards: that is what lets one core stand for thousands of participants, and it is a check too.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/load/room.hpp"
#include "tools/load/typist.hpp"

namespace okra::load {

struct own_change {
    std::size_t editor;
    sequence seq;
};

struct commit_facts {
    revision first;
    revision last;
    std::vector<own_change> changes;
};

class okra_room final : public ordered_room {
public:
    explicit okra_room(room_options options);

    [[nodiscard]] std::unique_ptr<participant> seat(engine_parts& parts, participant_options options) override;

    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const { return title_lengths_[key_result]; }

    // A commit received by somebody whose last revision was `after`; nothing when it cannot be decoded.
    [[nodiscard]] const commit_facts* observe(std::span<char> frame, revision after, wire::decoder& decoder);

private:
    struct known_frame {
        std::string bytes;
        commit_facts facts;
    };

    [[nodiscard]] commit_facts examine(const wire::commit& it);
    void follow_titles(const wire::commit& it);

    std::unordered_map<std::string, std::size_t> editors_;  // by client id
    std::array<std::uint64_t, key_result_count> title_lengths_{};
    std::map<revision, known_frame> frames_;  // by the revision before; the recent ones
    commit_facts unusual_;                    // of a frame that was batched otherwise than the one that is kept
};

}  // namespace okra::load
