// A log that hands everything on to another: tests change what they are about.
#pragma once

#include <utility>

#include "storage/log.hpp"

namespace okra::test {

class forwarding_log : public storage::log {
public:
    explicit forwarding_log(storage::log& to) : to_{&to} {}

    [[nodiscard]] std::string epoch() const override { return to_->epoch(); }
    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override
    {
        return to_->append(batch);
    }
    [[nodiscard]] result<void, storage::failure> recover() override { return to_->recover(); }
    [[nodiscard]] result<void, storage::failure> put_snapshot(std::string_view document,
                                                              const storage::stored_snapshot& it) override
    {
        return to_->put_snapshot(document, it);
    }
    [[nodiscard]] result<storage::document_state, storage::failure> load(std::string_view document) const override
    {
        return to_->load(document);
    }
    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        return to_->read(document, after, visit);
    }
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> last_outcome(
        std::string_view document, std::string_view client) const override
    {
        return to_->last_outcome(document, client);
    }
    [[nodiscard]] result<std::vector<std::string>, storage::failure> documents(std::string_view prefix,
                                                                               std::string_view after,
                                                                               std::size_t limit) const override
    {
        return to_->documents(prefix, after, limit);
    }
    [[nodiscard]] result<void, storage::failure> probe() override { return to_->probe(); }

protected:
    void hand_on_to(storage::log& to) { to_ = &to; }

private:
    storage::log* to_;
};

}  // namespace okra::test
