#include "storage/memory_log.hpp"

#include <mutex>

#include <fmt/format.h>

namespace okra::storage {

void memory_log::fail_writes(write_fault fault, std::uint64_t successes)
{
    const std::unique_lock lock{mutex_};
    planned_ = {.fault = fault, .successes_before = successes};
}

void memory_log::repair()
{
    const std::unique_lock lock{mutex_};
    planned_.reset();
    disk_works_ = true;
}

void memory_log::damage(std::string_view document, revision at)
{
    const std::unique_lock lock{mutex_};
    documents_.find(document)->second.records.at(at.value - 1).reset();
}

result<void, failure> memory_log::append(std::span<const document_append> batch)
{
    const std::unique_lock lock{mutex_};
    if (failed_) return *failed_;
    if (batch.empty()) return {};
    if (auto checked = check_heads(batch); !checked) return checked;
    if (auto written = write(); !written) {
        if (planned_->fault.write_stays) written_but_reported_.assign(batch.begin(), batch.end());
        return written;
    }
    apply(batch);
    return {};
}

result<void, failure> memory_log::recover()
{
    const std::unique_lock lock{mutex_};
    if (!failed_) return {};
    if (!disk_works_) return *failed_;
    apply(written_but_reported_);
    written_but_reported_.clear();
    failed_.reset();
    return {};
}

result<void, failure> memory_log::put_snapshot(std::string_view document, const stored_snapshot& it)
{
    const std::unique_lock lock{mutex_};
    if (failed_) return *failed_;
    const auto found = documents_.find(document);
    if (found == documents_.end() || it.at.value > found->second.records.size()) {
        return failure{errc::conflict, "a snapshot beyond the head", std::string{document}};
    }
    found->second.snapshot = it;
    return {};
}

result<document_state, failure> memory_log::load(std::string_view document) const
{
    const std::shared_lock lock{mutex_};
    const stored_document* found = find(document);
    if (found == nullptr) return document_state{};
    return document_state{.head = {found->records.size()}, .snapshot = found->snapshot};
}

result<void, failure> memory_log::read(std::string_view document, revision after, const visitor& visit) const
{
    const std::shared_lock lock{mutex_};
    const stored_document* found = find(document);
    if (found == nullptr) return {};
    for (std::uint64_t index = after.value; index < found->records.size(); ++index) {
        const auto& record = found->records[index];
        if (!record) {
            return failure{errc::damaged, fmt::format("revision {} of {} is damaged", index + 1, document),
                           std::string{document}};
        }
        if (!visit({index + 1}, *record)) return {};
    }
    return {};
}

result<std::optional<client_outcome>, failure> memory_log::last_outcome(std::string_view document,
                                                                        std::string_view client) const
{
    const std::shared_lock lock{mutex_};
    const stored_document* found = find(document);
    if (found == nullptr) return std::nullopt;
    const auto outcome = found->outcomes.find(client);
    if (outcome == found->outcomes.end()) return std::nullopt;
    return outcome->second;
}

result<std::vector<std::string>, failure> memory_log::documents(std::string_view prefix, std::string_view after,
                                                                std::size_t limit) const
{
    const std::shared_lock lock{mutex_};
    std::vector<std::string> names;
    auto it = after < prefix ? documents_.lower_bound(prefix) : documents_.upper_bound(after);
    for (; it != documents_.end() && names.size() < limit && it->first.starts_with(prefix); ++it) {
        names.push_back(it->first);
    }
    return names;
}

result<void, failure> memory_log::probe()
{
    const std::unique_lock lock{mutex_};
    if (failed_) return *failed_;
    return write();
}

const memory_log::stored_document* memory_log::find(std::string_view document) const
{
    const auto found = documents_.find(document);
    return found == documents_.end() ? nullptr : &found->second;
}

result<void, failure> memory_log::check_heads(std::span<const document_append> batch) const
{
    std::map<std::string_view, revision> heads;
    for (const document_append& share : batch) {
        const stored_document* found = find(share.document);
        const revision stored{found == nullptr ? 0 : found->records.size()};
        revision& head = heads.try_emplace(share.document, stored).first->second;
        if (head != share.expected_head) {
            return failure{
                errc::conflict,
                fmt::format("{} is at revision {}, not {}", share.document, head.value, share.expected_head.value),
                share.document};
        }
        head.value += share.records.size();
    }
    return {};
}

// Where a disk would write and sync; plays the planned fault.
result<void, failure> memory_log::write()
{
    if (!planned_) return {};
    if (planned_->successes_before > 0) {
        --planned_->successes_before;
        return {};
    }
    disk_works_ = false;
    failed_ = failure{planned_->fault.code, "the disk failed (as planned)"};
    return *failed_;
}

void memory_log::apply(std::span<const document_append> batch)
{
    for (const document_append& share : batch) {
        if (share.records.empty() && share.clients.empty()) continue;
        stored_document& document = documents_[share.document];
        document.records.insert(document.records.end(), share.records.begin(), share.records.end());
        for (const client_update& update : share.clients) {
            document.outcomes.insert_or_assign(update.client, update.outcome);
        }
    }
}

}  // namespace okra::storage
